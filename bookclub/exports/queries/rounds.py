"""Rounds as rows: what was nominated, what came of it, and the ballots of open rounds that are over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from ...extensions import db
from ...voting.models import Ballot, Round, RoundEvent
from ...voting.queries import whole_rounds


def rounds(_everything: bool) -> Iterator[Mapping[str, Any]]:
    """The rounds. How the vote stands in one that is not over is secret, and private ballots always are."""
    for number in db.session.execute(select(Round.id).order_by(Round.id)).scalars().all():
        one = db.session.execute(whole_rounds().where(Round.id == number)).scalar_one()
        is_over = one.settled_at is not None
        yield {
            "id": one.id,
            "title": one.title,
            "method": one.method,
            "secrecy": one.secrecy,
            "quorum": one.quorum,
            "opened_by_id": one.opened_by_id,
            "opened_at": one.opened_at,
            "thread_id": one.thread_id,
            "nominations_until_at": one.nominations_until_at,
            "voting_until_at": one.voting_until_at,
            "voting_opened_at": one.voting_opened_at,
            "labelled_at": one.labelled_at,
            "settled_at": one.settled_at,
            "outcome": one.outcome,
            "electorate": one.electorate,
            "turnout": one.turnout,
            "lot_hash": one.lot_hash,
            "lot": one.lot if is_over and not one.withholds else None,
            "nominations": [
                {
                    "id": each.id,
                    "book_id": each.book_id,
                    "as_nominated": each.as_nominated,
                    "as_voted": each.as_voted,
                    "member_id": each.member_id,
                    "pitch": each.pitch,
                    "readers": each.readers,
                    "nominated_at": each.nominated_at,
                    "withdrawn_at": each.withdrawn_at,
                    "carried_from_id": each.carried_from_id,
                }
                for each in one.nominations
            ],
            "tallies": [
                {
                    "counted_at": tally.counted_at,
                    "winner_id": tally.winner_id,
                    "without_id": tally.without_id,
                    "count": tally.count,
                }
                for tally in one.tallies
            ],
            "ballots": list(_ballots(one)) if is_over and not one.is_private else None,
            "events": [
                {"kind": event.kind, "member_id": event.member_id, "happened_at": event.happened_at}
                for event in _events(one.id)
            ],
        }


def _ballots(one: Round) -> Iterator[Mapping[str, Any]]:
    statement = select(Ballot).where(Ballot.round_id == one.id).order_by(Ballot.receipt)
    for ballot in db.session.execute(statement).scalars():
        yield {"receipt": ballot.receipt, "member_id": ballot.member_id, "ranks": ballot.ranks}


def _events(round_id: int) -> Iterator[RoundEvent]:
    statement = select(RoundEvent).where(RoundEvent.round_id == round_id).order_by(RoundEvent.id)
    yield from db.session.execute(statement).scalars()
