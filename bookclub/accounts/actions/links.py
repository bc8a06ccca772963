"""Links that open a door: for the first organiser, for a new password, and invitations."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete

from ...extensions import begin_write, db, utcnow
from .. import queries, rules
from ..models import Club, Invitation, Member, OneTimeLink
from ..queries import hash_token


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
