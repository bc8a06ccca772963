"""The page of a meeting and the list of meetings, with times by the reader's clocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from flask import render_template

from ..books.models import Book
from ..date_polls.queries import undecided_polls
from ..extensions import utcnow
from ..lib.positions.contents import NO_CONTENTS, Contents
from ..lib.text.cursors import row_id_from
from ..members.models import Member
from ..members.queries import present_members
from ..permissions import may
from ..questions.forms import QuestionForm
from ..readings.queries import known_marks
from ..recaps.queries import recaps_of
from ..reports.queries import contents_of_books
from ..threads.queries import counts
from ..threads.rules import CommentCount, CommentRow
from ..web import current_member, current_viewer, time_zone
from . import (
    attendance_queries,
    forms,
    pace_queries,
    pace_rules,
    queries,
    rsvp_queries,
    rsvp_rules,
    rules,
    series_queries,
)
from .agenda_pages import agenda_of, question_composer
from .attendance_forms import AttendanceForm
from .forms import CancellationForm, MeetingForm
from .models import Meeting, Rsvp
from .rsvp_forms import RsvpForm, rsvp_form_for
from .rules import Times
from .series_forms import EndOfSeriesForm
from .series_rules import Answered


@dataclass(frozen=True)
class MeetingEntry:
    """A meeting with its times by the reader's clocks, and what to read."""

    meeting: Meeting
    times: Times
    to_read: Mapping[int, str]
    # By book, how much the reader reads a day until then.
    paces: Mapping[int, str] = field(default_factory=dict)


def entries_of(meetings: Sequence[Meeting], now: datetime) -> list[MeetingEntry]:
    """Return meetings as pages show them."""
    texts = reading_texts(meetings)
    return [MeetingEntry(each, times_for_reader(each, now), texts[each.id]) for each in meetings]


def reading_texts(meetings: Sequence[Meeting]) -> dict[int, dict[int, str]]:
    """Return in words how far to have read each book, by meeting."""
    chapters = contents_of_books({each.book_id for meeting in meetings for each in meeting.books})
    return {
        each.id: {
            book.book_id: rules.reading_text(
                each.read_until_unit, each.read_until, book.horizon, chapters[book.book_id]
            )
            for book in each.books
        }
        for each in meetings
    }


def times_for_reader(meeting: Meeting, now: datetime) -> Times:
    """Return the times of a meeting by the reader's clocks."""
    return rules.times_of(meeting.starts_at, meeting.ends_at, time_zone(), meeting.time_zone, now)


@dataclass(frozen=True)
class NextUp:
    """The next meeting on the front page, with the reader's answer; ``asks`` says that it is still open."""

    entry: MeetingEntry
    own: Rsvp | None
    asks: bool


def next_up(now: datetime) -> NextUp | None:
    """Return the next meeting, for the front page."""
    meeting = queries.next_meeting(now)
    if meeting is None:
        return None
    own = rsvp_queries.own_rsvps(current_viewer(), [meeting.id]).get(meeting.id)
    is_closed = rsvp_rules.is_closed(meeting.answer_until, meeting.time_zone, meeting.starts_at, now)
    return NextUp(entry_with_pace(meeting, now), own, asks=own is None and not is_closed)


def entry_with_pace(meeting: Meeting, now: datetime) -> MeetingEntry:
    """Return a meeting as pages show it, with how much its reader reads a day until then."""
    return replace(entries_of([meeting], now)[0], paces=paces_for(meeting, now))


def paces_for(meeting: Meeting, now: datetime) -> dict[int, str]:
    """Return in words how much of each book to read a day, unless the member wants no such words."""
    member = current_member()
    ids = [each.book_id for each in meeting.books]
    if member is None or not member.shows_pace or not ids or meeting.is_cancelled or now >= meeting.starts_at:
        return {}
    places, contents = pace_queries.own_places(current_viewer(), ids), contents_of_books(ids)
    measures = pace_queries.measures_of_books(ids, contents)
    return {
        each.book_id: pace_rules.pace_text(
            places[each.book_id], each.horizon, measures[each.book_id], meeting.starts_at, now, time_zone()
        )
        for each in meeting.books
    }


