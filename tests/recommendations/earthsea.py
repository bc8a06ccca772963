"""A catalogue small enough to reckon on paper: three of Ishiguro's, four of Earthsea, Dune and Emma."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from bookclub.lib.recommender.co_reads import CoReads, Neighbours, NeighbourTable
from bookclub.lib.recommender.library import Library
from bookclub.lib.recommender.taste import RatedRead, Taste

NEVER, REMAINS, KLARA, DUNE, EMMA, TOMBS, WIZARD, SHORE, TEHANU = range(1, 10)
ISHIGURO, HERBERT, AUSTEN, LE_GUIN = range(1, 5)
EARTHSEA = 1
MEMORY, BUTLERS, SAND, MAGIC = range(1, 5)
WRITTEN = [
    (NEVER, ISHIGURO), (REMAINS, ISHIGURO), (KLARA, ISHIGURO), (DUNE, HERBERT), (EMMA, AUSTEN),
    (TOMBS, LE_GUIN), (WIZARD, LE_GUIN), (SHORE, LE_GUIN), (TEHANU, LE_GUIN),
]  # fmt: skip
TAGGED = [
    (NEVER, MEMORY, 0), (REMAINS, MEMORY, 0), (REMAINS, BUTLERS, 5), (KLARA, MEMORY, 0), (DUNE, SAND, 0),
    (WIZARD, MAGIC, 0),
]  # fmt: skip
YEARS = {NEVER: 2005, REMAINS: 1989, KLARA: 2021, DUNE: 1965, EMMA: 1815}
NUMBERS = {WIZARD: 1.0, TOMBS: 2.0, SHORE: 3.0, TEHANU: 4.0}


class Listing(NamedTuple):
    """One book of a library: its place in a series, readers known elsewhere, printings, year."""

    book: int
    series: int = 0
    number: float | None = None
    known: int = 0
    editions: int = 0
    year: int | None = None


Pairs = Iterable[Sequence[float]]


def build_library(
    books: Iterable[Listing],
    authors: Pairs,
    tags: Pairs,
    *,
    tag_counts: Mapping[int, int] | None = None,
    of_books: int | None = None,
) -> Library:
    table = np.array(
        [[np.nan if cell is None else cell for cell in book] for book in books], dtype=np.float64
    )
    rows = (np.array(list(pairs), dtype=np.int64) for pairs in (authors, tags))
    return Library.build(table, *rows, tag_counts=tag_counts, of_books=of_books)


def co_reads(library: Library, pairs: Pairs, totals: Pairs) -> CoReads:
    """From rows (a book of the reader's, other book, co-readers) and (book, readers)."""
    table, readers = np.array(list(pairs)).reshape(-1, 3), np.zeros(len(library))
    for book, count in totals:
        readers[library.places([int(book)])] = count
    mine, other = (library.find(table[:, column].astype(np.int64)) for column in (0, 1))
    here = mine[1] & other[1]
    return CoReads(mine[0][here], other[0][here], table[here, 2], readers)


def no_co_reads(library: Library) -> CoReads:
    return co_reads(library, [], [])


def neighbours_of(library: Library, pairs: Pairs, totals: Pairs) -> Neighbours:
    """A pack, from rows (book, other book, co-readers) and (book, readers)."""
    table = np.array(sorted(pairs), dtype=np.float64)
    ids, starts = np.unique(table[:, 0].astype(np.int64), return_index=True)
    others, weights = table[:, 1].astype(np.int32), table[:, 2].astype(np.float32)
    counts = np.array(list(totals), dtype=np.int64)
    return NeighbourTable.of(ids, np.append(starts, len(table)), others, weights, counts).beside(library)


def a_library(known: dict[int, int] | None = None, only: range = range(1, 10)) -> Library:
    books = [
        Listing(
            book,
            series=EARTHSEA if book in NUMBERS else 0,
            number=NUMBERS.get(book),
            known=(known or {}).get(book, 0),
            year=YEARS.get(book),
        )
        for book in only
    ]
    return build_library(books, WRITTEN, TAGGED)


def taste_of(library: Library, *reads: RatedRead, fades: bool = False) -> Taste:
    return Taste.of(reads, library, fades=fades)


def at(library: Library, values: np.ndarray, book: int) -> float:
    return float(values[library.places([book])[0]])
