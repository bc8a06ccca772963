"""The words of a search, as they are looked for in the key of a book."""

from __future__ import annotations

from ..matches.editions import isbn_from
from ..matches.field_values import Refused
from .keys import bare, fold

MAX_QUERY = 200
MAX_QUERY_WORDS = 8


def search_words(query: str) -> list[str]:
    """Split a query into words that must all occur in a book's search key; none for an empty query.

    An ISBN counts as one word, however it is hyphenated. Words beyond MAX_QUERY_WORDS are ignored.
    """
    query = query[:MAX_QUERY]
    try:
        number = isbn_from(query)
    except Refused:
        number = None
    if number:
        return [number]
    return (fold(query).split() or bare(query).split())[:MAX_QUERY_WORDS]
