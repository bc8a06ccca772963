"""Lines of plain text in mails, which programs wrap: joined again, as line breaks stay in what we show."""

from __future__ import annotations

import re
from itertools import pairwise

# Lines shorter than this are short because their author ended them, as in a verse.
NARROWEST, WIDEST = 60, 80
_QUOTED = re.compile(r">*")
# A new item or heading, into which no paragraph goes on, and what does not go on in the next line.
_STARTS_ANEW = re.compile(r"(?:[-*+•>#|]|\d{1,3}[.)]\s)")
_IS_ONE_LINE = re.compile(r"[#|]")


def unflow(text: str, *, drops_spaces: bool) -> str:
    """Join the lines of format=flowed (RFC 3676): one that ends with a space goes on in the next.

    With ``drops_spaces`` (DelSp) that space is no part of the text.
    """
    joined: list[tuple[str, str]] = []
    goes_on = False
    for line in text.splitlines():
        marks = _QUOTED.match(line)
        depth = marks[0] if marks else ""
        words = line[len(depth) :].removeprefix(" ")
        if goes_on and joined[-1][0] == depth:
            before = joined[-1][1]
            joined[-1] = (depth, (before.removesuffix(" ") if drops_spaces else before) + words)
        else:
            joined.append((depth, words))
        # The line above a signature ends with a space, too.
        goes_on = words.endswith(" ") and words != "-- "
    return "\n".join(f"{depth} {words}" if depth else words for depth, words in joined)


def join_wrapped(text: str) -> str:
    """Join lines that a program wrapped: the first word of the next line would not have fitted on them."""
    lines = text.split("\n")
    width = max(map(len, lines), default=0)
    if not NARROWEST <= width <= WIDEST:
        return text
    joined = lines[:1]
    for before, line in pairwise(lines):
        first = line.split(" ", 1)[0]
        is_full = len(before) > NARROWEST - 20 and len(before) + 1 + len(first) > width
        if is_full and line.strip() and not _STARTS_ANEW.match(line) and not _IS_ONE_LINE.match(before):
            joined[-1] = f"{joined[-1].rstrip()} {line}"
        else:
            joined.append(line)
    return "\n".join(joined)
