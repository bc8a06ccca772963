"""Answers to meetings, in the order in which members said yes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.positions.visibility import Viewer
from .models import Rsvp


def rsvps_to(meeting_id: int) -> Sequence[Rsvp]:
    """The answers to a meeting with their members, those first who said yes first."""
    statement = (
        select(Rsvp)
        .where(Rsvp.meeting_id == meeting_id)
        .options(joinedload(Rsvp.member))
        .order_by(Rsvp.number, Rsvp.member_id)
    )
    return db.session.execute(statement).scalars().all()


def own_rsvps(viewer: Viewer, meeting_ids: Collection[int]) -> dict[int, Rsvp]:
    """The viewer's own answers to these meetings."""
    if viewer.id is None or not meeting_ids:
        return {}
    statement = select(Rsvp).where(Rsvp.member_id == viewer.id, Rsvp.meeting_id.in_(meeting_ids))
    return {each.meeting_id: each for each in db.session.execute(statement).scalars()}


def seats_taken(meeting_id: int | None) -> int:
    """Count the people who have a seat at a meeting."""
    size = func.coalesce(func.sum(Rsvp.guests + 1), 0)
    statement = select(size).where(Rsvp.meeting_id == meeting_id, Rsvp.has_seat)
    return int(db.session.execute(statement).scalar_one())
