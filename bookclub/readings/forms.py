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
from ..lib.matches.field_values import Refused
from ..lib.positions import contents as positions_contents
from ..lib.positions import places, progress
from ..lib.positions.contents import NO_CONTENTS, Contents
from ..lib.positions.measures import Measures
from ..lib.positions.places import PlaceError
from ..lib.text import limits
from ..lib.text.three_way_merge import write_digests
from . import rules
from .models import Reading
from .rules import OwnDetails, ProgressStrip

STATUSES = {
    "to_read": "To read",
    "reading": "Reading it",
    "finished": "Finished",
    "did_not_finish": "Did not finish",
}
RATINGS = {"": "No rating", **{f"{halves / 2:g}": f"{halves / 2:g} ★" for halves in range(10, 0, -1)}}
UNITS = {"percent": "%", "page": "page", "minute": "minutes", "section": "chapter finished"}
PRIVACY_CHOICES = {"0": "Everybody in the club", "1": "Only you"}
# Any other value makes a reading private, since one that nobody understands must not show it.
NOT_PRIVATE = ("", "0", "n", "no", "false", "off")
SEND_AGAIN = "Send yours again to keep it."


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


def typed_place(entry: str, unit: str, contents: Contents) -> str:
    """Return a typed place with its unit, as forms compare it; a chapter by its number."""
    section = contents.section(positions_contents.section_id_in(entry) or 0) if unit == "section" else None
    entry = str(section.number) if section else entry.strip()
    return f"{entry} {unit}" if entry else ""


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

    status = SelectField("Status", choices=STATUSES, validate_choice=False)
    position = StringField("How far you are", [Length(max=20)])
    position_unit = SelectField("Counted in", choices=UNITS, validate_choice=False)
    rating = SelectField("Your rating", choices=RATINGS, validate_choice=False)
    edition = SelectField("Your edition", choices={"": "Not said"}, validate_choice=False)
    length = StringField("Or the length of your own", [Length(max=10)])
    started_on = StringField("Started")
    finished_on = StringField("Finished")
    planned_month = StringField("Planned for")
    is_private = SelectField("Who sees it", choices=PRIVACY_CHOICES, validate_choice=False)
    notes = TextAreaField("Your notes")
    own_tags = StringField("Your own tags")
    confirmed = HiddenField()

    contents: Contents = NO_CONTENTS

    def read(self, measures: Measures, reading: Reading | None, today: date) -> SentReading | None:
        """Return what the form says about a book with these measures; None, with errors set, if invalid.

        ``reading`` is what was known before: a field that repeats it says nothing. ``today`` is the day in
        the reader's own time zone.
        """
        # An empty Reading, which is never added to the session, stands for no reading.
        before = reading or Reading(status="", mark=places.START)
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
        return self

    @property
    def complaint(self) -> str:
        """Everything that is wrong, in a sentence or two, with the values that were saved meanwhile."""
        found = [field.meanwhile.text for field in self if hasattr(field, "meanwhile")]
        if found:
            return (
                f"While you were on this page, this was saved: {', '.join(filter(None, found))}. "
                + SEND_AGAIN
            )
        return " ".join(str(error) for errors in self.errors.values() for error in errors)

    def describe(self, name: str) -> str:
        """Return the value of a field as its reader reads it."""
        if name != "position":
            return super().describe(name)
        if self.status.data == "finished":
            return "the end: it is finished"
        return f"{self.position.data} {UNITS[self.position_unit.data]}" if self.position.data else ""

    def rating_said(self) -> tuple[bool, int | None]:
        """Return whether a rating was sent, and its half stars. A wrong one sets an error."""
        if not self._is_sent("rating"):
            return False, None
        before = len(self.rating.errors)
        halves = self._read_field(self.rating, progress.rating_from)
        return len(self.rating.errors) == before, halves

    def leaps(self, said: SentReading, reading: Reading | None) -> bool:
        """Return whether the step is so long that the member must confirm it, and has not yet."""
        if said.status == "finished" or self.confirmed.data == "1" or reading is None:
            return False
        return progress.is_leap(reading.progress, said.position)

    def offer(self, measures: Measures) -> ReadingForm:
        """Return this form with the book's editions to choose from, and its contents."""
        self.contents = measures.contents
        known = {str(edition.id): edition.name for edition in measures.editions}
        self.edition.choices = [("", "Not said"), *known.items()]
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
            self._refuse(self.status, "Choose one of these.")
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
                culprit, lambda _: self._position(entry, unit, measures, before, said)
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
            raise PlaceError("That is not an edition of this book. Choose one of these.")
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
            self._refuse(self.finished_on, "You have not finished it. Say so above, or leave this empty.")
        elif after.status == "finished" and started_on and finished_on and finished_on < started_on:
            culprit = self.finished_on if changes.get("finished_on") else self.started_on
            self._refuse(culprit, "Nobody finishes a book before they start it. Look at the two days again.")

    def _read_field(self, field: Field, read: Callable[[str], Value]) -> Value | None:
        """Return what a field means; None, with its error set, if it makes no sense."""
        try:
            return read(field.data or "")
        except (PlaceError, Refused) as problem:
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
    if reading is None:
        return form
    form.status.data = reading.status
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
        form.position.data, form.position_unit.data = _typed(reading, measures)
    return form


def progress_strip(
    reading: Reading | None,
    measures: Measures,
    *,
    typed: str = "",
    unit: str = "",
    error: str = "",
    made_from: str | None = None,
) -> ProgressStrip:
    """Return the reader's progress for the strip, with what they have just typed and why it was refused.

    ``made_from`` is what the strip carries, or None for a strip that is made now.
    """
    if made_from is None:
        made_from = write_digests(_texts(reading, measures))
    if reading is None:
        return ProgressStrip(
            measures=measures, typed=typed, typed_unit=unit, error=error, made_from=made_from
        )
    return ProgressStrip(
        progress=reading.progress,
        times=reading.times,
        measures=measures,
        entry=reading.entry or "",
        unit=reading.entry_unit or "",
        edition_id=reading.edition_id,
        length=reading.length,
        length_unit=reading.length_unit or reading.entry_unit,
        planned_month=reading.planned_month,
        is_private=bool(reading.is_private),
        typed=typed,
        typed_unit=unit,
        error=error,
        made_from=made_from,
    )


def typed_day(day: date | None) -> str:
    """Return a day as the form writes it."""
    return day.isoformat() if day else ""


def _texts(reading: Reading | None, measures: Measures) -> dict[str, str]:
    """Return the fields that the strip can send, as the form compares them."""
    if reading is None:
        return {"status": next(iter(STATUSES)), "position": ""}
    has_place = reading.position is not None and reading.status != "finished"
    place = typed_place(*_typed(reading, measures), measures.contents) if has_place else ""
    return {"status": reading.status, "position": place}


def _typed(reading: Reading, measures: Measures) -> tuple[str, str]:
    """Return a reader's place as they typed it, a chapter by its number; otherwise its percentage."""
    unit, entry = reading.entry_unit or "percent", reading.entry
    if entry and unit == "section":
        section = measures.contents.section(positions_contents.section_id_in(entry) or 0)
        entry = str(section.number) if section else None
    if entry:
        return entry, unit
    return f"{(reading.position or 0) / 100:g}", "percent"
