"""How many readers two books share: in the club, and in a neighbour pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from .library import Floats, Ints, Library, Shelf, summed

_NOTHING: Ints = np.zeros(0, dtype=np.int64)


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
        neighbours: Iterable[tuple[int, int, float]],
        totals: Iterable[tuple[int, int]],
    ) -> CoReads:
        """From rows of a table: (a book of the reader's, other book, co-readers) and (book, readers).

        Co-readers may be weighed, as those of a pack are; rows of books that are not here are ignored.
        """
        # Floats hold every id up to 2⁵³ exactly.
        table = np.fromiter(chain.from_iterable(neighbours), dtype=np.float64).reshape(-1, 3)
        mine, mine_here = library.find(table[:, 0].astype(np.int64))
        other, other_here = library.find(table[:, 1].astype(np.int64))
        here = mine_here & other_here
        counts = np.fromiter(chain.from_iterable(totals), dtype=np.int64).reshape(-1, 2)
        places, known = library.find(counts[:, 0])
        readers = np.zeros(len(library))
        readers[places[known]] = counts[known, 1]
        return cls(mine[here], other[here], table[here, 2], readers)

    def of_others(self, places: Ints) -> CoReads:
        """Those pairs whose other book is at one of these positions."""
        is_wanted = np.zeros(len(self.totals), dtype=np.bool_)
        is_wanted[places] = True
        here = is_wanted[self.other]
        return CoReads(self.mine[here], self.other[here], self.together[here], self.totals)

    @classmethod
    def none(cls, library: Library) -> CoReads:
        """No co-readers at all: a club of one, or no pack."""
        nothing = np.zeros(0, dtype=np.int64)
        return cls(nothing, nothing, np.zeros(0), np.zeros(len(library)))


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


@dataclass(frozen=True)
class Readerships:
    """Who in the club has read what, from which co-readers are counted while the reader waits.

    Members are rows by position in ``member_ids``. Only readings that the asking reader may see belong
    in it: the caller leaves the private ones out.
    """

    member_ids: Ints
    shelves: Shelf
    readers: Shelf

    @classmethod
    def of(cls, library: Library, readings: Iterable[tuple[int, int]] | Ints) -> Readerships:
        """From rows (member, book) of finished books, in any order."""
        rows_given = readings if isinstance(readings, np.ndarray) else list(readings)
        table = np.array(rows_given, dtype=np.int64).reshape(-1, 2)
        places, here = library.find(table[:, 1])
        members, places = table[here, 0], places[here]
        is_there = np.bincount(members, minlength=1) > 0
        member_ids, rows = np.flatnonzero(is_there), (np.cumsum(is_there) - 1)[members]
        return cls(
            member_ids,
            Shelf.of_pairs(rows, places, len(member_ids), len(library)),
            Shelf.of_pairs(places, rows, len(library), len(member_ids)),
        )

    def around(self, places: Ints, without: int | None = None, among: Ints | None = None) -> CoReads:
        """The co-readers of some books, counted from the shelves, one member's own readings left out.

        With ``among`` only those that they share with the books at these positions.
        """
        absent = _place(self.member_ids, without)
        totals = np.diff(self.readers.starts).astype(np.float64)
        if absent is not None:
            totals[self.shelves.rows(np.array([absent]))[1]] -= 1
        which, members, _ = self.readers.rows(places)
        if absent is not None:
            which, members = which[members != absent], members[members != absent]
        if among is None:
            mine, other, counts = self._shared(which, members, len(places))
        else:
            mine, other, counts = self._shared_with(among, which, members, len(places))
        apart = places[mine] != other
        return CoReads(places[mine][apart], other[apart], counts[apart], totals)

    def _shared(self, which: Ints, members: Ints, size: int) -> tuple[Ints, Ints, Floats]:
        """Which of ``size`` books, position of the other, co-readers; ``members`` read ``which`` of them.

        Book by book: arrays of all the shelves of all the readers at once do not fit a processor's cache.
        """
        ends = np.searchsorted(which, np.arange(size + 1))
        others, counts = [], []
        for start, end in pairwise(ends.tolist()):
            table = np.bincount(self.shelves.columns[self.shelves.spread(members[start:end])[1]])
            found = np.flatnonzero(table)
            others.append(found)
            counts.append(table[found])
        if not size:
            return _NOTHING, _NOTHING, np.zeros(0)
        mine = np.repeat(np.arange(size), [len(found) for found in others])
        return mine, np.concatenate(others), np.concatenate(counts).astype(np.float64)

    def _shared_with(self, among: Ints, which: Ints, members: Ints, size: int) -> tuple[Ints, Ints, Floats]:
        """The same counted from the side of a few others, the books at the positions ``among``."""
        has_read = np.zeros((len(self.member_ids), size))
        has_read[members, which] = 1.0
        candidate, readers, _ = self.readers.rows(among)
        filled, starts = np.unique(candidate, return_index=True)
        if not len(filled):
            return _NOTHING, _NOTHING, np.zeros(0)
        table = np.add.reduceat(has_read[readers], starts, axis=0)
        row, mine = np.nonzero(table)
        return mine, among[filled[row]], table[row, mine]

    def kindred(self, places: Ints, weights: Floats, without: int | None = None) -> Floats:
        """How much each member shares the reader's taste: Σ wⱼ over shared books, to √(their books)."""
        which, members, _ = self.readers.rows(places)
        likeness = summed(members, weights[which], len(self.member_ids))
        lengths = np.diff(self.shelves.starts)
        likeness = np.maximum(likeness, 0.0) / np.sqrt(np.maximum(lengths, 1))
        absent = _place(self.member_ids, without)
        if absent is not None:
            likeness[absent] = 0.0
        rows = np.repeat(np.arange(len(self.member_ids)), lengths)
        return summed(self.shelves.columns, likeness[rows], len(self.readers.starts) - 1)


def _place(member_ids: Ints, member: int | None) -> int | None:
    if member is None:
        return None
    place = int(np.searchsorted(member_ids, member))
    return place if place < len(member_ids) and member_ids[place] == member else None
