"""Where to look for a book: the keys under which it may be, in the catalogue or in a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .judging import Wanted, same_book, title_of
from .pieces import squeezed
from .titles import halves_of


def repeated(books: Sequence[Wanted]) -> list[int]:
    """For each of these the place of the first among them that is the same book, mostly its own."""
    by_key: dict[str, list[int]] = defaultdict(list)
    firsts: list[int] = []
    for place, book in enumerate(books):
        key = title_of(book).key
        heads, tails = halves_of(key)
        keys = {
            *book.isbns,
            *keys_of(book),
            *(f"{half} …" for half in heads),
            *(f"… {half}" for half in tails),
        }
        near = sorted({other for one in keys for other in by_key[one]})
        first = next((other for other in near if same_book(books[other], book)), place)
        firsts.append(firsts[first] if first < place else place)
        for one in keys:
            by_key[one].append(place)
    return firsts


def keys_of(book: Wanted) -> Iterator[str]:
    """The keys by which the title of this book may be in the catalogue."""
    title = title_of(book)
    yield title.key
    yield from title.parts
    for count in range(1, len(title.words)):
        if title.words[count] in ("a", "an"):
            yield squeezed(title.words[:count])
