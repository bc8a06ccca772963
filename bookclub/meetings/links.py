"""Signed links by which a member answers a meeting without signing in."""

from __future__ import annotations

from flask import url_for

from ..hosts import full_address
from ..members.models import Member
from ..members.signed_links import sign_link
from .models import Meeting

RSVP = "rsvp"


def rsvp_url(member: Member, meeting: Meeting) -> str:
    """Return the link by which this member answers a meeting, for a mail to them alone."""
    return full_address(url_for("rsvp_links.show", token=sign_link(RSVP, member, meeting.id)))
