"""A reader's progress in a book: its changes, its wording, and the entries of the form about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..text.dates import month_text as month_in_words
from ..text.messages import gettext as _
from ..text.messages import ngettext, number_text
from .places import (
    END,
    NOT_A_PAGE_COUNT,
    NOT_A_RATING,
    START,
    PlaceError,
    minutes_from,
    number_from,
    percent,
)

STATUSES = ("to_read", "reading", "finished", "did_not_finish")
# A step further than this must be confirmed, since a typing error could unlock most of the book.
LEAP = 4000
# No printing has more pages, and no recording more minutes.
MAX_LENGTH = 20_000

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Progress:
    """A reader's status, present position, and mark (the furthest position they have reached).

    ``status`` is None while only a rating is known. ``position`` is None if they never said how far they are.
    ``again`` is set while they reread a book that they have finished. ``held`` is the mark that they get back
    after reading it as if it were new; None if they do not read it like that.
    """

    status: str | None
    position: int | None
    mark: int
    again: bool = False
    held: int | None = None


@dataclass(frozen=True)
class ReadingTimes:
    """Days when a reader began and finished, in their own time zone, and how often they have finished."""

    started_on: date | None = None
    finished_on: date | None = None
    times_read: int = 0


def move(before: Progress | None, status: str | None, position: int | None) -> Progress:
    """Return a reader's progress after they give a status and, perhaps, a position.

    A status of None says nothing, and unlocks nothing: only a rating is known.
    Someone who has finished is at the end, and someone who reaches the end while reading has finished. A
    typed place is believed in both directions: a correction downwards lowers the mark, so that later texts
    lock again. Without a place the mark stays. Someone who is reading a book that they had finished, and
    names no place, reads it again: then no place lowers the mark, unless they read it as if it were new.
    """
    if status == "finished" or (position == END and status in ("to_read", "reading")):
        return Progress("finished", END, END)
    if before is None:
        return Progress(status, position, position or START)
    if before.status == "finished" and position is None:
        return Progress(status, None, before.mark, again=status in ("to_read", "reading"))
    if position is None:
        return replace(before, status=status)
    if not before.again:
        # A typed place is believed, also downwards, so the mark goes with it.
        return Progress(status, position, position)
    # Read as if it were new, the book locks again what lies behind a lower place.
    mark = position if before.held is not None else max(before.mark, position)
    return replace(before, status=status, position=position, mark=mark)


def start_as_new(before: Progress) -> Progress:
    """Return the progress of a reader who rereads a book as if it were new: later texts lock.

    The old mark is held, so that it can come back. This needs ``again``; otherwise nothing changes.
    """
    if not before.again or before.held is not None:
        return before
    return replace(before, mark=before.position or START, held=before.mark)


def restore_mark(before: Progress) -> Progress:
    """Undo ``start_as_new``: everything that the reader knew before is open again."""
    if before.held is None:
        return before
    return replace(before, mark=max(before.held, before.mark), held=None)


def is_leap(before: Progress | None, position: int | None) -> bool:
    """Return whether a step must be confirmed, since it is more than 40 % of the book at once.

    A first entry never must: people join a club in the middle of a book.
    """
    # Members who read the book again know the rest of it.
    if before is None or before.position is None or position is None or before.again:
        return False
    return position - before.mark > LEAP


def update_times(times: ReadingTimes, before: Progress | None, after: Progress, today: date) -> ReadingTimes:
    """Return when and how often a reader began and finished, after their progress has changed.

    Finishing counts as one more reading; taking it back by naming a place removes that reading. Someone who
    begins again begins ``today``.
    """
    was = before.status if before else None
    if after.status == "finished" and was != "finished":
        return replace(times, finished_on=today, times_read=times.times_read + 1)
    if was == "finished" and after.status != "finished" and not after.again:
        return replace(times, finished_on=None, times_read=max(times.times_read - 1, 0))
    if after.status == "reading" and (was != "reading" or times.started_on is None):
        # Someone who goes on after a pause keeps the day when they began.
        begins = times.started_on is None or (was == "finished") or (after.again and was == "to_read")
        return replace(times, started_on=today if begins else times.started_on)
    return times


def move_position(before: Progress, position: int) -> Progress:
    """Return the progress after a corrected length or start gives the same entry another position.

    Someone who has finished stays at the end, for any length.
    """
    if before.status == "finished":
        return before
    # A mark that differs from the position comes from another entry, so it stays.
    mark = position if before.mark == before.position else before.mark
    return replace(before, position=position, mark=mark)


def month_from(entry: str) -> str | None:
    """Read the month for which a book is planned, as "2026-12"; None if empty. Raises PlaceError."""
    if not entry.strip():
        return None
    found = _MONTH.fullmatch(entry.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2200:
        raise PlaceError(_("Type a month such as 2026-12."))
    return entry.strip()


def month_text(month: str, this_year: int | None = None) -> str:
    """Return a planned month, "2026-12", in words: "December", or "December 2026" in another year."""
    year, number = (int(part) for part in month.split("-"))
    return month_in_words(date(year, number, 1), with_year=year != this_year)


def reading_text(
    progress: Progress,
    rating: int | None,
    *,
    times_read: int = 0,
    planned_month: str | None = None,
    this_year: int | None = None,
    is_private: bool = False,
) -> str:
    """Return a book on a shelf in a few words: "planned for December", "at 35 %", "read 3 times · 4.5 ★"."""
    words = _status_text(progress, times_read, planned_month and month_text(planned_month, this_year))
    stars = _("%(stars)s ★", stars=number_text(rating / 2)) if rating else ""
    return " · ".join(part for part in (words, stars, _("private") if is_private else "") if part)


def _status_text(progress: Progress, times_read: int, planned: str | None) -> str:
    place = "" if progress.position is None else percent(progress.position)
    if progress.status == "to_read":
        if planned:
            return _("planned for %(month)s", month=planned)
        return _("want to read again") if progress.again else _("want to read")
    if progress.status == "reading":
        if progress.again:
            return _("reading again, at %(place)s", place=place) if place else _("reading again")
        return _("at %(place)s", place=place) if place else _("reading")
    if progress.status == "finished":
        return ngettext("finished", "read %(num)s times", max(times_read, 1))
    if progress.status == "did_not_finish":
        return _("stopped at %(place)s", place=place) if place else _("did not finish")
    return ""  # Only stars are known, and they speak for themselves.


def day_from(entry: str, today: date) -> date | None:
    """Read a day on which a book was begun or finished, as "2026-05-31"; None if empty.

    ``today`` is the reader's own day; the next day is allowed too, since it has begun in another time zone.
    Raises PlaceError.
    """
    if not entry.strip():
        return None
    try:
        day = date.fromisoformat(entry.strip())
    except ValueError:
        raise PlaceError(_("Type a day such as 2026-01-31.")) from None
    if day > today + timedelta(days=1):
        raise PlaceError(_("That day is still to come. Type today’s date or an earlier one."))
    if day.year < 1900:
        raise PlaceError(_("That was before anybody in this club could read. Type a later date."))
    return day


def length_from(entry: str, unit: str) -> tuple[int, str] | None:
    """Read a reader's own length and its unit: "352" pages or minutes, as ``unit`` says, or "7:32" hours.

    Return None if the entry is empty. Raises PlaceError.
    """
    if not entry.strip():
        return None
    # Only a recording is measured in hours and minutes.
    if ":" in entry:
        unit = "minute"
    number = number_from(entry, NOT_A_PAGE_COUNT) if unit == "page" else minutes_from(entry)
    if number % 1 or not 1 <= number <= MAX_LENGTH:
        most = number_text(MAX_LENGTH)
        raise PlaceError(
            _("Type a whole number of pages from 1 to %(most)s.", most=most)
            if unit == "page"
            else _("Type a whole number of minutes from 1 to %(most)s.", most=most)
        )
    return int(number), unit


def rating_from(entry: str) -> int | None:
    """Read a rating of 0.5 to 5 stars as half stars (1 to 10); None if empty. Raises PlaceError."""
    if not entry.strip():
        return None
    stars = number_from(entry, NOT_A_RATING)
    if not 0 < stars <= 5 or (2 * stars) % 1:
        raise PlaceError(_("Type a rating from 0.5 to 5 stars, in halves."))
    return int(2 * stars)
