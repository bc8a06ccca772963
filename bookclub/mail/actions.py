"""Changes to the outbox: post a mail, claim it, and record what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from ..config import Settings
from ..extensions import db, utcnow
from ..jobs import enqueue
from ..lib.text.messages import gettext as _
from ..mail_kinds import KINDS, on_post
from ..members import queries as accounts
from . import queries, rules
from .models import Mail
from .transport import Outcome

JOB = "mail"


@on_post
def store(
    kind: str,
    *,
    cause: str,
    address: str,
    member_id: int | None,
    site: str,
    arguments: dict[str, Any],
) -> bool:
    """Store a mail and the job that sends it; return False if this cause has one already."""
    settings: Settings = current_app.extensions["bookclub"]
    now, dialect = utcnow(), db.session.connection().dialect.name
    row = (postgresql if dialect == "postgresql" else sqlite).insert(Mail).values(
        kind=kind, cause=cause, member_id=member_id, address=address, site=site, arguments=arguments,
        message_id=rules.message_id(cause, site, settings.mail_from),
        state="waiting", attempts=0, last_error="", created_at=now, next_at=now,
    )  # fmt: skip
    stored = db.session.execute(row.on_conflict_do_nothing(index_elements=["cause"]).returning(Mail.id))
    if stored.first() is None:
        return False
    enqueue(JOB, key=JOB)
    return True


def claim_next(now: datetime, per_minute: int) -> Mail | None:
    """Claim the mail that goes next; None if none is due, or enough have gone this minute.

    Nothing is sent before this is committed.
    """
    queries.hold_outbox()
    if queries.claims_in_last_minute(now)[0] >= per_minute:
        return None
    mail = queries.next_due(now, {kind.name for kind in KINDS.values() if kind.is_urgent})
    if mail is not None:
        mail.claim(now)
    return mail


def settle(claimed: Mail, outcome: Outcome, now: datetime) -> None:
    """Record what came of a claimed mail, and what that says of its address."""
    mail = queries.mail_by_id(claimed.id, lock=True)
    # Its member has left meanwhile, or another worker has taken this claim for a lost one and tried again.
    if mail is None or mail.attempts != claimed.attempts or mail.state not in ("claimed", "unknown"):
        return
    kind = KINDS.get(mail.kind)
    if not outcome.was_tried:
        # Organisers look for trouble with the server, and this is none.
        mail.tried_at = None
    if outcome.state == "waiting" or (outcome.state == "unknown" and kind and kind.is_vital):
        mail.put_off(outcome.reply, now)
    else:
        # What the server answered when it took a mail is no error.
        mail.end(outcome.state, now, "" if outcome.state == "sent" else outcome.reply)
    if mail.member_id is None or not (outcome.state == "sent" or outcome.is_of_address):
        return
    member = accounts.member_by_id(mail.member_id, lock=True)
    if member is not None and member.email == mail.address:
        mail.refusals_before = member.mail_refusals
        member.mail_refusals = 0 if outcome.state == "sent" else member.mail_refusals + 1


def record_bounce(mail_id: int, problem: str, now: datetime, *, is_of_address: bool) -> None:
    """Record that a mail which a server had taken came back, once however often it does.

    It counts against its address if that is still the member's. The server's first answer had forgiven what
    was refused before, too early.
    """
    mail = queries.mail_by_id(mail_id, lock=True)
    if mail is None or mail.state not in ("sent", "unknown"):
        return
    mail.end("failed", now, problem)
    member = accounts.member_by_id(mail.member_id, lock=True) if mail.member_id and is_of_address else None
    if member is not None and member.email == mail.address:
        member.mail_refusals = max(member.mail_refusals, mail.refusals_before) + 1


def put_off_due(problem: str, now: datetime) -> None:
    """Let all mails that are due wait: the server cannot be used."""
    for mail in queries.all_due(now):
        mail.attempts, mail.tried_at = mail.attempts + 1, now
        mail.put_off(problem, now)


def recover_lost(now: datetime, lost_after: timedelta) -> None:
    """Record as unknown what a worker had claimed and never settled; password links are sent again."""
    for mail in queries.lost_claims(now, lost_after):
        problem = _("The club stopped while this was being sent.")
        kind = KINDS.get(mail.kind)
        if kind is not None and kind.is_vital:
            mail.put_off(problem, now)
        else:
            mail.end("unknown", now, problem)


def stop_waiting(now: datetime) -> None:
    """Record as unknown all that waits, in a club that comes back from a backup."""
    problem = _("The club was restored from a backup in which this was waiting.")
    ended = {"state": "unknown", "ended_at": now, "last_error": problem}
    db.session.execute(update(Mail).where(Mail.state.in_(rules.UNFINISHED)).values(**ended))


def delete_ended(now: datetime) -> None:
    """Delete the mails that ended a month ago."""
    db.session.execute(delete(Mail).where(queries.ended_long_ago(now)))
