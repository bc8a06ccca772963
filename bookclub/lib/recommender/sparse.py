"""Sparse tables: rows of different lengths in one array, and look-ups in sorted arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class SparseTable:
    """Rows of different lengths in one array: row ``r`` is ``columns[starts[r]:starts[r + 1]]``.

    ``values`` belongs to ``columns``, one for one.
    """

    starts: Ints
    columns: Ints
    values: Floats

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Floats, height: int) -> SparseTable:
        """Build a table of ``height`` rows from triples in any order."""
        order = np.argsort(rows, kind="stable")
        return cls(_starts_of(rows, height), columns[order], values[order])

    @classmethod
    def of_pairs(cls, rows: Ints, columns: Ints, height: int, width: int) -> SparseTable:
        """Build a table of ones from pairs in any order, each counted once; columns are less than ``width``.

        Pairs are sorted as single numbers, which is several times as fast as by two keys.
        """
        keys = np.sort(rows * width + columns)
        return cls._of_keys(keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]], height, width)

    @classmethod
    def _of_keys(cls, keys: Ints, height: int, width: int) -> SparseTable:
        rows, columns = np.divmod(keys, max(width, 1))
        return cls(_starts_of(rows, height), columns, np.ones(len(keys)))

    def exchanged(self, is_gone: Bools, rows: Ints, columns: Ints, width: int) -> SparseTable:
        """Return a table of pairs without the entries that are gone and with new ones.

        The new pairs must not be in the table already. This costs a copy; sorting all pairs again would take
        many times as long.
        """
        # A pair is one number here, so that one search in what is sorted finds the place of a new pair.
        keys = (self.row_numbers() * width + self.columns)[~is_gone]
        added = np.unique(rows * width + columns)
        merged = np.insert(keys, np.searchsorted(keys, added), added)
        return SparseTable._of_keys(merged, len(self.starts) - 1, width)

    def row(self, place: int) -> list[int]:
        """Return the columns of one row as a list."""
        columns: list[int] = self.columns_of(place).tolist()
        return columns

    def columns_of(self, place: int) -> Ints:
        """Return the columns of one row as an array, for rows that may be long."""
        return self.columns[self.starts[place] : self.starts[place + 1]]

    def row_numbers(self) -> Ints:
        """Return the row of each entry."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def rows(self, wanted: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the triples of some rows: the index in ``wanted``, column and value."""
        lengths, places = self.spread(wanted)
        which = np.repeat(np.arange(len(wanted)), lengths)
        return which, self.columns[places], self.values[places]

    def spread(self, wanted: Ints) -> tuple[Ints, Ints]:
        """Return the length of each wanted row, and the places of their entries in ``columns``."""
        return spread(self.starts, wanted)


def _starts_of(rows: Ints, height: int) -> Ints:
    """Return where each of ``height`` rows begins once the entries, whose rows these are, are sorted."""
    starts = np.zeros(height + 1, dtype=np.int64)
    np.cumsum(np.bincount(rows, minlength=height), out=starts[1:])
    return starts


def sum_by_place(places: Ints, values: Floats, size: int) -> Floats:
    """Add up values by position, in an array of ``size``."""
    return np.asarray(np.bincount(places, weights=values, minlength=size), dtype=np.float64)


def spread(starts: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Return the lengths of the wanted rows, which begin at ``starts``, and the places of their entries."""
    first = starts[wanted]
    lengths = starts[wanted + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places = np.repeat(first - (ends - lengths), lengths)
    places += np.arange(total)
    return lengths, places


def find(ids: Ints, wanted: Ints | NDArray[np.int32]) -> tuple[Ints, Bools]:
    """Return the place of each of ``wanted`` in ``ids``, which ascend, and whether it is there at all."""
    # Without ids there is no last place to clip to.
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, ids[places] == wanted
