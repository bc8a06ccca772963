"""View in which a member answers a meeting."""

from __future__ import annotations

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from ..extensions import db, utcnow
from ..lib.text.messages import lazy_gettext
from ..members.forms import add_error
from ..web import answer as respond
from ..web import current_viewer, invalid, load, the_member
from . import rsvp_actions, rsvp_queries, rsvp_rules
from .models import Meeting
from .pages import rsvps_for, show_meeting
from .rsvp_forms import RsvpForm

bp = Blueprint("rsvps", __name__)

SAID = {
    "yes": lazy_gettext("You’re coming. See you there!"),
    "waits": lazy_gettext(
        "All seats are taken. You are on the waiting list, and we’ll tell you when one is free."
    ),
    "maybe": lazy_gettext("You might come."),
    "no": lazy_gettext("You can’t come."),
}


@bp.post("/meetings/<int:meeting_id>/rsvp")
def answer(meeting_id: int) -> Response:
    """Say whether one comes to a meeting, with guests and a note."""
    form = RsvpForm()
    fits = form.validate_on_submit()
    # The meeting's row is locked, so that of two who take the last seat at once one waits.
    meeting, member, now = load(Meeting, meeting_id, to="answer"), the_member(), utcnow()
    own = rsvp_queries.own_rsvps(current_viewer(), [meeting.id]).get(meeting.id)
    said = form.rsvp.data or ""
    is_late = rsvp_rules.is_closed(meeting.answer_until, meeting.time_zone, meeting.starts_at, now)
    if fits and is_late and said != "no":
        add_error(form.rsvp, rsvp_rules.lateness_problem(meeting.answer_until))
    guests = own.guests if own and not form.guests.raw_data else form.guests.data or 0
    note = own.note if own and not form.note.raw_data else form.note.data
    taken = rsvp_queries.seats_taken(meeting.id)
    if own and own.has_seat and said == "yes":
        free = rsvp_rules.free_seats(meeting.seats, taken)
        problem = rsvp_rules.guests_problem(guests - own.guests, free)
        if problem:
            add_error(form.guests, problem)
    if form.errors:
        return invalid(show_meeting(meeting, rsvp_form=form))
    rsvp = rsvp_actions.answer(meeting, member, said, guests, note, now)
    db.session.commit()
    words = SAID["waits" if said == "yes" and not rsvp.has_seat else said]
    return respond(
        "meetings/answer.htmx.html",
        otherwise=url_for("meetings.show", meeting_id=meeting.id, _anchor="rsvp"),
        words=str(words),
        meeting=meeting,
        answers=rsvps_for(meeting, now),
    )
