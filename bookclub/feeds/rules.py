"""Entries of feeds: their titles, their order, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..lib.text.messages import gettext as _
from ..passages.rules import PassageRow
from ..reviews.rules import ReviewRow
from ..threads.rules import CommentRow

ENTRIES = 50


@dataclass(frozen=True)
class FeedComment:
    """A comment with its place: the title of its thread, or book and author of the review above it."""

    row: CommentRow
    title: str | None
    book: str | None
    reviewer: str | None


@dataclass(frozen=True)
class FeedEntry:
    """One entry of a feed (RFC 4287). ``key`` is unique in the club: "comment-12". ``html`` may be empty."""

    key: str
    title: str
    author: str
    path: str
    html: str
    published_at: datetime
    updated_at: datetime


def comment_title(author: str, place: FeedComment) -> str:
    """Return the title of a comment's entry: who wrote where."""
    if place.title:
        return _("%(name)s in “%(title)s”", name=author, title=place.title)
    if place.reviewer and place.book:
        return _(
            "%(name)s on %(author)s’s review of %(title)s",
            name=author,
            author=place.reviewer,
            title=place.book,
        )
    return _("%(name)s on a question", name=author)


def review_title(review: ReviewRow) -> str:
    """Return the title of a review's entry: the book, and what its author called it."""
    if review.title:
        return _("%(title)s, a review of %(book)s", title=review.title, book=review.book_title)
    return _("A review of %(book)s", book=review.book_title)


def passage_title(passage: PassageRow) -> str:
    """Return the title of a passage's entry: who kept it, and from which book."""
    return _("A passage from %(book)s, kept by %(name)s", book=passage.book_title, name=passage.author)


def newest_first(entries: Sequence[FeedEntry]) -> list[FeedEntry]:
    """Return the newest entries in their order, as many as a feed has."""
    return sorted(entries, key=lambda entry: (entry.published_at, entry.key), reverse=True)[:ENTRIES]
