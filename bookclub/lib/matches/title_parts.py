"""Parts of a title: text in brackets and after colons and dashes, volumes, series and printings."""

from __future__ import annotations

import re
from typing import NamedTuple

from rapidfuzz.distance import OSA

from . import vocabulary as v
from .numbers import convert_numbers, is_ordinal, number_in
from .numerals import move_volume_number
from .words import words_of

# A larger number alone in brackets is a year or a number of pages.
HIGHEST_VOLUME = 199
# Longer keys are cut: equal keys stay equal, and the column has a limit.
KEY_LENGTH = 100

Words = tuple[str, ...]
Span = tuple[float, float]

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)(?:[)\]}]|\Z)")
_PARTS = re.compile(r"\s*(?::|;|--+|—|\s[-–]\s)\s*")
_SENTENCE = re.compile(r"(?<=[^\W\d_]{4})\.\s+(?=[A-Z])")
_ALTERNATIVE = re.compile(r"(?:;\s*|,\s+)(?:or|oder|ou)(?:,\s*(?=\w)|\s+(?=[A-Z]))")
_ISSUE = re.compile(r"(?:#|\b(?:no|nr)\.)\s*(?=[0-9]+(?:\s*[-–]\s*[0-9]+)?\s*\Z)", re.IGNORECASE)
_OF_SEVERAL = re.compile(
    r"\s*(?P<low>[0-9]{1,3})\s*(?:/|of|von|de|di|sur|av|af|van|из)\s*(?P<all>[0-9]{1,3})\s*", re.IGNORECASE
)
_RANGE = re.compile(r"(?<=[0-9])\s*[-–]\s*(?=[0-9])")
_SERIES_NUMBER = re.compile(
    r"(?P<name>.*?)[\s,]*(?:#|(?<![^\W_])(?:book|bk|vol|volume|part|band|bd|teil|tome|nr|no)\.?\s*|,\s*)\s*"
    r"(?P<low>[0-9]{1,3}(?:\.[0-9]{1,2})?)(?:\s*(?:-|–|&|to)\s*(?P<high>[0-9]{1,3}(?:\.[0-9]{1,2})?))?"
    r"(?P<more>.*)",
    re.IGNORECASE | re.DOTALL,
)


class Volume(NamedTuple):
    """The number of a volume, or of several, and the kind: "volume", "book", "part" or "issue".

    An issue is a part of a volume. The kind is empty if the number is alone in brackets.
    """

    low: float
    high: float
    kind: str = ""

    @property
    def span(self) -> Span:
        """The first and the last number."""
        return self.low, self.high


class TitlePiece(NamedTuple):
    """A part of a title: its words with numbers in digits, the words as spelt, its volume and its series."""

    words: Words
    spelt: Words
    volume: Volume | None
    series: Words
    marks: frozenset[str]


def squeeze_words(words: list[str] | Words) -> str:
    """Return the letters of these words without spaces or articles, at most KEY_LENGTH of them."""
    plain = strip_article(tuple(words))
    kept = [word for word in plain[:-1] if word not in v.INNER_ARTICLES] + list(plain[-1:])
    return "".join(kept)[:KEY_LENGTH]


def strip_article(words: Words) -> Words:
    """Return the words without an article in front; the A of "A.B.C." is not an article."""
    return words[1:] if len(words) > 1 and words[0] in v.ARTICLES and len(words[1]) > 1 else words


def split_brackets(title: str) -> tuple[str, list[str], dict[str, Span | None], Volume | None]:
    """Split a title at its brackets.

    Returns the text outside them, and from inside them the other words, the series with their numbers, and
    the volume. A title that is all in brackets is returned whole.
    """
    asides: list[str] = []
    series: dict[str, Span | None] = {}
    volume: Volume | None = None
    # Most titles have no brackets, and this skips the patterns for them.
    if not any(bracket in title for bracket in "([{"):
        return title, asides, series, volume
    for content in _BRACKETS.findall(title):
        for one in content.split(";"):
            found = _SERIES_NUMBER.fullmatch(one.strip())
            if found and found["name"].strip():
                name = squeeze_words(words_of(found["name"]))
                low = float(found["low"])
                series.setdefault(name, (low, float(found["high"] or low)))
                more, volume, _ = split_volume(convert_numbers(words_of(found["more"])))
                asides += more
                continue
            words = move_volume_number(join_phrases(words_of(one)), v.VOLUMES_IN_BRACKETS)
            if (part := _OF_SEVERAL.fullmatch(one)) and int(part["low"]) <= int(part["all"]):
                volume = volume or Volume(int(part["low"]), int(part["low"]))
                continue
            # A printing says nothing of the work, unless it is a collection or a comic.
            if not v.EDITION.isdisjoint(words) and (v.SEVERAL | v.DRAWN).isdisjoint(words):
                continue
            words, numbered = _split_volume(convert_numbers(words))
            volume = numbered or volume
            asides += words
    text = _BRACKETS.sub(" ", title)
    if not any(map(str.isalnum, text)):
        return title, [], {}, None
    return " ".join(text.split()), asides, series, volume


