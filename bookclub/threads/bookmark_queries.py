"""Queries on bookmarks: which comments are unread, in one thread and in the whole club."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload

from ..extensions import db, write_if_free
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..readings.models import Reading
from ..readings.visibility_queries import anyone_like, asked_by
from . import rules
from .comment_queries import (
    BOOKMARK,
    caught_up_id,
    comment_unlocked,
    comment_unread,
    has_wish,
    is_newer,
    rows_by_id,
)
from .models import Bookmark, Comment, Thread
from .queries import Conversation
from .rules import CommentRow

# The front page looks at so many threads: those with the latest comments, and those on the reader's book.
THREADS_LOOKED_AT = 200


def note_seen(viewer: Viewer, talk: Conversation, now: datetime) -> None:
    """Move the reader's bookmark in a thread up to what a page of it has shown.

    Unread comments on pages that the reader has not seen stay unread: the bookmark stops before the first of
    them, and its mark stays if one of them was unlocked. If the page continues another one, the reader has
    seen that one. If someone else is writing just now, nothing is noted, and the next visit notes it.
    """
    if viewer.id is None or (not talk.thread.latest_comment_id and not talk.mark):
        return
    if not talk.rows and not talk.is_whole:
        return
    mine = (Bookmark.member_id == viewer.id, Bookmark.thread_id == talk.thread.id)
    old = db.session.execute(
        select(Bookmark.comment_id, Bookmark.mark, Bookmark.moved_at).where(*mine)
    ).first()
    unseen_id, is_ahead = _unseen(viewer, talk)
    # The thread was read before its comments, so nothing that was added since counts as shown.
    latest = talk.thread.latest_comment_id or max((row.id for row in talk.rows), default=0)
    comment_id = latest if unseen_id is None else min(unseen_id - 1, latest)
    mark = START if is_ahead else talk.mark or START
    if old is not None and old.comment_id is not None:
        comment_id = max(comment_id, old.comment_id)
    rises = mark > (old.mark if old else START)
    if old is not None:
        if not rises and comment_id == old.comment_id:
            return
        if not rules.is_bookmark_due(old.moved_at, now, is_continued=talk.is_continued, mark_rises=rises):
            return
    _move_bookmark(viewer.id, talk.thread.id, comment_id, mark, now)


def _unseen(viewer: Viewer, talk: Conversation) -> tuple[int | None, bool]:
    """Return the oldest newer comment on pages that were not shown, and whether they hold unlocked ones."""
    if not talk.rows:
        return None, False
    sent = {"thread_id": talk.thread.id, "first": talk.rows[0].path, "last": talk.rows[-1].path}
    statement = _unseen_outside(anyone_like(viewer), talk.is_continued)
    row = db.session.execute(statement, sent | asked_by(viewer)).one()
    return row[0], bool(row[1])


@cache
def _unseen_outside(viewer: Viewer, is_continued: bool) -> Select[Any]:
    # Paths sort as the pages do.
    outside = Comment.path > bindparam("last")
    if not is_continued:
        outside = or_(outside, Comment.path < bindparam("first"))
    elsewhere = (
        select(Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.thread_id == bindparam("thread_id"), comment_unread(viewer), outside)
    )
    newer = elsewhere.where(is_newer(viewer)).order_by(Comment.id).limit(1).scalar_subquery()
    unlocked = elsewhere.where(comment_unlocked(viewer)).exists()
    return select(newer, unlocked)


def _move_bookmark(member_id: int, thread_id: int, comment_id: int, mark: int, now: datetime) -> None:
    """Store a bookmark, unless someone else is writing just now. Nothing takes it back: it only rises."""
    # Two tabs may note the same visit at once, so the insert becomes an update if the row exists.
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    note = insert(Bookmark).values(
        member_id=member_id, thread_id=thread_id, comment_id=comment_id, mark=mark, moved_at=now
    )
    old, new = Bookmark.__table__.c, note.excluded
    write_if_free(
        note.on_conflict_do_update(
            index_elements=[Bookmark.member_id, Bookmark.thread_id],
            set_={
                "comment_id": case((old.comment_id > new.comment_id, old.comment_id), else_=new.comment_id),
                "mark": case((old.mark > new.mark, old.mark), else_=new.mark),
                "moved_at": new.moved_at,
            },
        )
    )


def has_seen(viewer: Viewer, thread_id: int, comment_id: int) -> bool:
    """Return whether the reader's bookmark in a thread is at a comment or past it."""
    seen = select(Bookmark.comment_id).where(Bookmark.member_id == viewer.id, Bookmark.thread_id == thread_id)
    return (db.session.execute(seen).scalar_one_or_none() or 0) >= comment_id


