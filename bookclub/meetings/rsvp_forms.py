"""Form for a member's answer to a meeting."""

from __future__ import annotations

from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, Length, NumberRange, Optional

from ..forms import BaseForm
from ..lib.text.messages import lazy_gettext
from ..members.forms import LineField, refuse_spoilers
from . import rsvp_rules
from .models import Rsvp


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


def rsvp_form_for(rsvp: Rsvp | None) -> RsvpForm:
    """Return the form as the page of a meeting shows it."""
    form = RsvpForm(formdata=None)
    form.guests.data, form.note.data = (rsvp.guests, rsvp.note) if rsvp else (0, "")
    return form
