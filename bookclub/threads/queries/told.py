"""Comments that a member is told of elsewhere than in their threads, as much as they may see of each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, case, null, or_, select

from ...books.models import Book
from ...extensions import db
from ...readings.models import Reading
from ...readings.rules import START, Viewer
from ..models import Comment, Thread
from ..rules import CommentRow
from .rows import comment_rows


@dataclass(frozen=True)
class ToldComment:
    """A comment as one reader sees it, and where it stands: in which thread on which book.

    ``thread_title`` is None under a review, and under an ask (``of_ask``). ``mark`` is how far the reader
    has been in the book, None where they never said.
    """

    row: CommentRow
    thread_title: str | None
    of_ask: bool
    book_id: int | None
    book_title: str | None
    mark: int | None


def comments_told_of(viewer: Viewer, comment_ids: Collection[int]) -> dict[int, ToldComment]:
    """Those of these comments that are still there, by their ids."""
    if not comment_ids:
        return {}
    statement = comment_rows(viewer).where(Comment.id.in_(comment_ids))
    rows = {row["id"]: CommentRow(**row) for row in db.session.execute(statement).mappings()}
    never_said = or_(Reading.id.is_(None), and_(Reading.position.is_(None), Reading.mark == START))
    places = db.session.execute(
        select(
            Comment.id,
            Thread.title.label("thread_title"),
            Thread.of_ask,
            Thread.book_id,
            Book.title.label("book_title"),
            case((never_said, null()), else_=Reading.mark).label("mark"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Reading, and_(Reading.member_id == viewer.id, Reading.book_id == Thread.book_id))
        .where(Comment.id.in_(comment_ids))
    )
    return {
        place.id: ToldComment(
            rows[place.id],
            place.thread_title,
            place.of_ask,
            place.book_id,
            place.book_title,
            place.mark,
        )
        for place in places
        if place.id in rows
    }
