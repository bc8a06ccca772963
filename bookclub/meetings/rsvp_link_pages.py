"""The page on which a member answers a meeting by a signed link.

It shows no name and no answer of anybody else, and of books only what calendars hold, too: whoever has the
mail can open it.
"""

from __future__ import annotations

from datetime import datetime

from werkzeug.wrappers import Response

from ..lib.positions.visibility import Viewer
from ..members.link_access import page_of
from ..members.models import Member
from . import rsvp_queries, rsvp_rules
from .models import Meeting, Rsvp
from .pages import entries_of
from .rsvp_forms import RsvpForm, rsvp_form_for


def show_rsvp_link(
    meeting: Meeting, member: Member, now: datetime, form: RsvpForm | None = None, status: int = 200
) -> Response:
    """Return the page with the member's own answer, and the form as it was sent or with that answer."""
    own = rsvp_of(meeting, member)
    taken = rsvp_queries.seats_taken(meeting.id)
    return page_of(
        "meetings/rsvp_link.html",
        status,
        entry=entries_of([meeting], now)[0],
        whose=member,
        own=own,
        said=rsvp_rules.said_text(own.answer, has_seat=own.has_seat) if own else "",
        form=form or rsvp_form_for(own),
        is_closed=rsvp_rules.is_closed(meeting.answer_until, meeting.time_zone, meeting.starts_at, now),
        free=rsvp_rules.free_seats(meeting.seats, taken),
    )


def rsvp_of(meeting: Meeting, member: Member) -> Rsvp | None:
    """Return a member's answer to a meeting so far."""
    return rsvp_queries.own_rsvps(Viewer(member.id), [meeting.id]).get(meeting.id)
