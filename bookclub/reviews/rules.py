"""How long a review may be, and what one reader sees of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..threads.rules import Count

MAX_TITLE = 150
MAX_SUMMARY = 500
MAX_BODY = 100_000


@dataclass(frozen=True)
class ReviewRow:
    """A review as one reader sees it. ``html`` is None where it is locked, gone, or not asked for.

    ``rating`` is its author's, in half stars: it belongs to the reading, and the review only shows it.
    ``is_unlocked`` is set where the reader's own progress has opened its body since they last looked.
    """

    id: int
    book_id: int
    book_slug: str
    book_title: str
    thread_id: int
    member_id: int
    author: str
    username: str | None
    title: str
    summary: str
    horizon: int
    rating: int | None
    created_at: datetime
    edited_at: datetime | None
    deleted_at: datetime | None
    removed_by_id: int | None
    removal_reason: str | None
    readable: bool
    html: str | None
    bars_closed: bool
    is_mine: bool
    is_new: bool
    is_unlocked: bool = False

    @property
    def is_gone(self) -> bool:
        return self.deleted_at is not None

    @property
    def locked(self) -> bool:
        """Whether its body lies ahead of the reader. Words that are gone lock nothing."""
        return not self.readable and not self.is_gone


@dataclass(frozen=True)
class ReviewEntry:
    """A review in a list, with what this reader may see of its thread."""

    review: ReviewRow
    count: Count


@dataclass(frozen=True)
class RevisionRow:
    """What a review once said, as one reader sees it; ``html`` is None where that is locked."""

    title: str
    summary: str
    horizon: int
    replaced_at: datetime
    html: str | None


@dataclass(frozen=True)
class Unlocked:
    """How much of what others wrote about a book a reader's progress has opened, and where it begins.

    The first is the one that gives away the least; of two that give away the same, the older.
    """

    comments: int = 0
    reviews: int = 0
    first_comment_id: int | None = None
    first_review_id: int | None = None

    def __bool__(self) -> bool:
        return bool(self.comments or self.reviews)

    def say(self) -> str:
        """ "7 comments unlocked", "1 review and 7 comments unlocked"; nothing is said of nothing."""
        kinds = ((self.reviews, "review"), (self.comments, "comment"))
        parts = [f"{number} {kind}{'' if number == 1 else 's'}" for number, kind in kinds if number]
        return f"{' and '.join(parts)} unlocked" if parts else ""
