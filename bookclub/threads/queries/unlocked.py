"""What a member's reading has opened to them, and whether they have looked at it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from ...extensions import db, write_if_free
from ...readings.queries import MINE, WISH
from ...readings.rules import START
from ..models import Comment, Thread, ThreadVisit
from ..rules import CommentRow

Column = ColumnElement[Any] | Any

VISIT = aliased(ThreadVisit, name="my_visit")


def wished(viewer_id: int, *, book_id: Column, thread_id: Column) -> ColumnElement[bool]:
    """Whether a member chose to see everything in a thread, or about its book."""
    return exists().where(
        WISH.member_id == viewer_id, or_(WISH.thread_id == thread_id, WISH.book_id == book_id)
    )


def unlocked_for(
    viewer_id: int | None,
    *,
    horizon: Column,
    author_id: Column,
    created_at: Column,
    deleted_at: Column,
    book_id: Column,
    thread_id: Column,
) -> ColumnElement[bool]:
    """Whether a member's own reading has opened a text to them that they have not seen yet.

    It lies beyond where they were when they last saw its thread, and beyond what they said they had
    looked at; it was there when they last said something of their reading, for else it would be plainly
    new; it is somebody else's, still has its words, and was not to be seen by a wish anyway.
    """
    if viewer_id is None:
        return literal(False)
    reached = exists().where(
        MINE.member_id == viewer_id,
        MINE.book_id == book_id,
        MINE.mark >= horizon,
        MINE.seen_mark < horizon,
        MINE.changed_at >= created_at,
    )
    seen = exists().where(VISIT.member_id == viewer_id, VISIT.thread_id == thread_id, VISIT.mark >= horizon)
    return and_(
        horizon > START,
        author_id != viewer_id,
        deleted_at.is_(None),
        reached,
        ~seen,
        ~wished(viewer_id, book_id=book_id, thread_id=thread_id),
    )


def comment_unlocked(viewer_id: int | None) -> ColumnElement[bool]:
    """The same of rows of Comment joined with their Thread."""
    return unlocked_for(
        viewer_id,
        horizon=Comment.horizon,
        author_id=Comment.member_id,
        created_at=Comment.created_at,
        deleted_at=Comment.deleted_at,
        book_id=Thread.book_id,
        thread_id=Comment.thread_id,
    )


def is_all_shown(
    viewer_id: int, thread_id: int, rows: Sequence[CommentRow], *, is_continued: bool, otherwise: bool
) -> bool:
    """Whether a page of a thread with these rows shows the last of what is unlocked in it.

    A page that continues another (``is_continued``) is read after that. Where no comment of the thread is
    unlocked at all, the answer is ``otherwise``.
    """
    statement = (
        select(func.min(Comment.path), func.max(Comment.path))
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.thread_id == thread_id, comment_unlocked(viewer_id))
    )
    # There may be none, whatever the types of the two columns say.
    first, last = cast(tuple[str | None, str | None], db.session.execute(statement).one())
    if first is None or last is None:
        return otherwise
    if not rows or last > rows[-1].path:
        return False
    return bool(is_continued or first >= rows[0].path)


def note_thread_visit(member_id: int, thread_id: int, mark: int) -> None:
    """Note how far a member had read when they saw a thread, unless somebody is writing just now.

    Besides the three things that a GET may write, this is a fourth: only what was really shown stops
    being new, and nothing else tells the server that it was. What is lost is noted by the next look. A
    mark that was corrected downwards in the meantime takes nothing back.
    """
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    note = insert(ThreadVisit).values(member_id=member_id, thread_id=thread_id, mark=mark)
    write_if_free(
        note.on_conflict_do_update(
            index_elements=[ThreadVisit.member_id, ThreadVisit.thread_id],
            set_={"mark": note.excluded.mark},
            where=ThreadVisit.mark < note.excluded.mark,
        )
    )


def visits_behind(member_id: int, book_id: int, mark: int) -> Sequence[ThreadVisit]:
    """What was noted of a member's visits to a book's threads that says no more than this mark does."""
    statement = (
        select(ThreadVisit)
        .join(Thread, Thread.id == ThreadVisit.thread_id)
        .where(ThreadVisit.member_id == member_id, Thread.book_id == book_id, ThreadVisit.mark <= mark)
    )
    return db.session.execute(statement.order_by(ThreadVisit.thread_id)).scalars().all()