def show_meetings(now: datetime, after: str | None) -> str:
    """Render the list of meetings; visitors see titles and dates of those to come."""
    if current_member() is None:
        announced = queries.meetings_announced(now)
        times = [(each, times_for_reader(each, now)) for each in announced]
        return render_template("meetings/announced.html", announced=times)
    key = row_id_from(after)
    over = queries.meetings_over(now, key)
    to_come = queries.meetings_to_come(now) if key is None else []
    polls = undecided_polls(current_viewer(), now) if key is None else []
    return render_template(
        "meetings/index.html",
        polls=polls,
        to_come=entries_of(to_come, now),
        over=entries_of(over.entries, now),
        next_after=over.next_after,
        after=key,
    )


def show_meeting(
    meeting: Meeting,
    *,
    cancellation: CancellationForm | None = None,
    rsvp_form: RsvpForm | None = None,
    attendance_form: AttendanceForm | None = None,
    question_form: QuestionForm | None = None,
    book: str | None = None,
    ending: EndOfSeriesForm | None = None,
) -> str:
    """Render a meeting's page, with the form for a question about the book with this slug."""
    now = utcnow()
    has_begun = meeting.starts_at <= now
    repeats = meeting.series is not None and not meeting.series.ended_at
    return render_template(
        "meetings/show.html",
        entry=entry_with_pace(meeting, now),
        is_over=meeting.ends_at <= now,
        has_begun=has_begun,
        recaps=recaps_for_reader(meeting) if has_begun else [],
        attendance=attendance_at(meeting, attendance_form) if has_begun or attendance_form else None,
        said=said_in(meeting),
        events=queries.events_of(meeting.id),
        answers=rsvps_for(meeting, now, rsvp_form),
        agenda=agenda_of(meeting),
        composer=question_composer(meeting, now, question_form, book),
        cancellation=cancellation or CancellationForm(formdata=None),
        repeats=meeting.series.rule_text if meeting.series and repeats else "",
        ending=ending or EndOfSeriesForm(formdata=None),
        answered=answered_after(meeting, now) if repeats and may(current_member(), "run", meeting) else [],
    )


def answered_after(meeting: Meeting, now: datetime) -> list[Answered]:
    """Return the meetings after this one of its series that members have answered."""
    following = [each for each in series_queries.meetings_after(meeting, now) if not each.is_cancelled]
    counts = series_queries.answers_to([each.id for each in following])
    return [Answered(each.starts_on, counts[each.id]) for each in following if each.id in counts]


@dataclass(frozen=True)
class Answers:
    """The answers to a meeting as a member sees them, with the form for their own."""

    own: Rsvp | None
    coming: Sequence[Rsvp]
    waiting: Sequence[Rsvp]
    maybe: Sequence[Rsvp]
    absent: Sequence[Rsvp]
    form: RsvpForm
    is_closed: bool
    free: int | None

    @property
    def people(self) -> int:
        """The number of people who come, with their guests."""
        return sum(each.guests + 1 for each in self.coming)


def rsvps_for(meeting: Meeting, now: datetime, form: RsvpForm | None = None) -> Answers:
    """Return the answers to a meeting, for the member who asks."""
    viewer, rsvps = current_viewer(), rsvp_queries.rsvps_to(meeting.id)
    own = next((each for each in rsvps if each.member_id == viewer.id), None)
    coming = [each for each in rsvps if each.has_seat]
    return Answers(
        own=own,
        coming=coming,
        waiting=[each for each in rsvps if each.answer == "yes" and not each.has_seat],
        maybe=[each for each in rsvps if each.answer == "maybe"],
        absent=[each for each in rsvps if each.answer == "no"],
        form=form or rsvp_form_for(own),
        is_closed=rsvp_rules.is_closed(meeting.answer_until, meeting.time_zone, meeting.starts_at, now),
        free=rsvp_rules.free_seats(meeting.seats, sum(each.guests + 1 for each in coming)),
    )


