"""Queries on who was at a meeting."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ..extensions import db
from ..members.models import Member
from .models import Attendance


def members_at(meeting_id: int) -> Sequence[Member]:
    """The members who were at a meeting, by name."""
    statement = (
        select(Member)
        .join(Attendance, Attendance.member_id == Member.id)
        .where(Attendance.meeting_id == meeting_id)
        .order_by(Member.username_key)
    )
    return db.session.execute(statement).scalars().all()


def attendances_at(meeting_id: int) -> dict[int, Attendance]:
    """The attendance at a meeting, by the id of the member."""
    statement = select(Attendance).where(Attendance.meeting_id == meeting_id)
    return {each.member_id: each for each in db.session.execute(statement).scalars()}
