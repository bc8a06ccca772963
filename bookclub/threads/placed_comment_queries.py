"""Comments with their threads and books, for lists that gather them from the whole club."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, null, or_, select
from sqlalchemy.orm import aliased

from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..readings.models import Reading
from .comment_queries import rows_by_id
from .models import Comment, Thread
from .rules import CommentRow


@dataclass(frozen=True)
class PlacedComment:
    """A comment as one reader sees it, with its thread and book.

    ``thread_title`` is None under a review and under an ask (``of_ask``). ``mark`` is the reader's mark in
    the book, or None if they never said. ``answered_id`` is the member whose words the comment answers.
    """

    row: CommentRow
    thread_title: str | None
    of_ask: bool
    book_id: int | None
    book_title: str | None
    mark: int | None
    answered_id: int


def comments_by_id(viewer: Viewer, comment_ids: Collection[int]) -> dict[int, PlacedComment]:
    """Return those of these comments that still exist, by id."""
    if not comment_ids:
        return {}
    rows = rows_by_id(viewer, comment_ids)
    places = db.session.execute(_places(), {"comment_ids": list(comment_ids), "reader_id": viewer.id})
    return {
        place.id: PlacedComment(
            rows[place.id],
            place.thread_title,
            place.of_ask,
            place.book_id,
            place.book_title,
            place.mark,
            place.answered_id,
        )
        for place in places
        if place.id in rows
    }


@cache
def _places() -> Select[Any]:
    parent = aliased(Comment)
    never_said = or_(Reading.id.is_(None), and_(Reading.position.is_(None), Reading.mark == START))
    is_mine = Reading.member_id == bindparam("reader_id")
    return (
        select(
            Comment.id,
            Thread.title.label("thread_title"),
            Thread.of_ask,
            Thread.book_id,
            Book.title.label("book_title"),
            # The viewer's mark is for the placeholder, which says how far away a locked comment is.
            case((never_said, null()), else_=Reading.mark).label("mark"),
            # A comment at the top answers whoever opened the thread, or wrote the review.
            func.coalesce(parent.member_id, Thread.member_id).label("answered_id"),
        )
        .outerjoin(parent, parent.id == Comment.parent_id)
        .join(Thread, Thread.id == Comment.thread_id)
        # A thread may be about no book, and its reader may have no reading of one.
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Reading, and_(is_mine, Reading.book_id == Thread.book_id))
        .where(Comment.id.in_(bindparam("comment_ids", expanding=True)))
    )
