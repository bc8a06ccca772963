"""Taste of a reader: the weight of each of their books by rating, finish and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from .library import Library
from .sparse import Floats, Ints, sum_by_place

# Stars and their weights; half stars are interpolated. The figures come from issue 5 of the tracker.
STARS = (1.0, 2.0, 3.0, 4.0, 5.0)
WEIGHTS = (-0.4, -0.1, 0.4, 1.0, 1.3)
UNRATED = 1.0
# By half stars; the place of no half stars has the weight of an unrated book.
BY_RATING: Floats = np.append(UNRATED, np.interp(np.arange(1, 11) / 2, STARS, WEIGHTS))
UNFINISHED = -0.3
LIKED = 8  # Half stars: four stars or more.
DISLIKED = 4  # Half stars: two stars or fewer.


class RatedRead(NamedTuple):
    """One book that a reader has finished or given up; ``rating`` is in half stars (1 to 10) or None."""

    book: int
    rating: int | None = None
    is_finished: bool = True

    @property
    def is_liked(self) -> bool:
        """True if finished and rated four stars or more; an unrated book is never liked."""
        return self.is_finished and self.rating is not None and self.rating >= LIKED

    @property
    def is_disliked(self) -> bool:
        """True if not finished, or rated two stars or fewer: a fact that the reader stated."""
        return not self.is_finished or (self.rating is not None and self.rating <= DISLIKED)


@dataclass(frozen=True)
class Taste:
    """A reader's books that are in the library: their positions there, their weights and the readings.

    ``by_place`` has the same weights over the whole library, 0 for all other books.
    """

    places: Ints
    weights: Floats
    by_place: Floats
    reads: tuple[RatedRead, ...]

    @classmethod
    def of(cls, reads: Sequence[RatedRead], library: Library, *, fades: bool) -> Taste:
        """Build the taste from a reader's books, the earliest first.

        With ``fades``, a book read ``n`` books ago weighs 1/(1 + n) of its weight, because the next book
        depends on the latest ones. Questions about one author go without it. Books that the library does not
        have are left out, but they still make the earlier ones older.
        """
        found, here = library.find(np.array([read.book for read in reads], dtype=np.int64))
        weights = fade_weights(reads) if fades else unfaded_weights(reads)
        kept = tuple(read for read, is_here in zip(reads, here, strict=True) if is_here)
        by_place = sum_by_place(found[here], weights[here], len(library))
        return cls(found[here], weights[here], by_place, kept)

    def __len__(self) -> int:
        return len(self.reads)

    @cached_property
    def finished(self) -> frozenset[int]:
        """The ids of the books that the reader has finished."""
        return frozenset([book for book, _, is_finished in self.reads if is_finished])

    @cached_property
    def liked(self) -> Ints:
        """The indexes in ``reads`` of the books that the reader liked."""
        return np.flatnonzero([read.is_liked for read in self.reads])


def fade_weights(reads: Sequence[RatedRead]) -> Floats:
    """Return the weights of a reader's books, the earliest first, each less the longer ago it was read."""
    # The latest book is the last, and is divided by 1.
    return unfaded_weights(reads) / np.arange(len(reads), 0, -1)


def heaviest(weights: Floats, most: int) -> Ints:
    """Return the positions of the ``most`` weights largest in size, for or against, in order."""
    return np.sort(np.argsort(-np.abs(weights), kind="stable")[:most])


def unfaded_weights(reads: Sequence[RatedRead]) -> Floats:
    """Return the weight of each book in the reader's taste, whenever they read it."""
    ratings = np.array([read.rating or 0 for read in reads], dtype=np.int64)
    is_finished = np.array([read.is_finished for read in reads], dtype=np.bool_)
    return np.where(is_finished, BY_RATING[ratings], UNFINISHED)
