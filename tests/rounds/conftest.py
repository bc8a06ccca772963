"""A round in which everybody votes, and ways to vote in it, to let time pass and to look at what is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.members.models import Club
from bookclub.rounds.models import Ballot, Nomination, Round, RoundEvent, Tally
from tests.factories import make_book, make_member, make_nomination, make_round

TITLES = ("Dune", "Emma", "Ulysses")


@pytest.fixture
def voters(save, alice, bob, mod, olive):
    """Six members: the cast, Carol and Dan."""
    return [alice, bob, mod, olive, *save(make_member("carol"), make_member("dan"))]


@pytest.fixture
def books(save):
    """Dune, Emma and Ulysses."""
    return save(*(make_book(title) for title in TITLES))


@pytest.fixture
def call(save, voters, books, alice, olive):
    """``call(voting=True)`` is a round of Olive's, with all three books nominated by Alice.

    ``call(titles=2, …)`` has only the first two of them.
    """

    def call(*, titles: int = 3, **columns) -> Round:
        voting_round = save(make_round(olive, **columns))
        if titles:
            save(*(make_nomination(voting_round, book, alice) for book in books[:titles]))
        return voting_round

    return call


@pytest.fixture
def nominations(rows):
    """``nominations(voting_round)`` are the ids of its nominations, in the order of their books."""

    def nominations(voting_round) -> list[int]:
        statement = select(Nomination).where(Nomination.round_id == voting_round.id)
        return [row.id for row in rows(statement.order_by(Nomination.book_id))]

    return nominations


@pytest.fixture
def vote(visit, nominations):
    """``vote(bob, voting_round, 1, "", 2)`` sends Bob's places for the books, in their order."""
    clients = {}

    def vote(member, voting_round, *places, **more):
        if member.id not in clients:
            clients[member.id] = visit(member)
        ids = nominations(voting_round)
        typed = {f"rank-{ids[at]}": place for at, place in enumerate(places)}
        return clients[member.id].post(f"/rounds/{voting_round.id}/ballot", data={**typed, **more})

    return vote


@pytest.fixture
def kept(rows):
    """``kept(voting_round)`` is the row as the database has it now."""

    def kept(row):
        return rows(select(type(row)).where(type(row).id == row.id))[0]

    return kept


@pytest.fixture
def ballots(rows):
    """``ballots(voting_round)`` are its ballots, by their receipts."""

    def ballots(voting_round):
        return rows(select(Ballot).where(Ballot.round_id == voting_round.id).order_by(Ballot.receipt))

    return ballots


@pytest.fixture
def tallies(rows):
    """``tallies(voting_round)`` are its counts, the first first."""

    def tallies(voting_round):
        return rows(select(Tally).where(Tally.round_id == voting_round.id).order_by(Tally.id))

    return tallies


@pytest.fixture
def events(rows):
    """``events(voting_round)`` is what was written down of it: (kind, by whom)."""

    def events(voting_round):
        statement = select(RoundEvent).where(RoundEvent.round_id == voting_round.id).order_by(RoundEvent.id)
        return [(event.kind, event.member_id) for event in rows(statement)]

    return events


@pytest.fixture
def change(app):
    """``change(row, name=value)`` writes columns of a row, whatever the application thinks of that."""

    def change(row, **columns) -> None:
        model = type(row)
        with app.app_context():
            begin_write()
            db.session.execute(update(model).where(model.id == row.id).values(**columns))
            db.session.commit()

    return change


@pytest.fixture
def pass_close(change):
    """``pass_close(voting_round)``: its close is past by now, and nobody has noticed yet."""

    def pass_close(voting_round) -> None:
        now = utcnow()
        change(voting_round, nominations_until_at=now, voting_until_at=now)

    return pass_close


@pytest.fixture
def pass_nominations(change):
    """``pass_nominations(voting_round)``: nominations are over, and nobody has noticed yet."""

    def pass_nominations(voting_round) -> None:
        change(voting_round, nominations_until_at=utcnow())

    return pass_nominations


@pytest.fixture
def club(rows):
    """``club()`` is the club as the database has it now."""

    def club() -> Club:
        return rows(select(Club))[0]

    return club


@pytest.fixture
def publish(change, club):
    """Make the club public."""

    def publish() -> None:
        change(club(), is_public=True)

    return publish
