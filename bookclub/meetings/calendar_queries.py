"""The private addresses of members' calendars, and what stands in a calendar."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import load_only, selectinload

from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from ..sections.models import Section
from .models import CalendarAddress, Meeting, MeetingBook, MeetingSeries

_SHOWN = (
    Meeting.title, Meeting.starts_at, Meeting.ends_at, Meeting.time_zone, Meeting.changed_at,
    Meeting.created_at, Meeting.revision, Meeting.place, Meeting.link, Meeting.access, Meeting.hides_place,
    Meeting.series_id, Meeting.notes, Meeting.read_until, Meeting.read_until_unit, Meeting.cancelled_at,
    Meeting.cancel_reason,
)  # fmt: skip


def calendar_address(viewer: Viewer) -> CalendarAddress | None:
    """The private address of the viewer's calendar, if they have one."""
    statement = select(CalendarAddress).where(CalendarAddress.member_id == viewer.id)
    return db.session.execute(statement).scalar_one_or_none()


def is_subscribed(code: str) -> bool:
    """Return whether this code is that of a member who is here."""
    statement = (
        select(Member.id)
        .join(CalendarAddress, CalendarAddress.member_id == Member.id)
        .where(CalendarAddress.code == code, ~IS_ABSENT)
    )
    return db.session.execute(statement).first() is not None


def meetings_in_calendar() -> Sequence[Meeting]:
    """All meetings, cancelled ones among them, so that calendars learn of it."""
    statement = select(Meeting).options(
        # Ten years of meetings are read at once, so nothing that a calendar does not show.
        load_only(*_SHOWN, raiseload=True),
        selectinload(Meeting.series),
        selectinload(Meeting.books)
        .load_only(MeetingBook.horizon)
        # Many meetings are about few books, which are loaded once each.
        .selectinload(MeetingBook.book)
        .load_only(Book.title),
    )
    return db.session.execute(statement.order_by(Meeting.starts_at, Meeting.id)).scalars().all()


def calendar_version() -> Sequence[object]:
    """Return what changes whenever the meetings in a calendar do, or what is said of their books.

    To read that much takes a tenth of the time that the calendar itself takes.
    """
    meetings = select(
        func.count(Meeting.id),
        func.max(Meeting.id),
        func.sum(Meeting.revision),
        func.max(Meeting.changed_at),
    )
    about = select(MeetingBook.meeting_id, MeetingBook.book_id, MeetingBook.horizon).order_by(
        MeetingBook.meeting_id, MeetingBook.book_id
    )
    in_use = select(MeetingBook.book_id)
    titles = select(Book.id, Book.title).where(Book.id.in_(in_use)).order_by(Book.id)
    sections = (
        select(Section.book_id, Section.place, Section.id, Section.start)
        .where(Section.book_id.in_(in_use))
        .order_by(Section.book_id, Section.place, Section.id)
    )
    series = select(MeetingSeries.id, MeetingSeries.rule, MeetingSeries.ended_at).order_by(MeetingSeries.id)
    found = [db.session.execute(each).all() for each in (meetings, about, titles, sections, series)]
    return [tuple(row) for rows in found for row in rows]