def first_unread(viewer: Viewer, thread_id: int) -> int | None:
    """Return the first unread visible comment of a thread, in the order of its page; None if all are read."""
    statement = (
        select(Comment.id)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.thread_id == thread_id, comment_unread(viewer))
        .order_by(Comment.path)
        .limit(1)
    )
    return db.session.execute(statement, asked_by(viewer)).scalar_one_or_none()


@dataclass(frozen=True)
class UnreadThread:
    """A thread in which a reader has something unread.

    ``count`` is at most one more than ``rules.MOST_UNREAD``. ``newest`` is the newest unread comment as this
    reader may see it, and ``first_id`` the first unread one in the order of the page. ``is_unlocked`` says
    that their reading has unlocked some of it.
    """

    thread: Thread
    count: int
    newest: CommentRow
    first_id: int
    is_unlocked: bool


@dataclass(frozen=True)
class _Limits:
    """Bounds of the unread comments of one thread for one reader."""

    thread_id: int
    comment_id: int
    seen_mark: int
    mark: int
    reveals: bool


def unread_threads(viewer: Viewer, limit: int) -> list[UnreadThread]:
    """Return the threads with something unread, those with the latest comments first.

    It looks at the threads with the latest comments, in the club and on the book whose place the reader
    changed last, so that its cost does not grow with the club.
    """
    if viewer.id is None:
        return []
    candidates = db.session.execute(_candidates(anyone_like(viewer)), {"most": limit, **asked_by(viewer)})
    limits = [_Limits(*row) for row in candidates]
    if not limits:
        return []
    unread: dict[int, dict[int, Row[Any]]] = defaultdict(dict)
    for row in _unread_in(viewer.id, limits):
        unread[row.thread_id][row.id] = row
    newest = rows_by_id(viewer, [max(rows) for rows in unread.values()])
    shown = {row.thread_id: row for row in newest.values()}
    threads = db.session.execute(_threads(), {"thread_ids": list(shown)}).scalars()
    by_id = {thread.id: thread for thread in threads}
    return [
        UnreadThread(
            by_id[one.thread_id],
            min(len(unread[one.thread_id]), rules.MOST_UNREAD + 1),
            shown[one.thread_id],
            min(unread[one.thread_id].values(), key=lambda row: row.path).id,
            any(row.is_unlocked for row in unread[one.thread_id].values()),
        )
        for one in limits
        # The last words may have been deleted between the statements.
        if one.thread_id in shown
    ]


@cache
def _threads() -> Select[Thread]:
    of_ids = Thread.id.in_(bindparam("thread_ids", expanding=True))
    return select(Thread).where(of_ids).options(joinedload(Thread.book), joinedload(Thread.member))


