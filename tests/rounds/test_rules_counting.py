"""The count: against another implementation, published examples, and what must hold for any ballots."""

from __future__ import annotations

import json
from itertools import pairwise, permutations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookclub.lib.tally.ballots import Cast, close_up
from bookclub.lib.tally.count import Count, Election, beat_path, count
from bookclub.lib.tally.lots import draw_lots

# What another implementation found, and which; a line holds the ballots, a digit for each book's place (0:
# unranked), and the books that are left, numbered from 0.
ELSEWHERE = json.loads((Path(__file__).parent / "elections.json").read_text(encoding="utf-8"))["elections"]

# Schulze, "The Schulze Method of Voting" (arXiv 1803.02973), section 3; the last but one is also in
# Wikipedia, as is the choice of a capital for Tennessee (M, N, C, K). Books that are not listed come last.
PUBLISHED = {
    "8 ACD 2 BAD 4 CDB 4 DBA 3 DCB": "D",
    "3 ABC 2 CBD 2 DAB 2 DBC": "BD",
    "12 ABC 6 ADB 9 BCD 15 CDA 21 DBA": "D",
    "6 ACD 1 BAD 3 CBD 3 DBA 2 DCB": "AD",
    "3 ADEBC 3 BFECD 4 CABFD 1 DBCEF 4 DEFAB 2 ECBDF 2 FACDB": "A",
    "3 ADEBC 3 BFECD 4 CABFD 1 DBCEF 4 DEFAB 2 ECBDF 2 FACDB 2 AEFCB": "D",
    "3 ABD 5 ADB 1 ADC 2 BAD 2 BDC 4 CAB 6 CBA 2 DBC 5 DCA": "A",
    "3 ABDE 5 ADEB 1 ADEC 2 BADE 2 BDEC 4 CABD 6 CBAD 2 DBEC 5 DECA": "B",
    "6 A>B>C>D 8 AB 8 AC 18 AC>D 8 ACD 40 B> 4 C>B>D 9 C>D>A 8 CD 14 D>A>B 11 D>B>C 4 D>C>A": "D",
    "9 ADBE 6 BCAD 5 BCDE 2 CDBE 6 DECB 14 EACB 2 ECAB 1 EDAC": "B",
    "9 ADBE 1 BACE 6 CBAD 2 CDBE 5 CDEA 6 DECA 14 EBAC 2 EBCA": "E",
    "5 ACBE 5 ADEC 8 BEDA 3 CABE 7 CAEB 2 CBAD 7 DCEB 8 EBAD": "E",
    "42 MNCK 26 NCKM 15 CKNM 17 KCNM": "N",
}


def election(*rankings, kind="ranked", books=None, readers=None, secret="secret"):
    """An election of these ballots, on all books that they name unless others are given."""
    named = tuple({book for ranking in rankings for book in ranking})
    casts = tuple(Cast(f"receipt {number}", ranking) for number, ranking in enumerate(rankings))
    return Election(kind, named if books is None else tuple(books), casts, readers or {}, secret)


def profile(ballots):
    """An election out of lists of places, 0 for unranked; the books are numbered from 1."""
    rankings = [close_up({book: at for book, at in enumerate(places, 1) if at}) for places in ballots]
    return election(*rankings, books=range(1, len(ballots[0]) + 1))


def schulze_set(counted):
    return set(counted.steps[0].left) if counted.steps else set(counted.nominations)


profiles = st.integers(2, 5).flatmap(
    lambda books: st.lists(
        st.lists(st.integers(0, books), min_size=books, max_size=books), min_size=1, max_size=7
    )
)


def test_another_implementation_leaves_the_same_books():
    assert len(ELSEWHERE) >= 1_000
    differing = []
    for line in ELSEWHERE:
        ballots, left = line.split(": ")
        found = count(profile([[int(place) for place in ballot] for ballot in ballots.split()]))
        if schulze_set(found) != {int(book) + 1 for book in left}:
            differing.append(line)

    assert differing == []


@pytest.mark.parametrize("ballots", PUBLISHED)
def test_the_published_examples_end_as_published(ballots):
    rankings = []
    words = ballots.split()
    tied = ">" in ballots
    for number, order in zip(words[::2], words[1::2], strict=True):
        levels = order.split(">") if tied else order
        ranking = {ord(book): place for place, level in enumerate(levels, 1) for book in level}
        rankings += [ranking] * int(number)

    found = count(election(*rankings))
    assert "".join(map(chr, sorted(schulze_set(found)))) == PUBLISHED[ballots]
    assert (found.outcome == "decided") == (len(PUBLISHED[ballots]) == 1)