@dataclass(frozen=True)
class RecapEntry:
    """A recap as one reader sees it, with its book and their mark in that."""

    comment: CommentRow
    book: Book | None
    mark: int | None
    contents: Contents


def recaps_for_reader(meeting: Meeting) -> Sequence[RecapEntry]:
    """Return the recaps of a meeting with what their placeholders say."""
    viewer, books = current_viewer(), {each.thread_id: each.book for each in meeting.books}
    rows = recaps_of(viewer, meeting.id)
    ids = [book.id for book in books.values()]
    marks, contents = (known_marks(viewer, ids), contents_of_books(ids)) if rows else ({}, {})
    entries = []
    for row in rows:
        # A conversation may have lost its book to another meeting; then only its own rules are left.
        book = books.get(row.thread_id)
        key = book.id if book else None
        entries.append(RecapEntry(row, book, marks.get(key or 0), contents.get(key, NO_CONTENTS)))
    return entries


@dataclass(frozen=True)
class AttendanceList:
    """The members who were at a meeting, as members see it.

    ``likely`` are the members that the host sees first in the list to tick, and ``others`` the rest; both
    are empty for everybody else. ``ticked`` are the ids of those who are ticked there: who was noted, or
    until somebody was, who had a seat. ``shown`` are those who are noted.
    """

    present: Sequence[Member]
    likely: Sequence[Member]
    others: Sequence[Member]
    ticked: Set[int]
    form: AttendanceForm

    def includes(self, member: Member) -> bool:
        return any(each.id == member.id for each in self.present)


def attendance_at(meeting: Meeting, form: AttendanceForm | None) -> AttendanceList:
    """Return who was at a meeting, with the list for those who run it."""
    present = attendance_queries.members_at(meeting.id)
    ticked, likely, others = {each.id for each in present}, list[Member](), list[Member]()
    if may(current_member(), "run", meeting):
        coming = {each.member_id for each in rsvp_queries.rsvps_to(meeting.id) if each.has_seat}
        first = ticked | coming
        ticked = ticked or coming
        everybody = present_members()
        if form and not form.is_about_oneself:
            # What was ticked in a form that was refused is shown again.
            ticked = {each.id for each in everybody if each.username in form.member.data}
        for each in everybody:
            (likely if each.id in first else others).append(each)
    return AttendanceList(present, likely, others, ticked, form or AttendanceForm(formdata=None))


def said_in(meeting: Meeting) -> Mapping[int, CommentCount]:
    """Return how much was said in each of the conversations of a meeting, as this reader sees it."""
    return counts(current_viewer(), [thread.id for thread in meeting.threads])


def name_choices(form: MeetingForm, args: Mapping[str, str]) -> MeetingForm:
    """Return a form whose choices of how to repeat are named by the day in the address, if there is one."""
    with suppress(ValueError):
        form.name_choices(date.fromisoformat(args.get("starts_on", "")), args.get("repeats", ""))
    return form


def empty_form(now: datetime, book: str, host: str) -> MeetingForm:
    """Return the form of a new meeting with what is usual, and this book."""
    zone = time_zone()
    day, clock = rules.usual_start(now, zone)
    return MeetingForm(rules.MeetingPlan("", day, clock, zone), [book] if book else [], host)


def form_of(meeting: Meeting, plan: rules.MeetingPlan, *, fresh: bool = False) -> MeetingForm:
    """Return the form that changes a meeting, as it was sent or (``fresh``) as the meeting is."""
    books = [forms.name_of_book(each.book) for each in meeting.books]
    host = forms.name_of_host(meeting.host_id)
    taken, series = rsvp_queries.seats_taken(meeting.id), meeting.series
    rule = series.rule if series and not series.ended_at else ""
    bound = {"formdata": None} if fresh else {}
    return MeetingForm(plan, books, host, taken, rule, meeting.series_on, **bound)
