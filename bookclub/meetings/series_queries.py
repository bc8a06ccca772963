"""Series of meetings, and the meetings of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select

from ..extensions import db
from .models import Meeting, MeetingSeries, Rsvp
from .queries import whole_meetings


def lock_series(series_id: int) -> None:
    """Lock a series until the transaction ends, so that nobody else makes or changes its meetings."""
    statement = select(MeetingSeries.id).where(MeetingSeries.id == series_id)
    db.session.execute(statement.with_for_update(key_share=True))


def series_under_way(*, lock: bool = False) -> Sequence[MeetingSeries]:
    """The series that have not ended. With ``lock``, they are locked until the transaction ends."""
    statement = select(MeetingSeries).where(MeetingSeries.ended_at.is_(None)).order_by(MeetingSeries.id)
    if lock:
        statement = statement.with_for_update(key_share=True)
    return db.session.execute(statement).scalars().all()


def model_of(series_id: int) -> Meeting:
    """The meeting of a series of which the next one becomes a copy: the last that was not changed alone."""
    statement = (
        whole_meetings()
        .where(Meeting.series_id == series_id)
        .order_by(Meeting.is_apart, Meeting.series_on.desc())
        .limit(1)
    )
    return db.session.execute(statement).scalar_one()


def days_taken(series_id: int, since: date) -> set[date]:
    """The days of a series from ``since`` on that have their meeting, moved and cancelled ones among them."""
    statement = select(Meeting.series_on).where(Meeting.series_id == series_id, Meeting.series_on >= since)
    return {day for day in db.session.execute(statement).scalars() if day is not None}


def meetings_after(meeting: Meeting, now: datetime, *, lock: bool = False) -> Sequence[Meeting]:
    """The meetings of a series after this one that have not begun, in order; cancelled ones among them."""
    if meeting.series_id is None or meeting.series_on is None:
        return []
    follows = (
        Meeting.series_id == meeting.series_id,
        Meeting.series_on > meeting.series_on,
        Meeting.starts_at > now,
    )
    if lock:
        # All who lock several do so in this order.
        ids = select(Meeting.id).where(*follows).order_by(Meeting.id)
        db.session.execute(ids.with_for_update(key_share=True))
    statement = whole_meetings().where(*follows).order_by(Meeting.series_on)
    return db.session.execute(statement).scalars().all()


def answers_to(meeting_ids: Collection[int]) -> dict[int, int]:
    """The number of answers to each of these meetings; those without any are left out."""
    statement = (
        select(Rsvp.meeting_id, func.count())
        .where(Rsvp.meeting_id.in_(meeting_ids))
        .group_by(Rsvp.meeting_id)
    )
    return dict(db.session.execute(statement).all())
