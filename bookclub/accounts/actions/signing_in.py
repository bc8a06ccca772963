"""Signing in: a password is compared, failures are counted, a session begins or ends."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import delete

from ...extensions import db, utcnow
from .. import attempts, queries, rules
from ..models import Member, MemberSession, OneTimeLink
from ..queries import hash_token
from . import known_browsers, passwords, throttle


class Verdict(Enum):
    """What came of a password."""

    RIGHT = "right"
    WRONG = "wrong"
    MUST_WAIT = "must wait"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Attempt:
    """A password that was tried, and compared already.

    A failure counts at all ``subjects``: the account, the address, and the browser where it is known to the
    member. Only what happened at the ``limits`` makes it wait: the browser, else the account and the address.
    ``member_id`` is None where the password was wrong.
    """

    subjects: tuple[str, ...]
    limits: tuple[str, ...]
    must_wait: bool
    member_id: int | None = None
    compared_with: str | None = None
    keep: str | None = None


def try_password(name: str, password: str, address: str | None, known: str | None = None) -> Attempt:
    """Compare a password with that of the member called ``name``. Slow, and leaves no transaction open.

    ``known`` is the cookie of known browsers. An unknown name takes as long as a known one. Give the result
    to ``settle()``.
    """
    member = queries.member_called(name)
    account = rules.account_subject(member.id) if member else rules.name_subject(name)
    nonce = known_browsers.nonce_in(known, member)
    return _compare(member, password, (account, rules.address_subject(address)), nonce)


def try_own_password(member: Member, password: str, address: str | None, known: str | None = None) -> Attempt:
    """Compare a password that a member typed while signed in. Their browser is known by that alone."""
    nonce = known_browsers.nonce_in(known, member) or member.get_id()
    subjects = (rules.account_subject(member.id), rules.address_subject(address))
    return _compare(queries.member_by_id(member.id), password, subjects, nonce)


def _compare(member: Member | None, password: str, subjects: tuple[str, ...], nonce: str | None) -> Attempt:
    limits = (rules.browser_subject(nonce),) if nonce else subjects
    subjects = (*subjects, *limits) if nonce else subjects
    must_wait = throttle.must_wait(*limits)
    db.session.close()
    if must_wait:
        return Attempt(subjects, limits, must_wait=True)

    password_hash = member.password_hash if member else None
    if not passwords.matches(password_hash, password) or member is None or password_hash is None:
        return Attempt(subjects, limits, must_wait=False)
    keep = passwords.rehashed(password_hash, password)
    return Attempt(subjects, limits, False, member.id, compared_with=password_hash, keep=keep)


def settle(attempt: Attempt) -> tuple[Verdict, Member | None]:
    """Count a failure or forget the earlier ones; the member comes back where the password was right.

    Many guesses sent at once were all compared before one was counted, so the count is asked again. Success
    in a known browser forgets that browser's failures alone: strangers go on waiting.
    """
    attempts.hold_throttle()
    if attempt.must_wait or throttle.must_wait(*attempt.limits):
        return Verdict.MUST_WAIT, None
    member = queries.member_by_id(attempt.member_id, lock=True) if attempt.member_id else None
    if member is None or member.password_hash != attempt.compared_with:
        throttle.note_failure(*attempt.subjects)
        return Verdict.WRONG, None
    throttle.forget_failures(attempt.limits[0])
    if not member.is_active:
        return Verdict.SUSPENDED, None
    member.password_hash = attempt.keep
    return Verdict.RIGHT, member


def open_session(member: Member) -> Member:
    """Begin a session of this member, ready to be handed to Flask-Login; those long unused are swept away."""
    now, token = utcnow(), secrets.token_urlsafe(32)
    db.session.execute(delete(MemberSession).where(MemberSession.used_at <= now - rules.SESSION_KEPT))
    if now >= member.joined_at:  # Else the clock is behind, and its word is worth nothing.
        for ahead in queries.sessions_used_after(now + rules.VISIT_NOTED_EVERY):
            ahead.used_at = rules.last_use(ahead.used_at, now)
    # Who was here before cannot have signed in long ago, whatever the clock says.
    used_at = rules.last_use(member.seen_at, now)
    db.session.add(
        MemberSession(member_id=member.id, token_hash=hash_token(token), created_at=now, used_at=used_at)
    )
    member.session_token = token  # type: ignore[misc]
    return member


def end_session(token: str) -> None:
    """End the one session that goes by this token."""
    db.session.execute(delete(MemberSession).where(MemberSession.token_hash == hash_token(token)))


def end_access(member: Member) -> None:
    """End every session of a member, in whatever browser, and every link that sets their password.

    For whatever a copy of a cookie must not outlive: another password or address, more rights, suspension.
    """
    db.session.execute(delete(MemberSession).where(MemberSession.member_id == member.id))
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id == member.id))


def renew_session(member: Member) -> Member:
    """End all access of a member, and begin a session under a new token for the browser that asked."""
    end_access(member)
    return open_session(member)


def set_password(member: Member, password_hash: str) -> None:
    """Give a member a new password. All access ends, and failed attempts are forgotten."""
    member.password_hash = password_hash
    end_access(member)
    throttle.forget_failures(rules.account_subject(member.id))
