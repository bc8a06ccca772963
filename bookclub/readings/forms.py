"""The form for a reading: progress, rating, dates, notes and own tags."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from flask import request
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from ..edit_forms import EditForm, Latest
from ..forms import choices_of
from ..lib.matches.field_values import FieldError
from ..lib.positions import contents as positions_contents
from ..lib.positions import places, progress
from ..lib.positions.contents import NO_CONTENTS, Contents
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, PlaceError
from ..lib.text import limits
from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext
from . import rules
from .models import Reading
from .rules import OwnDetails
from .strip_forms import progress_strip, typed_entry, typed_place

STATUSES = {
    "to_read": lazy_gettext("Want to read"),
    "reading": lazy_gettext("Reading it"),
    "finished": lazy_gettext("Finished"),
    "did_not_finish": lazy_gettext("Did not finish"),
}
RATINGS = choices_of(
    {"": lazy_gettext("No rating"), **{f"{halves / 2:g}": f"{halves / 2:g} ★" for halves in range(10, 0, -1)}}
)
UNITS = {
    "percent": "%",
    "page": lazy_gettext("page"),
    "minute": lazy_gettext("minutes"),
    "section": lazy_gettext("chapter finished"),
}
PRIVACY_CHOICES = {"0": lazy_gettext("Everybody in the club"), "1": lazy_gettext("Only you")}
# Any other value makes a reading private, since one that nobody understands must not show it.
NOT_PRIVATE = ("", "0", "n", "no", "false", "off")


@dataclass(frozen=True)
class SentReading:
    """Values that a form sent; None for a field that was not sent.

    ``changes`` are the other columns of a Reading that it changed.
    """

    status: str | None = None
    position: int | None = None
    entry: str | None = None
    entry_unit: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    own_tags: tuple[str, ...] | None = None


def length_text(reading: Reading) -> str:
    """Return a reader's own length as the form writes it: "352" for pages, "7:32" for hours."""
    if not reading.length:
        return ""
    if reading.own_length("minute"):
        return f"{reading.length // 60}:{reading.length % 60:02}"
    return str(reading.length)


Value = TypeVar("Value")


