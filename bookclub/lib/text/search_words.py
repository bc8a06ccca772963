"""Split of a search query into words that are looked for in the search keys of books."""

from __future__ import annotations

from ..matches.editions import isbn_from
from ..matches.field_values import FieldError
from .keys import bare, fold

MAX_QUERY = 200
MAX_QUERY_WORDS = 8


def search_words(query: str) -> list[str]:
    """Split a query into the words that must all occur in a book's search key; none for an empty query.

    An ISBN is one word, with hyphens in any place. Characters beyond MAX_QUERY and words beyond
    MAX_QUERY_WORDS are ignored.
    """
    query = query[:MAX_QUERY]
    try:
        number = isbn_from(query)
    except FieldError:
        number = None
    if number:
        return [number]
    # A query of punctuation alone folds to nothing, so it is searched as typed.
    return (fold(query).split() or bare(query).split())[:MAX_QUERY_WORDS]
