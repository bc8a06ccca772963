"""Which rounds are due, who belongs to an electorate, and what a club has read of a book."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bookclub.extensions import utcnow
from bookclub.lib.positions.visibility import Viewer
from bookclub.rounds import queries as rounds_queries
from bookclub.rounds.interest_queries import Interest, interest_in
from bookclub.rounds.models import Ballot, Tally
from bookclub.rounds.queries import books_chosen
from tests.factories import make_book, make_member, make_nomination, make_reading, make_round

pytestmark = pytest.mark.databases("sqlite", "postgresql")

DAY = timedelta(days=1)


def test_a_round_is_due_from_its_deadlines_on_until_what_they_bring_is_written_down(app, save, olive):
    now = utcnow()
    over = {"settled_at": now, "outcome": "void"}
    soon = {"nominations_until_at": now + DAY, "voting_until_at": now + 2 * DAY}
    late = {"nominations_until_at": now - DAY}
    nominating, voting = make_round(olive, **soon), make_round(olive, **late, voting_opened_at=now)
    unopened, uncounted = (
        make_round(olive, **late),
        make_round(olive, voting=True, now=now, voting_until_at=now),
    )
    save(nominating, voting, unopened, uncounted, make_round(olive, **late, **over))

    with app.app_context():
        assert rounds_queries.due_rounds(now) == [unopened.id, uncounted.id]
        assert rounds_queries.rounds_under_way()[0].id == uncounted.id
        assert len(rounds_queries.rounds_under_way()) == 4
        assert [each.id for each in rounds_queries.rounds_nominating(now)] == [nominating.id]


def test_whoever_was_shut_out_first_and_removed_later_left_when_they_were_shut_out(app, save, olive):
    now = utcnow()
    gone = {"suspended_at": now - DAY, "removed_at": now + DAY}
    shut_out = make_member(joined_at=now - 2 * DAY, **gone, removed_by_id=olive.id)
    removed = make_member(joined_at=now - 2 * DAY, removed_at=now + DAY, removed_by_id=olive.id)
    left = make_member(joined_at=now - 2 * DAY, removed_at=now + DAY)
    save(shut_out, removed, left)
    voting_round = save(make_round(olive, voting=True, now=now))

    with app.app_context():
        found = {who.member_id: who.removed_at for who in rounds_queries.electorate_of(voting_round)}
    assert found.keys() - {olive.id} == {removed.id, left.id}
    assert (found[removed.id], found[left.id]) == (now + DAY, None)


def test_a_book_is_read_by_those_who_say_so_in_public(app, save, alice, bob, mod, olive):
    dune, emma = save(make_book("Dune", pages=412), make_book("Emma", pages=None))
    private = make_reading(mod, dune, position=10_000)
    private.is_private = True
    save(private, make_reading(alice, dune, position=10_000), make_reading(bob, dune, position=5000))
    save(make_reading(olive, dune, status="to_read"))

    with app.app_context():
        interest = interest_in(Viewer(mod.id), {dune.id, emma.id})
        assert interest_in(Viewer(), set()) == {}
    assert interest[dune.id] == Interest(readers=1, wishers=1, pages=412, mine="finished")
    assert interest[emma.id] == Interest()


@pytest.mark.parametrize(
    "wrong",
    [
        {"voter": "a tag"},
        {"voter": "another", "receipt": "its receipt"},
        {"voter": "another", "cast_at": utcnow()},
    ],
)
def test_the_database_itself_refuses_a_second_ballot_and_a_private_one_with_a_time(save, olive, wrong):
    voting_round = save(make_round(olive, voting=True))
    first = {"round_id": voting_round.id, "voter": "a tag", "receipt": "its receipt", "ranks": {}}
    save(Ballot(**first))

    with pytest.raises(IntegrityError):
        save(Ballot(**{**first, "receipt": "another", **wrong}))


def test_the_club_has_chosen_what_won_and_was_not_withdrawn_since(app, save, olive):
    now = utcnow()
    for title, columns in (("Dune", {}), ("Emma", {"withdrawn_at": now})):
        voting_round = save(
            make_round(olive, nominations_until_at=now - DAY, settled_at=now, outcome="decided")
        )
        won = save(make_nomination(voting_round, save(make_book(title)), olive, **columns))
        save(make_nomination(voting_round, save(make_book(f"Not {title}")), olive))
        save(Tally(round_id=voting_round.id, winner_id=won.id), Tally(round_id=voting_round.id))
        if not columns:
            dune = won.book_id

    with app.app_context():
        assert books_chosen() == [dune]
