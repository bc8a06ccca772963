"""Rules of a book's schedule over several meetings, and of how much a member reads a day until the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..lib.positions.contents import Contents
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, START, Scale, percent
from ..lib.text import dates
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext
from .rules import Times, reading_text, times_of


@dataclass(frozen=True)
class ReaderPlace:
    """A reader’s place in a book: their status and position, and the edition in which they count.

    Somebody who has never touched the book is at its start.
    """

    status: str = "to_read"
    position: int = START
    unit: str = ""
    edition_id: int | None = None
    length: int | None = None
    length_unit: str | None = None


@dataclass(frozen=True)
class Need:
    """The rest to read until a meeting, a whole number of ``unit``, and the days for it."""

    unit: str
    amount: int
    days: int

    @property
    def daily(self) -> int:
        """The amount for each day, rounded up, so that who follows it is there in time."""
        return -(-self.amount // self.days)


def days_until(starts_at: datetime, now: datetime, zone: str) -> int:
    """Count the days on which to read for a meeting, by the reader's clocks.

    Today counts, however late it is. The day of the meeting does not, as nobody knows what is left of it; but
    if that is today, it is the one day there is.
    """
    return max(dates.days_until(starts_at, now, zone), 1)


def scale_of_reader(place: ReaderPlace, measures: Measures) -> Scale | None:
    """Return the scale in which a reader counts; None if only percentages are known.

    It is that of the length they gave, else of the unit they typed last in their edition, else of pages, and
    else of minutes. Without an edition of their own the first of known length counts.
    """
    if place.length and place.length_unit:
        return measures.scale(place.length_unit, place.edition_id, place.length)
    own = [each for each in measures.editions if each.id == place.edition_id]
    units = [place.unit, *(unit for each in own for unit in ("page", "minute") if each.length(unit))]
    found = (measures.scale(unit, place.edition_id) for unit in (*units, "page", "minute") if unit)
    return next((scale for scale in found if scale), None)


def need_of(place: ReaderPlace, horizon: int, measures: Measures, days: int) -> Need | None:
    """Return what a reader has left to read up to a horizon; None if they have read as far.

    What is left is rounded up, as is the place of a post: the reader's own place was rounded down.
    """
    if place.position >= horizon:
        return None
    scale = scale_of_reader(place, measures)
    if scale is None:
        return Need("percent", -(-(horizon - place.position) // 100), days)
    left = scale.first_at(horizon) - scale.place(place.position)
    return Need(scale.unit, max(left, 1), days)


def pace_text(
    place: ReaderPlace, horizon: int, measures: Measures, starts_at: datetime, now: datetime, zone: str
) -> str:
    """Return in words how much to read a day until a meeting asks for ``horizon``.

    "" once the meeting has begun, if it asks for nothing, and for somebody who has put the book away or of
    whom only stars are known.
    """
    if now >= starts_at or horizon <= START or place.status not in ("to_read", "reading", "finished"):
        return ""
    if place.status == "finished":
        return _("You have read as far as the meeting asks.")
    need = need_of(place, horizon, measures, days_until(starts_at, now, zone))
    if need is None:
        return _("You have read as far as the meeting asks.")
    days = dates.days_until(starts_at, now, zone)
    if days <= 0:
        return _today_text(need)
    if days == 1:
        return _tomorrow_text(need)
    day = dates.coming_day_text(starts_at, now, zone)
    if need.unit == "page":
        return ngettext(
            "%(num)s page a day until %(day)s", "%(num)s pages a day until %(day)s", need.daily, day=day
        )
    if need.unit == "minute":
        return ngettext(
            "%(num)s minute a day until %(day)s", "%(num)s minutes a day until %(day)s", need.daily, day=day
        )
    return _("%(share)s a day until %(day)s", share=percent(need.daily * 100), day=day)


def _today_text(need: Need) -> str:
    if need.unit == "page":
        return ngettext("%(num)s page left for today", "%(num)s pages left for today", need.amount)
    if need.unit == "minute":
        return ngettext("%(num)s minute left for today", "%(num)s minutes left for today", need.amount)
    return _("%(share)s left for today", share=percent(need.amount * 100))


def _tomorrow_text(need: Need) -> str:
    if need.unit == "page":
        return ngettext("%(num)s page left for tomorrow", "%(num)s pages left for tomorrow", need.amount)
    if need.unit == "minute":
        return ngettext("%(num)s minute left for tomorrow", "%(num)s minutes left for tomorrow", need.amount)
    return _("%(share)s left for tomorrow", share=percent(need.amount * 100))


# The schedule of a book.


@dataclass(frozen=True)
class PlannedReading:
    """A book of a meeting that takes place: when that is, and how far to have read."""

    meeting_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    unit: str
    entry: str
    horizon: int


@dataclass(frozen=True)
class ScheduleStep:
    """A meeting in the schedule of a book, in words."""

    meeting_id: int
    title: str
    times: Times
    to_read: str
    is_next: bool
    is_over: bool


def schedule_of(
    planned: Sequence[PlannedReading], contents: Contents, now: datetime, zone: str
) -> list[ScheduleStep]:
    """Return the schedule of a book in words; ``planned`` are its meetings in their order."""
    following = next_of(planned, now)
    return [
        ScheduleStep(
            each.meeting_id,
            each.title,
            times_of(each.starts_at, each.ends_at, zone, each.time_zone, now),
            reading_text(each.unit, each.entry, each.horizon, contents)
            or (_("Read all of it") if each.horizon >= END else ""),
            is_next=each is following,
            is_over=each.ends_at <= now,
        )
        for each in planned
    ]


def next_of(planned: Sequence[PlannedReading], now: datetime) -> PlannedReading | None:
    """Return the first of these meetings that is not over."""
    return next((each for each in planned if each.ends_at > now), None)
