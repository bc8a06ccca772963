"""Dates and times: their wording in the reader's language, and the conversion between local clocks and UTC.

Nothing here asks the clock: the present is an argument.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, get_timezone_location

from .messages import gettext as _
from .messages import locale, ngettext


def moment_text(moment: datetime, now: datetime, zone: str) -> str:
    """Return a moment in everyday words: "just now", "5 minutes ago", "yesterday", "Tuesday", "3 November".

    ``moment`` and ``now`` are aware datetimes; ``zone`` is the reader's and decides what "yesterday" is.
    The year is left out if it is the present one. A moment in the future is given as its date.
    """
    here, today = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    # Python subtracts two times of one zone as its clocks show them, which is wrong across a clock change.
    age, days = now.astimezone(UTC) - moment.astimezone(UTC), (today - here.date()).days
    if timedelta(0) <= age < timedelta(minutes=1):
        return _("just now")
    if timedelta(0) <= age < timedelta(hours=1):
        return ngettext("%(num)s minute ago", "%(num)s minutes ago", int(age / timedelta(minutes=1)))
    if timedelta(0) <= age < timedelta(hours=12) and days == 0:
        return ngettext("%(num)s hour ago", "%(num)s hours ago", int(age / timedelta(hours=1)))
    if days == 0 and age >= timedelta(0):
        return _("today")
    if days == 1:
        return _("yesterday")
    if 1 < days < 7:
        return str(format_date(here, "EEEE", locale=locale()))
    return _written("MMMMd" if here.year == today.year else "yMMMMd", here)


def date_text(day: date) -> str:
    """Return a day with its year: "3 November 2026"."""
    return _written("yMMMMd", day)


def day_and_month_text(day: date) -> str:
    """Return a day of a year that everybody knows: "3 November"."""
    return _written("MMMMd", day)


def day_text(day: date) -> str:
    """Return a day in words: "Thursday 4 December"."""
    return _written("MMMMEEEEd", day)


def full_day_text(day: date) -> str:
    """Return a day in words with its year: "Thursday, 4 December 2026"."""
    return _written("yMMMMEEEEd", day)


def short_day_text(day: date) -> str:
    """Return a day in as few words as a list has room for: "Thu 4 Dec"."""
    return _written("MMMEd", day)


def month_text(day: date, *, with_year: bool) -> str:
    """Return the month of a day in words: "December", or "December 2026"."""
    # CLDR has no skeleton of a long month alone: Babel would take the nearest, which gives "Dec".
    return _written("yMMMM", day) if with_year else str(format_date(day, "LLLL", locale=locale()))


def leaf_text(day: date) -> tuple[str, str, str]:
    """Return weekday, day and month of a day as the leaf of a calendar shows them: "Thu", "4", "Dec"."""
    weekday, month = (str(format_date(day, pattern, locale=locale())) for pattern in ("ccc", "LLL"))
    return weekday, _written("d", day), month


def deadline_text(moment: datetime, zone: str, club_zone: str | None = None) -> str:
    """Return a deadline in words: "20:00 on Sunday 22 November".

    Where the reader's zone is not the club's, the text names it: "20:00 (Berlin time) on …". Otherwise two
    members who compare their screens would think that one of them is wrong.
    """
    here = moment.astimezone(ZoneInfo(zone))
    values = {"time": _written("Hm", here), "day": day_text(here.date())}
    if club_zone in (None, zone):
        return _("%(time)s on %(day)s", **values)
    return _("%(time)s (%(city)s time) on %(day)s", city=city_of(zone), **values)


def clock_text(moment: datetime, zone: str, club_zone: str | None = None) -> str:
    """Return the time of a deadline that is near: "20:00", or "20:00 (Berlin time)" as deadline_text()."""
    time = _written("Hm", moment.astimezone(ZoneInfo(zone)))
    if club_zone in (None, zone):
        return time
    return _("%(time)s (%(city)s time)", time=time, city=city_of(zone))


def days_until(moment: datetime, now: datetime, zone: str) -> int:
    """Count the midnights between now and a moment in a zone: 0 is today and 1 is tomorrow."""
    here = ZoneInfo(zone)
    return (moment.astimezone(here).date() - now.astimezone(here).date()).days


def coming_day_text(moment: datetime, now: datetime, zone: str) -> str:
    """Return the day of a moment to come: "Sunday" within the next six days, else "Thursday 4 December"."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    near = days_until(moment, now, zone) < 7
    return str(format_date(day, "EEEE", locale=locale())) if near else day_text(day)


def city_of(zone: str) -> str:
    """Return a zone's city in the reader's language: "Berlin" for "Europe/Berlin", and "UTC" for itself."""
    if zone in ("UTC", "Etc/UTC"):
        return "UTC"
    return get_timezone_location(zone, locale=locale(), return_city=True)


def exact_time_text(moment: datetime, zone: str) -> str:
    """Return a moment to the minute: "3 November 2026, 20:00"."""
    here = moment.astimezone(ZoneInfo(zone))
    return _("%(day)s, %(time)s", day=date_text(here), time=_written("Hm", here))


# From local clocks to UTC. Python compares two times of one zone by what its clocks show, which is wrong on
# the day when they change, so the code below compares only moments in UTC.


def moment_at(clock: datetime, zone: str) -> datetime:
    """Return the moment, in UTC, when clocks in a zone show this time; ``clock`` is naive.

    A time that comes twice, when clocks go back, means the first one. A time that clocks skip (see
    ``clock_problem``) moves forward by as much as they do.
    """
    return clock.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def comes_twice(clock: datetime, zone: str) -> bool:
    """Return whether clocks in a zone show this naive local time twice, because they go back."""
    first, second = (clock.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    # For a time that clocks skip the two are the other way round.
    return first < second


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
    start, end = (_written("Hm", time) if same_day else _time_text(time) for time in (before, after))
    return _(
        "There is no %(time)s in %(zone)s: clocks there go from %(start)s to %(end)s. "
        "Choose %(end)s or later.",
        time=_time_text(clock), zone=zone, start=start, end=end,
    )  # fmt: skip


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
    return _(
        "%(time)s on %(day)s %(year)s",
        time=_written("Hm", clock), day=day_text(clock.date()), year=clock.year,
    )  # fmt: skip


def _written(skeleton: str, moment: date) -> str:
    """Write the parts of a date that a CLDR skeleton names, in the order of the reader's language."""
    # Babel takes a naive datetime for UTC and moves an aware one there, so only the clock's face is passed.
    face = moment.replace(tzinfo=None) if isinstance(moment, datetime) else moment
    return str(format_skeleton(skeleton, face, locale=locale()))
