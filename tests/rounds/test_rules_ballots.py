"""Ballots: what a form may say, gaps that close up, and books that were withdrawn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.tally.ballots import BallotError, as_yes_no, close_up, kind_of, read_ballot, reduce_ranking

EMMA, DUNE, KIM = 5, 12, 7
BOOKS = (EMMA, DUNE, KIM)
rankings = st.dictionaries(st.integers(1, 8), st.integers(1, 9))


def typed(**places):
    return {name.replace("_", "-"): place for name, place in places.items()}


def test_a_single_nomination_is_asked_about_with_yes_or_no():
    assert kind_of("ranked", BOOKS) == "ranked"
    assert kind_of("approval", BOOKS) == "approval"
    assert kind_of("ranked", [EMMA]) == kind_of("approval", [EMMA]) == "yes_no"


def test_a_ballot_is_read_by_nomination_with_its_gaps_closed():
    assert list(read_ballot(typed(rank_12="3", rank_5=" 1 ", rank_7=""), BOOKS, "ranked").items()) == [
        (EMMA, 1),
        (DUNE, 2),
    ]
    assert read_ballot(typed(rank_5="2", rank_12="2", rank_7="3"), BOOKS, "ranked") == {5: 1, 12: 1, 7: 2}
    assert read_ballot({"csrf_token": "x", "rank": "9"}, BOOKS, "ranked") == {}


def test_approvals_and_answers_are_read():
    assert read_ballot(typed(rank_5="1", rank_12="on", rank_7=""), BOOKS, "approval") == {5: 1, 12: 1}
    assert read_ballot(typed(rank_5="yes"), [EMMA], "yes_no") == {EMMA: 1}
    assert read_ballot(typed(rank_5="no"), [EMMA], "yes_no") == {EMMA: 0}
    assert read_ballot(typed(rank_5=""), [EMMA], "yes_no") == {}


@pytest.mark.parametrize(
    "place",
    [
        "0",
        "4",
        "-1",
        "+1",
        "1.0",
        "1 2",
        "٢",
        "²",
        "NaN",
        "1e0",
        "9" * 30,
        "1\0",
        "\0",
        "\xa01",
        "01",
        "first",
    ],
)
def test_a_place_is_a_whole_number_up_to_the_number_of_books(place):
    with pytest.raises(BallotError, match=r"^Type a place as a whole number from 1 \(the best\) to 3\.$"):
        read_ballot(typed(rank_5=place), BOOKS, "ranked")


@pytest.mark.parametrize("name", ["rank-6", "rank-05", "rank-٥", "rank-", "rank--5", "rank-5 ", "rank-5\0"])
def test_a_book_of_no_or_another_round_is_refused_even_without_a_place(name):
    with pytest.raises(BallotError, match=r"^That is not one of this round’s books\.$"):
        read_ballot({name: "", "rank-5": "1"}, BOOKS, "ranked")


@pytest.mark.parametrize(
    ("kind", "answer"), [("approval", "2"), ("approval", "no"), ("yes_no", "1"), ("yes_no", "maybe")]
)
def test_other_answers_than_those_asked_for_are_refused(kind, answer):
    with pytest.raises(BallotError):
        read_ballot(typed(rank_5=answer), [EMMA] if kind == "yes_no" else BOOKS, kind)


@given(rankings)
def test_closing_up_keeps_the_order_and_leaves_no_gap(ranking):
    closed = close_up(ranking)

    assert set(closed.values()) == set(range(1, len(set(ranking.values())) + 1))
    assert all((ranking[a] < ranking[b]) == (closed[a] < closed[b]) for a in ranking for b in ranking)
    assert close_up(closed) == closed


def test_whoever_ranked_the_only_book_that_is_left_says_yes_and_whoever_left_it_out_abstains():
    assert as_yes_no({EMMA: 3, DUNE: 1}, EMMA) == {EMMA: 1}
    assert as_yes_no({DUNE: 1}, EMMA) == {}
    assert as_yes_no({EMMA: 0}, EMMA) == {EMMA: 0}
    assert reduce_ranking({EMMA: 3, DUNE: 1}, [EMMA]) == {EMMA: 1}
    assert reduce_ranking({EMMA: 3, DUNE: 1, KIM: 2}, [EMMA, KIM]) == {EMMA: 2, KIM: 1}
    assert reduce_ranking({EMMA: 1}, []) == {}
