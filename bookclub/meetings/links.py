"""Signed links by which a member answers a meeting without signing in."""

from __future__ import annotations

from flask import url_for

from ..extensions import utcnow
from ..hosts import full_address
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..members.signed_links import sign_link
from ..notices.events import ActionLink, on_mail
from ..notices.models import Notice
from .models import Meeting
from .queries import meetings_by_id

RSVP = "rsvp"


@on_mail
def link_to_answer(member: Member, notice: Notice) -> ActionLink | None:
    """Return the link by which a member answers the meeting of a notice, while it is to come."""
    meeting = meetings_by_id([notice.meeting_id]).get(notice.meeting_id) if notice.meeting_id else None
    if meeting is None or meeting.is_cancelled or meeting.starts_at <= utcnow():
        return None
    return ActionLink(_("Say whether you come, without signing in"), rsvp_url(member, meeting))


def rsvp_url(member: Member, meeting: Meeting) -> str:
    """Return the link by which this member answers a meeting, for a mail to them alone."""
    return full_address(url_for("rsvp_links.show", token=sign_link(RSVP, member, meeting.id)))
