"""A member's own meetings, and the rules by which the club's repeat."""

from __future__ import annotations

from sqlalchemy import select

from ..meetings.models import Meeting, MeetingSeries, Rsvp
from ..text_columns import as_typed
from .queries import Rows, rows_of


def meetings_by(member_id: int) -> Rows:
    """Meetings that a member hosts."""
    one = Meeting
    yield from rows_of(
        select(
            one.id, as_typed(one.title), one.starts_at, one.time_zone, one.minutes, as_typed(one.place),
            one.link, as_typed(one.access), as_typed(one.notes), one.cancelled_at,
            MeetingSeries.rule.label("repeats"),
        )
        .outerjoin(MeetingSeries, MeetingSeries.id == one.series_id)
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


def meeting_series(_everything: bool) -> Rows:
    """Rows of the rules by which meetings repeat."""
    one = MeetingSeries
    columns = (one.id, one.rule, one.begins_on, one.created_by_id, one.created_at, one.ended_at)
    yield from rows_of(select(*columns).order_by(one.id))
