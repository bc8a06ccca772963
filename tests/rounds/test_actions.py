"""What the clock brings about is written down once, by whoever comes first, and in short transactions."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bookclub.extensions import utcnow
from bookclub.rounds import clock
from bookclub.rounds import queries as rounds_queries

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def test_whoever_saw_a_round_due_before_somebody_else_settled_it_does_not_settle_it_again(
    app, call, pass_close, tallies, kept, monkeypatch
):
    voting_round = call(voting=True)
    pass_close(voting_round)
    monkeypatch.setattr(rounds_queries, "due_rounds", lambda _now: [voting_round.id])

    with app.app_context():
        clock.catch_up(utcnow())
        settled = kept(voting_round)
        clock.catch_up(utcnow())
    assert len(tallies(voting_round)) == 1
    assert kept(voting_round).settled_at == settled.settled_at


def test_what_is_wrong_while_catching_up_and_is_no_lock_is_not_hidden(app, call, pass_close, monkeypatch):
    """A lock is left to the next page; anything else would hide a round that nobody ever counts."""

    def stumble(*_):
        raise IntegrityError("INSERT INTO tally", None, Exception("twice"))

    pass_close(call(voting=True))
    monkeypatch.setattr(clock, "settle", stumble)
    with app.app_context(), pytest.raises(IntegrityError, match="twice"):
        clock.catch_up(utcnow())
