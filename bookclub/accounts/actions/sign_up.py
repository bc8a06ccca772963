"""Joining: a new member, by whatever road, under a name and an address that nobody else has."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from ...extensions import begin_write, db
from ...renderings import typed
from .. import queries, rules
from ..models import Acceptance, Member
from ..rules import Refused, Taken
from . import passwords
from .links import Door


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
    if queries.names_held(rules.name_keys(username)):
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
    if queries.names_held(rules.name_keys(name), besides=member.id):
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
