"""The throttle: failed attempts are counted by account, by address, or by a browser that is known."""

from __future__ import annotations

from sqlalchemy import delete, insert

from ...extensions import db, utcnow, write_if_free
from .. import attempts, rules
from ..models import FailedAttempt


def must_wait(*subjects: str) -> bool:
    """Return whether the next attempt at one of these must wait, after too many failures."""
    now = utcnow()
    return any(rules.must_wait(subject, attempts.recent_failures(subject, now)) for subject in subjects)


def note_failure(*subjects: str) -> None:
    """Count a failed attempt, in a transaction that holds the throttle; those long past are swept away."""
    now = utcnow()
    earliest, latest = rules.failures_counted(now)
    is_over = (FailedAttempt.failed_at <= earliest) | (FailedAttempt.failed_at >= latest)
    db.session.execute(delete(FailedAttempt).where(is_over))
    db.session.add_all(FailedAttempt(subject=subject, failed_at=now) for subject in subjects)


def note_guessed_link(address: str | None) -> None:
    """Count a link that this club never made, or that is used up, against the place that tried it.

    In a transaction of its own, as links are followed by GET. While somebody writes it is not counted:
    the tokens are far too long to be guessed.
    """
    subject = rules.address_subject(address)
    write_if_free(insert(FailedAttempt).values(subject=subject, failed_at=utcnow()))


def forget_failures(subject: str) -> None:
    """Count failed attempts at this from nought again."""
    db.session.execute(delete(FailedAttempt).where(FailedAttempt.subject == subject))
