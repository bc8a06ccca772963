"""How many readers two books share, as a table says it: in the club, or in a neighbour pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from .library import Floats, Ints, Library, Shelf


@dataclass(frozen=True)
class CoReads:
    """Co-readers between a reader's books and others, and how many readers each book has.

    ``mine`` and ``other`` are positions in a library, ``together`` how many readers both have; a pair is
    there once. ``totals`` is the readers of every book of the library, by position.
    """

    mine: Ints
    other: Ints
    together: Floats
    totals: Floats

    @classmethod
    def of(
        cls,
        library: Library,
        neighbours: Iterable[tuple[int, int, float]] | Floats,
        totals: Iterable[tuple[int, int]],
    ) -> CoReads:
        """From rows of a table: (a book of the reader's, other book, co-readers) and (book, readers).

        Co-readers may be weighed, as those of a pack are; rows of books that are not here are ignored.
        """
        table = neighbours if isinstance(neighbours, np.ndarray) else pairs_from(neighbours)
        mine, mine_here = library.find(table[:, 0].astype(np.int64))
        other, other_here = library.find(table[:, 1].astype(np.int64))
        here = mine_here & other_here
        counts = np.fromiter(chain.from_iterable(totals), dtype=np.int64).reshape(-1, 2)
        places, known = library.find(counts[:, 0])
        readers = np.zeros(len(library))
        readers[places[known]] = counts[known, 1]
        return cls(mine[here], other[here], table[here, 2], readers)

    @classmethod
    def none(cls, library: Library) -> CoReads:
        """No co-readers at all: a club of one, or no pack."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, np.zeros(0), np.zeros(len(library)))


def pairs_from(rows: Iterable[Sequence[float]]) -> Floats:
    """Rows (book, other book, co-readers) as a table; floats hold every id up to 2⁵³ exactly."""
    return np.fromiter(chain.from_iterable(rows), dtype=np.float64).reshape(-1, 3)


@dataclass(frozen=True)
class Neighbours:
    """Co-read counts of a whole library, to be kept in memory: row and column are positions."""

    shelf: Shelf
    totals: Floats

    @classmethod
    def of(
        cls,
        library: Library,
        neighbours: Iterable[tuple[int, int, float]],
        totals: Iterable[tuple[int, int]],
    ) -> Neighbours:
        """From rows of a table: (book, other book, co-readers), as many ways as stored; (book, readers)."""
        pairs = CoReads.of(library, neighbours, totals)
        return cls(Shelf.of(pairs.mine, pairs.other, pairs.together, len(library)), pairs.totals)

    def around(self, places: Ints) -> CoReads:
        """The co-readers of some books, each given once."""
        which, other, together = self.shelf.rows(places)
        return CoReads(places[which], other, together, self.totals)