def test_the_strengths_of_the_best_known_example_are_the_published_ones():
    ballots = "5 ACBED 5 ADECB 8 BEDAC 3 CABED 7 CAEBD 2 CBADE 7 DCEBA 8 EBADC"
    orders = ballots.split()
    rankings = [
        {"ABCDE".index(book): place for place, book in enumerate(order, 1)}
        for number, order in zip(orders[::2], orders[1::2], strict=True)
        for _ in range(int(number))
    ]

    found = count(election(*rankings))

    assert [[found.strengths.get((a, b)) for b in range(5)] for a in range(5)] == [
        [None, 28, 28, 30, 24],
        [25, None, 28, 33, 24],
        [25, 29, None, 29, 24],
        [25, 28, 28, None, 24],
        [25, 28, 28, 31, None],
    ]
    assert beat_path(found, 0, 1) == (0, 3, 2, 1)


@given(profiles)
def test_a_book_that_beats_every_other_wins(ballots):
    found = count(profile(ballots))
    books = range(len(ballots[0]))

    def beats(a, b):
        above = [(at[a] or 99) - (at[b] or 99) for at in ballots]
        return sum(by < 0 for by in above) > sum(by > 0 for by in above)

    beating = [a + 1 for a in books if all(beats(a, b) for b in books if a != b)]
    if beating:
        assert (found.winner, found.outcome) == (beating[0], "decided")
    assert found.winner is None or found.winner in schulze_set(found)


@given(profiles, st.data())
def test_raising_a_book_on_a_ballot_never_takes_it_out(ballots, data):
    before = count(profile(ballots))
    book = data.draw(st.sampled_from(sorted(schulze_set(before))))
    raised = [[place * 2 for place in ballot] for ballot in ballots]
    ballot = data.draw(st.sampled_from(raised))
    was = ballot[book - 1] or 99
    ballot[book - 1] = data.draw(st.integers(1, min(was, 2 * len(ballot) + 1)))

    assert book in schulze_set(count(profile(raised)))


@given(profiles, st.data())
def test_a_copy_of_a_losing_book_changes_nothing_for_the_others(ballots, data):
    before = schulze_set(count(profile(ballots)))
    losing = sorted(set(range(1, len(ballots[0]) + 1)) - before)
    assume(losing)
    book = data.draw(st.sampled_from(losing))
    copied = []
    for ballot in ballots:
        doubled = [place * 2 for place in ballot]
        below = data.draw(st.integers(0, 1)) if doubled[book - 1] else 0
        copied.append([*doubled, doubled[book - 1] + below])

    assert schulze_set(count(profile(copied))) == before


@given(profiles, st.data())
def test_the_order_of_ballots_and_nominations_is_irrelevant(ballots, data):
    one = profile(ballots)
    casts = data.draw(st.permutations(one.casts))
    shuffled = [Cast(cast.receipt, dict(reversed(cast.ranking.items()))) for cast in casts]
    nominations = tuple(data.draw(st.permutations(one.nominations)))

    other = Election(one.kind, nominations, tuple(shuffled), one.readers, one.secret)
    assert count(other) == count(one)
    assert list(count(other).to_json()["pairs"]) == list(count(one).to_json()["pairs"])


@given(profiles)
def test_every_strength_is_that_of_the_best_chain_and_can_be_shown(ballots):
    found = count(profile(ballots))

    def worth(chain):
        wins = [
            found.pairs[step] if found.pairs[step] > found.pairs[step[::-1]] else 0
            for step in pairwise(chain)
        ]
        return min(wins)

    for (a, b), strength in found.strengths.items():
        between = [book for book in found.nominations if book not in (a, b)]
        chains = [(a, *via, b) for length in range(len(between) + 1) for via in permutations(between, length)]
        assert strength == max(map(worth, chains))
        shown = beat_path(found, a, b)
        assert (shown is None) if not strength else (shown in chains and worth(shown) == strength)


@given(profiles)
def test_points_are_those_that_every_full_ballot_gives(ballots):
    found = count(profile(ballots))
    scores = next((step.scores for step in found.steps if step.rule == "borda"), {})

    for book, doubled in scores.items():
        points = 0
        for ballot in ballots:
            mine = ballot[book - 1] or 99
            others = [place or 99 for other, place in enumerate(ballot, 1) if other != book]
            points += sum(1 if mine < place else 0.5 if mine == place else 0 for place in others)
        assert doubled == 2 * points


@given(profiles, st.integers(1, 2))
def test_a_withdrawn_book_counts_as_if_it_had_never_been_on_a_ballot(ballots, gone):
    full = profile(ballots)
    left = tuple(book for book in full.nominations if book != gone)
    struck = tuple(
        Cast(cast.receipt, close_up({book: place for book, place in cast.ranking.items() if book != gone}))
        for cast in full.casts
    )

    counted = count(Election("ranked", left, full.casts, {}, "secret"))
    assert counted == count(Election("ranked", left, struck, {}, "secret"))