@cache
def _candidates(viewer: Viewer) -> Select[Any]:
    """Select the limits of threads that hold something unread and visible, the latest comments first."""
    assert viewer.id is not None
    member_id = viewer.id
    latest = Thread.latest_comment_id.desc()
    of_club = select(Thread.id).where(Thread.latest_comment_id > 0).order_by(latest)
    moved = (
        select(Reading.book_id)
        .where(Reading.member_id == member_id, Reading.mark > Reading.seen_mark)
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    on_book = select(Thread.id).where(Thread.book_id == moved).order_by(latest)
    looked_at = union_all(
        select(of_club.limit(THREADS_LOOKED_AT).subquery().c.id),
        select(on_book.limit(THREADS_LOOKED_AT).subquery().c.id),
    ).subquery()
    mine = aliased(Reading)
    newer_than = func.coalesce(BOOKMARK.comment_id, caught_up_id(member_id), 0)
    mark, seen = func.coalesce(mine.mark, START), func.coalesce(mine.seen_mark, START)
    noted = func.coalesce(BOOKMARK.mark, START)
    seen_mark = case((noted > seen, noted), else_=seen)
    reveals = has_wish(viewer, book_id=Thread.book_id, thread_id=Thread.id)
    of_others = (
        Comment.thread_id == Thread.id,
        Comment.deleted_at.is_(None),
        Comment.member_id != member_id,
    )
    newer = and_(
        Thread.latest_comment_id > newer_than,
        exists().where(*of_others, Comment.id > newer_than, or_(Comment.horizon <= mark, reveals)),
    )
    unlocked = and_(
        mark > seen_mark,
        Thread.highest_horizon > seen_mark,
        ~reveals,
        exists().where(*of_others, Comment.horizon > seen_mark, Comment.horizon <= mark),
    )
    return (
        select(Thread.id, newer_than, seen_mark, mark, reveals)
        .outerjoin(BOOKMARK, and_(BOOKMARK.member_id == member_id, BOOKMARK.thread_id == Thread.id))
        .outerjoin(mine, and_(mine.member_id == member_id, mine.book_id == Thread.book_id))
        .where(
            Thread.id.in_(select(looked_at.c.id)),
            # Nothing in a thread is safer than its floor.
            or_(Thread.floor <= mark, reveals),
            or_(newer, unlocked),
        )
        .order_by(latest, Thread.id.desc())
        .limit(bindparam("most", type_=Integer))
    )


def _unread_in(member_id: int, limits: Sequence[_Limits]) -> Sequence[Row[Any]]:
    """Return, for each thread, the first unread comments by age, the newest one, and the first unlocked ones.

    Each part is a short range of one index, since the limits are values by now. A statement of this shape is
    built once: to build it anew took a third of the time that a letter takes.
    """
    values: dict[str, int] = {"member_id": member_id}
    for number, one in enumerate(limits):
        values |= {
            f"thread_id_{number}": one.thread_id,
            f"comment_id_{number}": one.comment_id,
            f"seen_mark_{number}": one.seen_mark,
            f"mark_{number}": one.mark,
        }
    shape = tuple((one.reveals, not one.reveals and one.mark > one.seen_mark) for one in limits)
    return db.session.execute(_unread_statement(shape), values).all()


@lru_cache(maxsize=200)
def _unread_statement(shape: tuple[tuple[bool, bool], ...]) -> CompoundSelect[Any]:
    """Select the unread comments of threads, each of which reveals all or not, and unlocks some or not."""
    return union_all(*(part for number, one in enumerate(shape) for part in _unread_parts(number, *one)))


def _unread_parts(number: int, reveals: bool, unlocks: bool) -> list[Select[Any]]:
    comment_id, mark = (
        bindparam(f"comment_id_{number}", type_=Integer),
        bindparam(f"mark_{number}", type_=Integer),
    )
    # What is unread and was there before is unread because it was locked.
    was_there = Comment.id <= comment_id

    def part(*conditions: ColumnElement[bool], order: Any, most: int) -> Select[Any]:
        rows = (
            select(Comment.thread_id, Comment.id, Comment.path, was_there.label("is_unlocked"))
            .where(
                Comment.thread_id == bindparam(f"thread_id_{number}", type_=Integer),
                Comment.deleted_at.is_(None),
                Comment.member_id != bindparam("member_id", type_=Integer),
                *conditions,
            )
            .order_by(order)
            .limit(most)
            .subquery()
        )
        return select(rows)

    newer = [Comment.id > comment_id]
    if not reveals:
        newer.append(Comment.horizon <= mark)
    parts = [
        part(*newer, order=Comment.id, most=rules.MOST_UNREAD + 1),
        part(*newer, order=Comment.id.desc(), most=1),
    ]
    if unlocks:
        between = (Comment.horizon > bindparam(f"seen_mark_{number}", type_=Integer), Comment.horizon <= mark)
        parts.append(part(*between, order=Comment.horizon, most=rules.MOST_UNREAD + 1))
    return parts
