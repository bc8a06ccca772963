"""Jobs that send what is in the outbox, and delete what was sent long ago."""

from __future__ import annotations

import logging
from smtplib import SMTP
from time import monotonic

from flask import current_app

from ..config import Settings
from ..extensions import begin_write, db, utcnow
from ..jobs import LOST_AFTER, enqueue, job, next_night
from ..lib.text.messages import gettext as _
from . import actions, queries, rules
from .actions import JOB
from .messages import UnwantedMailError, compose
from .models import Mail
from .reply_addresses import return_address
from .transport import MailServerError, Outcome, connect, send

# One job sends for so many seconds; then others have their turn.
SECONDS = 20

log = logging.getLogger(__name__)


@job(JOB, awaited=True)
def send_mails() -> None:
    """Send what is due, each mail claimed in a transaction of its own, and look again when more is.

    Nothing is locked while a server is talked to: this job's own transaction ends before, and a new one is
    open at its end. If the worker is killed, the look enqueued first takes over.
    """
    settings: Settings = current_app.extensions["bookclub"]
    lost_after = rules.lost_after(settings.mail_timeout)
    if settings.mail is None:
        return
    now = utcnow()
    actions.recover_lost(now, lost_after)
    # A lost password link is due at once.
    db.session.flush()
    is_full = queries.claims_in_last_minute(now)[0] >= settings.mail_per_minute
    if queries.has_due(now) and not is_full:
        enqueue(JOB, key=JOB, due_at=now + rules.MINUTE)
        db.session.commit()
        deliver_due(settings)
        begin_write()
    look_again(settings)


def look_again(settings: Settings) -> None:
    """Enqueue the next look, for when a mail is due and the limit per minute allows it."""
    now, due_at = utcnow(), queries.next_moment(rules.lost_after(settings.mail_timeout))
    if due_at is None:
        return
    claims, first_at = queries.claims_in_last_minute(now)
    if claims >= settings.mail_per_minute and first_at is not None:
        due_at = max(due_at, first_at + rules.MINUTE)
    # Within this look of the worker, but not before all else that somebody waits for.
    enqueue(JOB, key=JOB, due_at=max(due_at, now - LOST_AFTER / 2))


def deliver_due(settings: Settings) -> None:
    """Connect to the server, and send one mail after the other until none is due or time is up."""
    assert settings.mail is not None
    until = monotonic() + SECONDS
    try:
        with connect(settings.mail, settings.mail_timeout) as smtp:
            is_over = False
            while not is_over and monotonic() < until:
                begin_write()
                mail = actions.claim_next(utcnow(), settings.mail_per_minute)
                db.session.commit()
                if mail is None:
                    break
                outcome = attempt(smtp, mail, settings)
                begin_write()
                actions.settle(mail, outcome, utcnow())
                db.session.commit()
                db.session.expunge_all()
                is_over = outcome.is_over
    except MailServerError as problem:
        log.warning("mail: %s", problem)
        begin_write()
        actions.put_off_due(str(problem), utcnow())
        db.session.commit()


def attempt(smtp: SMTP, mail: Mail, settings: Settings) -> Outcome:
    """Compose a claimed mail and send it."""
    try:
        message = compose(mail)
    except UnwantedMailError as why:
        return Outcome("failed", str(why), was_tried=False)
    except Exception:
        # One mail that cannot be composed must not stop those behind it.
        log.exception("mail %s (%s) cannot be composed", mail.id, mail.kind)
        return Outcome("waiting", _("We could not write this e-mail: something went wrong on our side."))
    outcome = send(smtp, return_address(mail.id) or settings.mail_from, mail.address, message)
    if outcome.state != "sent":
        log.warning("mail %s (%s): %s: %s", mail.id, mail.kind, outcome.state, outcome.reply)
    return outcome


@job("outbox", nightly=True)
def tidy_outbox() -> None:
    """Delete what ended a month ago, and see to it that what waits is sent."""
    now = utcnow()
    actions.delete_ended(now)
    enqueue(JOB, key=JOB)
    enqueue("outbox", key="outbox", due_at=next_night(now))
