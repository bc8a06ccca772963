"""Rows of a file as JSON, and the reading, book and edition that a row describes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from ..lib.library_files.entries import Entry
from ..lib.matches.author_names import identity_key, natural_name
from ..lib.matches.book_fields import BookFields
from ..lib.matches.contributors import ROLES, Contributor, distinct_contributors, split_role
from ..lib.matches.editions import FORMATS, MAX_MINUTES, MAX_PAGES, EditionFields
from ..lib.matches.field_values import (
    EARLIEST_YEAR,
    MAX_AUTHORS,
    MAX_NAME,
    MAX_TITLE,
    Refused,
    cut_line,
    tags_from,
)
from ..lib.matches.series import Series
from ..lib.text.limits import MAX_NOTES
from ..lib.text.spoilers import spoiler_problem
from ..readings.rules import notes_from
from .recorded_values import RecordedValues, Through
from .shelf_choices import status_of, tags_of

LONGEST_AUTHORS_LINE = 800
_DEFAULTS = {field.name: field.default for field in fields(Entry) if field.default is not MISSING}


def kept_entry(entry: Entry) -> dict[str, Any]:
    """Return a row as JSON stores it, without empty values."""
    kept: dict[str, Any] = {}
    for field in fields(Entry):
        value = getattr(entry, field.name)
        if value == _DEFAULTS.get(field.name, MISSING):
            continue
        if field.name == "times":
            value = [[day.isoformat() if day else None for day in pair] for pair in value]
        kept[field.name] = value.isoformat() if isinstance(value, date) else value
    return kept


def entry_from(kept: Mapping[str, Any]) -> Entry:
    """Return the row that kept_entry() stored."""
    values: dict[str, Any] = {}
    for name, value in kept.items():
        values[name] = tuple(value) if isinstance(value, list) else value
    if "times" in values:
        values["times"] = tuple((_day(started), _day(finished)) for started, finished in values["times"])
    if "added_on" in values:
        values["added_on"] = _day(values["added_on"])
    return Entry(**values)


def values_of(entry: Entry, choices: Mapping[str, str]) -> RecordedValues | None:
    """Values of the reading that a row describes, or None if the member leaves its shelf out."""
    status = status_of(entry, choices)
    if status is None:
        return None
    times = [pair for pair in entry.times if any(pair)]
    last: Through = (None, None)
    if times and status != "to_read" and not (status == "reading" and times[-1][1]):
        last = times.pop()
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


def book_of(entry: Entry, latest: int, *, with_tags: bool = False) -> BookFields:
    """Fields of the book that a row describes. Raises Refused if the catalogue cannot take it.

    Merely odd values are left out: a future year, a thousand authors, a subtitle that hides a spoiler.
    ``latest`` is the last year in which a book can have been published. ``with_tags`` is for lists of books,
    whose tags are the club's.
    """
    title = cut_line(entry.title, MAX_TITLE)
    if not title:
        raise Refused("It has no title.")
    if problem := spoiler_problem(title, "The title"):
        raise Refused(problem)
    names = [_open_line(name, MAX_NAME) for name in entry.authors[:MAX_AUTHORS]]
    # Authors are edited as one line, in which a semicolon separates them.
    names = [name.replace(";", ",") for name in names if any(map(str.isalnum, name))] or ["Anonymous"]
    while len(", ".join(names)) > LONGEST_AUTHORS_LINE:
        names.pop()
    is_recording = entry.format == "audiobook"
    return BookFields(
        title=title,
        subtitle=_open_line(entry.subtitle, MAX_TITLE),
        authors=tuple({identity_key(name): natural_name(name) for name in reversed(names)}.values())[::-1],
        contributors=_contributors(entry),
        first_published=entry.year if _is_year(entry.year, latest) else None,
        tags=_club_tags(entry.tags) if with_tags else (),
        isbn=entry.isbns[0] if entry.isbns else None,
        pages=entry.pages if not is_recording and 0 < (entry.pages or 0) <= MAX_PAGES else None,
        series=_series(entry),
    )


def _contributors(entry: Entry) -> tuple[Contributor, ...]:
    """Contributors of a row, without those whose names hide a spoiler."""
    found = (split_role(_open_line(text, 2 * MAX_NAME)) for text in entry.contributors)
    return distinct_contributors(Contributor(name, role) for name, role in found if role in ROLES)


def _open_line(text: str, limit: int) -> str:
    """One line that everybody may read; "" if it hides a spoiler."""
    line = cut_line(text, limit)
    return "" if spoiler_problem(line, "It") else line


def edition_of(entry: Entry) -> EditionFields:
    """Fields of the edition that a row describes, without its ISBN."""
    is_recording = entry.format == "audiobook"
    return EditionFields(
        None,
        entry.format if entry.format in FORMATS else None,
        entry.pages if not is_recording and 0 < (entry.pages or 0) <= MAX_PAGES else None,
        entry.minutes if 0 < (entry.minutes or 0) <= MAX_MINUTES else None,
    )


def shown_title(entry: Entry) -> tuple[str, str]:
    """Title and authors of a row as its report shows them."""
    return cut_line(entry.title, MAX_TITLE), cut_line(", ".join(entry.authors), LONGEST_AUTHORS_LINE)


def _cut_notes(text: str) -> str:
    # Longer notes are cut, since a row is not refused for them.
    return notes_from(text[: MAX_NOTES - 1]) if text else ""


def _series(entry: Entry) -> Series:
    name, number = cut_line(entry.series, MAX_TITLE), entry.series_number
    is_number = number is not None and 0 <= number < 1000
    return Series(name, round(number, 2) if is_number and number is not None else None) if name else Series()


def _club_tags(names: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tags_from("\n".join(names))
    except Refused:
        return ()


def _is_year(year: int | None, latest: int) -> bool:
    return year is not None and EARLIEST_YEAR <= year <= latest and year != 0


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
