"""Counts of the readers that two books share, in the club or in a neighbour pack."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .library import Library
from .sparse import Floats, Ints, find, spread


@dataclass(frozen=True)
class CoReads:
    """Co-readers of a reader's books and other books, and the number of readers of each book.

    ``mine`` and ``other`` are positions in a library, ``together`` is the number of readers of both; each
    pair occurs once. ``totals`` is the number of readers of every book in the library, by position.
    """

    mine: Ints
    other: Ints
    together: Floats
    totals: Floats

    def between(self, library: Library, other: Library) -> CoReads:
        """Convert to the positions of another library, for the books that are in both."""
        mine, mine_here = other.find(library.ids[self.mine])
        others, other_here = other.find(library.ids[self.other])
        here = mine_here & other_here
        places, is_known = library.find(other.ids)
        totals = np.zeros(len(other))
        totals[is_known] = self.totals[places[is_known]]
        return CoReads(mine[here], others[here], self.together[here], totals)


@dataclass(frozen=True)
class NeighbourTable:
    """The co-read counts of a pack by the ids of books, not tied to a library.

    From ``starts[r]`` to ``starts[r + 1]``, ``others`` holds the ids of other books and ``weights`` the
    weighted co-readers that ``ids[r]`` has with them. ``readers`` is the number of readers of each book in
    ``counted``. ``ids`` and ``counted`` ascend.
    """

    ids: Ints
    starts: Ints
    others: NDArray[np.int32]
    weights: NDArray[np.float32]
    counted: Ints
    readers: Floats

    @classmethod
    def of(
        cls,
        ids: Ints,
        starts: Ints,
        others: NDArray[np.int32],
        weights: NDArray[np.float32],
        counts: Ints,
    ) -> NeighbourTable:
        """Build a table from the neighbours of ``ids``, book after book, and rows (book, its readers)."""
        counts = counts[np.argsort(counts[:, 0])]
        return cls(ids, starts, others, weights, counts[:, 0].copy(), counts[:, 1].astype(np.float64))

    def beside(self, library: Library) -> Neighbours:
        """Return the counts for the books of a library."""
        places, is_counted = find(self.counted, library.ids)
        totals = np.zeros(len(library))
        totals[is_counted] = self.readers[places[is_counted]]
        return Neighbours(self, library, totals)


@dataclass(frozen=True)
class Neighbours:
    """The co-read counts of a pack for the books of a library, and the number of readers of each book."""

    table: NeighbourTable
    library: Library
    totals: Floats

    def around(self, places: Ints) -> CoReads:
        """Return the co-readers of the books at ``places``, each given once."""
        table = self.table
        rows, is_there = find(table.ids, self.library.ids[places])
        lengths, entries = spread(table.starts, rows[is_there])
        mine = np.repeat(places[is_there], lengths)
        # The pack knows the whole catalogue, and the library may be a part of it.
        other, here = self.library.find(table.others[entries])
        weights = table.weights[entries][here].astype(np.float64)
        return CoReads(mine[here], other[here], weights, self.totals)
