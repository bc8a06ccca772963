"""Signed links in mails, by which a member does one thing without signing in."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from . import queries
from .models import Member


def sign_link(purpose: str, member: Member, subject: int | str) -> str:
    """Return a token by which this member can do what the purpose says, to this subject.

    It works until the member is suspended, leaves or changes their address; what else ends it is for the view
    of its purpose to decide.
    """
    return _signer(purpose).dumps([member.id, member.link_generation, subject])


def read_link(purpose: str, token: str, *, lock: bool = False) -> tuple[Member, int | str] | None:
    """Return the member whom a token was made for and its subject, or None if it does not work (any more).

    With ``lock`` nobody suspends the member until the transaction ends.
    """
    try:
        member_id, generation, subject = _signer(purpose).loads(token)
    except BadSignature:
        return None
    member = queries.member_by_id(member_id, lock=lock)
    if member is None or not member.is_active or member.link_generation != generation:
        return None
    return member, subject


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"link-{purpose}")
