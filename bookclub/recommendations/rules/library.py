"""The catalogue as arrays: what the scorer knows of every book, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Pairs = Iterable[tuple[int, int]]

NO_SERIES = 0
HALVED_BY = 5.0  # A tag so many places further down says half as much as the first.


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

    def exchanged(self, is_gone: NDArray[np.bool_], rows: Ints, columns: Ints, width: int) -> Shelf:
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
        first = self.starts[wanted]
        lengths = self.starts[wanted + 1] - first
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(first - (ends - lengths), lengths)
        places += np.arange(total)
        return lengths, places


class Listing(NamedTuple):
    """One book as a query lists it: its place in a series, readers known elsewhere, printings, year."""

    book: int
    series: int | None = None
    number: float | None = None
    known: int = 0
    editions: int = 0
    year: int | None = None


@dataclass(frozen=True)
class Library:
    """Books and what is said of them, each book at one position in every array.

    ``ids`` ascends. ``series`` is NO_SERIES, ``number`` and ``year`` NaN where there is none. ``known`` is
    how many readers a book is known to have outside the club, ``editions`` how many printings: 0 where
    nobody knows. ``authors`` is a shelf of author ids, ``tags`` one of columns into ``tag_ids`` whose values
    are TF-IDF of unit length for each book; ``carriers`` of the ``of_books`` carry the tag, by column.

    It serves the whole catalogue, kept in memory between requests, as well as the few hundred books that
    matter to one reader out of a million: then ``tag_counts`` and ``of_books`` say how common a tag is in
    the whole.
    """

    ids: Ints
    series: Ints
    number: Floats
    known: Floats
    editions: Floats
    year: Floats
    authors: Shelf
    tags: Shelf
    tag_ids: Ints
    carriers: Floats
    of_books: int

    @classmethod
    def build(
        cls,
        books: Sequence[Listing],
        authors: Pairs | Ints,
        tags: Iterable[tuple[int, int, int]] | Ints,
        *,
        tag_counts: Mapping[int, int] | None = None,
        of_books: int | None = None,
    ) -> Library:
        """A library from rows as a query yields them, each in any order.

        ``authors`` are (book, author) and ``tags`` (book, tag, its place among the book's tags from 0), each
        pair once, or arrays of such rows. Rows of books that are not among ``books`` are ignored. Members'
        tags carry no counts, so what a tag weighs is its rarity and its place: the sixth says half as much
        as the first.
        """
        ids, order = np.unique(np.array([row.book for row in books], dtype=np.int64), return_index=True)
        rows = [books[place] for place in order.tolist()]
        writing, tagging = _rows(ids, authors, 2), _rows(ids, tags, 3)
        tag_ids, columns = np.unique(tagging[1], return_inverse=True)
        total = len(ids) if of_books is None else of_books
        frequency = np.bincount(columns, minlength=len(tag_ids)).astype(np.float64)
        if tag_counts is not None:
            known_counts = [tag_counts.get(tag, 0) for tag in tag_ids.tolist()]
            frequency = np.maximum(frequency, np.array(known_counts, dtype=np.float64))
        rarity = np.log((total + 1) / (frequency + 1))
        values = rarity[columns] / (1.0 + tagging[2] / HALVED_BY)
        lengths = np.sqrt(np.bincount(tagging[0], weights=values**2, minlength=len(ids)))
        values = values / np.where(lengths > 0, lengths, 1.0)[tagging[0]]
        return cls(
            ids=ids,
            series=np.array([row.series or NO_SERIES for row in rows], dtype=np.int64),
            number=np.array([np.nan if row.number is None else row.number for row in rows], dtype=np.float64),
            known=np.array([row.known for row in rows], dtype=np.float64),
            editions=np.array([row.editions for row in rows], dtype=np.float64),
            year=np.array([np.nan if row.year is None else row.year for row in rows], dtype=np.float64),
            authors=Shelf.of(writing[0], writing[1], np.ones(len(writing[0])), len(ids)),
            tags=Shelf.of(tagging[0], columns.astype(np.int64), values, len(ids)),
            tag_ids=tag_ids,
            carriers=frequency,
            of_books=total,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, books: Iterable[int]) -> Ints:
        """The positions of those of ``books`` that are here, in the order given."""
        wanted = np.fromiter(books, dtype=np.int64)
        found, here = self.find(wanted)
        return found[here]

    def find(self, books: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The position of each book, and whether it is here at all (else its position means nothing)."""
        return _find(self.ids, books)

    @cached_property
    def author_ids(self) -> Ints:
        """Every author once, ascending."""
        return np.unique(self.authors.columns)

    @cached_property
    def author_columns(self) -> Ints:
        """The position among ``author_ids`` of each entry of ``authors``."""
        return np.searchsorted(self.author_ids, self.authors.columns)

    @cached_property
    def author_rows(self) -> Ints:
        """The position of the book that each entry of ``authors`` belongs to."""
        return self.authors.row_numbers()

    @cached_property
    def tag_rows(self) -> Ints:
        """The position of the book that each entry of ``tags`` belongs to."""
        return self.tags.row_numbers()


def summed(places: Ints, values: Floats, size: int) -> Floats:
    """Values added up by position."""
    return np.asarray(np.bincount(places, weights=values, minlength=size), dtype=np.float64)


def _find(ids: Ints, wanted: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    if not len(ids):
        return np.zeros(len(wanted), dtype=np.int64), np.zeros(len(wanted), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return places, ids[places] == wanted


def _rows(ids: Ints, rows: Iterable[tuple[int, ...]] | Ints, width: int) -> list[Ints]:
    """The columns of the rows whose book is in ``ids``, positions in place of the books."""
    table = rows if isinstance(rows, np.ndarray) else np.array(list(rows), dtype=np.int64)
    table = table.reshape(-1, width)
    places, here = _find(ids, table[:, 0])
    return [places[here], *(table[here, column] for column in range(1, width))]
