"""The form as a page shows it, and where its reader stands: what is known, filled in."""

from __future__ import annotations

from datetime import date

from ...merges import write_digests
from .. import rules
from ..models import Reading
from ..rules import Measures, Own, Standing
from .reading import ReadingForm
from .texts import STATUSES, length_text, place_text

NO_MEASURES = Measures()
NOTHING_OWN = Own()


def reading_form_for(
    reading: Reading | None, measures: Measures = NO_MEASURES, own: Own = NOTHING_OWN
) -> ReadingForm:
    """The form as the book page shows it, filled with what is known."""
    form = ReadingForm(formdata=None).offer(measures)
    form.position_unit.data = standing_of(reading, measures).default_unit
    if reading is None:
        return form
    form.status.data = reading.status
    form.rating.data = f"{reading.rating / 2:g}" if reading.rating else ""
    form.edition.data = str(reading.edition_id or "")
    form.length.data = length_text(reading)
    form.started_on.data = day_text(reading.started_on)
    form.finished_on.data = day_text(reading.finished_on)
    form.planned_month.data = reading.planned_month or ""
    form.notes.data, form.own_tags.data = reading.notes, ", ".join(own.tags)
    form.is_private.data = "1" if reading.is_private else "0"
    # Who has finished is at the end: a place left in the form would contradict them when they read again.
    if reading.position is not None and reading.status != "finished":
        form.position.data, form.position_unit.data = _typed(reading, measures)
    return form


def standing_of(
    reading: Reading | None,
    measures: Measures,
    *,
    typed: str = "",
    unit: str = "",
    error: str = "",
    made_from: str | None = None,
) -> Standing:
    """The reader's progress for the strip, with what they have just typed and why it was refused.

    ``made_from`` is what the strip carries, None for one that is made now.
    """
    if made_from is None:
        made_from = write_digests(_texts(reading, measures))
    if reading is None:
        return Standing(measures=measures, typed=typed, typed_unit=unit, error=error, made_from=made_from)
    return Standing(
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


def day_text(day: date | None) -> str:
    """A day as the form writes it."""
    return day.isoformat() if day else ""


def _texts(reading: Reading | None, measures: Measures) -> dict[str, str]:
    """The part of the form that the strip can send, as the form is compared by it."""
    if reading is None:
        return {"status": next(iter(STATUSES)), "position": ""}
    has_place = reading.position is not None and reading.status != "finished"
    place = place_text(*_typed(reading, measures), measures.contents) if has_place else ""
    return {"status": reading.status, "position": place}


def _typed(reading: Reading, measures: Measures) -> tuple[str, str]:
    """A reader's place as they typed it, with a chapter by its number; else its percentage."""
    unit, entry = reading.entry_unit or "percent", reading.entry
    if entry and unit == "section":
        section = measures.contents.section(rules.section_of(entry) or 0)
        entry = str(section.number) if section else None
    if entry:
        return entry, unit
    return f"{(reading.position or 0) / 100:g}", "percent"
