"""Actions on readings: record progress and ratings, set promises and reveals, remap positions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from ..books.models import Book
from ..extensions import db
from ..lib.positions import contents, measures, places, progress
from ..lib.positions.measures import Measures
from ..lib.positions.places import Scale
from ..lib.text.keys import key_of
from ..members.models import Member
from ..notices.actions import notify
from ..sections.queries import sections_of
from . import queries
from .models import OwnTag, Promise, Reading, ReadThrough, Reveal
from .queries import tags_on

# None is a rating that the member removed, so "not mentioned" needs a value of its own.
KEEP = object()
NOTHING: Mapping[str, Any] = MappingProxyType({})


def record(
    member: Member,
    book: Book,
    now: datetime,
    *,
    today: date | None = None,
    status: str | None = None,
    position: int | None = None,
    entry: str | None = None,
    entry_unit: str | None = None,
    rating: object = KEEP,
    changes: Mapping[str, Any] = NOTHING,
) -> Reading:
    """Record what a member says about a book, and leave alone what they do not mention.

    ``today`` is the day in the member's own calendar. ``position`` is what the raw ``entry`` in
    ``entry_unit`` means. ``rating`` is in half stars; None removes it. ``changes`` are other columns of the
    Reading.

    The book's sum of ratings follows, also when the reading becomes private or public. If the call says
    nothing about an existing reading, nothing is written. Return the reading.
    """
    # The lock comes first: two ratings that are counted at once would lose one.
    queries.lock_ratings(book)
    reading = queries.reading_of(member.id, book.id, lock=True)
    if reading is not None and not (status or position is not None or rating is not KEEP or changes):
        return reading
    before = reading.progress if reading else None
    if reading is None:
        # Defaults of columns apply at the flush only, and the lines below read these values before it.
        reading = Reading(member_id=member.id, book_id=book.id, status=None, rating=None, mark=0)
        db.session.add(reading)
    # The values from before the change, which the book's sum of ratings and the history of dates need.
    counted, times = reading.public_rating, (reading.started_on, reading.finished_on)
    # A status that is only assumed below is no answer of the member.
    said = status
    # Somebody who names a place reads the book. Without a place the status stays as it was: a rating alone
    # does not say how far its member has read.
    status = status or ("reading" if position is not None else before.status if before else _assumed(changes))
    after = progress.move(before, status, position)
    reading.date(progress.update_times(reading.times, before, after, today or now.date()))
    if said or position is not None:
        # A member who gives their place has answered the question that is asked after their book became part
        # of another one.
        reading.moved_from = None
    reading.move(after, now)
    if position is not None:
        reading.entry, reading.entry_unit = entry, entry_unit
    if after.status == "finished" or after.position is None:
        # The end is the same in every printing, so no corrected length may move it back.
        reading.entry = None
    if rating is not KEEP:
        assert rating is None or isinstance(rating, int)
        reading.rating = rating
    for column, value in changes.items():
        setattr(reading, column, value)
    # This serves a new rating as well as a reading that has become private or public.
    book.count_rating(counted, reading.public_rating)
    # A new reading gets its id here, which the rows below need.
    db.session.flush()
    if before and before.status == "finished" and after.again and times != (None, None):
        # The Reading keeps only the last dates, so the dates of the earlier time go into a row of their own.
        db.session.add(ReadThrough(reading_id=reading.id, started_on=times[0], finished_on=times[1]))
    if after.status == "finished" and (before is None or before.status != "finished"):
        keep_promises(reading, now)
    return reading


def _assumed(changes: Mapping[str, Any]) -> str | None:
    """Return the status of a new reading whose member gives neither a status nor a place."""
    if changes.keys() & {"started_on", "finished_on"}:
        return "reading"
    return "to_read" if "planned_month" in changes else None


def set_own_tags(reading: Reading, names: Iterable[str]) -> None:
    """Give a reading exactly these of its reader's own tags."""
    known = {own.name_key: own for own in tags_on(reading.id)}
    for name in names:
        own = known.pop(key_of(name), None)
        if own is None:
            db.session.add(OwnTag(reading_id=reading.id, name=name))
        else:
            # A tag that is typed in another case keeps its row and takes the new spelling.
            own.name = name
    for own in known.values():
        db.session.delete(own)


def promise(member: Member, reading: Reading, now: datetime) -> None:
    """Promise a member a notice when this reader finishes.

    A promise that was kept already is opened again.
    """
    promised = queries.promise_of(member.id, reading.id)
    if promised is None:
        promised = Promise(member_id=member.id, reading_id=reading.id, asked_at=now)
        db.session.add(promised)
    elif promised.kept_at is not None:
        promised.asked_at, promised.kept_at = now, None


def forget_promise(member: Member, reading: Reading) -> None:
    """Withdraw a promise to a member about this reading."""
    promised = queries.promise_of(member.id, reading.id)
    if promised is not None:
        db.session.delete(promised)


