"""Rows of different lengths in one array, and where things stand in sorted ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Shelf:
    """Rows of different lengths in one array: row ``r`` is ``columns[starts[r]:starts[r + 1]]``.

    ``values`` belongs to ``columns``, one for one.
    """

    starts: Ints
    columns: Ints
    values: Floats

    @classmethod
    def of(cls, rows: Ints, columns: Ints, values: Floats, height: int) -> Shelf:
        """A shelf of ``height`` rows from triples in any order."""
        order = np.argsort(rows, kind="stable")
        starts = np.zeros(height + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=height), out=starts[1:])
        return cls(starts, columns[order], values[order])

    @classmethod
    def of_pairs(cls, rows: Ints, columns: Ints, height: int, width: int) -> Shelf:
        """A shelf of ones from pairs in any order, each counted once; columns are less than ``width``.

        Sorted as single numbers, which is several times as fast as by two keys.
        """
        keys = np.sort(rows * width + columns)
        return cls._of_keys(keys[np.append(True, keys[1:] != keys[:-1])[: len(keys)]], height, width)

    @classmethod
    def _of_keys(cls, keys: Ints, height: int, width: int) -> Shelf:
        starts = np.searchsorted(keys, np.arange(height + 1) * width)
        return cls(starts, keys % max(width, 1), np.ones(len(keys)))

    def exchanged(self, is_gone: Bools, rows: Ints, columns: Ints, width: int) -> Shelf:
        """A shelf of pairs without some of its entries, and with others, each once and none there already.

        It costs a copy, where sorting all pairs anew would take many times as long.
        """
        keys = (self.row_numbers() * width + self.columns)[~is_gone]
        added = np.unique(rows * width + columns)
        merged = np.insert(keys, np.searchsorted(keys, added), added)
        return Shelf._of_keys(merged, len(self.starts) - 1, width)

    def row(self, place: int) -> list[int]:
        """The columns of one row."""
        columns: list[int] = self.columns_of(place).tolist()
        return columns

    def columns_of(self, place: int) -> Ints:
        """The same as an array, for rows that may be long."""
        return self.columns[self.starts[place] : self.starts[place + 1]]

    def row_numbers(self) -> Ints:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def rows(self, wanted: Ints) -> tuple[Ints, Ints, Floats]:
        """The triples of some rows: which of ``wanted`` (its index there), column and value."""
        lengths, places = self.spread(wanted)
        which = np.repeat(np.arange(len(wanted)), lengths)
        return which, self.columns[places], self.values[places]

    def spread(self, wanted: Ints) -> tuple[Ints, Ints]:
        """How long each of some rows is, and where in ``columns`` what they hold stands, row after row."""
        return spread(self.starts, wanted)


def summed(places: Ints, values: Floats, size: int) -> Floats:
    """Values added up by position."""
    return np.asarray(np.bincount(places, weights=values, minlength=size), dtype=np.float64)


def spread(starts: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """How long some rows are, of those that begin at ``starts``, and the places of their entries."""
    first = starts[wanted]
    lengths = starts[wanted + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    places = np.repeat(first - (ends - lengths), lengths)
    places += np.arange(total)
    return lengths, places


def find(ids: Ints, wanted: Ints | NDArray[np.int32]) -> tuple[Ints, Bools]:
    """Where each of ``wanted`` stands in ``ids``, which ascend, and whether it is there at all."""
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, ids[places] == wanted
