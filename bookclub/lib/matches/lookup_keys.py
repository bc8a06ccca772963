"""Where to look for a book: the keys under which it may be, in the catalogue or in a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .title_parts import squeezed
from .titles import halves_of
from .verdict import Wanted, same_book, same_row, title_of

# Of so many rows with one key the last are looked at: a file of "Untitled" by ten thousand is no library.
MOST_NEAR = 200


def repeated(books: Sequence[Wanted]) -> list[int]:
    """The place of the first row of one file about the same book, for each of its rows; mostly its own."""
    firsts = list(range(len(books)))
    for place, near in _near(books):
        first = next((other for other in near if same_row(books[other], books[place])), place)
        firsts[place] = firsts[first]
    return firsts


def called_alike(books: Sequence[Wanted]) -> set[int]:
    """The places of those rows of one file that only nearly have the title of another book in it.

    Two readers who write so may mean one book, but one reader who has both does not.
    """
    alike: set[int] = set()
    for place, near in _near(books):
        for other in near:
            pair = books[other], books[place]
            if same_book(*pair) and not same_row(*pair):
                alike |= {other, place}
    return alike


def _near(books: Sequence[Wanted]) -> Iterator[tuple[int, list[int]]]:
    """For each place the earlier ones whose books are worth a look, by ISBN or by the keys of the title."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for place, book in enumerate(books):
        heads, tails = halves_of(title_of(book).key)
        halves = (*(f"{half} …" for half in heads), *(f"… {half}" for half in tails))
        keys = {*book.isbns, *keys_of(book), *halves}
        yield place, sorted({other for one in keys for other in by_key[one][-MOST_NEAR:]})
        for one in keys:
            by_key[one].append(place)


def keys_of(book: Wanted) -> Iterator[str]:
    """The keys by which the title of this book may be in the catalogue."""
    title = title_of(book)
    yield title.key
    yield from title.parts
    for count in range(1, len(title.words)):
        if title.words[count] in ("a", "an"):
            yield squeezed(title.words[:count])