def _split_volume(words: list[str]) -> tuple[list[str], Volume | None]:
    """Return the words of a pair of brackets without the volume number, and that number.

    A number alone is a volume, unless it may be the year of a printing.
    """
    number = number_in(words[0]) if len(words) == 1 else None
    if number is not None and not (words[0].isdigit() and number > HIGHEST_VOLUME):
        return [], Volume(number, number)
    left, volume, series = split_volume(words, v.VOLUMES_IN_BRACKETS)
    return (words, None) if series else (left, volume)


def split_title(text: str) -> list[str]:
    """Split a title at colons and dashes; the first part is the title proper."""
    text = _SENTENCE.sub(" : ", _ALTERNATIVE.sub(" : ", text))
    # A title of nothing but signs has no parts, and stays whole.
    return [part for part in _PARTS.split(text) if part.strip()] or [text]


def join_phrases(words: list[str]) -> list[str]:
    """Return the words with each phrase that means one thing joined into one word."""
    line = " ".join(words)
    for pattern, instead in v.PHRASES:
        line = pattern.sub(instead, line)
    return line.split()


def parse_part(piece: str, *, is_first: bool) -> TitlePiece:
    """Parse one part of a title; the first part is the name of the work, the others say more about it."""
    spelt = strip_edition(
        join_phrases(words_of(_RANGE.sub(" to ", _ISSUE.sub(f" {v.ISSUE} ", piece)))), is_first=is_first
    )
    words, volume, series = split_volume(convert_numbers(move_volume_number(spelt)))
    if not is_first and volume and not v.SERIES.isdisjoint(words):
        # As in "Wolf Hall: The Thomas Cromwell Trilogy, Book 1".
        words, series = [], words
    if is_first and len(words) > 2 and words[-1] == "the":
        # The article stood after a comma.
        words = words[:-1]
    signs, line = marks_of(words), " ".join(words)
    if is_first:
        words = v.TRAILING_GENERIC.sub("", line).split()
    elif v.GENERIC.fullmatch(line) or v.A_NOVEL_OF.fullmatch(line):
        words = []
    return TitlePiece(tuple(words), tuple(spelt), volume, tuple(series), frozenset(signs))


def marks_of(words: list[str], several: frozenset[str] = v.SEVERAL) -> set[str]:
    """Return the marks that separate collections and works about works from the works themselves."""
    marks = set[str]()
    if not several.isdisjoint(words):
        marks.add("several")
    if not v.ABOUT_WORKS.isdisjoint(words):
        marks.add("about")
    if not v.DRAWN.isdisjoint(words):
        marks.add("drawn")
    return marks


def strip_edition(words: list[str], *, is_first: bool) -> list[str]:
    """Return the words without a printing named at their end; all of them if no title would be left."""
    start = len(words)
    while start > 0:
        word = words[start - 1]
        is_counted = is_ordinal(word) and words[start : start + 1] and words[start] in v.AFTER_ORDINAL
        if word not in v.ABOUT_EDITIONS and not is_counted:
            break
        start -= 1
    ending = words[start:]
    if v.EDITION.isdisjoint(ending) or (is_first and start == 0):
        return words
    return words[:start]


def split_volume(
    words: list[str], names: frozenset[str] = v.VOLUMES
) -> tuple[list[str], Volume | None, list[str]]:
    """Return the words without "volume 3", that volume, and the series that it belongs to.

    "Books 1 to 3" is a span. "Book 1 of the Century Trilogy" names a series, which is removed too.
    """
    for place, word in enumerate(words[:-1]):
        low = number_in(words[place + 1])
        if low is None or not _is_word_for_volume(word, words[place + 1], names):
            continue
        after, high = place + 2, low
        # "Books 1 to 3" has a word between the numbers, "books 1 3" has none.
        step = 2 if words[after : after + 1] in (["and"], ["to"]) else 1
        last = number_in(words[after + step - 1]) if len(words) >= after + step else None
        if last is not None and last > low and (step == 2 or word.endswith("s")):
            after, high = after + step, last
        volume = Volume(float(low), float(high), v.KINDS.get(word, "volume"))
        if words[after : after + 1] in (["of"], ["in"]) and len(words) > after + 1:
            # "Volume 1 of 3" counts volumes; "book 1 of Dune" names a series.
            if not words[after + 1].isdigit():
                return words[:place], volume, words[after + 1 :]
            after += 2
        left = [*words[:place], *words[after:]]
        while left and place and left[-1] in {"and", "of"}:
            left.pop()
        return left, volume, []
    return words, None, []


def _is_word_for_volume(word: str, number: str, names: frozenset[str]) -> bool:
    """Return whether a word before a number makes it a volume number, with one typing error allowed."""
    if word in names:
        return True
    if not number.isdigit() or not 2 <= len(word) <= 7:
        return False
    return any(OSA.distance(word, other, score_cutoff=1) <= 1 for other in v.SPELT_VOLUMES)
