"""A catalogue small enough to reckon on paper: three of Ishiguro's, four of Earthsea, Dune and Emma."""

from __future__ import annotations

import numpy as np

from bookclub.recommendations.rules import Library, Listing, Read, Taste

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


def a_library(known: dict[int, int] | None = None, only: range = range(1, 10)) -> Library:
    books = [
        Listing(
            book,
            series=EARTHSEA if book in NUMBERS else None,
            number=NUMBERS.get(book),
            known=(known or {}).get(book, 0),
            year=YEARS.get(book),
        )
        for book in only
    ]
    return Library.build(books, WRITTEN, TAGGED)


def taste_of(library: Library, *reads: Read, fades: bool = False) -> Taste:
    return Taste.of(reads, library, fades=fades)


def at(library: Library, values: np.ndarray, book: int) -> float:
    return float(values[library.places([book])[0]])
