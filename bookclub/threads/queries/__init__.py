"""Threads and their comments, as one reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from ...extensions import db
from ...permissions import loads
from ..models import Comment, Thread
from .conversations import Conversation, conversation, note_seen
from .lists import ThreadEntry, counts, on_book
from .places import place_in_thread
from .rows import comment_row, comment_rows, comments, readable
from .unlocked import comment_unlocked, unlocked_for, visits_behind, wished

# What a page shows of a thread besides its comments.
IN_FULL = (joinedload(Thread.book), joinedload(Thread.locked_by))

__all__ = [
    "IN_FULL",
    "Conversation",
    "ThreadEntry",
    "comment_in",
    "comment_row",
    "comment_rows",
    "comment_sent",
    "comment_unlocked",
    "comments",
    "conversation",
    "counts",
    "horizons_to_remap",
    "note_seen",
    "on_book",
    "place_in_thread",
    "readable",
    "threads_held",
    "tree",
    "unlocked_for",
    "visits_behind",
    "wished",
]


@loads(Thread)
def thread_to_act_on(thread_id: int, *, lock: bool) -> Thread | None:
    """A thread with its book and who locked it; where its comments were moved into another one, that."""
    statement = select(Thread).where(Thread.id == thread_id).options(*IN_FULL)
    if lock:
        statement = statement.with_for_update(key_share=True, of=Thread)
    thread = db.session.execute(statement).scalar_one_or_none()
    if thread is not None and thread.became_id is not None:
        other: Thread | None = thread_to_act_on(thread.became_id, lock=lock)
        return other
    return thread


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
        .options(contains_eager(Comment.thread).options(*IN_FULL), joinedload(Comment.member))
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


def tree(thread_id: int) -> Sequence[Comment]:
    """Every comment of a thread, parents before their replies, with what its horizon follows from."""
    statement = (
        select(Comment)
        .where(Comment.thread_id == thread_id)
        .order_by(Comment.id)
        .options(load_only(Comment.parent_id, Comment.own_horizon, Comment.lifted_horizon, Comment.horizon))
    )
    return db.session.execute(statement).scalars().all()


def horizons_to_remap(book_id: int, member_ids: Collection[int]) -> Sequence[Comment]:
    """Comments on a book whose horizon follows a section, or the place of one of these members."""
    follows = or_(
        Comment.horizon_choice.startswith("section-"),
        and_(Comment.horizon_choice == "mine", Comment.member_id.in_(member_ids)),
    )
    statement = select(Comment).join(Comment.thread).where(Thread.book_id == book_id, follows)
    return db.session.execute(statement.order_by(Comment.id)).scalars().all()


def threads_held(thread_ids: Collection[int]) -> Sequence[Thread]:
    """These threads, held until the transaction ends, always in the same order."""
    statement = select(Thread).where(Thread.id.in_(thread_ids)).order_by(Thread.id)
    return db.session.execute(statement.with_for_update(key_share=True)).scalars().all()
