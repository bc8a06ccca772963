"""Queries for the front page: unread and active threads, first steps, the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    select,
)
from sqlalchemy.orm import joinedload

from ..asks.models import Ask
from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import END, START
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Club, Member
from ..readings.models import Reading
from ..readings.queries import is_counted
from ..readings.visibility_queries import anyone_like, asked_by, visible_to
from ..reviews.models import Review
from ..threads.bookmark_queries import UnreadThread, unread_threads
from ..threads.models import Thread
from .models import Word
from .rules import FirstSteps, Reader

# The first migration gives the club this name, until an organiser changes it.
NAME_OF_A_NEW_CLUB = "Our book club"


@dataclass(frozen=True)
class News:
    """A thread with something unread, and what stands for its title.

    Under an ask that is the question (None if it is gone); under a review, ``review_by`` is its author.
    """

    unread: UnreadThread
    title: str | None
    review_by: str | None


def news(viewer: Viewer, limit: int = 5) -> list[News]:
    """Return the threads with something unread for this reader, those with the latest comments first."""
    unread = unread_threads(viewer, limit)
    rows = db.session.execute(_names(), {"thread_ids": [one.thread.id for one in unread]})
    names = {thread_id: (title, review_by) for thread_id, title, review_by in rows}
    return [News(one, *names[one.thread.id]) for one in unread]


@cache
def _names() -> Select[int, str, str]:
    return (
        select(Thread.id, func.coalesce(Thread.title, Ask.question), Member.display_name)
        .outerjoin(Ask, and_(Ask.thread_id == Thread.id, Ask.deleted_at.is_(None)))
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(Member, Member.id == Review.member_id)
        .where(Thread.id.in_(bindparam("thread_ids", expanding=True)))
    )


@dataclass(frozen=True)
class TalkedAbout:
    """A titled thread and the moment of its latest comment."""

    thread: Thread
    latest_at: datetime | None


def active_threads(viewer: Viewer, limit: int = 5) -> list[TalkedAbout]:
    """Return the titled threads with the latest comments whose opening this reader may see.

    Threads of rounds and meetings are linked from these. How much lies ahead is not counted: that would
    take as long as the threads are.
    """
    sent = {"most": limit, **asked_by(viewer)}
    threads = db.session.execute(_active_threads(anyone_like(viewer)), sent).scalars()
    return [TalkedAbout(thread, thread.latest_comment_at) for thread in threads]


@cache
def _active_threads(viewer: Viewer) -> Select[Thread]:
    return (
        select(Thread)
        .where(
            # A thread without a title belongs to a review or an ask.
            Thread.title.is_not(None),
            Thread.of_round.is_(False),
            Thread.of_meeting.is_(False),
            Thread.latest_comment_id > 0,
            visible_to(
                viewer,
                horizon=Thread.floor,
                author_id=Thread.member_id,
                book_id=Thread.book_id,
                thread_id=Thread.id,
            ),
        )
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Thread.latest_comment_id.desc())
        .limit(bindparam("most", type_=Integer))
    )


@dataclass(frozen=True)
class Places:
    """Places of the members who share their reading of a book: how many, how many finished, and who.

    ``readers`` are at most MOST_READERS, those with the latest progress.
    """

    total: int
    finished: int
    readers: Sequence[Reader]


MOST_READERS = 100


def places_in(viewer: Viewer, book_id: int) -> Places:
    """Return where members are in a book who share their reading of it and have begun.

    Private readings are in no number and in no list, not even the viewer's own: all members see the same
    numbers, and someone who is missing may as well not have begun.
    """
    total, finished = db.session.execute(_numbers_of_readers(), {"book_id": book_id}).one()
    rows = db.session.execute(_readers(anyone_like(viewer)), {"book_id": book_id, **asked_by(viewer)})
    return Places(total, finished, [Reader(*row) for row in rows])


@cache
def _numbers_of_readers() -> Select[int, int]:
    return select(func.count(), func.count(case((Reading.status == "finished", 1)))).where(_is_shared())


@cache
def _readers(viewer: Viewer) -> Select[Any]:
    position = case((Reading.status == "finished", END), else_=func.coalesce(Reading.position, START))
    is_me = Reading.member_id == viewer.id
    return (
        select(Member.display_name, Member.username, position, is_me, Member.portrait_id)
        .join(Member, Member.id == Reading.member_id)
        .where(_is_shared())
        .order_by(Reading.changed_at.desc(), Reading.id.desc())
        .limit(MOST_READERS)
    )


def _is_shared() -> ColumnElement[bool]:
    return and_(
        Reading.book_id == bindparam("book_id"),
        Reading.status.in_(("reading", "finished")),
        is_counted(Reading),
    )


def first_steps() -> FirstSteps:
    """Return which of the first steps of a new club are done."""
    # Each answer is a column beside the club's one row, so this takes one statement.
    named, has_current_book, has_books, has_members = db.session.execute(
        select(
            Club.name != NAME_OF_A_NEW_CLUB,
            Club.current_book_id.is_not(None),
            exists(select(Book.id)),
            # The organiser who sees the first steps is a member, too.
            select(func.count()).select_from(Member).where(~IS_ABSENT).scalar_subquery() > 1,
        )
    ).one()
    return FirstSteps(bool(named), bool(has_books), bool(has_members), bool(has_current_book))


def word_of_club() -> Word | None:
    """Return the word from the organisers, which may be taken down; None if they have never said one."""
    return db.session.execute(select(Word)).scalar_one_or_none()


def pulse() -> None:
    """Read one row from the database. Raises OperationalError if it does not answer."""
    db.session.execute(select(Club.id)).one()
