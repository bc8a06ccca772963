"""To merge and split books and authors, and to undo that. Nothing here commits."""

from .authors import merge_authors, split_author
from .reversal import problem_with_undo, undo

__all__ = ("merge_authors", "problem_with_undo", "split_author", "undo")
