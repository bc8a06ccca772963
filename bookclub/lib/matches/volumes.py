"""Volume, series and other numbers that separate books with the same title."""

from __future__ import annotations

import re
from typing import TypeVar

from .numerals import numerals, volume_marks
from .title_parts import Words
from .titles import EQUAL, SHORTENED, Title

T = TypeVar("T")
_NUMBER = re.compile(r"[0-9]+")


def volumes_clash(a: Title, b: Title, titles: int, *, is_sure: bool) -> bool:
    """Return whether two titles that agree are different volumes, or one contains several of them."""
    if numbers_clash(a.asides, b.asides) or _each_has_more(volume_marks(a.asides), volume_marks(b.asides)):
        return True
    if a.volume and b.volume:
        return a.volume.span != b.volume.span or _kinds_clash(a, b)
    # A volume can be the book without one, if that book has the number in its series.
    if a.volume or b.volume:
        return not (_is_number_of(a, b, titles) if a.volume else _is_number_of(b, a, titles))
    # Two books with different numbers in one series are different volumes.
    in_common = [(a.series[name], b.series[name]) for name in a.series.keys() & b.series.keys()]
    numbered = [(one, other) for one, other in in_common if one and other]
    # A collection of several parts is none of them.
    if _spans_several(a) != _spans_several(b) and (
        titles == SHORTENED or (_is_numbered(a) and _is_numbered(b))
    ):
        return True
    if any(one != other for one, other in numbered):
        return True
    is_doubtful = titles != EQUAL or a.is_part_of_series or b.is_part_of_series
    return is_doubtful and not is_sure and (_is_later_volume(a, b) or _is_later_volume(b, a))


def _kinds_clash(a: Title, b: Title) -> bool:
    """Return whether volumes with one number are of different kinds: "X, Vol. 2: Threads", "X, Book Two".

    An issue is never a volume. Otherwise titles that differ only in that word are one book: "X, Tome 2" and
    "X, Part 2".
    """
    kinds = {title.volume.kind for title in (a, b) if title.volume and title.volume.kind}
    return len(kinds) > 1 and ("issue" in kinds or a.rest != b.rest)


def _is_number_of(a: Title, b: Title, titles: int) -> bool:
    """Return whether the volume of ``a`` is the number of ``b`` in a series with the name of ``a``."""
    span = a.volume.span if a.volume else None
    if titles == EQUAL and b.series.get(a.key) == span:
        return True
    return any(b.series.get(part) == span for part in a.parts)


def _is_numbered(title: Title) -> bool:
    return any(title.series.values())


def _spans_several(title: Title) -> bool:
    """Return whether the title covers several numbers of a series."""
    return any(span and span[0] != span[1] for span in title.series.values())


def _is_later_volume(a: Title, b: Title) -> bool:
    """Return whether ``a`` is a later volume with the name of its series, and ``b`` names no series."""
    span = a.series.get(a.key)
    return span is not None and span[0] > 1 and not b.series


def numbers_clash(one: Words, other: Words) -> bool:
    """Return whether each side has a number that the other lacks, so neither is the other shortened."""
    return _each_has_more(numbers_in_words(one), numbers_in_words(other)) or _each_has_more(
        numerals(one), numerals(other)
    )


def _each_has_more(one: set[T], other: set[T]) -> bool:
    return bool(one - other and other - one)


def numbers_in_words(words: Words) -> set[str]:
    """Return the numbers in these words, also those joined to a word: "volume1"."""
    return {number for word in words for number in _NUMBER.findall(word)}
