"""Rules of meetings: their times, what is wrong with a plan, and what their threads give away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ..lib.positions.contents import Contents, section_from
from ..lib.positions.measures import Measures
from ..lib.positions.places import END, percent
from ..lib.text import dates
from ..lib.text.messages import gettext as _
from ..lib.text.messages import number_text

LONGEST_TITLE = 120
LONGEST_PLACE = 200
LONGEST_LINK = 500
LONGEST_ACCESS = 500
LONGEST_NOTES = 5000
LONGEST_REASON = 500
# In minutes: one day.
LONGEST_MEETING = 24 * 60
USUAL_LENGTH = 120
MOST_BOOKS = 5
EVENTS = ("made", "changed", "moved", "cancelled", "handed_over")
# Members are reminded so long before a meeting.
REMINDER = timedelta(hours=24)


@dataclass(frozen=True)
class BookToRead:
    """A book of a meeting, and the position up to which to have read it by then."""

    book_id: int
    horizon: int


@dataclass(frozen=True)
class MeetingPlan:
    """A meeting as its form describes it. The start is a local time in ``time_zone``."""

    title: str
    starts_on: date
    clock: time
    time_zone: str
    minutes: int = USUAL_LENGTH
    place: str = ""
    link: str = ""
    access: str = ""
    read_until_unit: str = "percent"
    read_until: str = ""
    notes: str = ""
    notes_html: str = ""
    host_id: int = 0
    hides_place: bool = False
    seats: int | None = None
    answer_until: date | None = None
    books: tuple[BookToRead, ...] = ()

    @property
    def starts_at(self) -> datetime:
        return dates.moment_at(datetime.combine(self.starts_on, self.clock), self.time_zone)


def usual_start(now: datetime, zone: str) -> tuple[date, time]:
    """Return the start that an empty form proposes: 19:30 in a week."""
    return now.astimezone(ZoneInfo(zone)).date() + timedelta(days=7), time(19, 30)


def start_problem(starts_at: datetime, now: datetime) -> str | None:
    """Return why a meeting cannot begin at this moment, or None. It lies in the future."""
    return None if starts_at > now else _("That is in the past. Choose a later day or time.")


def answers_problem(answer_until: date | None, starts_on: date) -> str | None:
    """Return why answers cannot be wanted until this day, or None."""
    if answer_until is None or answer_until <= starts_on:
        return None
    return _("That is after the meeting. Choose an earlier day, or leave this empty.")


def link_problem(link: str) -> str | None:
    """Return why a text is no link for a call, or None. An empty one is none."""
    if not link:
        return None
    try:
        parts = urlsplit(link)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or any(sign in link for sign in ' "<>|'):
        return _("Type the whole address of the call, such as https://meet.example.org/club.")
    return None


def floor_of_thread(horizon: int, floor: int, comments: int) -> int:
    """Return what every comment under a meeting gives away at least, now that ``horizon`` is to be read.

    Once somebody has written, it never goes down: what was written before was written for people who have
    read so far.
    """
    return max(horizon, floor) if comments else horizon


@dataclass(frozen=True)
class Times:
    """The times of a meeting in words. ``there`` is the local time at the meeting, if its clocks differ."""

    day: str
    leaf: tuple[str, str, str]
    clock: str
    there: str | None = None
    is_doubtful: bool = False


def times_of(starts_at: datetime, ends_at: datetime, zone: str, meeting_zone: str, now: datetime) -> Times:
    """Return when a meeting is by the reader's clocks, and by those of the meeting if they differ."""
    here, there = (starts_at.astimezone(ZoneInfo(each)) for each in (zone, meeting_zone))
    is_this_year = here.year == now.astimezone(ZoneInfo(zone)).year
    elsewhere = None
    if here.replace(tzinfo=None) != there.replace(tzinfo=None):
        elsewhere = dates.deadline_text(starts_at, meeting_zone, zone)
    return Times(
        day=dates.day_text(here.date()) if is_this_year else dates.date_text(here.date()),
        leaf=dates.leaf_text(here.date()),
        clock=_(
            "%(start)s to %(end)s",
            start=dates.clock_text(starts_at, zone),
            end=dates.clock_text(ends_at, zone),
        ),
        there=elsewhere,
        is_doubtful=dates.comes_twice(there.replace(tzinfo=None), meeting_zone),
    )


def reading_text(unit: str, entry: str, horizon: int, contents: Contents) -> str:
    """Return in words how far to have read a book; "" if that was left open. Chapters show by number."""
    if not entry:
        return ""
    share = percent(-(-horizon // 100) * 100)
    section = contents.given_away(horizon)
    if horizon >= END:
        text = _("Read all of it")
    elif unit == "page":
        text = _("Read up to page %(page)s (%(share)s)", page=entry, share=share)
    elif unit == "minute":
        text = _("Listen up to %(time)s (%(share)s)", time=entry, share=share)
    elif section:
        text = _("Read up to chapter %(number)s", number=number_text(section.number))
    else:
        text = _("Read up to %(share)s", share=share)
    return text


def position_of(plan: MeetingPlan, measures: Measures) -> int:
    """Return the position up to which to read a book. As in a post it is rounded up. Raises PlaceError."""
    if not plan.read_until:
        return END
    if plan.read_until_unit == "section":
        contents = measures.contents
        return contents.end(section_from(plan.read_until, contents), up=True)
    return measures.position(plan.read_until_unit, plan.read_until, up=True)


def thread_title(title: str, book: str | None, *, several: bool) -> str:
    """Return the title of a meeting's thread; with several books each has a thread of its own."""
    return f"{title}: {book}"[:LONGEST_TITLE] if several and book else title


def next_moment(starts: Sequence[datetime], now: datetime) -> datetime | None:
    """Return when the next of these meetings has members to remind, or None."""
    return min((start - REMINDER for start in starts if start - REMINDER > now), default=None)
