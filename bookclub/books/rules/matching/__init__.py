"""Whether two books, each known by what somebody wrote down about it, are the same work."""

from __future__ import annotations

from .finding import called_alike, keys_of, repeated
from .judging import RETITLED, Wanted, likeness, only_subtitles_differ, same_book, same_row, title_of
from .names import author_key, author_keys
from .titles import halves_of, match_columns, match_key

__all__ = (
    "RETITLED",
    "Wanted",
    "author_key",
    "author_keys",
    "called_alike",
    "halves_of",
    "keys_of",
    "likeness",
    "match_columns",
    "match_key",
    "only_subtitles_differ",
    "repeated",
    "same_book",
    "same_row",
    "title_of",
)
