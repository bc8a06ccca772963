"""A reader's progress in a book: its changes, its wording, and the entries of the form about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .places import END, START, PlaceError, minutes_from, number_from, percent

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
        raise PlaceError("Give a month such as 2026-12.")
    return entry.strip()


def month_text(month: str, this_year: int | None = None) -> str:
    """Return a planned month, "2026-12", in words: "December", or "December 2026" in another year."""
    year, number = (int(part) for part in month.split("-"))
    name = f"{date(year, number, 1):%B}"
    return name if year == this_year else f"{name} {year}"


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
    place = None if progress.position is None else percent(progress.position)
    again = " again" if progress.again else ""
    at = f"{'reading again, ' if again else ''}at {place}"
    words = {
        None: "",
        "to_read": f"planned for {month_text(planned_month, this_year)}"
        if planned_month
        else f"to read{again}",
        "reading": at if place else f"reading{again}",
        "finished": f"read {times_read} times" if times_read > 1 else "finished",
        "did_not_finish": f"stopped at {place}" if place else "stopped reading",
    }[progress.status]
    stars = f"{rating / 2:g} ★" if rating else ""
    return " · ".join(part for part in (words, stars, "private" if is_private else "") if part)


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
        raise PlaceError("Give a day such as 2026-05-31.") from None
    if day > today + timedelta(days=1):
        raise PlaceError("That day is still to come.")
    if day.year < 1900:
        raise PlaceError("That was before anybody in this club could read.")
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
    what = "number of pages" if unit == "page" else "time in minutes"
    number = number_from(entry, what) if unit == "page" else minutes_from(entry)
    if number % 1 or not 1 <= number <= MAX_LENGTH:
        raise PlaceError(f"Give a whole {what} from 1 to {MAX_LENGTH}.")
    return int(number), unit


def rating_from(entry: str) -> int | None:
    """Read a rating of 0.5 to 5 stars as half stars (1 to 10); None if empty. Raises PlaceError."""
    if not entry.strip():
        return None
    stars = number_from(entry, "rating")
    if not 0 < stars <= 5 or (2 * stars) % 1:
        raise PlaceError("Give a rating from 0.5 to 5 stars, in halves.")
    return int(2 * stars)
