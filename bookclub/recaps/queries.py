"""Queries on the recaps of meetings, with only as much text as a reader may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..readings.visibility_queries import asked_by
from ..threads.comment_queries import comment_rows
from ..threads.models import Comment
from ..threads.rules import CommentRow
from .models import Recap


def recaps_of(viewer: Viewer, meeting_id: int) -> Sequence[CommentRow]:
    """The recaps of a meeting whose words are still there, as this reader sees them, the oldest first."""
    statement = (
        comment_rows(viewer)
        .join(Recap, Recap.comment_id == Comment.id)
        .where(Recap.meeting_id == meeting_id, Comment.deleted_at.is_(None))
        .order_by(Comment.id)
    )
    rows = db.session.execute(statement, asked_by(viewer)).mappings()
    return [CommentRow(**row) for row in rows]


def recap_in(thread_id: int) -> Comment | None:
    """The recap that stands in a conversation, or None if there is none whose words are still there."""
    statement = (
        select(Comment)
        .join(Recap, Recap.comment_id == Comment.id)
        .where(Comment.thread_id == thread_id, Comment.deleted_at.is_(None))
    )
    return db.session.execute(statement).scalars().first()


def threads_with_recap(meeting_id: int) -> set[int]:
    """Ids of the conversations of a meeting in which a recap stands."""
    statement = (
        select(Comment.thread_id)
        .join(Recap, Recap.comment_id == Comment.id)
        .where(Recap.meeting_id == meeting_id, Comment.deleted_at.is_(None))
    )
    return set(db.session.execute(statement).scalars())
