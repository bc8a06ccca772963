"""Neighbour packs: co-read counts of many readers outside the club, built from a table of ratings.

The table has three columns: reader, book and rating (0 or nothing for read but not rated). The readers may
be mixed, but the rows of one reader are taken to be in the order of reading. Two books read close together
say more about each other than two read far apart, so a co-reader weighs 1/(1 + d/50), where d is the number
of books between the two. The weights are scaled so that one co-reader weighs 1 on average. If the order
means nothing, this averages out. A book that its reader rated two or less does not count for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sparse import Floats, Ints, SparseTable

KEEP = 700  # The number of neighbours kept for each book, the strongest ones.
LEAST = 2  # Fewer co-readers are chance.
# Only the latest books of a longer shelf count: it says little about each, and its cost is its square.
LONGEST = 1000
NEAR = 50.0  # With this many books between two, a co-reader weighs half.
DISLIKED = 2.0  # Stars: a reader with this rating or less does not speak for the book.
BLOCK = 4_000_000  # Entries of the two tables that are counted in at one time, 64 MB together.

Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class BookName:
    """The title, first author and ISBN by which a pack identifies a book."""

    title: str
    author: str
    isbn: str = ""


@dataclass(frozen=True)
class Pack:
    """The neighbours of every book of a pack, by position in ``books``.

    Row ``b`` of ``together`` holds the other books and the number of readers of both; ``weights`` are the
    same pairs weighted by nearness. ``readers`` is the number of readers of each book, ``of`` the number of
    all readers.
    """

    source: str
    licence: str
    of: int
    books: tuple[BookName, ...]
    readers: Ints
    together: SparseTable
    weights: Floats

    def neighbours(self, places: Mapping[int, int]) -> Iterator[tuple[int, int, int, float]]:
        """Yield rows (book, other, co-readers, weight) by the ids that ``places`` maps positions to."""
        for place, book in places.items():
            first, end = int(self.together.starts[place]), int(self.together.starts[place + 1])
            for entry in range(first, end):
                other = places.get(int(self.together.columns[entry]))
                if other is not None and other != book:
                    yield book, other, int(self.together.values[entry]), float(self.weights[entry])


@dataclass(frozen=True)
class _Table:
    """The rows as arrays: ``shelves`` by reader in order, ``readers`` by book with the place on the shelf."""

    shelves: SparseTable
    readers: SparseTable


def build(
    ratings: Iterable[tuple[str, str, float]],
    names: Mapping[str, BookName],
    *,
    source: str,
    licence: str,
    keep: int = KEEP,
    least: int = LEAST,
    tell: Tell | None = None,
) -> Pack:
    """Build a pack from rows (reader, book, rating from 0 to 5), for the books that have a name.

    Memory is bounded: about a hundred bytes for each row, ``keep`` neighbours for each book, and one block of
    counts. ``tell`` is called with the number of books done and of all books. Books without a reader or a
    name are not in the pack.
    """
    keys, table = _read_ratings(ratings, names)
    size = len(keys)
    totals = np.diff(table.readers.starts)
    starts, columns, counts, weights = [0], [], [], []
    sums = [0.0, 0.0]
    step = max(1, BLOCK // max(size, 1))
    for first in range(0, size, step):
        block = np.arange(first, min(first + step, size))
        together, weighted = _count_co_readers(table, block, size)
        sums = [sums[0] + float(together.sum()), sums[1] + float(weighted.sum())]
        for row, book in enumerate(block.tolist()):
            best = _strongest_neighbours(together[row], weighted[row], totals, book, keep, least)
            columns.append(best)
            counts.append(together[row][best])
            weights.append(weighted[row][best])
            starts.append(starts[-1] + len(best))
        if tell is not None:
            tell(int(block[-1]) + 1, size)
    scale = sums[0] / sums[1] if sums[1] else 1.0
    empty: list[NDArray[np.float64]] = [np.zeros(0)]
    return Pack(
        source,
        licence,
        len(table.shelves.starts) - 1,
        tuple(names[key] for key in keys),
        totals,
        SparseTable(
            np.array(starts, dtype=np.int64),
            np.concatenate([np.zeros(0, dtype=np.int64), *columns]),
            np.concatenate(empty + counts),
        ),
        np.round(np.concatenate(empty + weights) * scale, 2),
    )


def _read_ratings(
    ratings: Iterable[tuple[str, str, float]], names: Mapping[str, BookName]
) -> tuple[list[str], _Table]:
    readers: dict[str, int] = {}
    books: dict[str, int] = {}
    reader_rows, book_columns = array("i"), array("i")
    for reader, book, rating in ratings:
        if book in names and not 0 < rating <= DISLIKED:
            reader_rows.append(readers.setdefault(reader, len(readers)))
            book_columns.append(books.setdefault(book, len(books)))
    rows, columns = np.array(reader_rows, dtype=np.int64), np.array(book_columns, dtype=np.int64)
    # A book that someone read twice counts at its last place.
    # unique() gives the first occurrence, so the rows are reversed for it.
    _, last = np.unique((rows * max(len(books), 1) + columns)[::-1], return_index=True)
    kept = np.sort(len(rows) - 1 - last)
    rows, columns = rows[kept], columns[kept]
    shelves = SparseTable.of(rows, columns, np.zeros(len(rows)), len(readers))
    lengths = np.diff(shelves.starts)
    owner = np.repeat(np.arange(len(readers)), lengths)
    places = np.arange(len(rows)) - np.repeat(shelves.starts[:-1], lengths)
    latest = places >= (lengths - LONGEST)[owner]
    owner, columns, place = owner[latest], shelves.columns[latest], places[latest].astype(np.float64)
    table = _Table(
        SparseTable.of(owner, columns, place, len(readers)), SparseTable.of(columns, owner, place, len(books))
    )
    return list(books), table


def _count_co_readers(table: _Table, block: Ints, size: int) -> tuple[Floats, Floats]:
    """Count the co-readers of a block of books with all books, plain and weighted by nearness."""
    together, weighted = np.zeros((len(block), size)), np.zeros((len(block), size))
    for row, book in enumerate(block.tolist()):
        _, readers, places = table.readers.rows(np.array([book]))
        whose, others, theirs = table.shelves.rows(readers)
        nearness = 1.0 / (1.0 + np.maximum(np.abs(theirs - places[whose]) - 1.0, 0.0) / NEAR)
        together[row] = np.bincount(others, minlength=size)
        weighted[row] = np.bincount(others, weights=nearness, minlength=size)
        together[row, book] = weighted[row, book] = 0.0
    return together, weighted


def _strongest_neighbours(
    together: Floats, weighted: Floats, totals: Ints, book: int, keep: int, least: int
) -> Ints:
    """Return the ``keep`` strongest neighbours of a book, the strongest first."""
    found = np.flatnonzero(together >= least)
    # Dividing by popularity keeps books that everybody reads from being everybody's neighbours.
    strength = weighted[found] / (np.sqrt(totals[book] * totals[found]) + 5.0)
    return found[np.argsort(-strength, kind="stable")[:keep]]
