"""The runners-up of a round are nominated again in the next one, where it says so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.rounds.models import Nomination, Round
from tests.factories import make_book, make_nomination


@pytest.fixture
def close(visit, olive):
    """``close(voting_round)`` closes and counts it."""

    def close(voting_round):
        assert visit(olive).post(f"/rounds/{voting_round.id}/closure").status_code == 303

    return close


@pytest.fixture
def open_next(visit, olive, rows):
    """``open_next(most_nominations="1")`` opens another round and gives its nominations."""

    def open_next(**fields):
        answer = visit(olive).post("/rounds/new", data={"title": "The next", **fields})
        assert answer.status_code == 303
        fresh = rows(select(Round).order_by(Round.id.desc()))[0]
        assert answer.location == f"/rounds/{fresh.id}"
        return rows(select(Nomination).where(Nomination.round_id == fresh.id).order_by(Nomination.id))

    return open_next


@pytest.mark.databases("sqlite", "postgresql")
def test_runners_up_are_nominated_again_once_by_whoever_did_so_and_the_page_says_where_they_come_from(
    call, vote, close, open_next, visit, save, books, alice, bob, olive
):
    dune, emma, ulysses = books
    first = call(voting=True, title="Winter", carries_over=2, titles=0)
    save(
        make_nomination(first, dune, alice),
        make_nomination(first, emma, bob, "So <b>funny</b>."),
        make_nomination(first, ulysses, alice),
        make_nomination(first, save(make_book("Beowulf")), alice),
    )
    vote(alice, first, "1", "2", "3")
    vote(bob, first, "1", "2", "3")
    vote(olive, first, "1", "2")
    close(first)

    carried = open_next()
    assert [(each.book_id, each.member_id, each.pitch, each.carried_from_id) for each in carried] == [
        (emma.id, bob.id, "So <b>funny</b>.", first.id),
        (ulysses.id, alice.id, "", first.id),
    ]
    page = visit(bob).get(f"/rounds/{carried[0].round_id}")
    assert page.words.count("carried over from Winter") == 2
    assert f'carried over from <a href="/rounds/{first.id}">Winter</a>' in page.text
    # Whoever nominated it there may take it back here, and the round after that takes nothing over.
    assert visit(bob).post(f"/nominations/{carried[0].id}/withdrawal").status_code == 303
    assert open_next() == []


def test_a_round_that_was_called_off_does_not_use_up_what_is_carried_over(
    call, vote, close, open_next, books, bob, rows
):
    first = call(voting=True, carries_over=1)
    vote(bob, first, "1", "2")
    close(first)

    (emma,) = open_next(carries_over="3")
    assert emma.book_id == books[1].id
    close(rows(select(Round).where(Round.id == emma.round_id))[0])
    assert [each.book_id for each in open_next()] == [books[1].id]


def test_nobody_is_carried_over_where_the_round_does_not_say_so_or_figures_are_withheld_or_it_is_under_way(
    call, vote, close, open_next, alice, bob, tallies
):
    for columns in ({"carries_over": 0}, {"carries_over": 2, "secrecy": "private"}):
        voting_round = call(voting=True, **columns)
        vote(bob, voting_round, "1", "2")
        vote(alice, voting_round, "2", "1")
        close(voting_round)
        assert tallies(voting_round)[0].winner_id
        assert open_next() == []
    call(voting=True, carries_over=2)
    assert open_next() == []


def test_what_the_club_reads_what_has_won_and_what_has_nobody_behind_it_is_not_carried_over(
    call, vote, close, open_next, save, change, books, alice, bob, mod, club
):
    dune, emma, ulysses = books
    beowulf, cranford = save(make_book("Beowulf"), make_book("Cranford"))
    # Emma won before; the club reads Ulysses; who nominated Beowulf has left.
    before = call(voting=True, titles=2)
    vote(bob, before, "", "1")
    close(before)
    first = call(voting=True, carries_over=9, titles=0)
    save(
        *(make_nomination(first, book, alice) for book in (dune, emma, ulysses)),
        make_nomination(first, beowulf, mod),
        make_nomination(first, cranford, bob),
    )
    vote(bob, first, "1", "2", "3", "4", "5")
    vote(alice, first, "1", "2", "3", "5", "4")
    close(first)
    change(club(), current_book_id=ulysses.id)
    change(mod, removed_at=utcnow())

    assert [each.book_id for each in open_next()] == [cranford.id]


def test_who_may_nominate_only_so_many_has_no_more_carried_over(
    call, vote, pass_close, open_next, visit, books, bob, olive
):
    first = call(voting=True, carries_over=2)
    vote(bob, first, "1", "2", "3")
    pass_close(first)

    # Whoever is about to open the next is the first to notice that this one is over.
    visit(olive).get("/rounds/new")
    assert [each.book_id for each in open_next(most_nominations="1")] == [books[1].id]
