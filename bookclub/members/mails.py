"""Mails about accounts: to confirm an address, to set a new password, and to invite somebody."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask import url_for

from ..extensions import db, utcnow
from ..hosts import full_address
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..mail_kinds import Draft, mail_kind, post
from . import actions, queries
from .invitation_urls import invitation_url
from .models import Invitation, Member
from .rules import fold_name


def post_confirmation(member: Member, now: datetime) -> bool:
    """Ask a member by mail to confirm their address.

    It goes at most once an hour, lest it pesters a stranger, and once more when mail was refused since.
    """
    return post(
        "confirm_address",
        cause=f"confirm_address {member.id} {_digest(member.email)} {member.mail_refusals} {_hour(now)}",
        address=member.email or "",
        member_id=member.id,
    )


def post_change_of_address(member: Member, before: str | None, now: datetime) -> None:
    """Ask a member to confirm their new address, and tell the old one."""
    post_confirmation(member, now)
    if before:
        post(
            "address_changed",
            cause=f"address_changed {member.id} {_digest(before)} {_digest(member.email)} {_hour(now)}",
            address=before,
            member_id=member.id,
        )


def post_password_link(member: Member, site: str) -> None:
    """Send a member a link that sets a new password."""
    seed = actions.make_mailed_link(member)
    post(
        "password_link",
        cause=f"password_link {seed}",
        address=member.email or "",
        member_id=member.id,
        site=site,
        seed=seed,
    )


def post_invitation(invitation: Invitation, email: str) -> None:
    """Send an invitation to the address that an organiser typed."""
    # A new invitation has no id yet.
    db.session.flush()
    post(
        "invitation",
        cause=f"invitation {invitation.id} {_digest(invitation.code)} {_digest(email)}",
        address=email,
        invitation_id=invitation.id,
    )


@mail_kind("confirm_address", urgent=True)
def confirm_address(member: Member) -> Draft | None:
    """Compose the mail with the link that confirms an address, until it is confirmed."""
    if member.email_confirmed_at is not None:
        return None
    link = full_address(url_for("confirmations.show", token=actions.sign_confirmation(member)))
    return Draft(_("Confirm your e-mail address"), {"link": link})


@mail_kind("address_changed", urgent=True, to_former_address=True)
def address_changed(member: Member) -> Draft:
    """Compose the mail that tells the old address of the new one, which it does not name."""
    return Draft(_("Your e-mail address was changed"), {})


@mail_kind("password_link", urgent=True, vital=True)
def password_link(member: Member, seed: str) -> Draft | None:
    """Compose the mail with a link that sets a new password, while that link works."""
    token = actions.derive_token(seed)
    link = queries.password_link(token)
    if link is None or link.member_id != member.id:
        return None
    address = full_address(url_for("password_links.show", token=token))
    return Draft(_("Set a new password"), {"link": address, "until": link.expires_at})


@mail_kind("invitation", urgent=True)
def invitation(_guest: None, invitation_id: int) -> Draft | None:
    """Compose an invitation, while it admits somebody and the organiser who made it is here."""
    found = queries.invitation_with_maker(invitation_id)
    if found is None or found.problem(utcnow()) or not found.created_by.is_active:
        return None
    organiser, club = found.created_by.display_name, queries.the_club().name
    subject = _("%(name)s invites you to %(club)s", name=isolated(organiser), club=isolated(club))
    until = {"link": invitation_url(found), "until": found.expires_at}
    return Draft(subject, {"organiser": organiser, **until})


def _digest(text: str | None) -> str:
    return sha256(fold_name(text or "").encode()).hexdigest()[:20]


def _hour(now: datetime) -> str:
    return f"{now:%Y-%m-%dT%H}"
