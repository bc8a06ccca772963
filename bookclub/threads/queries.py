"""Queries on threads, conversations and places in them, as one reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, load_only

from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..permissions import loads
from ..readings.models import Reveal
from ..readings.queries import known_mark, wish_about
from ..readings.visibility_queries import anyone_like, asked_by, visible_to
from . import comment_tree, rules
from .comment_queries import comment_unread, comments, page_of
from .models import Comment, Thread
from .rules import CommentCount, CommentRow, PageOfIds
from .subscription_queries import subscription_of

ENTRIES_ON_BOOK = 20


@dataclass(frozen=True)
class ThreadEntry:
    """A titled thread in a list, with what this reader may see of it."""

    thread: Thread
    count: CommentCount
    is_new: bool


def counts(viewer: Viewer, thread_ids: Collection[int]) -> dict[int, CommentCount]:
    """Return the number of comments in each of these threads, and how many this reader may see."""
    if not thread_ids:
        return {}
    sent = {"thread_ids": list(thread_ids), **asked_by(viewer)}
    rows = db.session.execute(_counts(anyone_like(viewer)), sent)
    found = {thread_id: CommentCount(int(total), int(here)) for thread_id, total, here in rows}
    # A thread without comments has no row.
    return {thread_id: found.get(thread_id, CommentCount()) for thread_id in thread_ids}


@cache
def _counts(viewer: Viewer) -> Select[Any]:
    # Comments with the same author and horizon are visible to the same readers, so the condition is checked
    # once for each group and not for each comment.
    kinds = (
        select(Comment.thread_id, Comment.member_id, Comment.horizon, func.count().label("comments"))
        .where(Comment.thread_id.in_(bindparam("thread_ids", expanding=True)), Comment.deleted_at.is_(None))
        .group_by(Comment.thread_id, Comment.member_id, Comment.horizon)
        .subquery()
    )
    seen = visible_to(
        viewer,
        horizon=kinds.c.horizon,
        author_id=kinds.c.member_id,
        book_id=Thread.book_id,
        thread_id=kinds.c.thread_id,
    )
    return (
        select(
            kinds.c.thread_id,
            func.sum(kinds.c.comments),
            func.sum(case((seen, kinds.c.comments), else_=0)),
        )
        .join(Thread, Thread.id == kinds.c.thread_id)
        .group_by(kinds.c.thread_id)
    )


def threads_on_book(viewer: Viewer, book_id: int, after: int | None = None) -> PageOfIds:
    """Return the titled threads on a book, the newest first, keyed by id.

    Those of meetings are for members, as soon as somebody has written in them.
    """
    has_words = Thread.comment_count > 0 if viewer.is_member else false()
    statement = (
        select(Thread)
        .where(
            Thread.book_id == book_id,
            Thread.title.is_not(None),
            or_(Thread.of_meeting.is_(False), has_words),
        )
        .options(joinedload(Thread.member))
        .order_by(Thread.id.desc())
        # One row more than fits on a page shows that there is another page.
        .limit(ENTRIES_ON_BOOK + 1)
    )
    if after is not None:
        statement = statement.where(Thread.id < after)
    threads = db.session.execute(statement).scalars().all()
    page = threads[:ENTRIES_ON_BOOK]
    ids = [thread.id for thread in page]
    count, new = counts(viewer, ids), threads_with_unread(viewer, ids)
    entries = [ThreadEntry(thread, count[thread.id], thread.id in new) for thread in page]
    return PageOfIds(entries, page[-1].id if len(threads) > len(page) else None)


def threads_with_unread(viewer: Viewer, thread_ids: Collection[int]) -> set[int]:
    """Return those of these threads with an unread comment that this reader may see."""
    if viewer.id is None or not thread_ids:
        return set()
    sent = {"thread_ids": list(thread_ids), **asked_by(viewer)}
    return set(db.session.execute(_with_unread(anyone_like(viewer)), sent).scalars())


@cache
def _with_unread(viewer: Viewer) -> Select[int]:
    return (
        select(Comment.thread_id)
        .join(Comment.thread)
        .where(Comment.thread_id.in_(bindparam("thread_ids", expanding=True)), comment_unread(viewer))
        .distinct()
    )


@dataclass(frozen=True)
class Conversation:
    """A page of a thread as nested lists, with facts about the whole thread.

    ``mark`` is the reader's mark in its book, or None if they never said; ``reveal`` is their wish to see
    everything, if any; ``subscription`` is "followed", "muted" or "". ``is_whole`` says that the page is the
    whole thread, ``is_continued`` that it continues where another page ended.
    """

    thread: Thread
    nodes: Sequence[comment_tree.Node[CommentRow]]
    next_after: int | None
    count: CommentCount
    mark: int | None
    reveal: Reveal | None
    subscription: str
    is_whole: bool
    is_continued: bool

    @property
    def rows(self) -> list[CommentRow]:
        """The comments of this page itself, without the context above them."""
        return [row for node in self.nodes for row in node.rows if not row.context]


def conversation(
    viewer: Viewer, thread: Thread, *, after: int | None = None, at: int | None = None
) -> Conversation:
    """Return one page of a thread as this reader sees it."""
    page = comments(viewer, thread.id, after=after, at=at)
    subscription = subscription_of(viewer, thread.id)
    return Conversation(
        thread,
        # Withdrawn comments go first, so that none of them divides a run of locked ones.
        comment_tree.nest(comment_tree.prune(page.entries)),
        page.next_after,
        counts(viewer, [thread.id])[thread.id],
        known_mark(viewer, thread.book_id),
        wish_about(viewer, thread.id, thread.book_id),
        subscription.state if subscription else "",
        is_whole=after is None and at is None and page.next_after is None,
        is_continued=after is not None,
    )


@dataclass(frozen=True)
class CommentPlace:
    """The page that begins with the comment ``at`` (None: the thread's first), and ``comment_id`` on it.

    ``comment_id`` is None if there is nothing left to point to.
    """

    at: int | None
    comment_id: int | None


def place_in_thread(comment: Comment) -> CommentPlace:
    """Return the page of its thread that shows a comment: the first, or one that begins with it.

    A withdrawn comment shows as long as something replies to it; otherwise the comment before it takes its
    place.
    """
    within = Comment.thread_id == comment.thread_id
    # Withdrawn comments count, because a page takes so many rows before it leaves these out.
    behind = select(func.count()).select_from(Comment).where(within, Comment.path < comment.path)
    is_on_first = db.session.execute(behind).scalar_one() < rules.PAGE_SIZE
    # A withdrawn comment shows beside a reply. If that is on the next page, the first one leaves it out.
    for at in (None, comment.id) if is_on_first else (comment.id,):
        if not comment.withdrawn or comment.id in _ids_on_page(comment.thread_id, at):
            return CommentPlace(at, comment.id)
    # What a moderator removed keeps its place with the reason. What its author withdrew does not.
    stays = Comment.deleted_at.is_(None) | Comment.removed_by_id.is_not(None)
    before = select(Comment).where(within, Comment.path < comment.path, stays)
    nearest = db.session.execute(before.order_by(Comment.path.desc()).limit(1)).scalar_one_or_none()
    return place_in_thread(nearest) if nearest else CommentPlace(None, None)


def _ids_on_page(thread_id: int, at: int | None) -> set[int]:
    """Return the ids of the comments that a page of a thread shows after pruning."""
    withdrawn = Comment.deleted_at.is_not(None) & Comment.removed_by_id.is_(None)
    columns = select(Comment.id, Comment.parent_id, withdrawn.label("withdrawn"))
    rows = db.session.execute(page_of(columns, thread_id, at=at)).all()
    return {row.id for row in comment_tree.prune(rows[: rules.PAGE_SIZE])}


# A page shows these facts about a thread besides its comments.
IN_FULL = (joinedload(Thread.book), joinedload(Thread.locked_by))


@loads(Thread)
def thread_to_act_on(thread_id: int, *, lock: bool) -> Thread | None:
    """Return a thread with its book and who locked it; if its comments moved to another one, that one."""
    statement = _thread_in_full()
    if lock:
        # The joins are outer joins, and PostgreSQL refuses to lock the rows on their optional side.
        statement = statement.with_for_update(key_share=True, of=Thread)
    thread = db.session.execute(statement, {"thread_id": thread_id}).scalar_one_or_none()
    if thread is not None and thread.became_id is not None:
        other: Thread | None = thread_to_act_on(thread.became_id, lock=lock)
        return other
    return thread


@cache
def _thread_in_full() -> Select[Thread]:
    return select(Thread).where(Thread.id == bindparam("thread_id")).options(*IN_FULL)


@loads(Comment)
def comment_to_act_on(comment_id: int, *, lock: bool) -> Comment | None:
    """Return a comment with its thread, whose row is locked first so that two writers never deadlock."""
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
    """Return a comment if it belongs to this thread, otherwise None."""
    if comment_id is None:
        return None
    return db.session.execute(
        select(Comment).where(Comment.id == comment_id, Comment.thread_id == thread_id)
    ).scalar_one_or_none()


def comment_sent(viewer: Viewer, submission: str) -> Comment | None:
    """Return the comment that this form of the viewer has already made."""
    return db.session.execute(
        select(Comment).where(Comment.member_id == viewer.id, Comment.submission == submission)
    ).scalar_one_or_none()


def comments_with_horizons(thread_id: int) -> Sequence[Comment]:
    """Return every comment of a thread, parents before replies, with the columns for its horizon."""
    statement = (
        select(Comment)
        # A reply is written after what it answers, so in the order of ids parents come first.
        .where(Comment.thread_id == thread_id)
        .order_by(Comment.id)
        # The words are not loaded, because they are not needed here and can be long.
        .options(load_only(Comment.parent_id, Comment.own_horizon, Comment.lifted_horizon, Comment.horizon))
    )
    return db.session.execute(statement).scalars().all()


def horizons_to_remap(book_id: int, member_ids: Collection[int]) -> Sequence[Comment]:
    """Return comments on a book whose horizon follows a section or one of these members' places."""
    follows = or_(
        Comment.horizon_choice.startswith("section-"),
        and_(Comment.horizon_choice == "mine", Comment.member_id.in_(member_ids)),
    )
    statement = select(Comment).join(Comment.thread).where(Thread.book_id == book_id, follows)
    return db.session.execute(statement.order_by(Comment.id)).scalars().all()


def lock_threads(thread_ids: Collection[int]) -> Sequence[Thread]:
    """Lock these threads until the transaction ends, always in the same order, and return them."""
    statement = select(Thread).where(Thread.id.in_(thread_ids)).order_by(Thread.id)
    # The order by id keeps two transactions from locking the same threads in opposite order.
    return db.session.execute(statement.with_for_update(key_share=True)).scalars().all()
