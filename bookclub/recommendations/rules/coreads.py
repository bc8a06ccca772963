"""How many readers two books share, as a table says it: in the club, or in a neighbour pack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .library import Library
from .sparse import Floats, Ints, find, spread


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

    def between(self, library: Library, other: Library) -> CoReads:
        """The same for the books of another library, of those that are in both."""
        mine, mine_here = other.find(library.ids[self.mine])
        others, other_here = other.find(library.ids[self.other])
        here = mine_here & other_here
        places, is_known = library.find(other.ids)
        totals = np.zeros(len(other))
        totals[is_known] = self.totals[places[is_known]]
        return CoReads(mine[here], others[here], self.together[here], totals)

    @classmethod
    def none(cls, library: Library) -> CoReads:
        """No co-readers at all: a club of one, or no pack."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, np.zeros(0), np.zeros(len(library)))


def pairs_from(rows: Iterable[Sequence[float]]) -> Floats:
    """Rows (book, other book, co-readers) as a table; floats hold every id up to 2⁵³ exactly."""
    return np.fromiter(chain.from_iterable(rows), dtype=np.float64).reshape(-1, 3)


@dataclass(frozen=True)
class NeighbourTable:
    """The co-read counts of a pack by the ids of books, whichever of them are in a library.

    From ``starts[r]`` to ``starts[r + 1]``, ``others`` holds the ids of other books, and ``weights`` the
    weighed co-readers that ``ids[r]`` has with them. ``readers`` says how many readers each of ``counted``
    has. Both lists of ids ascend.
    """

    ids: Ints
    starts: Ints
    others: NDArray[np.int32]
    weights: NDArray[np.float32]
    counted: Ints
    readers: Floats

    @classmethod
    def of(
        cls, neighbours: Iterable[Sequence[float]] | Floats, totals: Iterable[Sequence[int]] | Ints
    ) -> NeighbourTable:
        """From rows of a table: (book, other book, co-readers), as many ways as stored; (book, readers)."""
        table = neighbours if isinstance(neighbours, np.ndarray) else pairs_from(neighbours)
        table = table[np.argsort(table[:, 0], kind="stable")]
        ids, lengths = np.unique(table[:, 0].astype(np.int64), return_counts=True)
        counts = totals if isinstance(totals, np.ndarray) else np.array(list(totals), dtype=np.int64)
        return cls.of_rows(
            ids,
            np.concatenate([[0], np.cumsum(lengths)]),
            table[:, 1].astype(np.int32),
            table[:, 2].astype(np.float32),
            counts.reshape(-1, 2),
        )

    @classmethod
    def of_rows(
        cls,
        ids: Ints,
        starts: Ints,
        others: NDArray[np.int32],
        weights: NDArray[np.float32],
        counts: Ints,
    ) -> NeighbourTable:
        """The same, where the neighbours stand in the order of their books already."""
        counts = counts[np.argsort(counts[:, 0])]
        return cls(ids, starts, others, weights, counts[:, 0].copy(), counts[:, 1].astype(np.float64))

    def beside(self, library: Library) -> Neighbours:
        """What it says of the books of a library."""
        places, is_counted = find(self.counted, library.ids)
        totals = np.zeros(len(library))
        totals[is_counted] = self.readers[places[is_counted]]
        return Neighbours(self, library, totals)


@dataclass(frozen=True)
class Neighbours:
    """The co-read counts of a pack for the books of a library, and how many readers each of these has."""

    table: NeighbourTable
    library: Library
    totals: Floats

    @classmethod
    def of(
        cls,
        library: Library,
        neighbours: Iterable[Sequence[float]],
        totals: Iterable[Sequence[int]],
    ) -> Neighbours:
        """From rows as a NeighbourTable is made of."""
        return NeighbourTable.of(neighbours, totals).beside(library)

    def around(self, places: Ints) -> CoReads:
        """The co-readers of some books, each given once."""
        table = self.table
        rows, is_there = find(table.ids, self.library.ids[places])
        lengths, entries = spread(table.starts, rows[is_there])
        mine = np.repeat(places[is_there], lengths)
        other, here = self.library.find(table.others[entries])
        weights = table.weights[entries][here].astype(np.float64)
        return CoReads(mine[here], other[here], weights, self.totals)