def keep_promises(reading: Reading, now: datetime) -> None:
    """Send the notices that were promised for this reading, to those who asked and to the reader.

    If the reading is private by now, nobody is told.
    """
    if reading.is_private:
        return
    for promised in queries.promises_on(reading.id):
        promised.kept_at = now
        notify(promised.member_id, "promise", reading.member_id, now, reading_id=reading.id)
        notify(reading.member_id, "promise", promised.member_id, now, reading_id=reading.id)


def read_again(member: Member, book: Book, now: datetime, today: date) -> None:
    """Start a finished book again. If the member is reading it already, nothing changes."""
    reading = queries.reading_of(member.id, book.id, lock=True)
    if reading is not None and reading.status == "finished":
        record(member, book, now, today=today, status="reading")


def stop_asking(reading: Reading) -> None:
    """Stop asking a reader how far they are in the book that theirs has become part of."""
    reading.moved_from = None


def read_as_new(reading: Reading, now: datetime) -> None:
    """Lock again everything beyond the place that a reader has reached this time."""
    reading.move(progress.start_as_new(reading.progress), now)


def read_as_known(reading: Reading, now: datetime) -> None:
    """Unlock again everything that a reader has read before."""
    reading.move(progress.restore_mark(reading.progress), now)


def reveal(member: Member, *, book_id: int | None = None, thread_id: int | None = None) -> None:
    """Record that a member wants to see everything about a book, or in a thread."""
    if queries.reveal_of(member.id, book_id=book_id, thread_id=thread_id) is None:
        db.session.add(Reveal(member_id=member.id, book_id=book_id, thread_id=thread_id))


def hide_again(member: Member, *, book_id: int | None = None, thread_id: int | None = None) -> None:
    """Delete a member's wish to see everything about a book, or in a thread."""
    wish = queries.reveal_of(member.id, book_id=book_id, thread_id=thread_id)
    if wish is not None:
        db.session.delete(wish)


def record_review(member: Member, book: Book, now: datetime, rating: object, *, finished: bool) -> None:
    """Record what a review says about its author's reading: the rating and, if ticked, that it is finished.

    ``rating`` is as in ``record()``: a review that does not mention it leaves it alone.
    """
    # A review that says nothing about reading must not start a reading for a member who has none.
    if isinstance(rating, int) or finished or queries.reading_of(member.id, book.id) is not None:
        record(member, book, now, status="finished" if finished else None, rating=rating)


@dataclass(frozen=True)
class Advanced:
    """Reader whose unchanged entry now means a later position, with the scales before and after."""

    member_id: int
    before: Scale | None
    after: Scale | None


def remap(book_id: int, before: Measures) -> list[Advanced]:
    """Recompute section starts and readers' positions after a change to a book's measures.

    ``before`` is what was known until a length, a section or a start was changed.

    Every reader's entry is read again. An entry that no longer makes sense leaves its reader where they were.
    So does a chapter whose end is no longer known because someone added another one after it.

    Return the readers who end up further on: what they wrote "up to where I am" gives away more than they
    thought.
    """
    typed = {section.id: section.typed_start for section in sections_of(book_id)}
    known = queries.measures_of(book_id)
    lengths = {
        (edition.id, unit): length
        for edition in known.editions
        for unit in ("page", "minute")
        if (length := edition.length(unit))
    }
    # The starts come first, because places that were typed as chapters depend on them.
    starts = measures.derive_starts(typed, known.noted, lengths)
    for section in sections_of(book_id):
        section.start = starts[section.id]
    db.session.flush()
    after = queries.measures_of(book_id)
    return [
        advanced
        for reading in queries.readings_to_remap(book_id)
        if (advanced := _remap_one(reading, before, after))
    ]


def _remap_one(reading: Reading, before: Measures, after: Measures) -> Advanced | None:
    """Move one reading to the position that its entry means now; None if it did not advance."""
    unit, entry, place = reading.entry_unit or "", reading.entry or "", reading.position or 0
    edition_id, length = reading.edition_id, reading.own_length(unit)
    try:
        position = after.position(unit, entry, edition_id=edition_id, length=length)
        is_known = unit != "section" or after.contents.knows_end(contents.section_from(entry, after.contents))
    except places.PlaceError:
        return None
    # A reader never moves back on a guess: if the end of the chapter is unknown, its position is one.
    if position == place or (position < place and not is_known):
        return None
    # The time of the last change stays, because the member has said nothing new.
    reading.move(progress.move_position(reading.progress, position), reading.changed_at)
    if position < place:
        return None
    if unit == "section":
        # A chapter has no place on a scale of pages, so posts move as the starts of the chapters did.
        return Advanced(reading.member_id, *measures.scales_of_move(before.contents, after.contents))
    return Advanced(
        reading.member_id, before.scale(unit, edition_id, length), after.scale(unit, edition_id, length)
    )
