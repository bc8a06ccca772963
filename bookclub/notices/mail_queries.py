"""Queries on mail to members: what they chose, which notices are to be decided, and who reads letters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..mail.rules import MINUTE
from ..members.models import IS_ABSENT, Club, Member
from ..members.rules import MOST_REFUSALS
from .mail_models import Letter, MailPreference
from .models import Notice

# A letter tells of so many notices; the page of notices has all.
MOST_IN_LETTER = 30

IS_REACHABLE = (
    ~IS_ABSENT,
    Member.email.is_not(None),
    Member.email_confirmed_at.is_not(None),
    Member.mail_refusals < MOST_REFUSALS,
)


def chosen_frequencies(member_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """Return the choices of members, by member and the name of the topic; what is missing is the default."""
    found: dict[int, dict[str, str]] = {member_id: {} for member_id in member_ids}
    rows = db.session.execute(select(MailPreference).where(MailPreference.member_id.in_(found))).scalars()
    for row in rows:
        found[row.member_id][row.topic] = row.frequency
    return found


def notices_due(now: datetime, most: int) -> Sequence[tuple[Notice, Member]]:
    """Return notices for which it is time to decide whether they go by mail, locked, with their readers."""
    statement = (
        select(Notice, Member)
        .join(Member, Member.id == Notice.member_id)
        .where(
            Notice.mail_due_at.is_not(None),
            # A notice from the future was made while a clock ran ahead.
            or_(Notice.mail_due_at <= now, Notice.created_at > now + MINUTE),
        )
        .order_by(Notice.mail_due_at, Notice.id)
        .limit(most)
    )
    rows = db.session.execute(statement.with_for_update(of=Notice, skip_locked=True))
    return [(notice, member) for notice, member in rows]


def next_due_at() -> datetime | None:
    """Return when the next of these decisions is due."""
    waiting = select(func.min(Notice.mail_due_at)).where(Notice.mail_due_at.is_not(None))
    return db.session.execute(waiting).scalar_one()


def notice_to(viewer: Viewer, notice_id: int) -> Notice | None:
    """Return a notice of this reader with the member who caused it; None once it is gone."""
    statement = select(Notice).where(Notice.id == notice_id, Notice.member_id == viewer.id)
    return db.session.execute(statement.options(joinedload(Notice.actor))).scalar_one_or_none()


def notices_since(viewer: Viewer, kinds: Collection[str], since: datetime) -> Sequence[Notice]:
    """Return the unseen notices of these kinds since a moment, newest first, with who caused them."""
    statement = (
        select(Notice)
        .where(
            Notice.member_id == viewer.id,
            Notice.kind.in_(sorted(kinds)),
            Notice.created_at > since,
            Notice.seen_at.is_(None),
        )
        .options(joinedload(Notice.actor))
        .order_by(Notice.id.desc())
        .limit(MOST_IN_LETTER)
    )
    return db.session.execute(statement).scalars().all()


@dataclass(frozen=True)
class LetterReader:
    """A member to whom letters can go: their address and time zone, and since when they can be told."""

    id: int
    email: str
    time_zone: str
    since_at: datetime


def letter_readers() -> Sequence[LetterReader]:
    """Return the members who are here and whose address is confirmed, by id."""
    zone = func.coalesce(Member.time_zone, select(Club.time_zone).scalar_subquery())
    rows = db.session.execute(
        select(Member.id, Member.email, zone, Member.email_confirmed_at)
        .where(*IS_REACHABLE)
        .order_by(Member.id)
    )
    return [
        LetterReader(member_id, email, time_zone, since_at)
        for member_id, email, time_zone, since_at in rows
        # The statement leaves out both; this says so to the type checker.
        if email is not None and since_at is not None
    ]


def letters() -> dict[tuple[int, str], Letter]:
    """Return the last letters, by member and frequency."""
    return {(one.member_id, one.frequency): one for one in db.session.execute(select(Letter)).scalars()}
