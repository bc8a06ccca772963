"""The catalogue as arrays: the facts about every book that the scorer uses for any reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .sparse import Bools, Floats, Ints, SparseTable, find

NO_SERIES = 0
BOOK_COLUMNS = ("book", "series", "number", "known", "editions", "year")
HALVED_BY = 5.0  # A tag this many places below the first counts half as much.


@dataclass(frozen=True)
class Library:
    """Books and the facts about them; a book has one position in every array.

    ``ids`` ascends. Without a series, ``series`` is NO_SERIES and ``number`` NaN; without a year, ``year`` is
    NaN. ``known`` is the number of readers that a book is known to have outside the club, ``editions`` its
    number of printings; both are 0 if unknown. ``authors`` is a table of author ids. ``tags`` is a table of
    columns into ``tag_ids``, whose values are TF-IDF with unit length for each book. By column, ``carriers``
    is how many of the ``of_books`` books carry the tag.

    A library holds the whole catalogue or a relevant part of it. For a part, ``tag_counts`` and ``of_books``
    of build() say how common a tag is in the whole.
    """

    ids: Ints
    series: Ints
    number: Floats
    known: Floats
    editions: Floats
    year: Floats
    authors: SparseTable
    tags: SparseTable
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
        """Build a library from tables whose rows may come in any order.

        ``books`` has the columns BOOK_COLUMNS, with NO_SERIES or NaN for nothing. ``authors`` are rows (book,
        author) and ``tags`` rows (book, tag, its place among the book's tags from 0), each pair once. Rows of
        books that are not in ``books`` are ignored. Members' tags carry no counts, so the weight of a tag is
        its rarity and its place: the sixth counts half as much as the first.
        """
        books = books.reshape(-1, len(BOOK_COLUMNS))
        ids, order = np.unique(books[:, 0].astype(np.int64), return_index=True)
        _, series, number, known, editions, year = books[order].T.copy()
        writing, tagging = _rows(ids, authors, 2), _rows(ids, tags, 3)
        tag_ids, columns = np.unique(tagging[1], return_inverse=True)
        total = len(ids) if of_books is None else of_books
        frequency = np.bincount(columns, minlength=len(tag_ids)).astype(np.float64)
        # A part of a catalogue has too few books to say how common a tag is, and its own count may be newer.
        if tag_counts is not None:
            known_counts = [tag_counts.get(tag, 0) for tag in tag_ids.tolist()]
            frequency = np.maximum(frequency, np.array(known_counts, dtype=np.float64))
        rarity = np.log((total + 1) / (frequency + 1))
        # There is an entry for each tag of each book, so these steps work in place: the peak of a rebuild in
        # memory is here.
        values = rarity[columns]
        values /= 1.0 + tagging[2] / HALVED_BY
        lengths = np.sqrt(np.bincount(tagging[0], weights=values**2, minlength=len(ids)))
        # A book whose tags all weigh 0 has length 0, which must not divide.
        lengths[lengths == 0] = 1.0
        values /= lengths[tagging[0]]
        return cls(
            ids=ids,
            series=series.astype(np.int64),
            number=number,
            known=known,
            editions=editions,
            year=year,
            authors=SparseTable.of(writing[0], writing[1], np.ones(len(writing[0])), len(ids)),
            tags=SparseTable.of(tagging[0], columns.astype(np.int64, copy=False), values, len(ids)),
            tag_ids=tag_ids,
            carriers=frequency,
            of_books=total,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def places(self, books: Iterable[int]) -> Ints:
        """Return the positions of the ``books`` (ids) that are in the library, in the order given."""
        wanted = np.fromiter(books, dtype=np.int64)
        found, here = self.find(wanted)
        return found[here]

    def find(self, books: Ints | NDArray[np.int32]) -> tuple[Ints, Bools]:
        """Return each book's position and whether it is in the library (if not, ignore the position)."""
        return find(self.ids, books)

    def prepare(self) -> None:
        """Fill the cached properties now, so that no reader waits for them."""
        # Reading a cached property computes it.
        for _ in (self.author_columns, self.author_rows, self.tag_rows, self.later_parts, self.parts):
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
    def later_parts(self) -> Floats:
        """−1 for every book that is not the first part of its series, 0 for all others."""
        return np.where((self.series != NO_SERIES) & (self.number > 1), -1.0, 0.0)

    @cached_property
    def parts(self) -> Ints:
        """The positions of the books that are part of a series, in the order of their series."""
        parts = np.flatnonzero(self.series != NO_SERIES)
        return parts[np.argsort(self.series[parts], kind="stable")]

    def parts_of(self, series: int) -> Ints:
        """Return the positions of the books of a series."""
        return self.parts[slice(*np.searchsorted(self.series[self.parts], [series, series + 1]))]

    @cached_property
    def tag_rows(self) -> Ints:
        """The position of the book that each entry of ``tags`` belongs to."""
        return self.tags.row_numbers()


def _rows(ids: Ints, table: Ints, width: int) -> list[Ints]:
    """The columns of the rows whose book is in ``ids``, positions in place of the books."""
    table = table.reshape(-1, width)
    places, here = find(ids, table[:, 0])
    return [places[here], *(table[here, column] for column in range(1, width))]
