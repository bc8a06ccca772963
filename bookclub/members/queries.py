"""Queries for the club, members, sessions, invitations, one-time links and failed attempts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import bindparam, func, or_, select, true, update
from sqlalchemy.orm import joinedload, selectinload

from ..extensions import db, utcnow, write_if_free
from ..permissions import loads
from .models import IS_ABSENT, Acceptance, Club, FailedAttempt, Invitation, Member, MemberSession, OneTimeLink
from .name_models import MemberName
from .rules import LINK_SLACK, SESSION_LIFETIME, USERNAME, failure_window, fold_name, last_use

# PostgreSQL stores no larger key, and raises an error for one. An address may hold any number.
LARGEST_KEY = 2**31 - 1
MEMBERS_PER_PAGE = 100
INVITATIONS_PER_PAGE = 50
MOST_SUGGESTED = 6


def hash_token(token: str) -> str:
    """Return the SHA-256 hash under which a random token is stored.

    The token has 256 random bits, so a plain hash without salt is enough.
    """
    return sha256(token.encode()).hexdigest()


# The club and the member who asks


def the_club() -> Club:
    """Return the club's own settings."""
    return db.session.execute(select(Club)).scalar_one()


@loads(Club)
def club_by_id(key: int, *, lock: bool) -> Club | None:
    """Return the club, which is row 1."""
    query = select(Club).where(Club.id == key)
    if lock:
        query = query.with_for_update(key_share=True, of=Club)
    return db.session.execute(query).scalar_one_or_none()


def session_with_owner(token: str) -> tuple[Club, Member, MemberSession] | None:
    """Return the club, the member and the session of a token, or None, in one statement.

    Sessions not used for SESSION_LIFETIME, and those of members who are suspended or gone, do not count.
    """
    parameters = {"token_hash": hash_token(token), "since": utcnow() - SESSION_LIFETIME}
    row = db.session.execute(_WHO_ASKS, parameters).one_or_none()
    return (row[0], row[1], row[2]) if row else None


# Every request of a member begins with this statement, so it is built once.
_WHO_ASKS = (
    select(Club, Member, MemberSession)
    .select_from(MemberSession)
    .join(MemberSession.member)
    # The club is one row, so this adds its columns to each session and spares a statement.
    .join(Club, true())
    .where(
        MemberSession.token_hash == bindparam("token_hash"),
        Member.suspended_at.is_(None),
        Member.removed_at.is_(None),
        MemberSession.used_at > bindparam("since"),
    )
)


def sessions_used_after(moment: datetime) -> Sequence[MemberSession]:
    """Return the sessions that were last used after a moment."""
    return db.session.execute(select(MemberSession).where(MemberSession.used_at > moment)).scalars().all()


def note_visit(member: Member, session: MemberSession, seen_at: datetime, new_since: datetime) -> None:
    """Store that a member was here, unless another transaction is writing just now."""
    used_at = last_use(session.used_at, seen_at)
    write_if_free(
        # Another request may have stored this visit meanwhile; then its times stay.
        update(Member)
        .where(Member.id == member.id, Member.seen_at == member.seen_at)
        .values(seen_at=seen_at, new_since=new_since),
        update(MemberSession).where(MemberSession.id == session.id).values(used_at=used_at),
    )


# Members


@loads(Member)
def member_by_username(username: str, *, lock: bool) -> Member | None:
    """Return a member by username, in any case, even one who has been removed."""
    # A path can hold any text, even a NUL, for which PostgreSQL raises an error.
    if not USERNAME.fullmatch(username):
        return None
    # key_share lets other transactions insert rows that refer to the member, while this one holds it.
    query = select(Member).where(Member.username_key == fold_name(username))
    if lock:
        query = query.with_for_update(key_share=True, of=Member)
    return db.session.execute(query).scalar_one_or_none()


def member_by_id(member_id: int, *, lock: bool = False) -> Member | None:
    """Return a member by id."""
    query = select(Member).where(Member.id == member_id)
    if lock:
        query = query.with_for_update(key_share=True, of=Member)
    return db.session.execute(query).scalar_one_or_none()


