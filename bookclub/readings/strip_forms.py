"""The progress strip: what a reader typed, and the digests of the form that it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import session

from ..extensions import utcnow
from ..lib.positions import contents as positions_contents
from ..lib.positions.contents import Contents
from ..lib.positions.measures import Measures
from ..lib.text.three_way_merge import write_digests
from .models import Reading
from .rules import ProgressStrip

# The key in the session of a browser, and how long a change can be taken back by one tap.
UNDO = "undo"
UNDO_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class ProgressUndo:
    """The last change of a reader's progress: the place before it, and when it was made."""

    was: dict[str, Any]
    moved_at: datetime


def remember_undo(reading: Reading, was: dict[str, Any], moved_at: datetime) -> None:
    """Remember in this browser how to take back the change that was just made."""
    session[UNDO] = {
        "member": reading.member_id,
        "book": reading.book_id,
        "was": was,
        "moved_at": moved_at.isoformat(),
        "changed_at": reading.changed_at.isoformat(),
    }


def forget_undo() -> None:
    """Forget how to take back the last change."""
    session.pop(UNDO, None)


def undo_of(reading: Reading | None) -> ProgressUndo | None:
    """Return how to take back the last change of a reading; None if it changed elsewhere or long ago."""
    known = session.get(UNDO)
    if reading is None or not known or utcnow() - reading.changed_at > UNDO_FOR:
        return None
    expected = (reading.member_id, reading.book_id, reading.changed_at.isoformat())
    if (known["member"], known["book"], known["changed_at"]) != expected:
        return None
    return ProgressUndo(known["was"], datetime.fromisoformat(known["moved_at"]))


def typed_place(entry: str, unit: str, contents: Contents) -> str:
    """Return a typed place with its unit, as forms compare it; a chapter by its number."""
    section = contents.section(positions_contents.section_id_in(entry) or 0) if unit == "section" else None
    entry = str(section.number) if section else entry.strip()
    return f"{entry} {unit}" if entry else ""


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
        rating=reading.rating,
        can_undo=undo_of(reading) is not None,
    )


def _texts(reading: Reading | None, measures: Measures) -> dict[str, str]:
    """Return the fields that the strip can send, as the form compares them."""
    if reading is None:
        return {"status": "", "position": "", "rating": ""}
    has_place = reading.position is not None and reading.status != "finished"
    place = typed_place(*typed_entry(reading, measures), measures.contents) if has_place else ""
    stars = f"{reading.rating / 2:g}" if reading.rating else ""
    return {"status": reading.status or "", "position": place, "rating": stars}


def typed_entry(reading: Reading, measures: Measures) -> tuple[str, str]:
    """Return a reader's place as they typed it, a chapter by its number; otherwise its percentage."""
    unit, entry = reading.entry_unit or "percent", reading.entry
    if entry and unit == "section":
        section = measures.contents.section(positions_contents.section_id_in(entry) or 0)
        entry = str(section.number) if section else None
    if entry:
        return entry, unit
    return f"{(reading.position or 0) / 100:g}", "percent"
