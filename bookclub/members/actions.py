"""Links that open a door: for the first organiser, for a new password, and invitations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ..extensions import begin_write, db, utcnow
from ..lib.text import confusables
from ..lib.text.confusables import name_keys
from ..text_columns import typed
from ..wal import forget_at_once
from . import name_claims, passwords, queries, rules
from .models import Acceptance, Club, Invitation, Member, OneTimeLink
from .queries import hash_token
from .rules import Refused, Taken
from .sign_in import end_access


@dataclass(frozen=True)
class Door:
    """The way by which someone joins; ``problem`` says in words why it is shut.

    ``is_guess`` says that the link that was brought is none, as far as the club can tell.
    """

    problem: str | None = None
    is_guess: bool = False
    setup: OneTimeLink | None = None
    invitation: Invitation | None = None

    @property
    def first_organiser(self) -> bool:
        return self.setup is not None


def door(club: Club, *, invite: str | None, setup: str | None, hold: bool = False) -> Door:
    """The door at which somebody stands who brings these links, or none.

    With ``hold`` the link is held until the transaction ends, so that it lets in as many as it may.
    """
    if setup:
        link = queries.setup_link(setup, lock=hold)
        if link is None or queries.active_organisers():
            return Door(
                problem="This link has been used, or it has run out. Start the club again to print another.",
                is_guess=link is None,
            )
        return Door(setup=link)
    problem: str | None = "One joins this club by invitation. Ask somebody in it for a link."
    is_guess = False
    if invite:
        code = code_of(invite)
        invitation = queries.invitation_by_code(code, lock=hold) if code else None
        problem = invitation.problem(utcnow()) if invitation else "This invitation is not one of this club's."
        is_guess = invitation is None
        if problem is None:
            return Door(invitation=invitation)
    return Door(is_guess=is_guess, problem=None if club.sign_up == "open" else problem)


def setup_link() -> str | None:
    """The path at which the first organiser signs up, once; None where there is an organiser already.

    Opens the writing transaction. Earlier links of this kind work no more.
    """
    begin_write()
    if queries.active_organisers():
        return None
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id.is_(None)))
    return f"/sign-up?setup={_one_time_token(None)}"


def password_link(member: Member) -> str:
    """The path at which this member sets a new password, once. Earlier ones work no more."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id == member.id))
    return f"/sign-in/{_one_time_token(member.id)}"


def _one_time_token(member_id: int | None) -> str:
    token = secrets.token_urlsafe(32)
    lifetime = rules.SETUP_LINK_LIFETIME if member_id is None else rules.PASSWORD_LINK_LIFETIME
    db.session.add(
        OneTimeLink(member_id=member_id, token_hash=hash_token(token), expires_at=utcnow() + lifetime)
    )
    return token


def invite(organiser: Member, *, days: int, uses: int, submission: str | None = None) -> Invitation:
    """An invitation, good for so many days and people: a new one, unless this form made it already."""
    sent = queries.invitation_sent(organiser.id, submission) if submission else None
    if sent and (sent.max_uses, sent.expires_at - sent.created_at) == (uses, timedelta(days=days)):
        return sent
    now = utcnow()
    invitation = Invitation(
        code=secrets.token_hex(16),
        created_by_id=organiser.id,
        created_at=now,
        expires_at=now + timedelta(days=days),
        max_uses=uses,
        uses=0,
        submission=None if sent else submission,
    )
    db.session.add(invitation)
    return invitation


def sign_code(code: str) -> str:
    """What stands in an invitation's link. It can be made again at any time, but only with the secret key."""
    return _signer().dumps(code)


def code_of(signed: str) -> str | None:
    """The code of an invitation's link; None where this club never made it."""
    try:
        code = _signer().loads(signed)
    except BadSignature:
        return None
    return code if isinstance(code, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="invitation")


def change_role(member: Member, role: str) -> None:
    """Give a member another role. Someone who is an organiser no longer invites nobody any more.

    More rights end every session: they are not for whoever holds a copy of a member's cookie. Fewer rights
    end none, as every request reads the role again.
    """
    if rules.ROLES.index(role) > rules.ROLES.index(member.role):
        end_access(member)
    member.role = role
    if not member.is_organiser:
        _withdraw_invitations(member)


