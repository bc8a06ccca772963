"""To merge and split books and authors, and to undo that. Nothing here commits."""

from .authors import merge_authors, split_author
from .books import merge_books
from .cleaning import forget
from .reversal import problem_with_rounds, problem_with_undo, undo
from .splits import split_book

__all__ = (
    "forget",
    "merge_authors",
    "merge_books",
    "problem_with_rounds",
    "problem_with_undo",
    "split_author",
    "split_book",
    "undo",
)
