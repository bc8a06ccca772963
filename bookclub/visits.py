"""Visits of members: when they were last here, and whether their browser stays signed in."""

from __future__ import annotations

from datetime import datetime

from flask import current_app, request, session
from flask_login import decode_cookie

from .members.models import Member, MemberSession
from .members.queries import note_visit
from .members.rules import visit


def note_page(member: Member, used: MemberSession, now: datetime) -> None:
    """Note that a member asked for a page, if there is something to note."""
    if now < member.joined_at:
        return  # The server has started with a clock that was never set.
    noted = visit(member.seen_at, member.new_since, now)
    if noted is None:
        return
    note_visit(member, used, *noted)
    if noted[1] != member.new_since and is_remembered(member):
        session["_remember"] = "set"  # The cookie lasts for a year from the last visit, as the session does.
    member.seen_at, member.new_since = noted


def is_remembered(member: Member) -> bool:
    """Return whether this browser keeps the member's session after it is closed."""
    kept = request.cookies.get(current_app.config["REMEMBER_COOKIE_NAME"])
    return kept is not None and decode_cookie(kept) == member.get_id()
