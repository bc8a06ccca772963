"""What a reader's progress in a book has unlocked, of comments and of reviews."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, select

from ...extensions import db
from ...threads.models import Comment, Thread
from ...threads.queries import wished
from ..models import Review
from ..rules import Unlocked


def unlocked_between(viewer_id: int, book_id: int, before: int, after: int) -> Unlocked:
    """What others wrote about a book that opens to a reader whose mark goes from ``before`` to ``after``.

    What they had chosen to see anyway does not count, nor do words that are gone. Nothing opens where the
    mark goes down.
    """

    def opened(of: type[Comment] | type[Review]) -> ColumnElement[bool]:
        return and_(
            of.horizon > before, of.horizon <= after, of.member_id != viewer_id, of.deleted_at.is_(None)
        )

    comments, first_comment_id = _counted(
        select(func.count().over(), Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(
            Thread.book_id == book_id,
            opened(Comment),
            ~wished(viewer_id, book_id=book_id, thread_id=Comment.thread_id),
        )
        .order_by(Comment.horizon, Comment.id)
    )
    reviews, first_review_id = _counted(
        select(func.count().over(), Review.id)
        .where(
            Review.book_id == book_id,
            opened(Review),
            ~wished(viewer_id, book_id=book_id, thread_id=Review.thread_id),
        )
        .order_by(Review.horizon, Review.id)
    )
    return Unlocked(comments, reviews, first_comment_id, first_review_id)


def _counted(statement: Select[int, int]) -> tuple[int, int | None]:
    """How many rows there are, and the key of the first."""
    row = db.session.execute(statement.limit(1)).one_or_none()
    return (row[0], row[1]) if row else (0, None)