class ReadingForm(EditForm):
    """One member's reading of one book. Fields that are not sent, and those in ``kept``, stay as they are."""

    # "Finished" and "at 50 %" contradict each other, so a status and a place count as one statement.
    together = (("status", "position"),)
    aside = frozenset({"position_unit"})

    # The size limit of the request: notes, and tags each with a comma and a space after it.
    characters = limits.MAX_NOTES + rules.MAX_OWN_TAGS * (rules.MAX_OWN_TAG + 2)

    status = SelectField(lazy_gettext("Status"), choices=choices_of(STATUSES), validate_choice=False)
    position = StringField(lazy_gettext("How far you are"), [Length(max=20)])
    position_unit = SelectField(lazy_gettext("Counted in"), choices=choices_of(UNITS), validate_choice=False)
    rating = SelectField(lazy_gettext("Your rating"), choices=RATINGS, validate_choice=False)
    edition = SelectField(
        lazy_gettext("Your edition"),
        choices=choices_of({"": lazy_gettext("Not said")}),
        validate_choice=False,
    )
    length = StringField(lazy_gettext("Or its length"), [Length(max=10)])
    started_on = StringField(lazy_gettext("Started"))
    finished_on = StringField(lazy_gettext("Finished"))
    planned_month = StringField(lazy_gettext("Planned for"))
    is_private = SelectField(
        lazy_gettext("Who can see it"), choices=choices_of(PRIVACY_CHOICES), validate_choice=False
    )
    notes = TextAreaField(lazy_gettext("Your notes"))
    own_tags = StringField(lazy_gettext("Your own tags"))
    # Set by a one-tap button, which asks before it opens much.
    tap = HiddenField()

    contents: Contents = NO_CONTENTS

    def read(self, measures: Measures, reading: Reading | None, today: date) -> SentReading | None:
        """Return what the form says about a book with these measures; None, with errors set, if invalid.

        ``reading`` is what was known before: a field that repeats it says nothing. ``today`` is the day in
        the reader's own time zone.
        """
        # An empty Reading, which is never added to the session, stands for no reading.
        before = reading or Reading(status=None, mark=places.START)
        status, changes = self._status(), self._changes(measures, before, today)
        said = self._add_position(
            SentReading(status, changes=changes, own_tags=self._own_tags()), measures, before
        )
        says_more = said.status or said.position is not None or self.rating.data
        if reading is None and not says_more and {"notes", "own_tags"} & request.form.keys():
            # A member who only writes notes or tags has not started the book.
            said = replace(said, status="to_read")
        if not self.errors:
            self._check_days(said, before, today)
        return None if self.errors else said

    def text_of(self, name: str, field: Field) -> str:
        """Return a place with its unit, or tags in sorted order, so that different spellings are equal."""
        if name == "position":
            return typed_place(field.data or "", self.position_unit.data or "percent", self.contents)
        if name == "own_tags":
            return ", ".join(sorted(part.strip() for part in (field.data or "").split(",") if part.strip()))
        return super().text_of(name, field)

    def fits_in(self, reading: Reading | None, fresh: ReadingForm) -> bool:
        """Merge with the form made from the present values, if there are any. Return False if they clash."""
        if reading is None or self.errors:
            return not self.errors
        is_merged = self.merge(fresh, Latest(when=reading.changed_at))
        # The unit is no field of its own in the merge, so it follows the place that was kept.
        if "position" in self.kept:
            self.position_unit.data = fresh.position_unit.data
        return is_merged

    def complete(self, fresh: ReadingForm) -> ReadingForm:
        """Fill in the fields that were not sent, so that the whole form can be shown. Return the form."""
        for each in self:
            if each.short_name not in request.form and each.short_name in fresh.edited_fields():
                each.data = fresh[each.short_name].data
        # The unit belongs to the position, so both come from the same source.
        if "position" not in request.form:
            self.position_unit.data = fresh.position_unit.data
        self.status.choices = fresh.status.choices
        return self

    @property
    def complaint(self) -> str:
        """Everything that is wrong, in a sentence or two, with the values that were saved meanwhile."""
        found = [str(field.meanwhile.text) for field in self if hasattr(field, "meanwhile")]
        if found:
            return _(
                "While you were on this page, this was saved: %(values)s. Send yours again to keep it.",
                values=", ".join(filter(None, found)),
            )
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def describe(self, name: str) -> str:
        """Return the value of a field as its reader reads it."""
        if name != "position":
            return super().describe(name)
        if self.status.data == "finished":
            return _("the end: it is finished")
        return f"{self.position.data} {UNITS[self.position_unit.data]}" if self.position.data else ""

    def rating_said(self) -> tuple[bool, int | None]:
        """Return whether a rating was sent, and its half stars. A wrong one sets an error."""
        if not self._is_sent("rating"):
            return False, None
        before = len(self.rating.errors)
        halves = self._read_field(self.rating, progress.rating_from)
        return len(self.rating.errors) == before, halves

    def leaps(self, said: SentReading, reading: Reading | None) -> bool:
        """Return whether one tap would move the member so far ahead that they are asked first.

        A place that was typed is what they say it is.
        """
        if not self.tap.data or reading is None:
            return False
        return progress.is_leap(reading.progress, END if said.status == "finished" else said.position)

    def offer(self, measures: Measures) -> ReadingForm:
        """Return this form with the book's editions to choose from, and its contents."""
        self.contents = measures.contents
        known = {str(edition.id): edition.name for edition in measures.editions}
        self.edition.choices = [("", _("Not said")), *known.items()]
        return self

    def _is_sent(self, name: str) -> bool:
        """Return whether a field was sent and should be written."""
        return name in request.form and name not in self.kept

    def _status(self) -> str | None:
        status = self.status.data if self._is_sent("status") else None
        if status == "finished" and "position" in self.changed and "status" not in self.changed:
            # A member who types a place and leaves "Finished" as the form had it takes "Finished" back.
            return None
        if status and status not in progress.STATUSES:
            self._refuse(self.status, _("Choose one of these."))
        return status or None

    def _add_position(self, said: SentReading, measures: Measures, before: Reading) -> SentReading:
        """Return what was said, with the position that it means."""
        entry = (self.position.data or "").strip() if self._is_sent("position") else ""
        unit = self.position_unit.data or "percent"
        # A form that says "finished" may still carry the place from before, which then counts for nothing.
        if said.status == "finished" or self.position.errors:
            return said
        if entry:
            position = self._read_field(
                self.position, lambda typed: self._position(typed, unit, measures, before, said)
            )
            if position is None:
                return said
            if unit == "section":
                entry = f"section-{positions_contents.section_from(entry, measures.contents).id}"
            return replace(said, position=position, entry=entry, entry_unit=unit)
        if said.changes.keys() & {"edition_id", "length"} and before.entry and before.position is not None:
            # The same page is another position in another printing.
            entry, unit = before.entry, before.entry_unit or "percent"
            culprit = self.length if "length" in said.changes else self.edition
            position = self._read_field(
                culprit, lambda unused: self._position(entry, unit, measures, before, said)
            )
            if position not in (None, before.position):
                return replace(said, position=position, entry=entry, entry_unit=unit)
        return said

    def _position(self, entry: str, unit: str, measures: Measures, before: Reading, said: SentReading) -> int:
        edition_id = said.changes.get("edition_id", before.edition_id)
        if "length" in said.changes:
            # A length that was just typed counts only in its own unit.
            own = said.changes["length"] if said.changes["length_unit"] == unit else None
        else:
            own = before.own_length(unit)
        return measures.position(unit, entry, edition_id=edition_id, length=own)

    def _changes(self, measures: Measures, before: Reading, today: date) -> dict[str, Any]:
        """Return the columns that were sent and differ from before."""
        sent: dict[str, Any] = {}
        for name, read in (
            ("started_on", lambda typed: progress.day_from(typed, today)),
            ("finished_on", lambda typed: progress.day_from(typed, today)),
            ("planned_month", progress.month_from),
            ("is_private", lambda typed: typed.strip().lower() not in NOT_PRIVATE),
            ("notes", rules.notes_from),
        ):
            self._read_into(sent, name, name, read)
        self._read_into(sent, "edition", "edition_id", lambda typed: self._edition(typed, measures))
        if self._is_sent("length") and (self.length.data or "").strip() != length_text(before):
            length = self._read_field(
                self.length, lambda typed: progress.length_from(typed, self._length_unit())
            )
            sent["length"], sent["length_unit"] = length or (None, None)
        known = {name: getattr(before, name) for name in sent}
        # In a Reading that was never stored, these columns do not have their defaults yet.
        known["is_private"], known["notes"] = bool(before.is_private), before.notes or ""
        return {name: value for name, value in sent.items() if value != known[name]}

    def _own_tags(self) -> tuple[str, ...] | None:
        """Return the reader's own tags, or None if they were not sent."""
        if not self._is_sent("own_tags"):
            return None
        return self._read_field(self.own_tags, rules.own_tags_from)

    def _read_into(self, sent: dict[str, Any], name: str, column: str, read: Callable[[str], Any]) -> None:
        if self._is_sent(name) and not self[name].errors:
            sent[column] = self._read_field(self[name], read)

    def _length_unit(self) -> str:
        return "minute" if self.position_unit.data == "minute" else "page"

    def _edition(self, typed: str, measures: Measures) -> int | None:
        if not typed:
            return None
        chosen = next((edition for edition in measures.editions if str(edition.id) == typed), None)
        if chosen is None:
            raise PlaceError(_("That is not an edition of this book. Choose one of these."))
        return chosen.id

    def _check_days(self, said: SentReading, before: Reading, today: date) -> None:
        """Refuse an end before the start, and an end of a book that is not finished."""
        changes = said.changes
        if not changes.keys() & {"started_on", "finished_on"} and said.status is None:
            return
        status = said.status or ("reading" if said.position is not None else before.status or "reading")
        after = progress.move(before.progress if before.status else None, status, said.position)
        times = progress.update_times(before.times, before.progress if before.status else None, after, today)
        started_on = changes.get("started_on", times.started_on)
        finished_on = changes.get("finished_on", times.finished_on)
        if changes.get("finished_on") and after.status in ("to_read", "reading") and not after.again:
            self._refuse(
                self.finished_on,
                _("You have not finished it yet. Choose “Finished” above, or leave this empty."),
            )
        elif after.status == "finished" and started_on and finished_on and finished_on < started_on:
            culprit = self.finished_on if changes.get("finished_on") else self.started_on
            self._refuse(
                culprit, _("The day you finished is before the day you started. Check the two days.")
            )

    def _read_field(self, field: Field, read: Callable[[str], Value]) -> Value | None:
        """Return what a field means; None, with its error set, if it makes no sense."""
        try:
            return read(field.data or "")
        except (PlaceError, FieldError) as problem:
            self._refuse(field, str(problem))
            return None

    def _refuse(self, field: Field, why: str) -> None:
        field.errors = [*field.errors, why]


