"""A round is opened and fed: its rules, its nominations and its ballots."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from ...accounts.models import Member
from ...extensions import db
from ...renderings import typed
from ...threads.actions import open_thread
from .. import queries, rules
from ..models import Ballot, Nomination, Round
from ..queries.entering import round_to_carry_from
from .entering import carry_over
from .journal import note
from .settling import count_anew


def open_round(plan: rules.Plan, organiser_id: int, now: datetime, submission: str | None = None) -> Round:
    """A new round, with its two secrets drawn: nothing that anybody does later can steer them.

    It has a thread under its title, in which members talk about it. The runners-up of the round
    before are nominated in it, where that one says so.
    """
    earlier = round_to_carry_from()
    thread = open_thread(None, organiser_id, plan.title, 0, now, of_round=True)
    lot = secrets.token_hex(32)
    voting_round = Round(
        **asdict(plan),
        ballot_key=secrets.token_hex(32),
        lot=lot,
        lot_hash=rules.hash_of(lot),
        thread=thread,
        opened_by_id=organiser_id,
        opened_at=now,
        submission=submission,
        nominations=[],
        tallies=[],
    )
    db.session.add(voting_round)
    if earlier is not None:
        carry_over(earlier, voting_round, now)
    return voting_round


def change_plan(voting_round: Round, plan: rules.Plan, organiser_id: int, now: datetime) -> None:
    """Set other rules for a round in which nobody votes yet; everybody sees that they were changed."""
    before = plan_of(voting_round)
    if plan == before:
        return
    for name, value in asdict(plan).items():
        setattr(voting_round, name, value)
    voting_round.thread.title = plan.title
    note(voting_round, "changed", organiser_id, now)


def plan_of(voting_round: Round) -> rules.Plan:
    columns: dict[str, Any] = {name: getattr(voting_round, name) for name in rules.Plan.__dataclass_fields__}
    return rules.Plan(**columns | {"title": typed(voting_round.title)})


def withdraw(voting_round: Round, nomination: Nomination, member_id: int, now: datetime) -> None:
    """Take a nomination back, as far as the round has come.

    Before voting it is gone. Later it is struck from the ballots whenever they are read, and none of
    them is touched. After the close the round is counted anew without it; the first result is kept.
    """
    state = voting_round.state(now)
    if state == rules.NOMINATING:
        voting_round.nominations.remove(nomination)
        db.session.delete(nomination)
        return
    nomination.withdrawn_at = now
    note(voting_round, "withdrawn", member_id, now, nomination_id=nomination.id)
    if state == rules.CLOSED:
        count_anew(voting_round, nomination, now)


def cast(voting_round: Round, member: Member, ranking: Mapping[int, int], now: datetime) -> Ballot:
    """Put a member's ballot in the place of the one they have cast before, if any.

    A private ballot keeps neither name nor time. Its receipt stays, unless an organiser's link has set
    the member's password since: then there is a new one, as the old one was another's to see.
    """
    key = voting_round.ballot_key
    assert key is not None
    seal = rules.seal_of(key, member.id, member.password_reset_at) if voting_round.is_private else None
    ballot = queries.ballot_of(voting_round, member)
    if ballot is None:
        ballot = Ballot(round_id=voting_round.id, voter=rules.voter_tag(key, member.id))
        db.session.add(ballot)
    if ballot.receipt is None or ballot.seal != seal:
        ballot.receipt = rules.make_receipt(secrets.token_bytes(16))
    ballot.ranks = {str(nomination): place for nomination, place in sorted(ranking.items())}
    ballot.seal = seal
    if not voting_round.is_private:
        ballot.member_id, ballot.cast_at = member.id, now
    return ballot
