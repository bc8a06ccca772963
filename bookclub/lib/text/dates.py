"""Dates and times: their wording for readers, and the conversion between local clocks and UTC.

Nothing here asks the clock: the present is an argument.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def moment_text(moment: datetime, now: datetime, zone: str) -> str:
    """Return a moment in everyday words: "just now", "5 minutes ago", "yesterday", "Tuesday", "3 November".

    ``moment`` and ``now`` are aware datetimes; ``zone`` is the reader's and decides what "yesterday" is.
    The year is left out if it is the present one. A moment in the future is given as its date.
    """
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    # Python subtracts two times of one zone as its clocks show them, which is wrong across a clock change.
    age, days = now.astimezone(UTC) - moment.astimezone(UTC), (today - here.date()).days
    if timedelta(0) <= age < timedelta(minutes=1):
        return "just now"
    if timedelta(0) <= age < timedelta(hours=1):
        return _ago_text(int(age / timedelta(minutes=1)), "minute")
    if timedelta(0) <= age < timedelta(hours=12) and days == 0:
        return _ago_text(int(age / timedelta(hours=1)), "hour")
    if days == 0 and age >= timedelta(0):
        return "today"
    if days == 1:
        return "yesterday"
    if 1 < days < 7:
        return f"{here:%A}"
    return f"{here.day} {here:%B}" if here.year == today.year else f"{here.day} {here:%B %Y}"


def day_text(day: date) -> str:
    """Return a day in words: "Thursday 4 December"."""
    return f"{day:%A} {day.day} {day:%B}"


def deadline_text(moment: datetime, zone: str) -> str:
    """Return a deadline in words: "20:00 on Sunday 22 November"."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%H:%M} on {day_text(here.date())}"


def exact_time_text(moment: datetime, zone: str) -> str:
    """Return a moment to the minute: "3 November 2026, 20:00"."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here.day} {here:%B %Y, %H:%M}"


# From local clocks to UTC. Python compares two times of one zone by what its clocks show, which is wrong on
# the day when they change, so the code below compares only moments in UTC.


def moment_at(clock: datetime, zone: str) -> datetime:
    """Return the moment, in UTC, when clocks in a zone show this time; ``clock`` is naive.

    A time that comes twice, when clocks go back, means the first one. A time that clocks skip (see
    ``clock_problem``) moves forward by as much as they do.
    """
    return clock.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def clock_at(moment: datetime, zone: str) -> datetime:
    """Return the local time in a zone at a moment, naive and to the minute, for a form field."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def clock_problem(clock: datetime, zone: str) -> str | None:
    """Explain that a naive local time does not exist in a zone and suggest another; None if it exists."""
    later = moment_at(clock, zone)
    # Only a time that clocks skip comes back from UTC as another one.
    if later.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == clock:
        return None
    before, after = _skipped_span(clock, zone)
    same_day = before.date() == after.date()
    start, end = (f"{time:%H:%M}" if same_day else _time_text(time) for time in (before, after))
    return (
        f"There is no {_time_text(clock)} in {zone}: clocks there go from {start} to {end}. "
        f"Choose {end} or later."
    )


def _skipped_span(clock: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the naive times between which clocks skip this one: the first missing, and the next that exists.

    With the old offset from UTC the time lies after the jump, with the new one before it.
    """
    ahead = clock.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    behind = moment_at(clock, zone)
    old = ahead.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)

    def has_jumped(second: int) -> bool:
        return (ahead + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).utcoffset() != old

    # The jump lies between these two moments, and a binary search finds its second.
    seconds = range(int((behind - ahead).total_seconds()) + 1)
    jump = ahead + timedelta(seconds=bisect_left(seconds, True, key=has_jumped))
    return (jump + old).replace(tzinfo=None), jump.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _time_text(clock: datetime) -> str:
    return f"{clock:%H:%M} on {day_text(clock.date())} {clock.year}"


def _ago_text(count: int, unit: str) -> str:
    return f"{count} {unit} ago" if count == 1 else f"{count} {unit}s ago"
