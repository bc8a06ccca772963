"""Begin a series of meetings, make its next ones, change those that follow, and end it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from ..books.models import Book
from ..extensions import db
from ..members.models import Member
from ..members.queries import member_by_id
from . import part_rules, series_queries, series_rules
from .actions import cancel, change_meeting, plan_meeting, plan_of, withdraw
from .events import on_withdrawal
from .models import Meeting, MeetingSeries
from .rules import MeetingPlan


@dataclass(frozen=True)
class Change:
    """A change of a series: its rule ("": it ends), whether later meetings follow, and a book to spread."""

    rule: str
    concerns_following: bool
    books: Sequence[Book]
    parts: Sequence[part_rules.ReadingPart]


def plan_series(
    plan: MeetingPlan,
    rule: str,
    books: Sequence[Book],
    member: Member,
    now: datetime,
    submission: str | None = None,
    parts: Sequence[part_rules.ReadingPart] = (),
) -> Meeting:
    """Plan a meeting that repeats, make the next ones at once, and tell all members of it once.

    With ``parts``, so many meetings are made that read the one book together. Return the first meeting.
    """
    series = _begin_series(rule, plan.starts_on, member, now)
    first_plan = part_rules.plan_of_part(plan, parts[0]) if parts else plan
    first = plan_meeting(first_plan, books, member, now, submission, series=series)
    if parts:
        days = islice(series_rules.days_of(rule, plan.starts_on), 1, len(parts))
        for day, part in zip(days, parts[1:], strict=True):
            own = part_rules.plan_of_part(series_rules.moved(plan, day), part)
            plan_meeting(own, books, member, now, series=series, tells=False)
    make_next(series, now)
    return first


def repeat(meeting: Meeting, rule: str, member: Member, now: datetime) -> None:
    """Let a meeting repeat that stood alone so far."""
    meeting.series = _begin_series(rule, meeting.starts_on, member, now)
    meeting.series_on, meeting.is_apart = meeting.starts_on, False
    db.session.flush()
    make_next(meeting.series, now)


def _begin_series(rule: str, day: date, member: Member, now: datetime) -> MeetingSeries:
    series = MeetingSeries(rule=rule, begins_on=day, created_by_id=member.id, created_at=now)
    db.session.add(series)
    db.session.flush()
    return series


def make_next(series: MeetingSeries, now: datetime) -> None:
    """Make those of the next meetings of a series that are missing, without a notice."""
    model = series_queries.model_of(series.id)
    plan, books = plan_of(model), [each.book for each in model.books]
    member = member_by_id(series.created_by_id)
    assert member is not None
    # A day earlier than any clock shows now, since the meeting may be in another zone.
    since = (now - timedelta(days=1)).date()
    to_come = (
        own
        for day in series_rules.days_of(series.rule, series.begins_on)
        if day >= since and (own := series_rules.plan_of_next(plan, day)).starts_at > now
    )
    taken = series_queries.days_taken(series.id, since)
    for own in islice(to_come, series_rules.AHEAD):
        if own.starts_on not in taken:
            plan_meeting(own, books, member, now, series=series, tells=False)


def answered(meetings: Sequence[Meeting]) -> list[series_rules.Answered]:
    """Return those of these meetings that take place and have answers, with the number of these."""
    counts = series_queries.answers_to([each.id for each in meetings])
    return [
        series_rules.Answered(each.starts_on, counts[each.id])
        for each in meetings
        if each.id in counts and not each.is_cancelled
    ]


def change_series(
    meeting: Meeting,
    before: MeetingPlan,
    change: Change,
    following: Sequence[Meeting],
    member: Member,
    now: datetime,
) -> None:
    """Carry a change of a meeting, from the plan ``before``, over to its series, as its form says.

    ``following`` are the meetings after it, if they are to change, too.
    """
    if meeting.series is None or meeting.series.ended_at:
        if change.rule:
            repeat(meeting, change.rule, member, now)
    elif not change.concerns_following:
        meeting.is_apart = meeting.is_apart or series_rules.stands_apart(before, plan_of(meeting))
    elif not change.rule:
        end_series(meeting, following, member, "", now)
    else:
        change_following(meeting, before, change.rule, following, change.books, member, now)
    if change.parts:
        spread_book(meeting, change.parts, member, now)


def change_following(
    meeting: Meeting,
    before: MeetingPlan,
    rule: str,
    following: Sequence[Meeting],
    found: Sequence[Book],
    member: Member,
    now: datetime,
) -> None:
    """Change the meetings after one that has just been changed from the plan ``before``, as that one was.

    With another day or rule they move to the next days of the rule, each with its answers. Members hear of
    those that were moved and that somebody has answered. A cancelled one stays so, whatever its day is now.
    """
    series, after = meeting.series, plan_of(meeting)
    assert series is not None
    days = [each.series_on or each.starts_on for each in following]
    if rule != series.rule or after.starts_on != before.starts_on:
        # The meetings before this one keep their rule, which has ended for them.
        series.ended_at = now
        series = meeting.series = _begin_series(rule, after.starts_on, member, now)
        meeting.series_on = after.starts_on
        days = series_rules.days_to_come(rule, after, now, len(following))
    meeting.is_apart = False
    counts = series_queries.answers_to([each.id for each in following])
    for number, each in enumerate(following):
        if number >= len(days):
            if not each.is_cancelled:
                withdraw(each)
            continue
        was_on, each.series, each.series_on = each.series_on, series, days[number]
        if each.is_cancelled:
            continue
        plan, each.is_apart = plan_of(each), False
        # One that had been moved alone stays where it is, as long as its day in the rule does.
        day = plan.starts_on if was_on == days[number] else days[number]
        books = [*found, *(one.book for one in each.books)]
        own = series_rules.follow(plan, before, after, day)
        change_meeting(each, own, books, member, now, tells=each.id in counts)
    db.session.flush()
    make_next(series, now)


def left_over(
    meeting: Meeting, rule: str, plan: MeetingPlan, following: Sequence[Meeting], now: datetime
) -> list[Meeting]:
    """Return those of the following meetings that cannot go, though a new rule has no day for them.

    ``plan`` is that of ``meeting``, from which the rule counts; "" is no rule.
    """
    if (
        meeting.series is None
        or meeting.series.ended_at
        or (rule, plan.starts_on) == (meeting.series.rule, meeting.starts_on)
    ):
        return []
    days = series_rules.days_to_come(rule, plan, now, len(following))
    stay = _those_that_stay(following)
    return [each for each in following[len(days) :] if not each.is_cancelled and each.id in stay]


def _those_that_stay(meetings: Sequence[Meeting]) -> Set[int]:
    """Return the ids of meetings with answers, words or questions, which are not just deleted."""
    ids = [each.id for each in meetings]
    said = {each.id for each in meetings if any(thread.latest_comment_id for thread in each.threads)}
    return said.union(series_queries.answers_to(ids), *on_withdrawal.call(ids))


def spread_book(
    meeting: Meeting, parts: Sequence[part_rules.ReadingPart], member: Member, now: datetime
) -> None:
    """Let this meeting and those after it read its one book in so many parts; missing ones are made."""
    series = meeting.series
    assert series is not None
    assert meeting.series_on is not None
    books = [each.book for each in meeting.books]
    plan = plan_of(meeting)
    days = (day for day in series_rules.days_of(series.rule, series.begins_on) if day >= meeting.series_on)
    known = {each.series_on: each for each in [meeting, *series_queries.meetings_after(meeting, now)]}
    taken = series_queries.days_taken(series.id, meeting.series_on)
    live = (
        day
        for day in days
        if (day in known and not known[day].is_cancelled)
        or (day not in taken and series_rules.moved(plan, day).starts_at > now)
    )
    for day, part in zip(islice(live, len(parts)), parts, strict=True):
        each = known.get(day)
        if each is None:
            own = part_rules.plan_of_part(series_rules.moved(plan, day), part)
            plan_meeting(own, books, member, now, series=series, tells=False)
        else:
            own = part_rules.replace_books(plan_of(each), plan)
            theirs = [*books, *(one.book for one in each.books)]
            change_meeting(each, part_rules.plan_of_part(own, part), theirs, member, now)


def end_series(
    meeting: Meeting, following: Sequence[Meeting], member: Member, reason: str, now: datetime
) -> None:
    """Let a series end with this meeting.

    Those after it go, or are cancelled with the reason if somebody has answered them or written about them.
    """
    series = meeting.series
    assert series is not None
    series.ended_at = now
    stay = _those_that_stay(following)
    for each in following:
        if each.is_cancelled:
            continue
        if each.id in stay:
            cancel(each, member, reason, now)
        else:
            withdraw(each)
