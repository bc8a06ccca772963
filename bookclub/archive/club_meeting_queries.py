"""The meetings and date polls of the club, with the answers to them, as its export has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from ..date_polls.models import Availability, DateOption, DatePoll
from ..extensions import db
from ..meetings.models import Meeting, MeetingBook, Rsvp
from .queries import rows_of

Rows = Iterator[Mapping[str, Any]]


def meetings(_everything: bool) -> Rows:
    """Rows of the meetings with their books."""
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
        yield {**row, "clock": f"{row['clock']:%H:%M}", "books": books.get(row["id"], [])}


def rsvps(_everything: bool) -> Rows:
    """Rows of the answers to meetings."""
    columns = (Rsvp.meeting_id, Rsvp.member_id, Rsvp.answer, Rsvp.guests, Rsvp.note, Rsvp.answered_at)
    yield from rows_of(select(*columns).order_by(Rsvp.meeting_id, Rsvp.member_id))


def date_polls(_everything: bool) -> Rows:
    """Rows of the date polls with their times."""
    times: dict[int, list[dict[str, Any]]] = {}
    for each in db.session.execute(select(DateOption).order_by(DateOption.id)).scalars():
        entry = {"id": each.id, "starts_on": each.starts_on, "clock": f"{each.clock:%H:%M}"}
        times.setdefault(each.poll_id, []).append({**entry, "starts_at": each.starts_at})
    one = DatePoll
    rows = rows_of(
        select(
            one.id, one.title, one.time_zone, one.minutes, one.created_by_id, one.created_at, one.meeting_id,
            one.withdrawn_at, one.withdraw_reason,
        ).order_by(one.id)
    )  # fmt: skip
    for row in rows:
        yield {**row, "times": times.get(row["id"], [])}


def availabilities(_everything: bool) -> Rows:
    """Rows of the answers in date polls."""
    one = Availability
    columns = (one.option_id, one.member_id, one.answer, one.answered_at)
    yield from rows_of(select(*columns).order_by(one.option_id, one.member_id))
