"""Values recorded for a reading, here or by a row of a file, and their digest for the next import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from ..lib.library_files.entries import LibraryEntry
from ..lib.text.keys import key_of
from ..lib.text.limits import MAX_NOTES
from ..readings.rules import notes_from
from .shelf_choices import status_of, tags_of

Through = tuple[date | None, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedValues:
    """Values of one member's reading of one book, recorded here or by a file.

    ``started_on`` and ``finished_on`` are of the last time, ``earlier`` are the times before. ``review`` is a
    review as it is written, here that of the draft.
    """

    status: str = ""
    rating: int | None = None
    started_on: date | None = None
    finished_on: date | None = None
    times_read: int = 0
    earlier: tuple[Through, ...] = ()
    notes: str = ""
    tags: tuple[str, ...] = ()
    review: str = ""


def values_of(entry: LibraryEntry, choices: Mapping[str, str]) -> RecordedValues | None:
    """Values of the reading that a row describes, or None if the member leaves its shelf out."""
    status = status_of(entry, choices)
    if status is None:
        return None
    times = [pair for pair in entry.times if any(pair)]
    last: Through = (None, None)
    # The last time belongs to the reading itself, unless that has not begun, or begins again.
    if times and status != "to_read" and not (status == "reading" and times[-1][1]):
        last = times.pop()
    # Sites without a count of readings still give their days.
    finished = sum(1 for _, finished_on in (*times, last) if finished_on and status != "did_not_finish")
    return RecordedValues(
        status=status,
        rating=entry.rating,
        started_on=last[0],
        finished_on=last[1],
        times_read=max(entry.times_read, finished, status == "finished"),
        earlier=tuple(dict.fromkeys(times)),
        notes=_cut_notes(entry.notes),
        tags=tags_of(entry, choices),
        review=entry.review.strip(),
    )


def remember(said: RecordedValues) -> dict[str, Any]:
    """Return the values as JSON for a later comparison, with digests of longer texts."""
    kept: dict[str, Any] = {
        "status": said.status,
        "rating": said.rating,
        "started_on": iso(said.started_on),
        "finished_on": iso(said.finished_on),
        "times_read": said.times_read,
        # Sorted, so that another order in the next file is no change.
        "earlier": sorted([iso(started), iso(finished)] for started, finished in said.earlier),
        # A digest is enough to notice a change, and is no second copy of private notes.
        "notes": _digest(said.notes),
        "tags": sorted({key_of(tag) for tag in said.tags}),
        "review": _digest(said.review),
    }
    # What a file leaves empty says nothing, so merge() must not find it here.
    return {name: value for name, value in kept.items() if value}


def recorded_times(before: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Times of reading that files have given so far."""
    return {(pair[0], pair[1]) for pair in (*before.get("earlier", []), *before.get("times", []))}


def earlier_values(before: Mapping[str, Any], name: str) -> list[Any]:
    """Values of ``name`` that files have given so far."""
    last = [before[name]] if name in before else []
    # Earlier releases noted what a second row gave under this name.
    others = before.get("others", []) if name in ("rating", "review") else []
    return [*before.get("told", {}).get(name, []), *last, *others]


def times_of(file: RecordedValues) -> list[list[str]]:
    """Times of reading in a file, including the last one."""
    pairs = (*file.earlier, (file.started_on, file.finished_on))
    return [[iso(started), iso(finished)] for started, finished in pairs if started or finished]


def union(one: list[Any], other: list[Any]) -> list[Any]:
    """Distinct values of both lists, in an order that is always the same."""
    # Values may be lists, which are no keys, or of kinds that cannot be compared.
    return sorted({repr(value): value for value in [*one, *other]}.values())


def iso(day: date | None) -> str:
    """Return a day as text; "" for None."""
    return day.isoformat() if day else ""


def _cut_notes(text: str) -> str:
    # Longer notes are cut, since a row is not refused for them.
    return notes_from(text[: MAX_NOTES - 1]) if text else ""


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest() if text else ""