def find_member(name: str) -> Member | None:
    """Return the member with this username or e-mail address, unless they have left."""
    # A username cannot contain "@", so at most one member matches.
    key = fold_name(name)
    return db.session.execute(
        select(Member).where(
            or_(Member.username_key == key, Member.email_key == key), Member.removed_at.is_(None)
        )
    ).scalar_one_or_none()


def member_by_email(email: str) -> Member | None:
    """Return the member with this e-mail address, in any case."""
    return db.session.execute(select(Member).where(Member.email_key == fold_name(email))).scalar_one_or_none()


def is_name_held(keys: Iterable[str], besides: int | None = None) -> bool:
    """Return whether a member other than ``besides`` holds one of these keys of names."""
    # A name has several keys, and each alone makes it too much like another.
    found = select(MemberName.member_id).where(MemberName.key.in_(set(keys)))
    if besides is not None:
        found = found.where(MemberName.member_id != besides)
    return db.session.execute(found).first() is not None


def members_without_names(*, lock: bool = False) -> Sequence[Member]:
    """Return the members who hold no name, in the order in which they joined.

    They joined under an older Bookclub, in which members held no names.
    """
    holders = select(MemberName.member_id)
    query = select(Member).where(Member.removed_at.is_(None), Member.id.not_in(holders)).order_by(Member.id)
    return db.session.execute(query.with_for_update() if lock else query).scalars().all()


def suggest_members(beginning: str) -> Sequence[Member]:
    """Return the first few members whose username or name begins with this text, by username."""
    key = fold_name(beginning)
    if not key:
        return ()
    begins = or_(
        Member.username_key.startswith(key, autoescape=True),
        func.lower(Member.display_name).startswith(key, autoescape=True),
    )
    statement = select(Member).where(~IS_ABSENT, begins).order_by(Member.username_key).limit(MOST_SUGGESTED)
    return db.session.execute(statement).scalars().all()


def members_named(usernames: Collection[str]) -> Sequence[Member]:
    """Return the members with these usernames, in any case, who are here."""
    if not usernames:
        return ()
    keys = {fold_name(username) for username in usernames}
    statement = select(Member).where(Member.username_key.in_(keys), ~IS_ABSENT).order_by(Member.id)
    return db.session.execute(statement).scalars().all()


def present_members() -> Sequence[Member]:
    """Return all members who are here, by username."""
    return db.session.execute(select(Member).where(~IS_ABSENT).order_by(Member.username_key)).scalars().all()


def present_usernames() -> Sequence[str]:
    """Return the usernames of all members who are here."""
    return db.session.execute(select(Member.username).where(~IS_ABSENT)).scalars().all()


def is_username_taken(username: str) -> bool:
    """Return whether a member has this username, in any case."""
    found = select(Member.id).where(Member.username_key == fold_name(username))
    return db.session.execute(found).first() is not None


def is_email_taken(email: str, besides: int | None = None) -> bool:
    """Return whether a member other than the one with id ``besides`` uses this address."""
    found = select(Member.id).where(Member.email_key == fold_name(email))
    if besides is not None:
        found = found.where(Member.id != besides)
    return db.session.execute(found).first() is not None


def members_after(username_key: str) -> tuple[Sequence[Member], str | None]:
    """Return a page of the members by username, after this key, and the key of the next page or None."""
    # An invalid key shows the first page.
    if not USERNAME.fullmatch(username_key):
        username_key = ""
    page = (
        db.session.execute(
            select(Member)
            .where(Member.removed_at.is_(None), Member.username_key > username_key)
            .order_by(Member.username_key)
            # One more than a page shows whether there is another page.
            .limit(MEMBERS_PER_PAGE + 1)
        )
        .scalars()
        .all()
    )
    more = len(page) > MEMBERS_PER_PAGE
    page = page[:MEMBERS_PER_PAGE]
    return page, page[-1].username_key if more else None


