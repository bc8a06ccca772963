"""What a reader says of a book, and what becomes of their progress when they say more."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from .places import END, START, PlaceError, minutes_from, number_from, percent

STATUSES = ("to_read", "reading", "finished", "did_not_finish")
# A step further than this is asked about: a slip of the finger would unlock most of the book.
LEAP = 4000
# No printing has more pages, and no recording more minutes.
MAX_LENGTH = 20_000

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True)
class Progress:
    """Where a reader stands: what they say of the book, where they are, and the furthest they have been.

    ``position`` is None where they never said how far they are. ``again`` is set while they read a book
    that they have finished before, and ``held`` is the mark to which they come back after reading it as
    if it were new (None: they do not).
    """

    status: str
    position: int | None
    mark: int
    again: bool = False
    held: int | None = None


@dataclass(frozen=True)
class Times:
    """When a reader began and finished, as days of their own calendar, and how often they have finished."""

    started_on: date | None = None
    finished_on: date | None = None
    times_read: int = 0


def move(before: Progress | None, status: str, position: int | None) -> Progress:
    """What a reader's progress becomes when they say ``status`` and, perhaps, a position.

    To have finished is to be at the end, and whoever comes to the end while reading has finished. A place
    that somebody types is believed in both directions: a correction downwards lowers the mark, so that
    what lies above locks again. Without a place the mark stays. Whoever says that they are reading a book
    which they had finished, without naming a place, reads it again: then no place lowers the mark, unless
    they read it as if it were new.
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
        return Progress(status, position, position)
    mark = position if before.held is not None else max(before.mark, position)
    return replace(before, status=status, position=position, mark=mark)


def as_new(before: Progress) -> Progress:
    """Read a book again as if for the first time: what lies ahead of the present place locks."""
    if not before.again or before.held is not None:
        return before
    return replace(before, mark=before.position or START, held=before.mark)


def as_known(before: Progress) -> Progress:
    """Take that back: everything that was read before is open again."""
    if before.held is None:
        return before
    return replace(before, mark=max(before.held, before.mark), held=None)


def is_leap(before: Progress | None, position: int | None) -> bool:
    """Whether a step is so long that it should be asked about: more than 40 % of the book at once.

    A first entry is never one: people join a club in the middle of a book.
    """
    if before is None or before.position is None or position is None or before.again:
        return False
    return position - before.mark > LEAP


def note_times(times: Times, before: Progress | None, after: Progress, today: date) -> Times:
    """When somebody began and finished, once their progress has moved.

    Whoever finishes has read the book once more; who takes that back by naming a place has not. Who
    begins again begins today.
    """
    was = before.status if before else None
    if after.status == "finished" and was != "finished":
        return replace(times, finished_on=today, times_read=times.times_read + 1)
    if was == "finished" and after.status != "finished" and not after.again:
        return replace(times, finished_on=None, times_read=max(times.times_read - 1, 0))
    if after.status == "reading" and (was != "reading" or times.started_on is None):
        begins = times.started_on is None or (was == "finished") or (after.again and was == "to_read")
        return replace(times, started_on=today if begins else times.started_on)
    return times


def remapped(before: Progress, position: int) -> Progress:
    """The same progress where the same entry means another position: a length or a start was corrected.

    Who has finished has, however long the book turns out to be.
    """
    if before.status == "finished":
        return before
    mark = position if before.mark == before.position else before.mark
    return replace(before, position=position, mark=mark)


def month_from(entry: str) -> str | None:
    """The month for which a book is planned, as "2026-12"; None for an empty one. Raises PlaceError."""
    if not entry.strip():
        return None
    found = _MONTH.fullmatch(entry.strip())
    if not found or not 1 <= int(found[2]) <= 12 or not 1900 <= int(found[1]) <= 2200:
        raise PlaceError("Give a month such as 2026-12.")
    return entry.strip()


def say_month(month: str, this_year: int | None = None) -> str:
    """A planned month, "2026-12", as people say it: "December", or "December 2026" in another year."""
    year, number = (int(part) for part in month.split("-"))
    name = f"{date(year, number, 1):%B}"
    return name if year == this_year else f"{name} {year}"


def say_reading(
    progress: Progress,
    rating: int | None,
    *,
    times_read: int = 0,
    planned_month: str | None = None,
    this_year: int | None = None,
    is_private: bool = False,
) -> str:
    """A book on a shelf in a few words: "planned for December", "at 35 %", "read 3 times · 4.5 ★"."""
    place = None if progress.position is None else percent(progress.position)
    again = " again" if progress.again else ""
    at = f"{'reading again, ' if again else ''}at {place}"
    words = {
        "to_read": f"planned for {say_month(planned_month, this_year)}"
        if planned_month
        else f"to read{again}",
        "reading": at if place else f"reading{again}",
        "finished": f"read {times_read} times" if times_read > 1 else "finished",
        "did_not_finish": f"stopped at {place}" if place else "stopped reading",
    }[progress.status]
    stars = f"{rating / 2:g} ★" if rating else ""
    return " · ".join(part for part in (words, stars, "private" if is_private else "") if part)


def day_from(entry: str, today: date) -> date | None:
    """A day of somebody's reading, as "2026-05-31"; None for an empty one.

    ``today`` is the reader's own; a day more is allowed, since somewhere it has begun. Raises PlaceError.
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
    """A reader's own length and its unit: "352" pages or minutes, as ``unit`` says, or "7:32" hours.

    None for an empty one. Raises PlaceError.
    """
    if not entry.strip():
        return None
    if ":" in entry:
        unit = "minute"
    what = "number of pages" if unit == "page" else "time in minutes"
    number = number_from(entry, what) if unit == "page" else minutes_from(entry)
    if number % 1 or not 1 <= number <= MAX_LENGTH:
        raise PlaceError(f"Give a whole {what} from 1 to {MAX_LENGTH}.")
    return int(number), unit


def rating_from(entry: str) -> int | None:
    """Half stars (1 to 10) from a rating of 0.5 to 5 in halves; None for an empty one. Raises PlaceError."""
    if not entry.strip():
        return None
    stars = number_from(entry, "rating")
    if not 0 < stars <= 5 or (2 * stars) % 1:
        raise PlaceError("Give a rating from 0.5 to 5 stars, in halves.")
    return int(2 * stars)
