"""A title taken apart: what it is called, and what else the line tells of series, volume and printing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..text.keys import key_of
from . import vocabulary as v
from .numbers import in_digits
from .title_parts import (
    KEY_LENGTH,
    Span,
    Volume,
    Words,
    marks_of,
    read,
    split,
    squeezed,
    without_article,
    without_brackets,
)
from .words import words_of

# Longer titles than these are cut: nobody is called so.
MAX_LENGTH = 400

# How well two titles agree. What is left out weighs less than what is different.
NOT_AT_ALL, MISSPELT, SHORTENED, EQUAL = 0, 1, 2, 3

_SEVERAL = re.compile(r"[^\W\d_]\s*/\s*[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart.

    ``words`` are what the work is called, numbers in digits and without article, ``key`` is their letters
    without spaces or articles, and ``spelt`` are the words as they are spelt;
    ``rest`` are the words of what follows after colons and dashes, without printings and "A Novel",
    ``parts`` the keys of each of those, and ``full`` the key of all;
    ``volume`` is a number of the title's own ("Persepolis, Volume 2"), ``series`` maps the series named
    in brackets to the numbers there ("(Dune, #1)"); ``asides`` is all else in brackets. ``marks`` tells
    collections and works about works from the works themselves.
    """

    words: Words
    key: str
    spelt: Words
    parts: tuple[str, ...]
    rest: Words
    full: str
    volume: Volume | None
    series: dict[str, Span | None]
    asides: Words
    marks: frozenset[str]

    @property
    def is_part_of_series(self) -> bool:
        """Whether it is called like the series that it is in."""
        return self.key in self.series


def match_key(title: str) -> str:
    """What titles are looked for by: letters and digits of what the work is called, without its subtitle."""
    return taken_apart(title).key or "?"


def match_columns(title: str) -> dict[str, str]:
    """What a book of this title is kept under: its key, and the two halves of that."""
    key = match_key(title)
    half = len(key) // 2
    return {"match_key": key, "match_head": key[:half], "match_tail": key[half:]}


def halves_of(key: str) -> tuple[set[str], set[str]]:
    """The first halves and the second halves of keys from which this one differs in a letter or a swap.

    One of the halves is as it is in the other, which may be longer or shorter by a letter.
    """
    lengths = range(max(2, len(key) - 1), len(key) + 2)
    return {key[: n // 2] for n in lengths}, {key[-(n - n // 2) :] for n in lengths}


@lru_cache(maxsize=1024)
def taken_apart(
    title: str, subtitle: str = "", series: str = "", series_number: float | None = None
) -> Title:
    """A title taken apart, with what is known of it besides."""
    text, asides, known, volume = without_brackets(title[:MAX_LENGTH])
    lines = split(text)
    lines[0] = v.INVERTED.sub("", lines[0].strip()) if "," in lines[0] else lines[0]
    if subtitle:
        below, more_asides, more_known, more = without_brackets(subtitle[:MAX_LENGTH])
        lines += split(below)
        asides, known, volume = [*asides, *more_asides], {**known, **more_known}, volume or more
    if series:
        span = None if series_number is None else (series_number, series_number)
        known.setdefault(squeezed(words_of(series)), span)
    pieces = [read(line, is_first=not place) for place, line in enumerate(lines)]
    aside = volume
    for piece in pieces:
        if piece.series and piece.volume:
            known.setdefault(squeezed(piece.series), piece.volume.span)
        else:
            volume = piece.volume or volume
    if aside and volume and aside.span != volume.span:
        # "Vol. 1 (Part 2)": both numbers count.
        asides = [*asides, *(f"{number:g}" for number in dict.fromkeys(aside.span))]
    marks = marks_of(asides, v.SEVERAL_IN_BRACKETS).union(*(piece.marks for piece in pieces))
    if _SEVERAL.search(lines[0]):
        marks.add("several")
    first = pieces[0].words
    if not first:
        # All of it was a volume or a printing: then that is what it is called.
        first = tuple(in_digits(words_of(text))) or tuple(words_of(title)) or (key_of(title, KEY_LENGTH),)
        volume = None
    rest = tuple(word for piece in pieces[1:] for word in piece.words)
    return Title(
        words=without_article(first),
        key=squeezed(first),
        spelt=pieces[0].spelt,
        parts=tuple(squeezed(piece.words) for piece in pieces[1:] if piece.words),
        rest=rest,
        full=squeezed(without_article(first) + rest),
        volume=volume,
        series=known,
        asides=tuple(asides),
        marks=frozenset(marks),
    )
