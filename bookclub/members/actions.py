"""Changes to members: joining, roles, names, suspension and removal, and the links that let people in."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask import current_app
from itsdangerous import BadSignature, Signer, URLSafeSerializer, URLSafeTimedSerializer
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from ..extensions import begin_write, db, utcnow
from ..lib.text import confusables
from ..lib.text.characters import clean_line
from ..lib.text.confusables import name_keys
from ..lib.text.messages import gettext as _
from ..lib.text.messages import list_text
from ..lib.text.shown_text import typed
from ..wal import forget_at_once
from . import name_models, passwords, queries, rules
from .models import Acceptance, Club, Invitation, Member, OneTimeLink
from .queries import hash_token
from .rules import MembershipError, TakenError
from .sign_in import end_access


@dataclass(frozen=True)
class SignUpAccess:
    """The right to sign up. ``problem`` is a sentence that says why there is none, or None.

    ``is_guess`` says that the club does not know the link that was given. ``setup`` or ``invitation`` is
    the valid link, if any.
    """

    problem: str | None = None
    is_guess: bool = False
    setup: OneTimeLink | None = None
    invitation: Invitation | None = None

    @property
    def first_organiser(self) -> bool:
        return self.setup is not None


def door(club: Club, *, invite: str | None, setup: str | None, hold: bool = False) -> SignUpAccess:
    """Return the right of someone with these links, or none, to sign up.

    With ``hold`` the link is locked until the transaction ends, so that it admits no more people than it may.
    """
    if setup:
        link = queries.setup_link(setup, lock=hold)
        # An organiser may have been added from the command line since the link was made.
        if link is None or queries.active_organisers():
            return SignUpAccess(
                problem=_("This link has been used or has expired. Start the club again to print another."),
                is_guess=link is None,
            )
        return SignUpAccess(setup=link)
    problem: str | None = _("You need an invitation to join this club. Ask a member for a link.")
    is_guess = False
    if invite:
        code = verify_code(invite)
        invitation = queries.invitation_by_code(code, lock=hold) if code else None
        problem = (
            invitation.problem(utcnow()) if invitation else _("This invitation is not one of this club’s.")
        )
        is_guess = invitation is None
        if problem is None:
            return SignUpAccess(invitation=invitation)
    # In an open club a bad link shuts nobody out, but it counts as a guess all the same.
    return SignUpAccess(is_guess=is_guess, problem=None if club.sign_up == "open" else problem)


def make_setup_link() -> str | None:
    """Make the path at which the first organiser signs up, once, or return None if there is an organiser.

    Opens the writing transaction. Earlier links of this kind stop working.
    """
    begin_write()
    if queries.active_organisers():
        return None
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id.is_(None)))
    return f"/sign-up?setup={_create_one_time_token(None)}"


def make_password_link(member: Member) -> str:
    """Make the path at which this member sets a new password, once. Earlier ones stop working."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.member_id == member.id))
    return f"/sign-in/{_create_one_time_token(member.id)}"


def make_mailed_link(member: Member) -> str:
    """Make a link for a new password that is sent by mail; return the seed of its token.

    The seed is stored until the mail goes: without the secret key nobody can make the token from it. Links
    made earlier go on working, so that nobody can spoil a link by asking for another.
    """
    seed, now = secrets.token_hex(16), utcnow()
    of_member = OneTimeLink.member_id == member.id
    db.session.execute(delete(OneTimeLink).where(of_member, OneTimeLink.expires_at <= now))
    link = OneTimeLink(
        member_id=member.id,
        token_hash=hash_token(derive_token(seed)),
        created_at=now,
        expires_at=now + rules.MAILED_LINK_LIFETIME,
    )
    db.session.add(link)
    return seed


def derive_token(seed: str) -> str:
    """Return the token of a mailed link: the same each time, so that it need not be stored."""
    signer = Signer(current_app.secret_key or "", salt="mailed-link", digest_method=sha256)
    return signer.get_signature(seed).decode()


def _create_one_time_token(member_id: int | None) -> str:
    token = secrets.token_urlsafe(32)
    lifetime = rules.SETUP_LINK_LIFETIME if member_id is None else rules.PASSWORD_LINK_LIFETIME
    db.session.add(
        OneTimeLink(member_id=member_id, token_hash=hash_token(token), expires_at=utcnow() + lifetime)
    )
    return token


def sign_confirmation(member: Member) -> str:
    """Return the token that confirms a member's present address; it holds for three days."""
    return _confirmation_signer().dumps([member.id, member.email])


def confirmed_address(token: str) -> tuple[int, str] | None:
    """Return the member's id and the address that a token confirms; None for a wrong or old one."""
    try:
        said = _confirmation_signer().loads(token, max_age=int(rules.CONFIRMATION_LIFETIME.total_seconds()))
    except BadSignature:
        return None
    return (said[0], said[1])


def _confirmation_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="confirmation")


def invite(organiser: Member, *, days: int, uses: int, submission: str | None = None) -> Invitation:
    """Make an invitation that works for so many days and people.

    If this form (``submission``) has made the same invitation already, return that one.
    """
    sent = queries.invitation_sent(organiser.id, submission) if submission else None
    # Days are not stored, so they are compared as the time between making and expiry.
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
        # The form was sent before with other values, so its mark is taken, and this is another invitation.
        submission=None if sent else submission,
    )
    db.session.add(invitation)
    return invitation


def sign_code(code: str) -> str:
    """Return the signed code that an invitation's link holds.

    The secret key can make it again at any time, so it is not stored.
    """
    return _signer().dumps(code)


def verify_code(signed: str) -> str | None:
    """Return the code of an invitation's link, or None if this club did not make the link."""
    try:
        code = _signer().loads(signed)
    except BadSignature:
        return None
    return code if isinstance(code, str) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="invitation")


