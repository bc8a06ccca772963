"""The sealed form that a member asks for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, update

from ..extensions import db, write_if_free
from ..members.queries import hash_token
from .models import SealedForm
from .rules import LONGEST_LIFETIME, MOST_PER_MEMBER, expiry_once_shown


def sealed_form(token: str, member_id: int, now: datetime) -> SealedForm | None:
    """The form behind this token, if it is this member's and still kept."""
    return db.session.execute(
        select(SealedForm).where(
            SealedForm.token_hash == hash_token(token),
            SealedForm.member_id == member_id,
            is_kept(now),
        )
    ).scalar_one_or_none()


def is_kept(now: datetime) -> ColumnElement[bool]:
    """Condition that a form has not expired, and was not sealed while the clock ran far ahead."""
    return SealedForm.expires_at.between(now, now + LONGEST_LIFETIME)


def newest_others(member_id: int) -> Select[int]:
    """The ids of as many of a member's forms as may stay beside another."""
    return (
        select(SealedForm.id)
        .where(SealedForm.member_id == member_id)
        .order_by(SealedForm.id.desc())
        .limit(MOST_PER_MEMBER - 1)
    )


def note_shown(form: SealedForm, now: datetime) -> None:
    """Let a form that is being shown expire soon, unless somebody is writing just now."""
    expires_at = expiry_once_shown(form.expires_at, now)
    write_if_free(update(SealedForm).where(SealedForm.id == form.id).values(expires_at=expires_at))


def next_expiry() -> datetime | None:
    """The moment at which the next form expires, if there is one."""
    return db.session.execute(select(func.min(SealedForm.expires_at))).scalar_one()
