"""Plan a meeting, change, move and cancel it, and tell the members."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from ..books.events import on_positions_changed
from ..books.models import Book
from ..extensions import db, utcnow
from ..jobs import enqueue
from ..lib.positions.measures import Measures
from ..lib.positions.places import START, PlaceError
from ..lib.text.shown_text import typed
from ..members.models import Member
from ..notices.actions import notify_of_meeting, retract_of_meeting
from ..readings.queries import measures_of
from ..threads.actions import open_thread, recompute_horizons
from ..threads.models import Thread
from . import queries, rules
from .models import Meeting, MeetingBook, MeetingEvent, MeetingSeries
from .rsvp_actions import give_seats

# The kind of the job that reminds members, and its key: one such job waits at any time.
JOB = "meetings"


def plan_meeting(
    plan: rules.MeetingPlan,
    books: Sequence[Book],
    member: Member,
    now: datetime,
    submission: str | None = None,
    *,
    told_elsewhere: Collection[int] = (),
    series: MeetingSeries | None = None,
    tells: bool = True,
) -> Meeting:
    """Add a meeting with its conversations, and tell all members. ``books`` are those of the plan.

    ``told_elsewhere`` are members who hear of it in another notice, and get none here. One of a ``series``
    stands for the day of its plan. With ``tells`` off nobody gets a notice.
    """
    meeting = Meeting(created_by_id=member.id, created_at=now, submission=submission, books=[], revision=0)
    if series is not None:
        meeting.series, meeting.series_on = series, plan.starts_on
    _write(meeting, plan)
    db.session.add(meeting)
    _set_books(meeting, plan, books, member, now)
    db.session.flush()
    _note(meeting, "made", member, now)
    if tells:
        told = [each for each in queries.members_here() if each not in told_elsewhere]
        notify_of_meeting(told, "meeting_made", meeting.id, member.id, now)
    schedule(meeting, now)
    return meeting


def change_meeting(
    meeting: Meeting,
    plan: rules.MeetingPlan,
    books: Sequence[Book],
    member: Member,
    now: datetime,
    *,
    tells: bool = True,
) -> bool:
    """Change a meeting, and tell all members if it was moved, unless ``tells`` is off.

    Return False if the plan changes nothing.
    """
    before = plan_of(meeting)
    if plan == before:
        return False
    was_at = meeting.starts_at
    _write(meeting, plan)
    _set_books(meeting, plan, books, member, now)
    meeting.changed_at = now
    meeting.revision += 1
    if meeting.starts_at != was_at:
        meeting.reminded_at = None
        _note(meeting, "moved", member, now, was_at=was_at, now_at=meeting.starts_at)
        retract_of_meeting(meeting.id, "meeting_tomorrow")
        if tells:
            notify_of_meeting(queries.members_here(), "meeting_moved", meeting.id, member.id, now)
        schedule(meeting, now)
    if plan.seats != before.seats:
        give_seats(meeting, now)
    if plan.host_id != before.host_id:
        _note(meeting, "handed_over", member, now, host_id=plan.host_id)
    if (was_at, before.host_id) == (meeting.starts_at, plan.host_id):
        _note(meeting, "changed", member, now)
    return True


def cancel(meeting: Meeting, member: Member, reason: str, now: datetime) -> None:
    """Cancel a meeting with a reason, and tell all members. Its page and its conversations stay."""
    meeting.cancel(member.id, reason, now)
    _note(meeting, "cancelled", member, now)
    outdated = ("meeting_made", "date_chosen", "meeting_moved", "meeting_tomorrow", "meeting_seat")
    retract_of_meeting(meeting.id, *outdated)
    notify_of_meeting(queries.members_here(), "meeting_cancelled", meeting.id, member.id, now)


def withdraw(meeting: Meeting) -> None:
    """Delete a meeting that nobody has answered, and in whose conversations nobody has written."""
    threads = meeting.threads
    db.session.delete(meeting)
    db.session.flush()
    for thread in threads:
        _drop_if_silent(thread)


def plan_of(meeting: Meeting) -> rules.MeetingPlan:
    """Return the plan of a meeting, its words as they were typed."""
    return rules.MeetingPlan(
        title=typed(meeting.title),
        starts_on=meeting.starts_on,
        clock=meeting.clock,
        time_zone=meeting.time_zone,
        minutes=meeting.minutes,
        place=typed(meeting.place),
        link=meeting.link,
        access=typed(meeting.access),
        read_until_unit=meeting.read_until_unit,
        read_until=meeting.read_until,
        notes=typed(meeting.notes),
        notes_html=meeting.notes_html,
        host_id=meeting.host_id,
        hides_place=meeting.hides_place,
        seats=meeting.seats,
        answer_until=meeting.answer_until,
        books=tuple(rules.BookToRead(each.book_id, each.horizon) for each in meeting.books),
    )


def schedule(meeting: Meeting, now: datetime) -> None:
    """Let the job run when members are to be reminded of this meeting."""
    due_at = rules.next_moment([meeting.starts_at], now)
    if due_at is not None:
        enqueue(JOB, key=JOB, due_at=due_at)


def set_start(meeting: Meeting) -> bool:
    """Compute the start from the local time, by the zone's present rules. Return whether it changed."""
    plan = plan_of(meeting)
    if meeting.starts_at == plan.starts_at:
        return False
    _set_times(meeting, plan)
    meeting.revision += 1
    return True


