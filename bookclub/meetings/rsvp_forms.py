"""Form for a member's answer to a meeting."""

from __future__ import annotations

from datetime import datetime

from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, Length, NumberRange, Optional

from ..forms import BaseForm
from ..lib.text.messages import lazy_gettext
from ..members.forms import LineField, add_error, refuse_spoilers
from . import rsvp_rules
from .models import Meeting, Rsvp


class RsvpForm(BaseForm):
    """An answer with its guests and a note. What is not sent stays as it is."""

    rsvp = StringField(
        lazy_gettext("Your answer"),
        [AnyOf(rsvp_rules.ANSWERS, lazy_gettext("Say yes, maybe or no."))],
    )
    guests = IntegerField(
        lazy_gettext("Guests you bring"),
        [
            Optional(),
            NumberRange(0, rsvp_rules.MOST_GUESTS, lazy_gettext("Type a number from %(min)d to %(max)d.")),
        ],
    )
    note = LineField(
        lazy_gettext("A note"),
        [
            Length(max=rsvp_rules.LONGEST_NOTE, message=lazy_gettext("Use at most %(max)d characters.")),
            refuse_spoilers,
        ],
    )

    def complete(self, own: Rsvp | None) -> None:
        """Take guests and note from the member's present answer if they were not sent."""
        if own and not self.guests.raw_data:
            self.guests.data = own.guests
        if own and not self.note.raw_data:
            self.note.data = own.note

    def fits(self, meeting: Meeting, own: Rsvp | None, taken: int, now: datetime) -> bool:
        """Return True if a meeting with so many seats taken can have this answer; otherwise add the errors.

        Fields have been validated, and ``own`` is the member's answer so far.
        """
        said = self.rsvp.data
        is_late = rsvp_rules.is_closed(meeting.answer_until, meeting.time_zone, meeting.starts_at, now)
        if is_late and said != "no" and not self.errors:
            add_error(self.rsvp, rsvp_rules.lateness_problem(meeting.answer_until))
        if own and own.has_seat and said == "yes":
            free = rsvp_rules.free_seats(meeting.seats, taken)
            problem = rsvp_rules.guests_problem((self.guests.data or 0) - own.guests, free)
            if problem:
                add_error(self.guests, problem)
        return not self.errors


def rsvp_form_for(rsvp: Rsvp | None) -> RsvpForm:
    """Return the form as the page of a meeting shows it."""
    form = RsvpForm(formdata=None)
    form.guests.data, form.note.data = (rsvp.guests, rsvp.note) if rsvp else (0, "")
    return form
