"""The private addresses of members' calendars, and what stands in a calendar."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import IS_ABSENT, Member
from .models import CalendarAddress, Meeting
from .queries import whole_meetings


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
    statement = whole_meetings().order_by(Meeting.starts_at, Meeting.id)
    return db.session.execute(statement).scalars().all()
