"""Calendars in the format of RFC 5545, made of cached pieces: the same event is written once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

# Ten years of weekly meetings, twice.
EVENTS_KEPT = 1040
# Meetings have no dates before, and the rules of zones are guesses afterwards.
FIRST, LAST = date(2020, 1, 1), date(2038, 1, 1)
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class CalendarEvent:
    """An event. Moments are aware; ``zone`` is where its clocks are, ``revision`` counts its changes."""

    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    changed_at: datetime
    revision: int = 0
    place: str = ""
    text: str = ""
    url: str = ""
    is_cancelled: bool = False
    alarm: timedelta | None = None


def calendar_text(name: str, entries: Iterable[CalendarEvent]) -> bytes:
    """Return a calendar of this name with these entries, and the rules of their time zones."""
    from icalendar import Calendar  # With dateutil, which takes memory that a club may never need.

    calendar = Calendar()
    calendar.add("prodid", "-//Bookclub//Bookclub//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    found = list(entries)
    zones = sorted({entry.zone for entry in found} - {"UTC"})
    head = bytes(calendar.to_ical()).removesuffix(END)
    return b"".join((head, *map(_zone_text, zones), *map(_event_text, found), END))


@lru_cache(maxsize=64)
def _zone_text(zone: str) -> bytes:
    from icalendar import Timezone

    return bytes(Timezone.from_tzid(zone, first_date=FIRST, last_date=LAST).to_ical())


@lru_cache(maxsize=EVENTS_KEPT)
def _event_text(entry: CalendarEvent) -> bytes:
    from icalendar import Alarm, Event

    event = Event()
    here = ZoneInfo(entry.zone)
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.revision)
    event.add("summary", entry.title)
    event.add("dtstart", entry.starts_at.astimezone(here))
    event.add("dtend", entry.ends_at.astimezone(here))
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    for key, value in (("location", entry.place), ("description", entry.text), ("url", entry.url)):
        if value:
            event.add(key, value)
    if entry.alarm and not entry.is_cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", -entry.alarm)
        event.add_component(alarm)
    return bytes(event.to_ical())
