"""Threads and their comments, as one reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from ...extensions import db
from ...permissions import loads
from ...readings.models import Reveal
from ...readings.queries import known_mark, visible_to, wish_about
from ...readings.rules import Viewer
from .. import rules
from ..models import Comment, Thread
from ..rules import Count, Page
from .rows import comment_row, comment_rows, comments, readable

__all__ = [
    "Conversation",
    "ThreadEntry",
    "comment_in",
    "comment_row",
    "comment_rows",
    "comment_sent",
    "comments",
    "conversation",
    "counts",
    "on_book",
    "readable",
    "tree",
]

ENTRIES_ON_BOOK = 20


@dataclass(frozen=True)
class Conversation:
    """A page of a thread, arranged as nested lists, and what there is to say about the whole.

    ``mark`` is how far the reader has been in its book, None where they never said; ``reveal`` their
    standing wish to see everything, if any.
    """

    thread: Thread
    nodes: Sequence[rules.Node[rules.CommentRow]]
    next_after: int | None
    count: Count
    mark: int | None
    reveal: Reveal | None


@dataclass(frozen=True)
class ThreadEntry:
    """A titled thread in a list, with what this reader may see of it."""

    thread: Thread
    count: Count
    is_new: bool


@loads(Thread)
def thread_to_act_on(thread_id: int, *, lock: bool) -> Thread | None:
    """A thread with its book."""
    statement = select(Thread).where(Thread.id == thread_id).options(joinedload(Thread.book))
    if lock:
        statement = statement.with_for_update(key_share=True, of=Thread)
    return db.session.execute(statement).scalar_one_or_none()


@loads(Comment)
def comment_to_act_on(comment_id: int, *, lock: bool) -> Comment | None:
    """A comment with its thread, whose row is held first so that two writers never wait for each other."""
    if lock:
        of_comment = select(Comment.thread_id).where(Comment.id == comment_id).scalar_subquery()
        db.session.execute(select(Thread.id).where(Thread.id == of_comment).with_for_update(key_share=True))
    return db.session.execute(
        select(Comment)
        .where(Comment.id == comment_id)
        .join(Comment.thread)
        .options(contains_eager(Comment.thread).joinedload(Thread.book), joinedload(Comment.member))
    ).scalar_one_or_none()


def comment_in(thread_id: int, comment_id: int | None) -> Comment | None:
    """A comment, if it stands in this thread."""
    if comment_id is None:
        return None
    return db.session.execute(
        select(Comment).where(Comment.id == comment_id, Comment.thread_id == thread_id)
    ).scalar_one_or_none()


def comment_sent(member_id: int, submission: str) -> Comment | None:
    """The comment that this form of this member has already made."""
    return db.session.execute(
        select(Comment).where(Comment.member_id == member_id, Comment.submission == submission)
    ).scalar_one_or_none()


def conversation(
    viewer: Viewer, thread: Thread, *, after: int | None = None, at: int | None = None
) -> Conversation:
    """A thread as this reader sees it, one page of it."""
    page = comments(viewer, thread.id, after=after, at=at)
    return Conversation(
        thread,
        rules.nest(rules.prune(page.entries)),
        page.next_after,
        counts(viewer.id, [thread.id])[thread.id],
        known_mark(viewer.id, thread.book_id),
        wish_about(viewer.id, thread.id, thread.book_id),
    )


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


def tree(thread_id: int) -> Sequence[Comment]:
    """Every comment of a thread, parents before their replies, with what its horizon follows from."""
    statement = (
        select(Comment)
        .where(Comment.thread_id == thread_id)
        .order_by(Comment.id)
        .options(load_only(Comment.parent_id, Comment.own_horizon, Comment.horizon))
    )
    return db.session.execute(statement).scalars().all()


def _with_new(viewer: Viewer, thread_ids: Collection[int]) -> set[int]:
    """Those of these threads in which somebody else said something new that this reader may see."""
    if viewer.id is None or viewer.new_since is None or not thread_ids:
        return set()
    statement = (
        select(Comment.thread_id)
        .join(Comment.thread)
        .where(
            Comment.thread_id.in_(thread_ids),
            Comment.created_at > viewer.new_since,
            Comment.member_id != viewer.id,
            Comment.deleted_at.is_(None),
            readable(viewer.id),
        )
        .distinct()
    )
    return set(db.session.execute(statement).scalars())
