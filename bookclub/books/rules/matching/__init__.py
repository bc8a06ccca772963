"""Whether two books, each known by what somebody wrote down about it, are the same work."""

from __future__ import annotations

from .finding import keys_of, repeated
from .judging import Wanted, likeness, same_book, title_of
from .names import author_key, author_keys
from .titles import halves_of, match_columns, match_key

__all__ = (
    "Wanted",
    "author_key",
    "author_keys",
    "halves_of",
    "keys_of",
    "likeness",
    "match_columns",
    "match_key",
    "repeated",
    "same_book",
    "title_of",
)
