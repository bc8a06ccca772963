"""Queries for the lists of conversations: the club's talk, and the threads on all books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.positions.visibility import Viewer
from .comment_queries import rows_by_id
from .models import Thread
from .queries import counts, threads_with_unread
from .rules import CommentCount, CommentRow, TalkKey

ENTRIES = 20
# An organiser who pins more than this sees the oldest pins go back into the list.
MOST_PINNED = 20


@dataclass(frozen=True)
class TalkEntry:
    """A titled thread in a list, with its latest comment as this reader may see it.

    ``latest`` is None if nothing tells which it was.
    """

    thread: Thread
    count: CommentCount
    is_new: bool
    latest: CommentRow | None


@dataclass(frozen=True)
class TalkPage:
    """One page of a list of threads: the pinned ones, on the first page alone, and the latest others."""

    pinned: Sequence[TalkEntry]
    entries: Sequence[TalkEntry]
    next_after: TalkKey | None


def talk_page(viewer: Viewer, *, about_books: bool, after: TalkKey | None = None) -> TalkPage:
    """Return a page of the titled threads about no book, or of those about a book, the latest first.

    Threads of rounds and meetings belong to the club's talk, as soon as somebody has written in them.
    Only members see those.
    """
    where = (
        Thread.title.is_not(None),
        Thread.book_id.is_not(None) if about_books else Thread.book_id.is_(None),
        Thread.comment_count > 0,
        Thread.of_ask.is_(False),
        *(() if viewer.is_member else (Thread.of_round.is_(False), Thread.of_meeting.is_(False))),
    )
    whole = select(Thread).where(*where).options(joinedload(Thread.member), joinedload(Thread.book))
    is_pinned = select(Thread.id).where(*where, Thread.pinned_at.is_not(None))
    top = is_pinned.order_by(Thread.pinned_at.desc(), Thread.id.desc()).limit(MOST_PINNED).subquery()
    pinned = (
        db.session.execute(
            whole.where(Thread.id.in_(select(top.c.id))).order_by(Thread.pinned_at.desc(), Thread.id.desc())
        )
        .scalars()
        .all()
        if after is None
        else []
    )
    statement = whole.where(Thread.id.not_in(select(top.c.id)))
    if after is not None:
        statement = statement.where(
            or_(
                Thread.latest_comment_id < after.latest,
                and_(Thread.latest_comment_id == after.latest, Thread.id < after.thread_id),
            )
        )
    statement = statement.order_by(Thread.latest_comment_id.desc(), Thread.id.desc()).limit(ENTRIES + 1)
    found = db.session.execute(statement).scalars().all()
    page = found[:ENTRIES]
    entries = _entries(viewer, [*pinned, *page])
    last = page[-1] if len(found) > len(page) else None
    return TalkPage(
        entries[: len(pinned)],
        entries[len(pinned) :],
        TalkKey(last.latest_comment_id, last.id) if last else None,
    )


def _entries(viewer: Viewer, threads: Sequence[Thread]) -> list[TalkEntry]:
    ids = [thread.id for thread in threads]
    count, new = counts(viewer, ids), threads_with_unread(viewer, ids)
    rows = rows_by_id(viewer, [thread.latest_comment_id for thread in threads])
    latest = {row.thread_id: row for row in rows.values()}
    return [
        TalkEntry(thread, count[thread.id], thread.id in new, latest.get(thread.id)) for thread in threads
    ]
