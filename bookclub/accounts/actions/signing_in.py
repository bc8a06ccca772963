"""Signing in: a password is compared, failures are counted, a session begins or ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete

from ...extensions import db, utcnow
from .. import queries, rules
from ..models import FailedAttempt, Member, MemberSession, OneTimeLink
from ..queries import hash_token
from . import passwords


class Verdict(Enum):
    """What came of a password."""

    RIGHT = "right"
    WRONG = "wrong"
    MUST_WAIT = "must wait"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Attempt:
    """A password that was tried, and compared already. ``member_id`` is None where it was wrong."""

    account: str
    address: str
    must_wait: bool
    member_id: int | None = None
    compared_with: str | None = None
    keep: str | None = None


def try_password(name: str, password: str, address: str | None) -> Attempt:
    """Compare a password with that of whoever is called ``name``. Slow, and leaves no transaction open.

    An unknown name takes as long as a known one. Give what comes back to ``settle()``.
    """
    account, place = rules.account_subject(name), rules.address_subject(address)
    must_wait = _must_wait(account, place)
    member = queries.member_called(name)
    db.session.close()
    if must_wait:
        return Attempt(account, place, must_wait=True)

    password_hash = member.password_hash if member else None
    if not passwords.matches(password_hash, password) or member is None or password_hash is None:
        return Attempt(account, place, must_wait=False)
    keep = passwords.rehashed(password_hash, password)
    return Attempt(account, place, False, member.id, compared_with=password_hash, keep=keep)


def settle(attempt: Attempt) -> tuple[Verdict, Member | None]:
    """Count a failure or forget the earlier ones; the member comes back where the password was right.

    Many guesses sent at once were all compared before one was counted, so the count is asked again.
    """
    queries.hold_throttle()
    if attempt.must_wait or _must_wait(attempt.account, attempt.address):
        return Verdict.MUST_WAIT, None
    member = queries.member_by_id(attempt.member_id, lock=True) if attempt.member_id else None
    if member is None or member.password_hash != attempt.compared_with:
        _note_failure(attempt)
        return Verdict.WRONG, None
    forget_failures(attempt.account)
    if not member.is_active:
        return Verdict.SUSPENDED, None
    member.password_hash = attempt.keep
    return Verdict.RIGHT, member


def _must_wait(account: str, address: str) -> bool:
    now = utcnow()
    return rules.must_wait(queries.recent_failures(account, now), queries.recent_failures(address, now))


def _note_failure(attempt: Attempt) -> None:
    now = utcnow()
    db.session.execute(delete(FailedAttempt).where(FailedAttempt.failed_at <= now - rules.FAILURES_WINDOW))
    db.session.add_all(
        FailedAttempt(subject=subject, failed_at=now) for subject in (attempt.account, attempt.address)
    )


def forget_failures(*subjects: str) -> None:
    """Start counting failed attempts at these anew."""
    db.session.execute(delete(FailedAttempt).where(FailedAttempt.subject.in_(subjects)))


def open_session(member: Member) -> Member:
    """Begin a session of this member, ready to be handed to Flask-Login; those long unused are swept away."""
    now, token = utcnow(), secrets.token_urlsafe(32)
    db.session.execute(delete(MemberSession).where(MemberSession.used_at <= now - rules.SESSION_LIFETIME))
    db.session.add(
        MemberSession(member_id=member.id, token_hash=hash_token(token), created_at=now, used_at=now)
    )
    member.session_token = token  # type: ignore[misc]
    return member


def end_session(token: str) -> None:
    """End the one session that goes by this token."""
    db.session.execute(delete(MemberSession).where(MemberSession.token_hash == hash_token(token)))


def set_password(member: Member, password_hash: str, *, keep_session: str | None = None) -> None:
    """Give a member a new password: every session ends but the one with the token ``keep_session``.

    Links to set another die with it, and failed attempts are forgotten.
    """
    member.password_hash = password_hash
    ended = delete(MemberSession).where(MemberSession.member_id == member.id)
    if keep_session is not None:
        ended = ended.where(MemberSession.token_hash != hash_token(keep_session))
    db.session.execute(ended)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id == member.id))
    forget_failures(*(rules.account_subject(name) for name in (member.username, member.email) if name))
