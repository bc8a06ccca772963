"""Every round that can be settled is confirmed by the recount of its own published file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.books.models import Book
from bookclub.cli.recount import problems_of, recount_ballots
from bookclub.lib.tally.lots import make_receipt, sha256_hex
from bookclub.lib.tally.outcomes import decide
from bookclub.lib.tally.papers import read, write
from bookclub.rounds.models import Ballot, Nomination, Round
from bookclub.rounds.settlement import _count, paper_of
from tests.rounds.test_rules_counting import election

OPENED = datetime(2026, 3, 1, 20, tzinfo=UTC)
CLOSED = OPENED + timedelta(days=7)
LOT = "5e" * 32


def settle(
    rows, books=3, *, method="ranked", quorum=0, electorate=7, gone=(), opened=True, readers=(), again=0
):
    """A settled round that never was in a database, with its ballots: a row holds a place for each book.

    The books ``gone`` were withdrawn during the vote; so many winners as ``again`` says after the close.
    """
    nominations = [
        Nomination(
            id=11 + at,
            book=Book(title=f"Book {at}"),
            readers=dict(enumerate(readers)).get(at, 0),
            withdrawn_at=OPENED + timedelta(hours=1) if at in gone else None,
        )
        for at in range(books)
    ]
    left = [at for at in range(books) if at not in gone]
    ballots = [
        Ballot(
            receipt=make_receipt(bytes([number]) * 8),
            # A single book is answered with yes or no, and a 0 is a "no" only there.
            ranks={str(11 + at): place for at, place in enumerate(row) if place or [at] == left},
        )
        for number, row in enumerate(rows, 1)
    ]
    voting_round = Round(
        title="What we read in spring",
        method=method,
        secrecy="open",
        quorum=quorum,
        electorate=max(len(ballots), electorate),
        turnout=len(ballots),
        voting_opened_at=OPENED if opened else None,
        lot=LOT,
        lot_hash=sha256_hex(LOT),
        nominations=nominations,
        tallies=[],
    )
    _count(voting_round, ballots, CLOSED)
    voting_round.settled_at = CLOSED
    for day in range(again):
        if won := voting_round.winner:
            won.withdrawn_at = CLOSED + timedelta(days=day)
            _count(voting_round, ballots, won.withdrawn_at, without=won)
    return voting_round, ballots


@st.composite
def rounds(draw, most=4):
    """Any round that can be settled."""
    books, method = draw(st.integers(1, most)), draw(st.sampled_from(["ranked", "approval"]))
    gone = draw(st.permutations(range(books)))[: draw(st.integers(0, books))]
    highest = 1 if method == "approval" or books - len(gone) == 1 else books
    row = st.lists(st.integers(0, highest), min_size=books, max_size=books)
    return settle(
        draw(st.lists(row, max_size=7)),
        books,
        method=method,
        quorum=draw(st.sampled_from([0, 0, 50, 100])),
        electorate=draw(st.integers(0, 7)),
        gone=gone,
        opened=draw(st.sampled_from([True, True, True, False])),
        readers=draw(st.lists(st.integers(0, 2), max_size=books)),
        again=draw(st.integers(0, 2)),
    )


def confirm(voting_round, ballots):
    """Count the published file again; what went wrong, and the count."""
    paper = read(write(paper_of(voting_round, ballots)))
    found = recount_ballots(paper)
    return list(problems_of(paper, found)), found


@given(rounds())
def test_the_recount_of_the_published_file_confirms_the_outcome(settled):
    voting_round, ballots = settled

    problems, found = confirm(voting_round, ballots)
    assert problems == []
    assert (found.outcome, found.winner) == (voting_round.outcome, voting_round.tallies[-1].winner_id)


@pytest.mark.parametrize(
    ("rows", "more", "outcome", "last"),
    [
        ([[1, 2, 3]] * 2, {}, "decided", "schulze"),
        # Each of the three beats the next: a winner by a chain alone.
        ([[1, 2, 3]] * 4 + [[2, 3, 1]] * 3 + [[3, 1, 2]] * 2, {"electorate": 9}, "decided", "schulze"),
        ([[1, 3, 2], [2, 1, 3]], {}, "broken", "borda"),
        ([[1, 2, 0], [2, 1, 0]], {"readers": [1, 0]}, "broken", "readers"),
        ([[1, 2, 0], [2, 1, 0]], {}, "broken", "lot"),
        ([[1, 0, 0], [1, 1, 0]], {"method": "approval"}, "decided", "approval"),
        ([[1, 1, 0]], {"method": "approval"}, "broken", "lot"),
        ([[1], [1], [0]], {"books": 1}, "decided", "yes_no"),
        ([[1], [0]], {"books": 1}, "declined", "yes_no"),
        ([[1, 0, 1], [1, 0, 0]], {"gone": [0, 1]}, "declined", "yes_no"),
        ([[1, 2, 3]] * 2, {"again": 3}, "void", ""),
        ([[1, 2, 3]] * 2, {"quorum": 50}, "no_quorum", ""),
        ([[1, 2, 3]] * 2, {"quorum": 50, "gone": [0, 1, 2]}, "void", ""),
        ([], {"quorum": 50, "opened": False}, "void", ""),
        ([], {}, "void", ""),
        ([[0, 0, 0]], {}, "void", ""),
    ],
)
def test_each_kind_of_ending_is_confirmed(rows, more, outcome, last):
    voting_round, ballots = settle(rows, **more)

    problems, found = confirm(voting_round, ballots)
    assert problems == []
    assert (voting_round.outcome, found.steps[-1].rule if found.steps else "") == (outcome, last)


@pytest.mark.parametrize("quorum", [0, 50, 100])
def test_where_all_were_withdrawn_the_outcome_is_void_whatever_the_quorum(quorum):
    found = decide(election(books=()), electorate=6, quorum=quorum)

    assert (found.outcome, found.winner) == ("void", None)


@pytest.mark.parametrize(("quorum", "outcome"), [(33, "decided"), (34, "no_quorum")])
def test_a_quorum_counts_ballots_and_not_what_they_say(quorum, outcome):
    assert decide(election({1: 1}, {}), electorate=6, quorum=quorum).outcome == outcome
