"""The catalogue as arrays: what the scorer knows of every book, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .sparse import Bools, Floats, Ints, Shelf, find

NO_SERIES = 0
BOOK_COLUMNS = ("book", "series", "number", "known", "editions", "year")
HALVED_BY = 5.0  # A tag so many places further down says half as much as the first.


@dataclass(frozen=True)
class Library:
    """Books and what is said of them, each book at one position in every array.

    ``ids`` ascends. ``series`` is NO_SERIES, ``number`` and ``year`` NaN where there is none. ``known`` is
    how many readers a book is known to have outside the club, ``editions`` how many printings: 0 where
    nobody knows. ``authors`` is a shelf of author ids, ``tags`` one of columns into ``tag_ids`` whose values
    are TF-IDF of unit length for each book; ``carriers`` of the ``of_books`` carry the tag, by column.

    It holds the whole catalogue, or the books of it that matter: then ``tag_counts`` and ``of_books`` say how
    common a tag is in the whole.
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
        books: Floats,
        authors: Ints,
        tags: Ints,
        *,
        tag_counts: Mapping[int, int] | None = None,
        of_books: int | None = None,
    ) -> Library:
        """A library from tables, the rows of each in any order.

        ``books`` has the columns BOOK_COLUMNS, NO_SERIES or NaN where there is nothing; ``authors`` are
        (book, author) and ``tags`` (book, tag, its place among the book's tags from 0), each pair once. Rows
        of books that are not among ``books`` are ignored. Members' tags carry no counts, so what a tag
        weighs is its rarity and its place: the sixth says half as much as the first.
        """
        books = books.reshape(-1, len(BOOK_COLUMNS))
        ids, order = np.unique(books[:, 0].astype(np.int64), return_index=True)
        _, series, number, known, editions, year = books[order].T.copy()
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
            series=series.astype(np.int64),
            number=number,
            known=known,
            editions=editions,
            year=year,
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

    def find(self, books: Ints | NDArray[np.int32]) -> tuple[Ints, Bools]:
        """The position of each book, and whether it is here at all (else its position means nothing)."""
        return find(self.ids, books)

    def prepare(self) -> None:
        """Work out now what else would be worked out when it is first asked for."""
        for _ in (self.author_columns, self.author_rows, self.tag_rows, self._by_series):
            pass

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
    def _by_series(self) -> tuple[Ints, Ints]:
        """The positions of all books in the order of their series, and these series."""
        order = np.argsort(self.series, kind="stable")
        return order, self.series[order]

    def parts_of(self, series: int) -> Ints:
        """The positions of the books of a series."""
        order, sorted_series = self._by_series
        return order[slice(*np.searchsorted(sorted_series, [series, series + 1]))]

    @cached_property
    def tag_rows(self) -> Ints:
        """The position of the book that each entry of ``tags`` belongs to."""
        return self.tags.row_numbers()


def _rows(ids: Ints, table: Ints, width: int) -> list[Ints]:
    """The columns of the rows whose book is in ``ids``, positions in place of the books."""
    table = table.reshape(-1, width)
    places, here = find(ids, table[:, 0])
    return [places[here], *(table[here, column] for column in range(1, width))]