@given(profiles)
def test_a_count_is_stored_as_json_without_loss_and_without_figures_where_these_are_withheld(ballots):
    found = count(profile(ballots))
    stored = json.dumps(found.to_json())
    assert Count.from_json(json.loads(stored)) == found

    bare = found.without_figures()
    assert found.has_figures
    assert not bare.has_figures
    assert (bare.winner, bare.outcome, bare.turnout) == (found.winner, found.outcome, found.turnout)
    assert [step.rule for step in bare.steps] == [step.rule for step in found.steps]
    assert (bare.pairs, bare.strengths, bare.digest) == ({}, {}, None)
    assert not any(step.scores for step in bare.steps)


def test_a_tie_is_broken_by_points_over_the_full_ballots_not_over_the_tied_books_alone():
    # 1 and 2 are tied and level between themselves; only against 3, which loses, do they differ.
    found = count(election({1: 1, 3: 2}, {2: 1, 1: 2}, {2: 1, 1: 2, 3: 3}, {1: 1, 2: 2, 3: 3}))

    assert schulze_set(found) == {1, 2}
    assert found.pairs[1, 2] == found.pairs[2, 1] == 2
    assert [step.rule for step in found.steps] == ["schulze", "borda"]
    assert found.steps[1].scores == {1: 12, 2: 10}
    assert (found.winner, found.outcome) == (1, "broken")


def test_then_by_the_fewest_readers_and_then_by_the_lot():
    tied = election({1: 1}, {2: 1}, {3: 1}, readers={1: 2, 2: 1, 3: 1})
    found = count(tied)

    assert [(step.rule, step.left) for step in found.steps[:3]] == [
        ("schulze", (1, 2, 3)),
        ("borda", (1, 2, 3)),
        ("readers", (2, 3)),
    ]
    assert found.steps[2].scores == {1: 2, 2: 1, 3: 1}
    drawn = draw_lots("secret", found.digest, [2, 3])
    assert found.winner == min(drawn, key=drawn.get)
    assert found.steps[3].among == (2, 3)
    winners = {count(election({1: 1}, {2: 1}, secret=str(number))).winner for number in range(20)}
    assert winners == {1, 2}


def test_the_most_approvals_win_and_the_same_steps_break_a_tie():
    ballots = ({1: 1, 2: 1}, {2: 1}, {3: 1, 2: 1}, {})

    found = count(election(*ballots, kind="approval"))
    assert (found.winner, found.outcome, found.turnout) == (2, "decided", 4)
    assert found.steps[0].scores == {1: 1, 2: 3, 3: 1}
    assert (found.pairs, found.strengths) == ({}, {})

    tied = count(election({1: 1}, {2: 1}, kind="approval", readers={1: 0, 2: 4}))
    assert [step.rule for step in tied.steps] == ["approval", "readers"]
    assert (tied.winner, tied.outcome) == (1, "broken")


@pytest.mark.parametrize(
    ("answers", "winner", "outcome"),
    [
        ([1, 1, 0, None], 7, "decided"),
        ([1, 0, None], None, "declined"),
        ([0], None, "declined"),
        ([None, None], None, "void"),
        ([], None, "void"),
    ],
)
def test_a_single_book_needs_more_yes_than_no(answers, winner, outcome):
    rankings = [{} if answer is None else {7: answer} for answer in answers]
    found = count(election(*rankings, kind="yes_no", books=[7]))

    assert (found.winner, found.outcome, found.turnout) == (winner, outcome, len(answers))
    if outcome != "void":
        assert found.steps[0].scores == {1: answers.count(1), 0: answers.count(0)}


def test_a_ranked_round_with_one_book_left_asks_for_yes_or_no():
    found = count(election({7: 2, 8: 1}, {8: 1}, {7: 0}, {7: 1}, books=[7]))

    assert found.kind == "yes_no"
    assert found.steps[0].scores == {1: 2, 0: 1}
    assert found.winner == 7


def test_nobody_wins_where_no_ballot_names_a_book_that_stands():
    for kind in ("ranked", "approval"):
        assert count(election({}, {}, kind=kind, books=[1, 2])).outcome == "void"
        assert count(election({3: 1}, kind=kind, books=[1, 2])).outcome == "void"
        assert count(election({1: 1}, kind=kind, books=[])).outcome == "void"
    assert count(election(books=[1, 2])).winner is None


def test_ids_are_compared_as_numbers():
    found = count(election({10: 1, 9: 2}, {9: 1, 10: 2}))

    assert found.nominations == (9, 10)
    assert list(found.steps[0].left) == [9, 10]
