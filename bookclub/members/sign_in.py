"""Sign-in: compare passwords, count failures, recognise browsers, begin and end sessions."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from flask import current_app
from itsdangerous import Signer
from sqlalchemy import delete, insert

from ..extensions import db, utcnow, write_if_free
from . import passwords, queries, rules
from .models import FailedAttempt, Member, MemberSession, OneTimeLink
from .queries import hash_token


def is_throttled(*subjects: str) -> bool:
    """Return whether the next attempt at one of these subjects must wait, after too many failures."""
    now = utcnow()
    return any(rules.must_wait(subject, queries.recent_failures(subject, now)) for subject in subjects)


def note_failure(*subjects: str) -> None:
    """Count a failed attempt at every subject, and delete those long past.

    The transaction must hold the throttle.
    """
    now = utcnow()
    earliest, latest = rules.failure_window(now)
    is_over = (FailedAttempt.failed_at <= earliest) | (FailedAttempt.failed_at >= latest)
    db.session.execute(delete(FailedAttempt).where(is_over))
    db.session.add_all(FailedAttempt(subject=subject, failed_at=now) for subject in subjects)


def note_guessed_link(address: str | None) -> None:
    """Count a link that this club never made, or that is used up, against the address that tried it.

    It has a transaction of its own, as links are followed by GET. It is not counted while someone writes:
    the tokens are far too long to be guessed.
    """
    subject = rules.address_subject(address)
    write_if_free(insert(FailedAttempt).values(subject=subject, failed_at=utcnow()))


def forget_failures(subject: str) -> None:
    """Delete the failed attempts at a subject, so that its count begins at zero again."""
    db.session.execute(delete(FailedAttempt).where(FailedAttempt.subject == subject))


# A family shares a browser. The member who signed in longest ago is forgotten first.
MOST_MEMBERS = 5


def find_nonce(cookie: str | None, member: Member | None) -> str | None:
    """Return the nonce by which a member knows a browser, or None if it never signed in to the account."""
    if member is None or member.password_hash is None:
        return None
    return next(
        (nonce for nonce, signature in _cookie_entries(cookie) if _is_signed_for(member, nonce, signature)),
        None,
    )


def cookie_with(cookie: str | None, member: Member) -> str:
    """Return the cookie of a browser in which a member has signed in. A nonce that is valid already stays."""
    nonce = find_nonce(cookie, member) or secrets.token_hex(16)
    others = cookie_without(cookie, member).split("~")
    return "~".join([f"{nonce}.{_sign(member, nonce)}", *filter(None, others)][:MOST_MEMBERS])


def cookie_without(cookie: str | None, member: Member) -> str:
    """Return the cookie without this member; empty if nobody is left."""
    return "~".join(
        f"{nonce}.{sign}"
        for nonce, sign in _cookie_entries(cookie)
        if not _is_signed_for(member, nonce, sign)
    )


def _cookie_entries(cookie: str | None) -> Iterator[tuple[str, str]]:
    # A browser can send any cookie, so the number of signatures to verify has a limit.
    for entry in (cookie or "").split("~", MOST_MEMBERS)[:MOST_MEMBERS]:
        nonce, _, signature = entry.partition(".")
        if nonce and signature and entry.isascii():
            yield nonce, signature


def _sign(member: Member, nonce: str) -> str:
    return _signer().get_signature(_signed_text(member, nonce)).decode()


def _is_signed_for(member: Member, nonce: str, signature: str) -> bool:
    return _signer().verify_signature(_signed_text(member, nonce), signature)


def _signed_text(member: Member, nonce: str) -> str:
    # With the password hash in it, a new password makes every browser unknown again.
    return f"{nonce} {member.id} {member.password_hash}"


def _signer() -> Signer:
    return Signer(current_app.secret_key or "", salt="known-browser", digest_method=sha256)


class Verdict(Enum):
    """The result of a password attempt."""

    RIGHT = "right"
    WRONG = "wrong"
    MUST_WAIT = "must wait"
    SUSPENDED = "suspended"


@dataclass(frozen=True)
class Attempt:
    """A password attempt, compared already and not yet counted.

    A failure counts at all ``subjects``: the account, the address, and the browser if the member knows it.
    Only what happened at the ``limits`` makes it wait: the browser, else the account and the address.
    ``member_id`` is None if the password was wrong. ``compared_with`` is the hash at that moment, and
    ``keep`` the hash to store after a success.
    """

    subjects: tuple[str, ...]
    limits: tuple[str, ...]
    must_wait: bool
    member_id: int | None = None
    compared_with: str | None = None
    keep: str | None = None


def try_password(name: str, password: str, address: str | None, known: str | None = None) -> Attempt:
    """Compare a password with that of the member called ``name``. Slow, and leaves no transaction open.

    ``known`` is the cookie of known browsers. An unknown name takes as long as a known one. Pass the result
    to ``settle_attempt()``.
    """
    member = queries.find_member(name)
    account = rules.account_subject(member.id) if member else rules.name_subject(name)
    nonce = find_nonce(known, member)
    return _compare_password(member, password, (account, rules.address_subject(address)), nonce)


def try_own_password(member: Member, password: str, address: str | None, known: str | None = None) -> Attempt:
    """Compare a password that a member typed while signed in. That alone makes their browser a known one."""
    nonce = find_nonce(known, member) or member.get_id()
    subjects = (rules.account_subject(member.id), rules.address_subject(address))
    return _compare_password(queries.member_by_id(member.id), password, subjects, nonce)


def _compare_password(
    member: Member | None, password: str, subjects: tuple[str, ...], nonce: str | None
) -> Attempt:
    # In a known browser only its own failures count, so a stranger who guesses elsewhere cannot lock the
    # member out.
    limits = (rules.browser_subject(nonce),) if nonce else subjects
    subjects = (*subjects, *limits) if nonce else subjects
    must_wait = is_throttled(*limits)
    # Comparing is slow, so no transaction stays open meanwhile.
    db.session.close()
    # A guess that has to wait is not compared at all, since that is slow on purpose.
    if must_wait:
        return Attempt(subjects, limits, must_wait=True)

    password_hash = member.password_hash if member else None
    if not passwords.verify_password(password_hash, password) or member is None or password_hash is None:
        return Attempt(subjects, limits, must_wait=False)
    keep = passwords.refresh_hash(password_hash, password)
    return Attempt(subjects, limits, False, member.id, compared_with=password_hash, keep=keep)


def settle_attempt(attempt: Attempt) -> tuple[Verdict, Member | None]:
    """Count a failure, or forget the earlier ones; return the member if the password was right.

    Many guesses sent at once were all compared before one was counted, so the count is checked again.
    Success in a known browser forgets that browser's failures alone: strangers still wait.
    """
    # A transaction that needs both locks the throttle before the member, so no two wait for each other.
    queries.hold_throttle()
    if attempt.must_wait or is_throttled(*attempt.limits):
        return Verdict.MUST_WAIT, None
    member = queries.member_by_id(attempt.member_id, lock=True) if attempt.member_id else None
    # The password may have changed since it was compared.
    if member is None or member.password_hash != attempt.compared_with:
        note_failure(*attempt.subjects)
        return Verdict.WRONG, None
    # The first limit is the browser or the account. Failures from the address stay: the right password of one
    # account must not allow more guesses at others.
    forget_failures(attempt.limits[0])
    # Only someone who knows the password learns of the suspension.
    if not member.is_active:
        return Verdict.SUSPENDED, None
    member.password_hash = attempt.keep
    return Verdict.RIGHT, member


def open_session(member: Member) -> Member:
    """Begin a session of this member, ready for Flask-Login; delete sessions that are long unused."""
    now, token = utcnow(), secrets.token_urlsafe(32)
    db.session.execute(delete(MemberSession).where(MemberSession.used_at <= now - rules.SESSION_KEPT))
    if now >= member.joined_at:  # Otherwise the clock is behind, and cannot correct anything.
        for ahead in queries.sessions_used_after(now + rules.VISIT_NOTED_EVERY):
            ahead.used_at = rules.last_use(ahead.used_at, now)
    # The session of a member who was here at seen_at cannot be older than that, even if the clock says so.
    used_at = rules.last_use(member.seen_at, now)
    db.session.add(
        MemberSession(member_id=member.id, token_hash=hash_token(token), created_at=now, used_at=used_at)
    )
    # It is declared as a ClassVar so that SQLAlchemy maps it to no column.
    member.session_token = token  # type: ignore[misc]
    return member


def end_session(token: str) -> None:
    """End the one session with this token."""
    db.session.execute(delete(MemberSession).where(MemberSession.token_hash == hash_token(token)))


def end_access(member: Member) -> None:
    """End every session of a member, in every browser, and every link that sets their password.

    Call it for every change that a copied cookie must not survive: another password or address, more
    rights, suspension.
    """
    db.session.execute(delete(MemberSession).where(MemberSession.member_id == member.id))
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id == member.id))


def renew_session(member: Member) -> Member:
    """End all access of a member, and begin a session under a new token for this browser."""
    end_access(member)
    return open_session(member)


def set_password(member: Member, password_hash: str) -> None:
    """Give a member a new password. All access ends, and failed attempts are forgotten."""
    member.password_hash = password_hash
    end_access(member)
    forget_failures(rules.account_subject(member.id))