def active_organisers(*, lock: bool = False) -> list[int]:
    """Return the ids of the organisers who are neither suspended nor removed.

    With ``lock`` they are held until the transaction ends, so that two organisers who demote each other
    at the same moment do so one after the other. Lock them before any other member: in one order
    everywhere, no two transactions wait for each other.
    """
    query = (
        select(Member.id)
        .where(Member.role == "organiser", Member.suspended_at.is_(None), Member.removed_at.is_(None))
        .order_by(Member.id)
    )
    if lock:
        # The rows are locked in the order of their ids, the same in every transaction.
        query = query.with_for_update(key_share=True)
    return list(db.session.execute(query).scalars())


# Invitations and one-time links


@loads(Invitation)
def invitation_by_id(key: int, *, lock: bool) -> Invitation | None:
    """Return an invitation by id."""
    if key > LARGEST_KEY:
        return None
    query = select(Invitation).where(Invitation.id == key)
    if lock:
        query = query.with_for_update(key_share=True, of=Invitation)
    return db.session.execute(query).scalar_one_or_none()


def invitation_with_maker(key: int) -> Invitation | None:
    """Return an invitation by id, with the organiser who made it."""
    query = select(Invitation).where(Invitation.id == key).options(joinedload(Invitation.created_by))
    return db.session.execute(query).scalar_one_or_none()


def invitation_by_code(code: str, *, lock: bool = False) -> Invitation | None:
    """Return the invitation that a link names.

    ``lock`` holds it until the transaction ends, so that its uses are counted one by one.
    """
    query = select(Invitation).where(Invitation.code == code)
    if lock:
        query = query.with_for_update(key_share=True, of=Invitation)
    return db.session.execute(query).scalar_one_or_none()


def invitation_sent(organiser_id: int, submission: str) -> Invitation | None:
    """Return the invitation that this form of an organiser has made already."""
    by_form = (Invitation.created_by_id == organiser_id, Invitation.submission == submission)
    return db.session.execute(select(Invitation).where(*by_form)).scalar_one_or_none()


def invitations_before(key: int | None) -> tuple[Sequence[Invitation], int | None]:
    """Return a page of the invitations, newest first, and the key of the next page or None.

    Each comes with the member who made it and those who joined by it.
    """
    query = (
        select(Invitation)
        .options(
            joinedload(Invitation.created_by),
            selectinload(Invitation.acceptances).joinedload(Acceptance.member),
        )
        .order_by(Invitation.id.desc())
        # One more than a page shows whether there is another page.
        .limit(INVITATIONS_PER_PAGE + 1)
    )
    if key is not None:
        query = query.where(Invitation.id < min(key, LARGEST_KEY))
    page = db.session.execute(query).scalars().all()
    more = len(page) > INVITATIONS_PER_PAGE
    page = page[:INVITATIONS_PER_PAGE]
    return page, page[-1].id if more else None


def setup_link(token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the link that sets up the first organiser, unless it has expired."""
    return _one_time_link(token, lock=lock, for_member=False)


def password_link(token: str, *, lock: bool = False) -> OneTimeLink | None:
    """Return the link that sets a member's new password, unless it has expired."""
    return _one_time_link(token, lock=lock, for_member=True)


def _one_time_link(token: str, *, lock: bool, for_member: bool) -> OneTimeLink | None:
    now = utcnow()
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == hash_token(token),
        OneTimeLink.expires_at > now,
        # A link from the future was made while a clock ran ahead, and would last too long.
        OneTimeLink.created_at <= now + LINK_SLACK,
        # A link for a password must not make anyone the first organiser, nor the other way round.
        OneTimeLink.member_id.is_not(None) if for_member else OneTimeLink.member_id.is_(None),
    )
    if lock:
        query = query.with_for_update()
    return db.session.execute(query).scalar_one_or_none()


def recent_failures(subject: str, now: datetime) -> int:
    """Count the recent failed sign-ins for an account, from an address or in a known browser."""
    # Old rows may still be there: they are deleted only when the next failure is noted.
    earliest, latest = failure_window(now)
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
    """Lock the count of failures until the transaction ends.

    Failures are counted one after the other: a hundred guesses sent at once must not all find nine.
    """
    # Every club has this one row, so it serves as the lock.
    db.session.execute(select(Club.id).with_for_update(key_share=True))
