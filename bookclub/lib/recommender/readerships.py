"""Readers of each book in the club, and the co-readers counted from them within a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from .co_reads import CoReads
from .library import Library
from .sparse import Bools, Floats, Ints, SparseTable, sum_by_place

_NOTHING: Ints = np.zeros(0, dtype=np.int64)
# The counts of so many books are cached: 20 MB if each shares readers with 10 000 others.
ROWS_KEPT = 250

# The positions of the books that share readers with one book, and the number of shared readers of each.
Shared = tuple[NDArray[np.int32], NDArray[np.int32]]


@dataclass(frozen=True)
class Readerships:
    """The finished books of each member and the readers of each book, to count co-readers from.

    Members are rows by position in ``member_ids``. It must contain only readings that the asking reader may
    see: the caller leaves private ones out. ``counted`` caches the counts of a book until one of its readers
    changes their shelf.
    """

    member_ids: Ints
    shelves: SparseTable
    readers: SparseTable
    counted: dict[int, Shared] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, library: Library, readings: Iterable[tuple[int, int]] | Ints) -> Readerships:
        """Build from rows (member, book) of finished books, in any order."""
        members, places = _rows_in_library(library, readings)
        is_there = np.bincount(members, minlength=1) > 0
        member_ids, rows = np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[members]
        return cls(
            member_ids,
            SparseTable.of_pairs(rows, places, len(member_ids), len(library)),
            SparseTable.of_pairs(places, rows, len(library), len(member_ids)),
        )

    def with_shelves(
        self, library: Library, members: Collection[int], readings: Iterable[tuple[int, int]] | Ints
    ) -> Readerships:
        """Return a copy with new shelves for ``members``; ``readings`` are all their rows (member, book)."""
        theirs, places = _rows_in_library(library, readings)
        # A member without a row yet changes the number of rows, so everything is built again.
        if not np.isin(theirs, self.member_ids).all():
            old = np.stack(
                [self.member_ids[self.shelves.row_numbers()], library.ids[self.shelves.columns]], 1
            )
            others = old[~np.isin(old[:, 0], list(members))]
            return Readerships.of(
                library, np.concatenate([others, np.stack([theirs, library.ids[places]], 1)])
            )
        rows, touched = np.searchsorted(self.member_ids, theirs), np.zeros(len(library), dtype=np.bool_)
        is_new = np.zeros(len(self.member_ids), dtype=np.bool_)
        for row in np.flatnonzero(np.isin(self.member_ids, list(members))).tolist():
            before, now = self.shelves.columns_of(row), np.unique(places[rows == row])
            if not np.array_equal(before, now):
                is_new[row] = True
                touched[before] = touched[now] = True
        if not is_new.any():
            return self
        wanted = is_new[rows]
        rows, places = rows[wanted], places[wanted]
        height, width = len(self.member_ids), len(library)
        return replace(
            self,
            shelves=self.shelves.exchanged(is_new[self.shelves.row_numbers()], rows, places, width),
            readers=self.readers.exchanged(is_new[self.readers.columns], places, rows, height),
            # list() copies first, since a request in another thread may fill the cache meanwhile.
            counted={place: shared for place, shared in list(self.counted.items()) if not touched[place]},
        )

    @property
    def is_read(self) -> Bools:
        """True for each book of the library that somebody has read."""
        return np.asarray(np.diff(self.readers.starts) > 0)

    def around(self, places: Ints, without: int | None = None, among: Ints | None = None) -> CoReads:
        """Count the co-readers of the books at ``places``, without the readings of the member ``without``.

        With ``among`` only co-readers with the books at these positions are counted. Without it, the member
        still counts as a co-reader of two books that they have read: neither can be proposed to them.
        """
        totals = np.diff(self.readers.starts).astype(np.float64)
        absent = _row_of_member(self.member_ids, without)
        if absent is not None:
            totals[self.shelves.columns_of(absent)] -= 1
        return CoReads(
            *(self._co_readers_of(places) if among is None else self._count_among(among, places, absent)),
            totals,
        )

    def _co_readers_of(self, places: Ints) -> tuple[Ints, Ints, Floats]:
        """Return book, other book and co-readers, for each book and all others that share its readers."""
        rows = [self.counted.get(place) or self._count_row(place) for place in places.tolist()]
        if not rows:
            return _NOTHING, _NOTHING, np.zeros(0)
        mine = np.repeat(places, [len(others) for others, _ in rows])
        others = np.concatenate([others for others, _ in rows], dtype=np.int64)
        return mine, others, np.concatenate([counts for _, counts in rows], dtype=np.float64)

    def _count_row(self, place: int) -> Shared:
        """Count the books that share readers with one book, from the shelves of all who have read it.

        This goes book by book: arrays of all shelves of all readers at once do not fit a processor's cache.
        """
        table = np.bincount(self.shelves.columns[self.shelves.spread(self.readers.columns_of(place))[1]])
        # A book is not its own neighbour.
        if place < len(table):
            table[place] = 0
        # Of truth values, NumPy finds those that are not zero in a fraction of the time.
        others = np.flatnonzero(table != 0)
        if len(self.counted) >= ROWS_KEPT:
            self.counted.clear()
        self.counted[place] = shared = others.astype(np.int32), table[others].astype(np.int32)
        return shared

    def _count_among(self, among: Ints, places: Ints, absent: int | None) -> tuple[Ints, Ints, Floats]:
        """Count the same as _co_readers_of() from the side of the few books at the positions ``among``."""
        which, members, _ = self.readers.rows(places)
        has_read = np.zeros((len(self.member_ids), len(places)))
        has_read[members, which] = 1.0
        if absent is not None:
            has_read[absent] = 0.0
        candidate, readers, _ = self.readers.rows(among)
        # reduceat cannot add up empty rows, so only books with readers take part.
        filled, starts = np.unique(candidate, return_index=True)
        if not len(filled):
            return _NOTHING, _NOTHING, np.zeros(0)
        table = np.add.reduceat(has_read[readers], starts, axis=0)
        row, column = np.nonzero(table)
        mine, other = places[column], among[filled[row]]
        apart = mine != other
        return mine[apart], other[apart], table[row, column][apart]

    def kindred(self, places: Ints, weights: Floats, without: int | None = None) -> Floats:
        """Sum for each book the likeness of its readers to the reader of the books at ``places``.

        The likeness of a member is Σ wⱼ over the shared books, at least 0, divided by √(their books).
        ``without`` is the reader, whose own shelf does not count.
        """
        which, members, _ = self.readers.rows(places)
        likeness = sum_by_place(members, weights[which], len(self.member_ids))
        lengths = np.diff(self.shelves.starts)
        likeness = np.maximum(likeness, 0.0) / np.sqrt(np.maximum(lengths, 1))
        absent = _row_of_member(self.member_ids, without)
        if absent is not None:
            likeness[absent] = 0.0
        return sum_by_place(
            self.shelves.columns, likeness[self.shelves.row_numbers()], len(self.readers.starts) - 1
        )


def _rows_in_library(library: Library, readings: Iterable[tuple[int, int]] | Ints) -> tuple[Ints, Ints]:
    """Return the members and book positions of the readings whose book is in the library."""
    rows = readings if isinstance(readings, np.ndarray) else list(readings)
    table = np.array(rows, dtype=np.int64).reshape(-1, 2)
    places, here = library.find(table[:, 1])
    return table[here, 0], places[here]


def _row_of_member(member_ids: Ints, member: int | None) -> int | None:
    if member is None:
        return None
    place = int(np.searchsorted(member_ids, member))
    return place if place < len(member_ids) and member_ids[place] == member else None