def _write(meeting: Meeting, plan: rules.MeetingPlan) -> None:
    for name in (
        "title", "starts_on", "clock", "time_zone", "minutes", "place", "link", "access", "read_until_unit",
        "read_until", "notes", "notes_html", "host_id", "hides_place", "seats", "answer_until",
    ):  # fmt: skip
        setattr(meeting, name, getattr(plan, name))
    _set_times(meeting, plan)


def _set_times(meeting: Meeting, plan: rules.MeetingPlan) -> None:
    meeting.starts_at = plan.starts_at
    meeting.ends_at = plan.starts_at + timedelta(minutes=plan.minutes)


def _set_books(
    meeting: Meeting, plan: rules.MeetingPlan, books: Sequence[Book], member: Member, now: datetime
) -> None:
    """Set the books of a meeting, how far to read each, and the conversations that belong to them."""
    several, known = len(plan.books) > 1, {each.book_id: each for each in meeting.books}
    titles = {book.id: book.title for book in books}
    for number, entry in enumerate(plan.books):
        title = rules.thread_title(plan.title, titles[entry.book_id], several=several)
        found = known.pop(entry.book_id, None)
        if found is None:
            thread = open_thread(entry.book_id, member, title, entry.horizon, now, of_meeting=True)
            meeting.books.append(
                MeetingBook(book_id=entry.book_id, number=number, horizon=entry.horizon, thread=thread)
            )
            continue
        found.number, found.horizon, found.thread.title = number, entry.horizon, title
        _set_floor(found.thread, entry.horizon)
    for gone in known.values():
        meeting.books.remove(gone)
        db.session.flush()
        _drop_if_silent(gone.thread)
    if meeting.thread_id and meeting.thread:
        meeting.thread.title = plan.title
        if plan.books and not meeting.thread.latest_comment_id:
            silent, meeting.thread = meeting.thread, None
            db.session.flush()
            _drop_if_silent(silent)
    elif not plan.books:
        meeting.thread = open_thread(None, member, plan.title, START, now, of_meeting=True)


@on_positions_changed
def remap(book_id: int, before: Measures) -> None:
    """Recompute how far to have read a book for the meetings to come, after its measures changed.

    A place that cannot be understood any more leaves the position as it was.
    """
    now, measures = utcnow(), measures_of(book_id)
    for meeting, entry in queries.readings_to_come(book_id, now):
        try:
            horizon = rules.position_of(plan_of(meeting), measures)
        except PlaceError:
            continue
        if horizon != entry.horizon:
            entry.horizon, meeting.changed_at = horizon, now
            meeting.revision += 1
            _set_floor(entry.thread, horizon)


def _drop_if_silent(thread: Thread) -> None:
    """Delete a conversation in which nobody ever wrote. Others stay, with their book."""
    if not thread.latest_comment_id:
        db.session.delete(thread)


def _set_floor(thread: Thread, horizon: int) -> None:
    floor = rules.floor_of_thread(horizon, thread.floor, thread.latest_comment_id)
    if floor != thread.floor:
        thread.floor = floor
        recompute_horizons(thread)


def _note(
    meeting: Meeting,
    kind: str,
    member: Member,
    now: datetime,
    *,
    was_at: datetime | None = None,
    now_at: datetime | None = None,
    host_id: int | None = None,
) -> None:
    """Record in a meeting's history that a member did something."""
    db.session.add(
        MeetingEvent(
            meeting_id=meeting.id,
            kind=kind,
            member_id=member.id,
            happened_at=now,
            was_at=was_at,
            now_at=now_at,
            host_id=host_id,
        )
    )
