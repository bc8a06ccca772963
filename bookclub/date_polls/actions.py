"""Make a date poll, answer it, choose one of its times, and withdraw it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ..extensions import db
from ..lib.text.shown_text import typed
from ..meetings.actions import plan_meeting
from ..meetings.models import Meeting
from ..meetings.queries import members_here
from ..meetings.rules import MeetingPlan
from ..members.models import Member
from ..notices.actions import notify_of_date_poll, notify_of_meeting, retract_of_date_poll
from . import queries, rules
from .models import Availability, DateOption, DatePoll

ASKED = "date_wanted"


def ask(
    title: str,
    times: Sequence[rules.ProposedTime],
    zone: str,
    minutes: int,
    member: Member,
    now: datetime,
    submission: str | None = None,
) -> DatePoll:
    """Add a poll with its times, and ask all members."""
    options = [
        DateOption(starts_on=each.starts_on, clock=each.clock, starts_at=each.starts_at) for each in times
    ]
    poll = DatePoll(
        title=title,
        time_zone=zone,
        minutes=minutes,
        created_by_id=member.id,
        created_at=now,
        submission=submission,
        options=options,
    )
    db.session.add(poll)
    db.session.flush()
    notify_of_date_poll(members_here(), ASKED, poll.id, member.id, now)
    return poll


def answer(poll: DatePoll, member: Member, said: Mapping[int, str], now: datetime) -> None:
    """Record a member's answers, by the id of the time, to a poll whose row is locked."""
    before = queries.answers_by(member.id, poll.id)
    for option_id, word in said.items():
        known = before.get(option_id)
        if known is None:
            db.session.add(
                Availability(option_id=option_id, member_id=member.id, answer=word, answered_at=now)
            )
        elif known.answer != word:
            known.answer, known.answered_at = word, now
    retract_of_date_poll(poll.id, member_id=member.id)


def choose(poll: DatePoll, option: DateOption, member: Member, now: datetime) -> Meeting:
    """Choose a time of a poll whose row is locked, and plan the meeting.

    Its host is the member who made the poll, or the one who chooses if that member has left. Members who
    answered are told that a date was chosen, and all others that a meeting is planned.
    """
    host_id = poll.created_by_id if queries.is_present(poll.created_by_id) else member.id
    plan = MeetingPlan(
        title=typed(poll.title),
        starts_on=option.starts_on,
        clock=option.clock,
        time_zone=poll.time_zone,
        minutes=poll.minutes,
        host_id=host_id,
    )
    answered = {each.member_id for each in queries.answers_to(poll.id)}
    meeting = plan_meeting(plan, [], member, now, told_elsewhere=answered)
    notify_of_meeting(answered, "date_chosen", meeting.id, member.id, now)
    poll.meeting_id = meeting.id
    retract_of_date_poll(poll.id)
    return meeting


def withdraw(poll: DatePoll, member: Member, reason: str, now: datetime) -> None:
    """Withdraw a poll with a reason. Its page stays, with the answers."""
    poll.withdraw(member.id, reason, now)
    retract_of_date_poll(poll.id)
