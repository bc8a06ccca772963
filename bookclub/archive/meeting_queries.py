"""A member's own meetings and date polls, and their answers to those of others."""

from __future__ import annotations

from sqlalchemy import select

from ..date_polls.models import Availability, DateOption, DatePoll
from ..meetings.models import Meeting, Rsvp
from ..text_columns import as_typed
from .queries import Rows, rows_of


def meetings_by(member_id: int) -> Rows:
    """Meetings that a member hosts."""
    one = Meeting
    yield from rows_of(
        select(
            one.id, as_typed(one.title), one.starts_at, one.time_zone, one.minutes, as_typed(one.place),
            one.link, as_typed(one.access), as_typed(one.notes), one.cancelled_at,
        )
        .where(one.host_id == member_id)
        .order_by(one.id)
    )  # fmt: skip


def rsvps_by(member_id: int) -> Rows:
    """A member's answers to meetings."""
    columns = (
        Rsvp.meeting_id,
        Meeting.title,
        Rsvp.answer,
        Rsvp.guests,
        as_typed(Rsvp.note),
        Rsvp.answered_at,
    )
    joined = select(*columns).join(Meeting, Meeting.id == Rsvp.meeting_id)
    yield from rows_of(joined.where(Rsvp.member_id == member_id).order_by(Rsvp.meeting_id))


def date_polls_by(member_id: int) -> Rows:
    """Date polls that a member made."""
    one = DatePoll
    yield from rows_of(
        select(
            one.id, as_typed(one.title), one.time_zone, one.minutes, one.created_at, one.meeting_id,
            one.withdrawn_at, as_typed(one.withdraw_reason),
        )
        .where(one.created_by_id == member_id)
        .order_by(one.id)
    )  # fmt: skip


def availabilities_of(member_id: int) -> Rows:
    """A member's answers to proposed times."""
    columns = (DatePoll.id.label("date_poll_id"), DatePoll.title, DateOption.starts_at, Availability.answer)
    yield from rows_of(
        select(*columns, Availability.answered_at)
        .join(DateOption, DateOption.id == Availability.option_id)
        .join(DatePoll, DatePoll.id == DateOption.poll_id)
        .where(Availability.member_id == member_id)
        .order_by(DateOption.id)
    )
