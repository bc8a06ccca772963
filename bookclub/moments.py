"""How a moment is said to a reader, in their own time zone. Pure: the present is an argument."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones


def known_zone(name: str) -> bool:
    """Whether this is the name of a time zone, such as "Europe/London"."""
    return name in available_timezones()


def say(moment: datetime, now: datetime, zone: str) -> str:
    """A moment as people say it: "just now", "5 minutes ago", "yesterday", "Tuesday", "3 November".

    ``moment`` and ``now`` are aware; ``zone`` is the reader's, which decides what "yesterday" is. The
    year is left out within the present one. A moment in the future is said as its date.
    """
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    age, days = now - moment, (today - here.date()).days
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


def _ago(count: int, unit: str) -> str:
    return f"{count} {unit} ago" if count == 1 else f"{count} {unit}s ago"
