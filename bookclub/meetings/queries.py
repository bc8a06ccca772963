"""Meetings with everything that their pages show, in the order of their starts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import joinedload, raiseload, selectinload

from ..books.catalogue_queries import Page
from ..extensions import UTCDateTime, db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..permissions import loads
from .models import Meeting, MeetingBook, MeetingEvent

MEETINGS_PER_PAGE = 20


@cache
def whole_meetings() -> Select[Meeting]:
    """Statement for meetings with everything that pages show of them."""
    return select(Meeting).options(
        joinedload(Meeting.host),
        joinedload(Meeting.cancelled_by),
        joinedload(Meeting.thread),
        joinedload(Meeting.series),
        selectinload(Meeting.books).joinedload(MeetingBook.book).raiseload("*"),
        selectinload(Meeting.books).joinedload(MeetingBook.thread),
    )


@loads(Meeting)
def meeting_to_act_on(meeting_id: int, *, lock: bool) -> Meeting | None:
    """Load a meeting, and lock it where the request writes."""
    if lock:
        # The row is locked by itself: PostgreSQL locks no outer join.
        db.session.execute(select(Meeting.id).where(Meeting.id == meeting_id).with_for_update(key_share=True))
    return db.session.execute(whole_meetings().where(Meeting.id == meeting_id)).scalar_one_or_none()


def meetings_to_come(now: datetime, *, lock: bool = False) -> Sequence[Meeting]:
    """Meetings that are not over, soonest first; cancelled ones among them.

    With ``lock``, their rows are locked until the transaction ends, as ``meeting_to_act_on()`` locks one.
    """
    if lock:
        # All who lock several do so in this order.
        ids = select(Meeting.id).where(Meeting.ends_at > now).order_by(Meeting.id)
        db.session.execute(ids.with_for_update(key_share=True))
    return db.session.execute(_meetings_to_come(), {"now": now}).scalars().all()


@cache
def _meetings_to_come() -> Select[Meeting]:
    is_to_come = Meeting.ends_at > bindparam("now", type_=UTCDateTime)
    return whole_meetings().where(is_to_come).order_by(Meeting.starts_at, Meeting.id)


def readings_to_come(book_id: int, now: datetime) -> list[tuple[Meeting, MeetingBook]]:
    """Meetings that are not over and ask to read this book, each with its entry for the book."""
    about = select(MeetingBook.meeting_id).where(MeetingBook.book_id == book_id)
    statement = whole_meetings().where(Meeting.ends_at > now, Meeting.id.in_(about)).order_by(Meeting.id)
    return [
        (meeting, entry)
        for meeting in db.session.execute(statement).scalars()
        for entry in meeting.books
        if entry.book_id == book_id
    ]


def next_meeting(now: datetime) -> Meeting | None:
    """The next meeting that takes place, or the one under way."""
    return db.session.execute(_next_meeting(), {"now": now}).scalar_one_or_none()


@cache
def _next_meeting() -> Select[Meeting]:
    return _meetings_to_come().where(Meeting.cancelled_at.is_(None)).limit(1)


def meetings_over(now: datetime, after: int | None = None) -> Page[Meeting]:
    """A page of the meetings that are over, latest first, keyed by id."""
    statement = _meetings_over()
    if after is not None:
        last = select(Meeting.starts_at).where(Meeting.id == after).scalar_subquery()
        statement = statement.where(
            or_(Meeting.starts_at < last, and_(Meeting.starts_at == last, Meeting.id < after))
        )
    found = db.session.execute(statement, {"now": now}).scalars().all()
    page = found[:MEETINGS_PER_PAGE]
    return Page(page, str(page[-1].id) if len(found) > len(page) else "")


@cache
def _meetings_over() -> Select[Meeting]:
    return (
        whole_meetings()
        .where(Meeting.ends_at <= bindparam("now", type_=UTCDateTime))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        # One row more than is shown tells if there is a next page.
        .limit(MEETINGS_PER_PAGE + 1)
    )


def meetings_announced(now: datetime) -> Sequence[Meeting]:
    """Meetings that are not over and take place, soonest first, without anything that belongs to them."""
    statement = (
        select(Meeting)
        .where(Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .options(raiseload("*"))
    )
    return db.session.execute(statement).scalars().all()


def meetings_latest_first() -> Sequence[Meeting]:
    """All meetings, the latest first."""
    statement = whole_meetings().order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    return db.session.execute(statement).scalars().all()


def meeting_sent_by(viewer: Viewer, submission: str | None) -> Meeting | None:
    """The meeting that the viewer has already made with this form, or None."""
    if submission is None:
        return None
    statement = select(Meeting).where(Meeting.created_by_id == viewer.id, Meeting.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def meetings_by_id(ids: Collection[int]) -> dict[int, Meeting]:
    """Meetings with their series, by their ids."""
    if not ids:
        return {}
    found = db.session.execute(_meetings_by_id(), {"ids": list(ids)}).scalars()
    return {each.id: each for each in found}


@cache
def _meetings_by_id() -> Select[Meeting]:
    of_ids = Meeting.id.in_(bindparam("ids", expanding=True))
    return select(Meeting).where(of_ids).options(joinedload(Meeting.series))


def meeting_of_thread(thread_id: int) -> Meeting | None:
    """The meeting that a thread belongs to, or None."""
    of_book = select(MeetingBook.meeting_id).where(MeetingBook.thread_id == thread_id)
    statement = select(Meeting).where(or_(Meeting.thread_id == thread_id, Meeting.id.in_(of_book)))
    return db.session.execute(statement).scalar_one_or_none()


def meetings_to_remind_of(now: datetime, until: datetime) -> Sequence[Meeting]:
    """Meetings that begin in this span, and of which members have not been reminded."""
    statement = select(Meeting).where(
        Meeting.starts_at > now,
        Meeting.starts_at <= until,
        Meeting.cancelled_at.is_(None),
        Meeting.reminded_at.is_(None),
    )
    return db.session.execute(statement.order_by(Meeting.id).with_for_update(key_share=True)).scalars().all()


def events_of(meeting_id: int) -> Sequence[MeetingEvent]:
    """History of a meeting, in order."""
    statement = (
        select(MeetingEvent)
        .where(MeetingEvent.meeting_id == meeting_id)
        .options(joinedload(MeetingEvent.member), joinedload(MeetingEvent.host))
        .order_by(MeetingEvent.id)
    )
    return db.session.execute(statement).scalars().all()


def members_here() -> Sequence[int]:
    """Ids of the present members."""
    return db.session.execute(select(Member.id).where(~IS_ABSENT).order_by(Member.id)).scalars().all()