def change_role(member: Member, role: str) -> None:
    """Give a member another role. A member who is no longer an organiser loses their invitations.

    More rights end every session: a stolen copy of a member's cookie must not gain them. Fewer rights
    end none, as every request reads the role again.
    """
    # ROLES goes from the fewest rights to the most.
    if rules.ROLES.index(role) > rules.ROLES.index(member.role):
        end_access(member)
    member.role = role
    if not member.is_organiser:
        _withdraw_invitations(member)


def suspend(member: Member) -> None:
    """Shut a member out until the suspension is lifted. Sessions, links and invitations end at once.

    ``archive.departures.suspend()`` calls it, and stops what else belongs to the member.
    """
    member.suspended_at = utcnow()
    _revoke_access(member)


def lift_suspension(member: Member) -> None:
    """Let a member in again. Sessions, links and invitations that the suspension ended stay ended."""
    member.suspended_at = None


def remove(member: Member, by_id: int | None = None) -> None:
    """Make someone "a former member". Sessions, links and invitations end at once.

    ``by_id`` is the organiser who did it, or None if they left by themselves. ``archive.departures.leave()``
    calls it, and deletes what belongs to them alone.
    """
    _revoke_access(member)
    member.forget(utcnow())
    member.removed_by_id = by_id
    # On SQLite the write-ahead log would keep what was deleted for a while.
    forget_at_once()


def _revoke_access(member: Member) -> None:
    end_access(member)
    member.end_links()
    _withdraw_invitations(member)


def _withdraw_invitations(member: Member) -> None:
    db.session.execute(
        update(Invitation)
        .where(Invitation.created_by_id == member.id, Invitation.revoked_at.is_(None))
        .values(revoked_at=utcnow())
    )


def claim_older_names() -> None:
    """Let every member who holds no name yet hold theirs.

    Usernames come before display names, and members who joined first before others. A member whose display
    name is taken by then is shown with the username behind it.
    """
    members = queries.members_without_names(lock=True)
    connection = db.session.connection()
    for member in members:
        name_models.claim_keys(connection, member.id, name_keys(member.username))
    for member in members:
        name_models.claim_names(connection, member)


def join(
    username: str,
    email: str,
    password_hash: str | None,
    *,
    role: str = "member",
    door: SignUpAccess | None = None,
) -> Member:
    """Add a member. Raises TakenError if the username or the address is in use, even if two ask at once.

    A ``door`` must be held: someone who comes by the first organiser's link becomes organiser and uses the
    link up, and an invitation is counted.
    """
    if door and door.first_organiser:
        role = "organiser"
    # These checks say which field is wrong. If two people join at once, the constraints of the database
    # decide.
    if queries.is_username_taken(username):
        raise TakenError("username")
    if queries.is_name_held(confusables.name_keys(username)):
        # Somebody may have taken that very name between the two looks.
        raise TakenError("username", is_alike=not queries.is_username_taken(username))
    if queries.is_email_taken(email):
        raise TakenError("email")
    member = Member(display_name=username, password_hash=password_hash, role=role)
    member.rename(username)
    member.change_email(email)
    _save_member(member, email)
    # Another transaction may have claimed a similar name since the check above.
    if member.shares_name:
        raise TakenError("username", is_alike=True)
    if door and door.setup:
        db.session.delete(door.setup)
    if door and door.invitation:
        # The row is locked since door(hold=True), so no other guest is counted at the same time.
        door.invitation.uses += 1
        db.session.add(Acceptance(member_id=member.id, invitation_id=door.invitation.id))
    return member


def change_email(member: Member, email: str) -> None:
    """Give a member another address. Raises TakenError if it is in use."""
    if queries.is_email_taken(email, besides=member.id):
        raise TakenError("email")
    member.change_email(email)
    _save_member(member, email)


def change_display_name(member: Member, name: str) -> None:
    """Give a member another display name. Raises TakenError if it is too much like another member's.

    An unchanged name is not checked: members of an older Bookclub may share one.
    """
    if name == typed(member.own_name):
        return
    if queries.is_name_held(confusables.name_keys(name), besides=member.id):
        raise TakenError("display_name")
    # The flush claims the name (name_models.py), and finds out if someone else was quicker.
    member.display_name = name
    db.session.flush()
    if member.shares_name:
        raise TakenError("display_name")


def _save_member(member: Member, email: str) -> None:
    """Write a member to the database. Raises TakenError if someone else was a moment quicker."""
    try:
        # A savepoint keeps the transaction usable after the IntegrityError.
        with db.session.begin_nested():
            db.session.add(member)
            db.session.flush()
    except IntegrityError:
        # SQLite and PostgreSQL word this error differently, so a query finds out which of the two is taken.
        raise TakenError("email" if queries.is_email_taken(email) else "username") from None


def add_member(username: str, email: str, password: str | None, role: str = "member") -> Member:
    """Add a member from the command line. Without a password nobody can sign in until a link sets one.

    Opens the writing transaction. Raises MembershipError, whose text is a sentence, if anything is wrong.
    """
    username, email = clean_line(username), clean_line(email)
    problems = [rules.username_problem(username, trusted=True), rules.email_problem(email)]
    if role not in rules.ROLES:
        problems.append(
            _(
                "%(role)s is not a role: choose one of %(roles)s.",
                role=repr(role),
                roles=list_text(rules.ROLES, style="or"),
            )
        )
    if password is not None:
        problems.append(passwords.password_problem(password, username, email))
    for problem in problems:
        if problem:
            raise MembershipError(problem)
    # Hashing is slow, so it is done before the writing transaction opens.
    password_hash = None if password is None else passwords.hash_password(password)
    begin_write()
    return join(username, email, password_hash, role=role)
