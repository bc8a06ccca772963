"""View in which a member answers a meeting."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..web import answer as respond
from ..web import current_viewer, invalid, load, the_member
from . import rsvp_actions, rsvp_queries, rsvp_rules
from .models import Meeting
from .pages import rsvps_for, show_meeting
from .rsvp_forms import RsvpForm

bp = Blueprint("rsvps", __name__)


@bp.post("/meetings/<int:meeting_id>/rsvp")
def answer(meeting_id: int) -> Response:
    """Say whether one comes to a meeting, with guests and a note."""
    form = RsvpForm()
    form.validate()
    # The meeting's row is locked, so that of two who take the last seat at once one waits.
    meeting, member, now = load(Meeting, meeting_id, to="answer"), the_member(), utcnow()
    own = rsvp_queries.own_rsvps(current_viewer(), [meeting.id]).get(meeting.id)
    form.complete(own)
    if not form.fits(meeting, own, rsvp_queries.seats_taken(meeting.id), now):
        return invalid(show_meeting(meeting, rsvp_form=form))
    rsvp = rsvp_actions.answer(
        meeting, member, form.rsvp.data or "", form.guests.data or 0, form.note.data or "", now
    )
    db.session.commit()
    return respond(
        "meetings/answer.htmx.html",
        otherwise=url_for("meetings.show", meeting_id=meeting.id, _anchor="rsvp"),
        words=rsvp_rules.said_text(rsvp.answer, has_seat=rsvp.has_seat),
        meeting=meeting,
        answers=rsvps_for(meeting, now),
    )