def suspend(member: Member) -> None:
    """Shut a member out until the suspension is lifted; sessions, links and invitations die at once.

    exports.actions.suspend() calls it, and stops what else is theirs.
    """
    member.suspended_at = utcnow()
    _shut_out(member)


def lift_suspension(member: Member) -> None:
    """Let a member in again. What died with the suspension stays dead."""
    member.suspended_at = None


def remove(member: Member, by_id: int | None = None) -> None:
    """Make somebody "a former member"; sessions, links and invitations die at once.

    ``by_id`` is the organiser who did it, None where they left by themselves. exports.actions.leave() calls
    it, and clears what is theirs alone.
    """
    _shut_out(member)
    member.forget(utcnow())
    member.removed_by_id = by_id
    forget_at_once()


def _shut_out(member: Member) -> None:
    end_access(member)
    _withdraw_invitations(member)


def _withdraw_invitations(member: Member) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.created_by_id == member.id, Invitation.revoked_at.is_(None))
        .values(revoked_at=utcnow())
    )


def claim_older_names() -> None:
    """Let every member who holds no name yet hold theirs: usernames first, then by who joined first.

    Whose display name is somebody else's by then is shown with the username behind it.
    """
    members = queries.members_without_names(lock=True)
    connection = db.session.connection()
    for member in members:
        name_claims.hold(connection, member.id, name_keys(member.username))
    for member in members:
        name_claims.claim_names(connection, member)


def join(
    username: str,
    email: str,
    password_hash: str | None,
    *,
    role: str = "member",
    door: Door | None = None,
) -> Member:
    """A new member. Raises Taken where the username or the address is in use, also when two ask at once.

    A ``door`` must be held: whoever comes by the first organiser's link becomes that and uses it up,
    and an invitation is counted.
    """
    if door and door.first_organiser:
        role = "organiser"
    if queries.name_taken(username):
        raise Taken("username")
    if queries.names_held(confusables.name_keys(username)):
        raise Taken("username", is_alike=True)
    if queries.email_taken(email):
        raise Taken("email")
    member = Member(display_name=username, password_hash=password_hash, role=role)
    member.rename(username)
    member.change_email(email)
    _write_down(member, email)
    if member.shares_name:
        raise Taken("username", is_alike=True)
    if door and door.setup:
        db.session.delete(door.setup)
    if door and door.invitation:
        door.invitation.uses += 1
        db.session.add(Acceptance(member_id=member.id, invitation_id=door.invitation.id))
    return member


def change_email(member: Member, email: str) -> None:
    """Give a member another address. Raises Taken where it is in use."""
    if queries.email_taken(email, besides=member.id):
        raise Taken("email")
    member.change_email(email)
    _write_down(member, email)


def change_display_name(member: Member, name: str) -> None:
    """Give a member another display name. Raises Taken where it is too much like another member's.

    One that stays as it was is not looked at: there may be two of before.
    """
    if name == typed(member.own_name):
        return
    if queries.names_held(confusables.name_keys(name), besides=member.id):
        raise Taken("display_name")
    member.display_name = name
    db.session.flush()
    if member.shares_name:
        raise Taken("display_name")


def _write_down(member: Member, email: str) -> None:
    """Write a member down. Raises Taken where somebody was quicker by a moment."""
    try:
        with db.session.begin_nested():
            db.session.add(member)
            db.session.flush()
    except IntegrityError:
        raise Taken("email" if queries.email_taken(email) else "username") from None


def add_member(username: str, email: str, password: str | None, role: str = "member") -> Member:
    """A new member from the command line; without a password nobody can sign in until a link sets one.

    Opens the writing transaction. Raises Refused, whose text is a sentence, for whatever is not right.
    """
    username, email = rules.tidy(username), rules.tidy(email)
    problems = [rules.username_problem(username, trusted=True), rules.email_problem(email)]
    if role not in rules.ROLES:
        problems.append(f"{role!r} is not a role: choose one of {', '.join(rules.ROLES)}.")
    if password is not None:
        problems.append(passwords.password_problem(password, username, email))
    for problem in problems:
        if problem:
            raise Refused(problem)
    password_hash = None if password is None else passwords.hash_password(password)
    begin_write()
    return join(username, email, password_hash, role=role)
