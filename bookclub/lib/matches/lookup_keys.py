"""Keys to look up a book by, in the catalogue or in a file, and rows of a file about the same book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from .title_parts import squeeze_words
from .titles import halves_of
from .verdict import BookDescription, same_book, same_row, title_of

# Only the last rows with the same key are compared: a file with ten thousand books called "Untitled" is
# no library, and comparing all of them would take too long.
MAX_CANDIDATES = 200


def first_rows_of_books(books: Sequence[BookDescription]) -> list[int]:
    """Return, for each row of a file, the index of the first row about the same book; mostly its own."""
    firsts = list(range(len(books)))
    for place, candidates in _earlier_candidates(books):
        first = next((other for other in candidates if same_row(books[other], books[place])), place)
        firsts[place] = firsts[first]
    return firsts


def similar_title_rows(books: Sequence[BookDescription]) -> set[int]:
    """Return the indexes of rows whose title is nearly that of another book in the same file.

    Two readers who write the two titles may mean one book, but one reader who has both does not.
    """
    alike: set[int] = set()
    for place, candidates in _earlier_candidates(books):
        for other in candidates:
            pair = books[other], books[place]
            if same_book(*pair) and not same_row(*pair):
                alike |= {other, place}
    return alike


def _earlier_candidates(books: Sequence[BookDescription]) -> Iterator[tuple[int, list[int]]]:
    """Yield each index with the earlier ones that share an ISBN or a key of the title and may match."""
    by_key: dict[str, list[int]] = defaultdict(list)
    for place, book in enumerate(books):
        heads, tails = halves_of(title_of(book).key)
        # The ellipsis keeps the two kinds of halves apart from whole keys.
        halves = (*(f"{half} …" for half in heads), *(f"… {half}" for half in tails))
        keys = {*book.isbns, *keys_of(book), *halves}
        yield place, sorted({other for one in keys for other in by_key[one][-MAX_CANDIDATES:]})
        for one in keys:
            by_key[one].append(place)


def keys_of(book: BookDescription) -> Iterator[str]:
    """Yield the keys that the title of this book may have in the catalogue."""
    title = title_of(book)
    yield title.key
    yield from title.parts
    # A title that runs on without a colon ("Emma a novel in three volumes") may be known by its beginning.
    for count in range(1, len(title.words)):
        if title.words[count] in ("a", "an"):
            yield squeeze_words(title.words[:count])
