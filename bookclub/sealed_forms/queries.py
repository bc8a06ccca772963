"""Queries for a member's sealed forms and their expiry."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update

from ..extensions import db, write_if_free
from ..members.queries import hash_token
from .models import SealedForm
from .rules import LONGEST_LIFETIME, MOST_PER_MEMBER, expiry_once_shown


def sealed_form(token: str, member_id: int, now: datetime) -> SealedForm | None:
    """Return the form with this token, if it belongs to this member and has not expired."""
    return db.session.execute(
        select(SealedForm).where(
            SealedForm.token_hash == hash_token(token),
            # The link alone is not enough: nobody but its member sees a form.
            SealedForm.member_id == member_id,
            is_kept(now),
        )
    ).scalar_one_or_none()


def is_kept(now: datetime) -> ColumnElement[bool]:
    """Condition that a form has not expired, and was not sealed while the clock ran far ahead."""
    return SealedForm.expires_at.between(now, now + LONGEST_LIFETIME)


def newest_others(member_id: int) -> Select[int]:
    """Select the ids of as many of a member's forms as may stay beside a new one."""
    return (
        select(SealedForm.id)
        .where(SealedForm.member_id == member_id)
        .order_by(SealedForm.id.desc())
        .limit(MOST_PER_MEMBER - 1)
    )


def note_shown(form: SealedForm, now: datetime) -> None:
    """Let a form that is being shown expire soon, unless another transaction is writing just now."""
    expires_at = expiry_once_shown(form.expires_at, now)
    # This runs in a GET, which must not wait for a writer.
    write_if_free(update(SealedForm).where(SealedForm.id == form.id).values(expires_at=expires_at))


def next_expiry() -> datetime | None:
    """Return the moment at which the next form expires, or None."""
    return db.session.execute(select(func.min(SealedForm.expires_at))).scalar_one()
