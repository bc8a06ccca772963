"""Spoilers between `||bars||`, as on this site, Discord and Telegram."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .messages import lazy_gettext
from .spoiler_spans import Sign, Spoiler

_BARS = re.compile(r"\\[^|]|(?:\\?\|)+")
_ALL_ESCAPED = re.compile(r"(?:\\\|)+")
_BLANK_LINES = re.compile(r"\n[ \t>]*\n")
# Signs of quotes, headings and lists at the start of a paragraph stay outside a spoiler, so that they keep
# their meaning.
_SIGNS_OF_A_BLOCK = re.compile(r"(?:[>#*+-]+\s|\d+[.)]\s|\s)*")


UNCLEAR = lazy_gettext(
    "It is not clear where the spoiler that begins with “||” ends, so everything after it would be hidden. "
    "Put two bars right before and right after the words, or send this again as it is."
)


def find_barred_spoilers(text: str) -> Iterator[Spoiler]:
    """Find the spoilers between bars, pair by pair.

    Bars count everywhere, also in code and addresses, unless each is escaped: `\\|\\|`. The two bars of a
    pair may stand in different paragraphs. A pair is *clear* if the first bar does not look like a closing
    one (`word|| word`) and the second not like an opening one (`word ||word`); if neither belongs to a longer
    run (`||||`) or is half escaped (`\\||`); and if, in different paragraphs, the bars of the later paragraph
    would not pair among themselves.

    The first pair that is not clear, or a bar that is never closed, makes everything to the end of the text a
    spoiler. The spoiler begins at the first bar, which then shows; if that bar looks like a closing one, it
    begins with the paragraph, since the secret may stand before the bar. This may hide too much, but the
    writer notices that; if it hid too little, readers would see the secret.
    """
    # A single bar is an ordinary sign.
    runs = (run for run in _BARS.finditer(text) if run[0].count("|") > 1)
    bars = [run for run in runs if not _ALL_ESCAPED.fullmatch(run[0])]
    starts, numbers = _paragraphs(text, bars)
    bars_in = Counter(numbers)
    end = 0
    for index in range(0, len(bars), 2):
        first, paragraph = bars[index], numbers[index]
        if _side_of(text, first) == "closing":
            block = _SIGNS_OF_A_BLOCK.match(text, max(end, starts[paragraph]), first.start())
            start = block.end() if block else end
            yield Spoiler(start, len(text), "||", doubt=str(UNCLEAR))
            return
        second = bars[index + 1] if index + 1 < len(bars) else None
        if (
            second is None
            or not first[0] == second[0] == "||"
            or _side_of(text, second) == "opening"
            or (numbers[index + 1] != paragraph and bars_in[numbers[index + 1]] % 2 == 0)
        ):
            yield Spoiler(first.start(), len(text), "||", doubt=str(UNCLEAR))
            return
        end = second.end()
        signs = (Sign(first.start(), first.end()), Sign(second.start(), end))
        yield Spoiler(first.start(), end, "||", signs)


def _paragraphs(text: str, bars: list[re.Match[str]]) -> tuple[list[int], list[int]]:
    """Return the starts of the paragraphs, and the number of the paragraph of each bar."""
    starts = [0, *(blank.end() for blank in _BLANK_LINES.finditer(text)), len(text) + 1]
    numbers: list[int] = []
    number = 0
    for bar in bars:
        while starts[number + 1] <= bar.start():
            number += 1
        numbers.append(number)
    return starts, numbers


def _side_of(text: str, bar: re.Match[str]) -> str:
    """Return "opening" if a bar touches only a word after it, "closing" if only one before, or "neither"."""
    space_before = not text[bar.start() - 1 : bar.start()].strip()
    space_after = not text[bar.end() : bar.end() + 1].strip()
    if space_before == space_after:
        return "neither"
    return "opening" if space_before else "closing"
