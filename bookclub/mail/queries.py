"""Queries of the outbox: what is due, how many mails went, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from ..extensions import db
from .models import Mail
from .rules import KEPT_FOR, MINUTE, UNFINISHED

# PostgreSQL's lock of the outbox; the number means nothing. Its neighbour is that of the catalogue.
OUTBOX_LOCK = 0x626F6F6C


def hold_outbox() -> None:
    """Let one worker at a time claim a mail, so that all together keep to the limit per minute.

    On SQLite a writing transaction is alone anyway.
    """
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(OUTBOX_LOCK)))


def _is_due(now: datetime) -> ColumnElement[bool]:
    # A mail from the future was posted while a clock ran ahead.
    return and_(Mail.state == "waiting", or_(Mail.next_at <= now, Mail.created_at > now + MINUTE))


def has_due(now: datetime) -> bool:
    """Return whether a mail waits to be sent now."""
    return db.session.execute(select(Mail.id).where(_is_due(now)).limit(1)).first() is not None


def next_due(now: datetime, urgent: Collection[str]) -> Mail | None:
    """Return the mail that goes next, locked: an urgent one, else the one that has been due longest."""
    order = Mail.kind.not_in(sorted(urgent)), Mail.next_at, Mail.id
    due = select(Mail).where(_is_due(now)).order_by(*order).limit(1)
    return db.session.execute(due.with_for_update(skip_locked=True)).scalar_one_or_none()


def all_due(now: datetime) -> Sequence[Mail]:
    """Return all mails that wait to be sent now, locked."""
    due = select(Mail).where(_is_due(now)).order_by(Mail.id)
    return db.session.execute(due.with_for_update(skip_locked=True)).scalars().all()


def mail_by_id(mail_id: int, *, lock: bool = False) -> Mail | None:
    """Return a mail; None once it is deleted, as a departing member's are."""
    query = select(Mail).where(Mail.id == mail_id)
    return db.session.execute(query.with_for_update() if lock else query).scalar_one_or_none()


def lost_claims(now: datetime, lost_after: timedelta) -> Sequence[Mail]:
    """Return the claimed mails whose worker must have ended, locked."""
    # A claim from the future was made while a clock ran ahead.
    is_lost = or_(Mail.claimed_at <= now - lost_after, Mail.claimed_at > now + lost_after)
    query = select(Mail).where(Mail.state == "claimed", is_lost).order_by(Mail.id)
    return db.session.execute(query.with_for_update(skip_locked=True)).scalars().all()


def claims_in_last_minute(now: datetime) -> tuple[int, datetime | None]:
    """Return how many attempts began within the last minute, and when the first of them did."""
    within = Mail.claimed_at > now - MINUTE, Mail.claimed_at <= now
    row = db.session.execute(select(func.count(), func.min(Mail.claimed_at)).where(*within)).one()
    return row[0], row[1]


def next_moment(lost_after: timedelta) -> datetime | None:
    """Return when the outbox needs a look again: a mail is due then, or a claim lost."""
    waiting = db.session.execute(select(func.min(Mail.next_at)).where(Mail.state == "waiting")).scalar_one()
    claimed = db.session.execute(
        select(func.min(Mail.claimed_at)).where(Mail.state == "claimed")
    ).scalar_one()
    moments = [waiting, claimed + lost_after if claimed else None]
    return min((moment for moment in moments if moment is not None), default=None)


def ended_long_ago(now: datetime) -> ColumnElement[bool]:
    """Return the condition that a mail is finished and old enough to be deleted."""
    return and_(Mail.state.not_in(UNFINISHED), Mail.ended_at <= now - KEPT_FOR)


def count_waiting() -> int:
    """Count the mails that are yet to go."""
    statement = select(func.count()).select_from(Mail).where(Mail.state.in_(UNFINISHED))
    return db.session.execute(statement).scalar_one()


def last_problem() -> Mail | None:
    """Return the mail with the latest error that no later mail's success has answered, or None."""
    sent = select(func.max(Mail.tried_at)).where(Mail.state == "sent").scalar_subquery()
    tried = Mail.last_error != "", Mail.tried_at.is_not(None)
    failed = select(Mail).where(*tried).order_by(Mail.tried_at.desc(), Mail.id.desc()).limit(1)
    found = db.session.execute(failed.add_columns(sent)).one_or_none()
    if found is None:
        return None
    mail, sent_at = found
    return mail if sent_at is None or mail.tried_at >= sent_at else None


def last_sent() -> Mail | None:
    """Return the mail that was sent last."""
    sent = select(Mail).where(Mail.state == "sent").order_by(Mail.tried_at.desc(), Mail.id.desc()).limit(1)
    return db.session.execute(sent).scalar_one_or_none()


def mails_of_kind(kind: str, argument: str, values: Collection[int]) -> dict[int, Mail]:
    """Return the latest mail of a kind for each of these values of one of its arguments, such as an id."""
    of_kind = select(Mail).where(Mail.kind == kind, Mail.arguments[argument].as_integer().in_(list(values)))
    return {
        mail.arguments[argument]: mail for mail in db.session.execute(of_kind.order_by(Mail.id)).scalars()
    }
