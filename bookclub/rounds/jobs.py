"""Job that changes rounds by the clock and reminds members to vote, so that nobody has to look for that."""

from __future__ import annotations

from datetime import datetime

from ..extensions import utcnow
from ..jobs import enqueue, job, next_night
from ..members.events import on_password_reset
from ..members.models import Member
from ..notices.actions import add_notices_of_round, retract_of_round
from ..notices.queries import members_notified
from . import ballot_queries, queries, rules
from .actions import JOB
from .clock import catch_up_first
from .models import Round

# Kinds of notices that tell if their reader has voted.
TELLING = ("round_ending", "ballot_by_link")


@job(JOB, nightly=True)
def run_rounds() -> None:
    """Apply the clock to all rounds, remind who has not voted, and wait for the next moment."""
    now = utcnow()
    catch_up_first(now)
    moments = [next_night(now)]
    for each in queries.rounds_under_way():
        if rules.is_reminder_due(each.times, now):
            remind(each.id, now)
        moments.append(rules.next_moment(each.times, now) or now)
    enqueue(JOB, key=JOB, due_at=min(moments))


def remind(round_id: int, now: datetime) -> None:
    """Tell the members who have not voted that the vote ends tomorrow, each once in a round.

    The round is locked, so that nobody votes meanwhile.
    """
    voting_round = queries.round_to_act_on(round_id, lock=True)
    if voting_round is None or not rules.is_reminder_due(voting_round.times, now):
        return
    reminded = members_notified("round_ending", round_id)
    silent = ballot_queries.members_to_vote(voting_round)
    fresh = [each.id for each in silent if each.id not in reminded and may_be_reminded(voting_round, each)]
    add_notices_of_round(fresh, "round_ending", round_id, None, now)


def may_be_reminded(voting_round: Round, member: Member) -> bool:
    """Return True unless a reminder could tell somebody else whether the member has voted."""
    return rules.may_be_reminded(
        is_private=voting_round.is_private,
        opened_at=voting_round.voting_opened_at,
        reset_at=member.password_reset_at,
    )


@on_password_reset
def forget_reminders(member: Member) -> None:
    """Take back what tells of private votes if a member has voted, as a link is setting their password."""
    for round_id in ballot_queries.private_rounds_told(member, *TELLING):
        retract_of_round(round_id, *TELLING, member_id=member.id)
