"""Moments and the clocks that show them: how one is said, and which one is meant. Pure: the present is
an argument.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


def say(moment: datetime, now: datetime, zone: str) -> str:
    """A moment as people say it: "just now", "5 minutes ago", "yesterday", "Tuesday", "3 November".

    ``moment`` and ``now`` are aware; ``zone`` is the reader's, which decides what "yesterday" is. The
    year is left out within the present one. A moment in the future is said as its date.
    """
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    # Two times of one zone would be subtracted as its clocks show them.
    age, days = now.astimezone(UTC) - moment.astimezone(UTC), (today - here.date()).days
    if timedelta(0) <= age < timedelta(minutes=1):
        return "just now"
    if timedelta(0) <= age < timedelta(hours=1):
        return _ago(int(age / timedelta(minutes=1)), "minute")
    if timedelta(0) <= age < timedelta(hours=12) and days == 0:
        return _ago(int(age / timedelta(hours=1)), "hour")
    if days == 0 and age >= timedelta(0):
        return "today"
    if days == 1:
        return "yesterday"
    if 1 < days < 7:
        return f"{here:%A}"
    return f"{here.day} {here:%B}" if here.year == today.year else f"{here.day} {here:%B %Y}"


def say_day(day: date) -> str:
    """A day: "Thursday 4 December"."""
    return f"{day:%A} {day.day} {day:%B}"


def say_clock(moment: datetime, zone: str) -> str:
    """A deadline as people say it: "20:00 on Sunday 22 November"."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here:%H:%M} on {say_day(here.date())}"


def say_exactly(moment: datetime, zone: str) -> str:
    """A moment to the minute: "3 November 2026, 20:00"."""
    here = moment.astimezone(ZoneInfo(zone))
    return f"{here.day} {here:%B %Y, %H:%M}"


# From a clock to the moment. Two times of one zone compare by what its clocks show, which is wrong on the
# day when these are changed: only moments in UTC are compared.


def moment_at(clock: datetime, zone: str) -> datetime:
    """The moment, in UTC, when clocks in a zone show this time; ``clock`` is naive.

    Of a time that comes twice, when clocks go back, it is the first. One that clocks skip (see
    ``clock_problem``) moves on by as much as they do.
    """
    return clock.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def clock_at(moment: datetime, zone: str) -> datetime:
    """The local time in a zone at a moment, naive and to the minute, as a form holds it."""
    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)


def clock_problem(clock: datetime, zone: str) -> str | None:
    """Say why a naive local time does not exist in a zone, and which one would do; None if it exists."""
    later = moment_at(clock, zone)
    if later.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == clock:
        return None
    before, after = _jump(clock, zone)
    same_day = before.date() == after.date()
    start, end = (f"{time:%H:%M}" if same_day else _say_time(time) for time in (before, after))
    return (
        f"There is no {_say_time(clock)} in {zone}: clocks there go from {start} to {end}. "
        f"Choose {end} or later."
    )


def _jump(clock: datetime, zone: str) -> tuple[datetime, datetime]:
    """The (naive) times between which clocks skip this one: the first that is missing, and the next there is.

    Read by the old offset from UTC the time lies behind the jump, read by the new one ahead of it.
    """
    ahead = clock.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    behind = moment_at(clock, zone)
    old = ahead.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)

    def has_jumped(second: int) -> bool:
        return (ahead + timedelta(seconds=second)).astimezone(ZoneInfo(zone)).utcoffset() != old

    seconds = range(int((behind - ahead).total_seconds()) + 1)
    jump = ahead + timedelta(seconds=bisect_left(seconds, True, key=has_jumped))
    return (jump + old).replace(tzinfo=None), jump.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _say_time(clock: datetime) -> str:
    return f"{clock:%H:%M} on {say_day(clock.date())} {clock.year}"


def _ago(count: int, unit: str) -> str:
    return f"{count} {unit} ago" if count == 1 else f"{count} {unit}s ago"
