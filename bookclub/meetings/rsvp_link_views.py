"""Views in which a member answers a meeting by a signed link, without signing in."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import gettext as _
from ..members.link_access import abort_as_over, member_of_link
from ..members.models import Member
from ..web import READS, keep_address_secret, open_by_link
from . import queries, rsvp_actions, rsvp_queries
from .links import RSVP
from .models import Meeting
from .rsvp_forms import RsvpForm
from .rsvp_link_pages import rsvp_of, show_rsvp_link

bp = Blueprint("rsvp_links", __name__)


@bp.get("/rsvp-links/<token>")
@open_by_link
def show(token: str) -> Response:
    """Show the form for the answer. It changes nothing: programs that read mails follow links."""
    now = utcnow()
    member, meeting = meeting_of_link(token, now)
    return show_rsvp_link(meeting, member, now)


@bp.post("/rsvp-links/<token>")
@open_by_link
def answer(token: str) -> Response:
    """Say whether the link's member comes, with guests and a note."""
    form, now = RsvpForm(meta={"csrf": False}), utcnow()
    form.validate()
    member, meeting = meeting_of_link(token, now)
    own = rsvp_of(meeting, member)
    form.complete(own)
    if not form.fits(meeting, own, rsvp_queries.seats_taken(meeting.id), now):
        return show_rsvp_link(meeting, member, now, form, 422)
    rsvp_actions.answer(
        meeting, member, form.rsvp.data or "", form.guests.data or 0, form.note.data or "", now
    )
    db.session.commit()
    # The page says what was saved, also to a browser that keeps no cookies.
    return keep_address_secret(redirect(url_for(".show", token=token), 303))


def meeting_of_link(token: str, now: datetime) -> tuple[Member, Meeting]:
    """Return the link's member and meeting, locked if the request writes. Aborts once the link has ended."""
    member, meeting_id = member_of_link(RSVP, token)
    meeting = queries.meeting_to_act_on(int(meeting_id), lock=request.method not in READS)
    if meeting is None:
        abort_as_over(_("The meeting was called off."), url_for("meetings.index"))
    page = url_for("meetings.show", meeting_id=meeting.id)
    if meeting.is_cancelled:
        abort_as_over(_("The meeting was cancelled: %(reason)s", reason=meeting.cancel_reason or ""), page)
    if meeting.ends_at <= now:
        abort_as_over(_("The meeting is over."), page)
    return member, meeting
