"""Spoilers between two `||bars||`, as this site, Discord and Telegram mark them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from .spoiler_spans import Sign, Spoiler

_BARS = re.compile(r"\\[^|]|(?:\\?\|)+")
_ALL_ESCAPED = re.compile(r"(?:\\\|)+")
_BLANK_LINES = re.compile(r"\n[ \t>]*\n")
_SIGNS_OF_A_BLOCK = re.compile(r"(?:[>#*+-]+\s|\d+[.)]\s|\s)*")


UNCLEAR = (
    "It is not clear where the spoiler that begins with “||” ends, so everything after it would be hidden."
    " Put two bars right before and right after the words"
)


def barred(text: str) -> Iterator[Spoiler]:
    """Find the spoilers between bars, pair by pair.

    Bars count everywhere, in code and addresses too, unless each is escaped: `\\|\\|`. They may stand in
    different paragraphs. A pair is *clear* when the first bar does not look like a closing one
    (`word|| word`), nor the second like an opening one (`word ||word`); when neither belongs to a longer
    run (`||||`) or is half escaped (`\\||`); and when, in different paragraphs, the bars of the later one
    would not pair among themselves.

    The first pair that is not clear, or a bar that is never closed, makes everything to the end of the
    text a spoiler. It begins at the first bar, which then shows; where that bar looks like a closing one
    it begins with the paragraph, since the secret may well be before the bar. Too much is hidden then, and
    the writer sees so; the other way round, readers would.
    """
    runs = (run for run in _BARS.finditer(text) if run[0].count("|") > 1)
    bars = [run for run in runs if not _ALL_ESCAPED.fullmatch(run[0])]
    starts, numbers = _paragraphs(text, bars)
    bars_in = Counter(numbers)
    end = 0
    for index in range(0, len(bars), 2):
        first, paragraph = bars[index], numbers[index]
        if _looks(text, first) == "closing":
            block = _SIGNS_OF_A_BLOCK.match(text, max(end, starts[paragraph]), first.start())
            start = block.end() if block else end
            yield Spoiler(start, len(text), "||", doubt=UNCLEAR)
            return
        second = bars[index + 1] if index + 1 < len(bars) else None
        if (
            second is None
            or not first[0] == second[0] == "||"
            or _looks(text, second) == "opening"
            or (numbers[index + 1] != paragraph and bars_in[numbers[index + 1]] % 2 == 0)
        ):
            yield Spoiler(first.start(), len(text), "||", doubt=UNCLEAR)
            return
        end = second.end()
        signs = (Sign(first.start(), first.end()), Sign(second.start(), end))
        yield Spoiler(first.start(), end, "||", signs)


def _paragraphs(text: str, bars: list[re.Match[str]]) -> tuple[list[int], list[int]]:
    """Tell where the paragraphs start, and in which of them each bar stands."""
    starts = [0, *(blank.end() for blank in _BLANK_LINES.finditer(text)), len(text) + 1]
    numbers: list[int] = []
    number = 0
    for bar in bars:
        while starts[number + 1] <= bar.start():
            number += 1
        numbers.append(number)
    return starts, numbers


def _looks(text: str, bar: re.Match[str]) -> str:
    """Tell whether a bar leans on the word after it (opening), on the one before (closing), or neither."""
    space_before = not text[bar.start() - 1 : bar.start()].strip()
    space_after = not text[bar.end() : bar.end() + 1].strip()
    if space_before == space_after:
        return "neither"
    return "opening" if space_before else "closing"
