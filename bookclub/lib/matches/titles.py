"""Titles parsed into the name of the work, its subtitle, series, volume and printing, with lookup keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ..text.keys import key_of
from . import vocabulary as v
from .numbers import convert_numbers
from .title_parts import (
    KEY_LENGTH,
    Span,
    Volume,
    Words,
    marks_of,
    parse_part,
    split_brackets,
    split_title,
    squeeze_words,
    strip_article,
)
from .words import words_of

# No real title is longer; the rest is cut to bound the work of the patterns.
MAX_LENGTH = 400

# Degrees to which two titles agree. Words left out count less than words that differ.
NOT_AT_ALL, MISSPELT, SHORTENED, EQUAL = 0, 1, 2, 3

_SEVERAL = re.compile(r"[^\W\d_]\s*/\s*[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Title:
    """A parsed title.

    ``words`` are the name of the work, with numbers in digits and without article; ``key`` is their letters
    without spaces or articles, and ``spelt`` the words as they are spelt. ``rest`` are the words after
    colons and dashes, without printings and "A Novel"; ``parts`` are the keys of each of those parts, and
    ``full`` is the key of everything. ``volume`` is the title's own number ("Persepolis, Volume 2"),
    ``series`` maps each series named in brackets to its numbers there ("(Dune, #1)"), and ``asides`` are
    all other words in brackets. ``marks`` separate collections and works about works from the works
    themselves.
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
        """True if the book has the name of its series."""
        return self.key in self.series


def match_key(title: str) -> str:
    """Return the key to look up a title by: letters and digits of its name, without the subtitle."""
    return parse_title(title).key or "?"


def match_columns(title: str) -> dict[str, str]:
    """Return the lookup columns of a book with this title: its key, and the two halves of the key."""
    key = match_key(title)
    half = len(key) // 2
    return {"match_key": key, "match_head": key[:half], "match_tail": key[half:]}


def halves_of(key: str) -> tuple[set[str], set[str]]:
    """Return the first and the second halves of all keys that differ from this one by a letter or a swap.

    One typing error leaves one of the two halves intact. The other key may be a letter longer or shorter.
    """
    lengths = range(max(2, len(key) - 1), len(key) + 2)
    return {key[: n // 2] for n in lengths}, {key[-(n - n // 2) :] for n in lengths}


@lru_cache(maxsize=1024)
def parse_title(
    title: str, subtitle: str = "", series: str = "", series_number: float | None = None
) -> Title:
    """Parse a title, together with the subtitle, series and series number known from elsewhere."""
    text, asides, known, volume = split_brackets(title[:MAX_LENGTH])
    lines = split_title(text)
    lines[0] = v.INVERTED.sub("", lines[0].strip()) if "," in lines[0] else lines[0]
    if subtitle:
        subtitle_text, more_asides, more_known, more = split_brackets(subtitle[:MAX_LENGTH])
        lines += split_title(subtitle_text)
        asides, known, volume = [*asides, *more_asides], {**known, **more_known}, volume or more
    if series:
        span = None if series_number is None else (series_number, series_number)
        # A number that the title itself gives in brackets counts before the one from elsewhere.
        known.setdefault(squeeze_words(words_of(series)), span)
    pieces = [parse_part(line, is_first=not place) for place, line in enumerate(lines)]
    bracket_volume = volume
    for piece in pieces:
        if piece.series and piece.volume:
            known.setdefault(squeeze_words(piece.series), piece.volume.span)
        else:
            volume = piece.volume or volume
    if bracket_volume and volume and bracket_volume.span != volume.span:
        # In "Vol. 1 (Part 2)" both numbers count.
        asides = [*asides, *(f"{number:g}" for number in dict.fromkeys(bracket_volume.span))]
    marks = marks_of(asides, v.SEVERAL_IN_BRACKETS).union(*(piece.marks for piece in pieces))
    if _SEVERAL.search(lines[0]):
        marks.add("several")
    first = pieces[0].words
    if not first:
        # The whole title was a volume or a printing, so that is its name.
        first = (
            tuple(convert_numbers(words_of(text))) or tuple(words_of(title)) or (key_of(title, KEY_LENGTH),)
        )
        volume = None
    rest = tuple(word for piece in pieces[1:] for word in piece.words)
    return Title(
        words=strip_article(first),
        key=squeeze_words(first),
        spelt=pieces[0].spelt,
        parts=tuple(squeeze_words(piece.words) for piece in pieces[1:] if piece.words),
        rest=rest,
        full=squeeze_words(strip_article(first) + rest),
        volume=volume,
        series=known,
        asides=tuple(asides),
        marks=frozenset(marks),
    )
