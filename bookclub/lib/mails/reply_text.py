"""An author's own words in the text of a reply: without what it quotes, signatures and notes of programs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from mailparser_reply.constants import MAIL_LANGUAGES
from mailparser_reply.parser import EmailMessage

from ..text.characters import clean_text
from .flowed_text import join_wrapped

# Characters of a text; with those that are quoted it may be longer than any comment.
LONGEST_TEXT = 200_000
# The library's expressions take the square of a line's length, or more. With these bounds the worst text
# that we found took a second. Who writes more before they quote is too long for a comment anyway.
LONGEST_SCANNED, LONGEST_LINE = 24_000, 240
# Lines of a signature under two hyphens whose space got lost: what is longer may be words.
LONGEST_SIGNATURE = 8
# ">!" at the start of a line begins a spoiler.
_QUOTED = re.compile(r"\s*>(?!!)")
_RULER = re.compile(r"\s*_{10,}\s*")
_BLANK = re.compile(r"\n{3,}")


@cache
def _headers() -> re.Pattern[str]:
    """The lines with which programs begin a quotation, in all languages that the library knows."""
    found: re.Pattern[str] = EmailMessage(text="", languages=list(MAIL_LANGUAGES)).HEADER_REGEX
    return found


@cache
def _notes() -> re.Pattern[str]:
    """The last line that a telephone adds: "Sent from my iPhone"."""
    known = "|".join(filter(None, (words.get("sent_from") for words in MAIL_LANGUAGES.values())))
    return re.compile(rf"(?:{known}).{{0,60}}", re.IGNORECASE)


def own_words(text: str, addresses: Collection[str] = ()) -> str:
    """Return what the author of a reply wrote themselves.

    ``addresses`` are those that the quoted mail came from: a line with one of them that ends with a colon
    begins a quotation in every language.
    """
    lines = _BLANK.sub("\n\n", clean_text(text).strip("\n")[:LONGEST_TEXT]).split("\n")
    start, end = _find_quotation(lines, [address.lower() for address in addresses])
    above, below = lines[:start], lines[end:]
    has_words = any(line.strip() and not _QUOTED.match(line) for line in above)
    # Where the quotation is not marked, nothing tells it from an answer below.
    is_marked = next((bool(_QUOTED.match(line)) for line in below if line.strip()), False)
    answers = _unquoted(below, after_blank=has_words) if is_marked else []
    written = [*_unquoted(above), "", *answers] if answers else _unquoted(above)
    kept = _without_notes(_without_signature(written))
    text = _BLANK.sub("\n\n", "\n".join(line.rstrip() for line in kept))
    return join_wrapped(text.strip("\n")).strip()


def _find_quotation(lines: Sequence[str], addresses: Collection[str]) -> tuple[int, int]:
    """Return where the words that begin a quotation start, and where they end; without any, the end twice."""
    cropped = [line.strip()[:LONGEST_LINE] for line in lines]
    # Lines that are marked as quoted need no search.
    numbers = [number for number, line in enumerate(lines) if not _QUOTED.match(line)]
    scanned = "\n".join(cropped[number] for number in numbers)[:LONGEST_SCANNED]
    found = _headers().search(scanned)
    start = end = len(lines)
    if found is not None:
        lead = len(found[0]) - len(found[0].lstrip("\n"))
        start = numbers[scanned.count("\n", 0, found.start() + lead)]
        end = numbers[scanned.count("\n", 0, found.end())] + 1
    for number, line in enumerate(cropped[:start]):
        if _RULER.fullmatch(line):
            return number, number + 1
        after = next((other for other in cropped[number + 1 : number + 2]), "")
        if any(address in line.lower() for address in addresses) and (
            line.endswith(":") or after.endswith(":")
        ):
            is_broken = line.startswith("<") and number > 0 and cropped[number - 1] != ""
            return number - is_broken, number + (1 if line.endswith(":") else 2)
    return start, end


def _unquoted(lines: Sequence[str], *, after_blank: bool = False) -> list[str]:
    """Return the lines that quote nothing.

    ``after_blank``: right below a quoted line stands only what was too long for it, if there is an answer
    above already.
    """
    kept: list[str] = []
    is_tail = False
    for line in lines:
        if _QUOTED.match(line):
            is_tail = after_blank
        elif not line.strip():
            is_tail = False
            kept.append("")
        elif not is_tail:
            kept.append(line)
    return kept


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        is_short = len(lines) - number - 1 <= LONGEST_SIGNATURE
        if line == "-- " or (line.rstrip() == "--" and is_short):
            return lines[:number]
    return lines


def _without_notes(lines: list[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    is_alone = len(kept) > 1 and not kept[-2].strip()
    return kept[:-1] if is_alone and _notes().fullmatch(kept[-1].strip()) else kept
