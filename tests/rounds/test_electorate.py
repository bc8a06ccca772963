"""The electorate: present members, and those who were members when voting opened."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bookclub.extensions import utcnow
from tests.factories import PASSWORD, make_member, make_reading

YEAR = timedelta(days=365)
COUNTS = re.compile(
    r"Read by \w+|\d+ members? wants? to|\d+ of \d+|That is [^.]+|Many in the club|\d+ more \w+ left"
)
AWAY = {
    "removed": {"removed_at": utcnow()},
    "suspended": {"suspended_at": utcnow()},
}


@pytest.fixture
def away(save):
    """Two members who are not here any more, one removed and one suspended; they joined a year ago."""
    return save(*(make_member(name, joined_at=utcnow() - YEAR, **gone) for name, gone in AWAY.items()))


@pytest.mark.databases("sqlite", "postgresql")
def test_a_tie_goes_to_the_book_that_fewer_present_members_have_read(
    call, vote, visit, save, away, alice, bob, olive, books, kept
):
    """Emma was read by two who are gone, Dune by one who is here: Emma wins."""
    save(make_reading(bob, books[0], position=10_000))
    save(*(make_reading(member, books[1], position=10_000) for member in away))
    voting_round = call(titles=2)
    visit(olive).post(f"/rounds/{voting_round.id}/opening")
    vote(alice, voting_round, "1", "2")
    vote(bob, voting_round, "2", "1")
    visit(olive).post(f"/rounds/{voting_round.id}/closure")

    page = visit(alice).get(f"/rounds/{voting_round.id}").words
    assert kept(voting_round).outcome == "broken"
    assert "Emma beats Dune: fewer members have read it, 0 against 1." in page
    assert "Emma 0 members and Dune 1 member" in page


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("state", ["nominating", "voting", "closed"])
def test_no_number_on_a_round_counts_members_who_were_gone_before(
    call, visit, save, away, alice, bob, olive, books, state
):
    """Whatever those did who are away, each number on the page is as if they had not."""
    save(make_reading(bob, books[0], position=10_000), make_reading(alice, books[1], status="to_read"))
    numbers = []
    for readers in ((), away):
        for reader in readers:
            save(*(make_reading(reader, book, position=10_000) for book in books[:2]))
            save(make_reading(reader, books[2], status="to_read"))
        voting_round = call(quorum=30, warn_share=30, lets_late_join=True)
        if state != "nominating":
            visit(olive).post(f"/rounds/{voting_round.id}/opening")
        if state == "closed":
            visit(olive).post(f"/rounds/{voting_round.id}/closure")
        page = visit(olive).get(f"/rounds/{voting_round.id}").words
        numbers.append(sorted(COUNTS.findall(page)))

    assert {"Read by Bob" if state == "nominating" else "Read by 1", "1 member wants to"} <= set(numbers[0])
    assert {"voting": "That is 6 members", "closed": "0 of 6"}.get(state, "Read by Bob") in numbers[0]
    assert numbers[0] == numbers[1]


def test_the_rules_say_how_many_of_the_electorate_are_still_here(call, visit, bob, olive, voters):
    voting_round = call(voting=True)
    assert "That is 6 members. " in visit(bob).get(f"/rounds/{voting_round.id}").words

    visit(olive).post("/members/dan/removal")
    page = visit(bob).get(f"/rounds/{voting_round.id}")
    assert "That is 5 members. 1 more has left the club since." in page.words


def test_organisers_see_who_joined_during_the_vote_and_the_rules_say_why(
    call, vote, visit, save, bob, mod, olive, kept
):
    """Bob votes, leaves, joins again and votes a second time: nothing stops him, and it is seen."""
    voting_round = call(voting=True, lets_late_join=True)
    vote(bob, voting_round, "1")
    visit(bob).post("/settings/departure", data={"current_password": PASSWORD, "password": PASSWORD})
    again = save(make_member("bob2", display_name="Bob again"))
    assert vote(again, voting_round, "1").status_code == 303

    seen = visit(olive).get(f"/rounds/{voting_round.id}").words
    assert "A member who leaves and joins again counts as new here, and may vote again" in seen
    assert "Joined during the vote They may vote too." in seen
    assert "Bob again" in seen
    assert "Joined during the vote" not in visit(mod).get(f"/rounds/{voting_round.id}").words

    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    after = save(make_member("late"))
    seen = visit(olive).get(f"/rounds/{voting_round.id}").words
    assert "Bob again" in seen.split("Joined during the vote")[1]
    assert after.display_name not in seen.split("Joined during the vote")[1]
    assert (kept(voting_round).turnout, kept(voting_round).electorate) == (2, 7)


def test_a_round_without_late_joiners_lists_none(call, visit, save, olive):
    voting_round = call(voting=True)
    save(make_member("eve"))

    page = visit(olive).get(f"/rounds/{voting_round.id}").words
    assert "Joined during the vote" not in page
    assert "may vote again" not in page
