"""Threads in lists: how much each has to say to one reader, and whether any of it is new."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from ...extensions import db
from ...readings.queries import visible_to
from ...readings.rules import Viewer
from ..models import Comment, Thread
from ..rules import Count, Page
from .rows import readable
from .unlocked import comment_unlocked

ENTRIES_ON_BOOK = 20


@dataclass(frozen=True)
class ThreadEntry:
    """A titled thread in a list, with what this reader may see of it."""

    thread: Thread
    count: Count
    is_new: bool


def counts(viewer_id: int | None, thread_ids: Collection[int]) -> dict[int, Count]:
    """For each of these threads, how many comments it has and how many of them this reader may see."""
    if not thread_ids:
        return {}
    # What has the same author and horizon is seen by the same readers: asked once, not for each comment.
    kinds = (
        select(Comment.thread_id, Comment.member_id, Comment.horizon, func.count().label("comments"))
        .where(Comment.thread_id.in_(thread_ids), Comment.deleted_at.is_(None))
        .group_by(Comment.thread_id, Comment.member_id, Comment.horizon)
        .subquery()
    )
    seen = visible_to(
        viewer_id,
        horizon=kinds.c.horizon,
        author_id=kinds.c.member_id,
        book_id=Thread.book_id,
        thread_id=kinds.c.thread_id,
    )
    rows = db.session.execute(
        select(
            kinds.c.thread_id,
            func.sum(kinds.c.comments),
            func.sum(case((seen, kinds.c.comments), else_=0)),
        )
        .join(Thread, Thread.id == kinds.c.thread_id)
        .group_by(kinds.c.thread_id)
    )
    found = {thread_id: Count(int(total), int(here)) for thread_id, total, here in rows}
    return {thread_id: found.get(thread_id, Count()) for thread_id in thread_ids}


def on_book(book_id: int, viewer: Viewer, after: int | None = None) -> Page:
    """The titled threads on a book, the youngest first, keyed by id."""
    statement = (
        select(Thread)
        .where(Thread.book_id == book_id, Thread.title.is_not(None))
        .options(joinedload(Thread.member))
        .order_by(Thread.id.desc())
        .limit(ENTRIES_ON_BOOK + 1)
    )
    if after is not None:
        statement = statement.where(Thread.id < after)
    threads = db.session.execute(statement).scalars().all()
    page = threads[:ENTRIES_ON_BOOK]
    ids = [thread.id for thread in page]
    count, new = counts(viewer.id, ids), _with_new(viewer, ids)
    entries = [ThreadEntry(thread, count[thread.id], thread.id in new) for thread in page]
    return Page(entries, page[-1].id if len(threads) > len(page) else None)


def _with_new(viewer: Viewer, thread_ids: Collection[int]) -> set[int]:
    """Those of these threads in which somebody else said something new that this reader may see.

    What their own progress has unlocked is new to them, too.
    """
    if viewer.id is None or not thread_ids:
        return set()
    is_new = comment_unlocked(viewer.id)
    if viewer.new_since is not None:
        is_new = or_(and_(Comment.created_at > viewer.new_since, Comment.member_id != viewer.id), is_new)
    statement = (
        select(Comment.thread_id)
        .join(Comment.thread)
        .where(
            Comment.thread_id.in_(thread_ids),
            Comment.deleted_at.is_(None),
            is_new,
            readable(viewer.id),
        )
        .distinct()
    )
    return set(db.session.execute(statement).scalars())
