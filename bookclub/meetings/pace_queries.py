"""The schedule of a book, and where the reader is in the books of meetings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import cache

from sqlalchemy import Select, bindparam, select

from ..books.models import Edition
from ..extensions import db
from ..lib.positions.contents import NO_CONTENTS, Contents
from ..lib.positions.measures import EditionLength, Measures, StartNote
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..readings.models import Reading
from ..sections.models import Section, SectionStart
from .models import Meeting, MeetingBook
from .pace_rules import PlannedReading, ReaderPlace

# The latest and those to come: the schedule of one book, and not all that was ever said about it.
MOST_STEPS = 40


def readings_planned(book_id: int) -> list[PlannedReading]:
    """The meetings about a book that take place or took place, in their order."""
    statement = (
        select(
            Meeting.id,
            Meeting.title,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.time_zone,
            Meeting.read_until_unit,
            Meeting.read_until,
            MeetingBook.horizon,
        )
        .join(MeetingBook, MeetingBook.meeting_id == Meeting.id)
        .where(MeetingBook.book_id == book_id, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MOST_STEPS)
    )
    return [PlannedReading(*row) for row in reversed(db.session.execute(statement).all())]


def place_of(reading: Reading | None) -> ReaderPlace:
    """Return where a reader is in a book; at its start without a reading."""
    if reading is None:
        return ReaderPlace()
    return ReaderPlace(
        reading.status or "",
        reading.position or START,
        reading.entry_unit or "",
        reading.edition_id,
        reading.length,
        reading.length_unit or reading.entry_unit,
    )


def own_places(viewer: Viewer, book_ids: Collection[int]) -> dict[int, ReaderPlace]:
    """The viewer’s places in these books. They are for themselves alone, as some may be private."""
    found = dict.fromkeys(book_ids, ReaderPlace())
    statement = select(Reading).where(Reading.member_id == viewer.id, Reading.book_id.in_(book_ids))
    for reading in db.session.execute(statement).scalars():
        found[reading.book_id] = place_of(reading)
    return found


def measures_of_books(
    book_ids: Collection[int], contents: Mapping[int | None, Contents]
) -> dict[int, Measures]:
    """The measures of these books, whose contents are known, as ``measures_of()`` returns them for one."""
    editions, notes = defaultdict[int, list[EditionLength]](list), defaultdict[int, list[StartNote]](list)
    sent = {"book_ids": list(book_ids)}
    for one in db.session.execute(_editions(), sent).scalars():
        editions[one.book_id].append(EditionLength(one.id, one.name, one.pages, one.minutes))
    for row in db.session.execute(_section_starts(), sent):
        notes[row.book_id].append(StartNote(row.section_id, row.edition_id, row.unit, row.start))
    return {
        book_id: Measures(contents.get(book_id, NO_CONTENTS), tuple(editions[book_id]), tuple(notes[book_id]))
        for book_id in book_ids
    }


@cache
def _editions() -> Select[Edition]:
    of_books = Edition.book_id.in_(bindparam("book_ids", expanding=True))
    return select(Edition).where(of_books).order_by(Edition.place, Edition.id)


@cache
def _section_starts() -> Select[int, int, int, str, int]:
    return (
        select(
            Section.book_id,
            SectionStart.section_id,
            SectionStart.edition_id,
            SectionStart.unit,
            SectionStart.start,
        )
        .join(Section, Section.id == SectionStart.section_id)
        .where(Section.book_id.in_(bindparam("book_ids", expanding=True)))
        .order_by(SectionStart.id)
    )
