"""Form for a date poll."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import Field, IntegerField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange

from ..forms import OnceForm
from ..lib.text.confusables import is_visible
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from ..meetings.rules import LONGEST_MEETING, LONGEST_TITLE, USUAL_LENGTH
from ..members.forms import LineField, add_error, refuse, refuse_spoilers, time_zone_choices
from . import rules

TOO_LONG = lazy_gettext("Use at most %(max)d characters.")


class DatePollForm(OnceForm):
    """Form for a new date poll. ``proposed`` are its times, once it is found valid."""

    characters = rules.LONGEST_TIMES

    title = LineField(
        lazy_gettext("Title"),
        [
            DataRequired(lazy_gettext("Type a title for the meeting.")),
            Length(max=LONGEST_TITLE, message=TOO_LONG),
            refuse_spoilers,
        ],
    )
    times = TextAreaField(lazy_gettext("Times"), [Length(max=rules.LONGEST_TIMES, message=TOO_LONG)])
    time_zone = SelectField(lazy_gettext("Time zone"), validate_choice=False)
    minutes = IntegerField(
        lazy_gettext("Length in minutes"),
        [NumberRange(1, LONGEST_MEETING, lazy_gettext("A meeting lasts from %(min)d to %(max)d minutes."))],
    )

    def __init__(self, zone: str, **bound: Any) -> None:
        self.proposed: list[rules.ProposedTime] = []
        super().__init__(data={"time_zone": zone, "minutes": USUAL_LENGTH}, **bound)
        self.time_zone.choices = {"UTC": "UTC", **time_zone_choices()}

    def validate_title(self, field: Field) -> None:
        refuse(None if is_visible(field.data) else _("Type a title that can be seen."))

    def validate_time_zone(self, field: SelectField) -> None:
        known = {"UTC", *(name for names in time_zone_choices().values() for name in names)}
        if field.data not in known:
            # What was sent is shown again.
            field.choices = {field.data: field.data, "UTC": "UTC", **time_zone_choices()}
            refuse(_("Choose a time zone from the list."))

    def fits(self, now: datetime) -> bool:
        """Return whether the form is valid at this moment; otherwise errors stand beside the fields."""
        fits = self.validate()
        # Times mean nothing in a zone that is unknown.
        if not self.times.errors and not self.time_zone.errors:
            zone = str(self.time_zone.data)
            self.proposed, problems = rules.read_times(self.times.data or "", zone, now)
            for problem in problems:
                add_error(self.times, problem)
        return fits and not self.errors
