"""How far a member is in a book, and how many stars they give it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import Length

from . import rules
from .models import Reading

STATUSES = {
    "to_read": "To read",
    "reading": "Reading it",
    "finished": "Finished",
    "did_not_finish": "Did not finish",
}
RATINGS = {"": "No rating", **{f"{halves / 2:g}": f"{halves / 2:g} ★" for halves in range(10, 0, -1)}}
UNITS = {"percent": "%", "page": "page"}


@dataclass(frozen=True)
class Said:
    """What a form said: None where it did not mention something."""

    status: str | None
    position: int | None
    entry: str | None
    entry_unit: str | None


class ReadingForm(FlaskForm):
    """What one member says of one book. Fields that are not sent are left alone."""

    status = SelectField("Status", choices=STATUSES, validate_choice=False)
    position = StringField("How far you are", [Length(max=20)])
    position_unit = SelectField("Counted in", choices=UNITS, validate_choice=False)
    rating = SelectField("Your rating", choices=RATINGS, validate_choice=False)

    def read(self, pages: int | None) -> Said | None:
        """What was said, given the book's length in pages; None where it makes no sense, with errors set."""
        status = self._status()
        entry = (self.position.data or "").strip()
        position = None
        # A form that says "finished" may still hold the place from before: finished is the end.
        if entry and status != "finished":
            position = self._position(entry, pages)
        if self.errors:
            return None
        return Said(status, position, entry or None, self.position_unit.data or "percent")

    def rating_said(self) -> tuple[bool, int | None]:
        """Whether a rating was sent, and the half stars that it means. A wrong one sets an error."""
        if "rating" not in request.form:
            return False, None
        try:
            return True, rules.rating_from(self.rating.data or "")
        except rules.PlaceError as problem:
            self.rating.errors = [*self.rating.errors, str(problem)]
            return False, None

    def _status(self) -> str | None:
        status = self.status.data if "status" in request.form else None
        if status and status not in rules.STATUSES:
            self.status.errors = [*self.status.errors, "Choose one of these."]
        return status or None

    def _position(self, entry: str, pages: int | None) -> int | None:
        try:
            if (self.position_unit.data or "percent") == "percent":
                return rules.from_percent(entry)
            if self.position_unit.data == "page":
                return rules.from_page(entry, pages)
            raise rules.PlaceError("Give your place as a percentage or a page.")
        except rules.PlaceError as problem:
            self.position.errors = [*self.position.errors, str(problem)]
            return None


def reading_form_for(reading: Reading | None) -> ReadingForm:
    """The form as the book page shows it, filled with what is known."""
    form = ReadingForm(formdata=None)
    if reading is None:
        return form
    form.status.data = reading.status
    form.rating.data = f"{reading.rating / 2:g}" if reading.rating else ""
    form.position_unit.data = reading.entry_unit or "percent"
    if reading.position is not None:
        form.position.data = reading.entry or f"{reading.position / 100:g}"
    if reading.status == "finished":
        form.position_unit.data, form.position.data = "percent", "100"
    return form