NO_MEASURES = Measures()
NOTHING_OWN = OwnDetails()


def reading_form_for(
    reading: Reading | None, measures: Measures = NO_MEASURES, own: OwnDetails = NOTHING_OWN
) -> ReadingForm:
    """Return the form as the book page shows it, filled with what is known."""
    form = ReadingForm(formdata=None).offer(measures)
    form.position_unit.data = progress_strip(reading, measures).default_unit
    if reading is None or reading.status is None:
        # A member who has not said how far they are need not say it to change something else.
        form.status.choices = [("", _("Not said")), *STATUSES.items()]
    if reading is None:
        return form
    form.status.data = reading.status or ""
    form.rating.data = f"{reading.rating / 2:g}" if reading.rating else ""
    form.edition.data = str(reading.edition_id or "")
    form.length.data = length_text(reading)
    form.started_on.data = typed_day(reading.started_on)
    form.finished_on.data = typed_day(reading.finished_on)
    form.planned_month.data = reading.planned_month or ""
    form.notes.data, form.own_tags.data = reading.notes, ", ".join(own.tags)
    form.is_private.data = "1" if reading.is_private else "0"
    # A reader who has finished is at the end: a place left in the form would contradict them when they read
    # the book again.
    if reading.position is not None and reading.status != "finished":
        form.position.data, form.position_unit.data = typed_entry(reading, measures)
    return form


def typed_day(day: date | None) -> str:
    """Return a day as the form writes it."""
    return day.isoformat() if day else ""
