"""Queries about failed attempts: how many there were lately, and that they are counted one by one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from ..extensions import db
from .models import Club, FailedAttempt
from .rules import failures_counted


def recent_failures(subject: str, now: datetime) -> int:
    """Recent failed sign-ins for an account, from an address or in a known browser."""
    earliest, latest = failures_counted(now)
    return db.session.execute(
        select(func.count())
        .select_from(FailedAttempt)
        .where(
            FailedAttempt.subject == subject,
            FailedAttempt.failed_at > earliest,
            FailedAttempt.failed_at < latest,
        )
    ).scalar_one()


def hold_throttle() -> None:
    """Let failures be counted one after the other until the transaction ends.

    A hundred guesses sent at once must not all find the count at nine.
    """
    db.session.execute(select(Club.id).with_for_update(key_share=True))
