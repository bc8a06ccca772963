"""Rows of a club's meetings, for its archive."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ..extensions import db
from ..meetings.models import Attendance, Meeting, MeetingBook, Rsvp
from ..recaps.models import Recap
from .queries import Rows, rows_of

WHERE = {"place", "link", "access"}


def meetings(everything: bool) -> Rows:
    """Rows of the meetings with their books; where they were only with ``everything``."""
    books: dict[int, list[dict[str, Any]]] = {}
    about = select(MeetingBook).order_by(MeetingBook.meeting_id, MeetingBook.number)
    for each in db.session.execute(about).scalars():
        entry = {"book_id": each.book_id, "horizon": each.horizon, "thread_id": each.thread_id}
        books.setdefault(each.meeting_id, []).append(entry)
    one = Meeting
    rows = rows_of(
        select(
            one.id, one.title, one.starts_on, one.clock, one.time_zone, one.starts_at, one.minutes, one.place,
            one.link, one.access, one.notes, one.host_id, one.thread_id, one.created_by_id, one.created_at,
            one.cancelled_at, one.cancel_reason,
        ).order_by(one.id)
    )  # fmt: skip
    for row in rows:
        # Where they were may be somebody's home.
        told = {name: value for name, value in row.items() if everything or name not in WHERE}
        yield {**told, "clock": f"{row['clock']:%H:%M}", "books": books.get(row["id"], [])}


def rsvps(_everything: bool) -> Rows:
    """Rows of the answers to meetings."""
    columns = (Rsvp.meeting_id, Rsvp.member_id, Rsvp.answer, Rsvp.guests, Rsvp.note, Rsvp.answered_at)
    yield from rows_of(select(*columns).order_by(Rsvp.meeting_id, Rsvp.member_id))


def attendances(_everything: bool) -> Rows:
    """Rows of who was at which meeting."""
    columns = (Attendance.meeting_id, Attendance.member_id)
    yield from rows_of(select(*columns).order_by(*columns))


def recaps(_everything: bool) -> Rows:
    """Rows of the comments that are recaps of meetings."""
    columns = (Recap.meeting_id, Recap.comment_id)
    yield from rows_of(select(*columns).order_by(*columns))
