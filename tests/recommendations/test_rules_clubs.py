"""What the club could read next: averages, vetoes on stated facts, and fairness over picks."""

from __future__ import annotations

import numpy as np
import pytest

from bookclub.lib.recommender.club_choice import (
    ScoredPick,
    club_picks,
    known_text,
    pick_text,
    satisfaction,
    vetoes,
)
from bookclub.lib.recommender.taste import RatedRead
from bookclub.lib.recommender.weights import Ranking, weigh
from bookclub.lib.text.emphasis import plain_text

ALICE, BOB, CAROL = 1, 2, 3
DUNE, EMMA, ULYSSES, WAVES = 11, 12, 13, 14


def ranking_of(**scores: float) -> Ranking:
    books = {"dune": DUNE, "emma": EMMA, "ulysses": ULYSSES, "waves": WAVES}
    ids = np.array([books[name] for name in scores])
    return weigh(ids, {"tag_profile": np.array(list(scores.values()))}, {"tag_profile": 1.0}).ranked()


def books(rankings: dict[int, Ranking], **more: object) -> list[int]:
    return [pick.book for pick in club_picks(rankings, {}, **more)]  # type: ignore[arg-type]


def test_the_club_reads_what_pleases_its_members_on_average():
    alice, bob = ranking_of(dune=9, emma=8, ulysses=0), ranking_of(dune=0, emma=8, ulysses=9)

    picks = club_picks({ALICE: alice, BOB: bob}, {})

    assert picks[0].book == EMMA
    assert picks[0].score == pytest.approx(np.mean([picks[0].by_member[ALICE], picks[0].by_member[BOB]]))


def test_a_member_whose_scores_are_large_counts_no_more_than_another():
    loud, calm = ranking_of(dune=9000, emma=0, waves=0), ranking_of(dune=0, emma=1, waves=1)

    assert club_picks({ALICE: loud, BOB: calm}, {})[0].score == pytest.approx(0, abs=1e-9)


def test_a_stated_fact_is_a_veto_and_nothing_else_is():
    reads = {
        ALICE: [RatedRead(DUNE, 4), RatedRead(EMMA, 5), RatedRead(WAVES, None, is_finished=False)],
        BOB: [RatedRead(EMMA)],
    }

    assert vetoes(reads, {BOB: [ULYSSES]}) == {ALICE: {DUNE, WAVES}, BOB: {ULYSSES}}
    rankings = {CAROL: ranking_of(dune=9, emma=1, ulysses=8, waves=7)}
    picks = club_picks(rankings, vetoes(reads, {BOB: [ULYSSES]}))
    assert [pick.book for pick in picks] == [EMMA]


def test_what_a_member_has_read_is_average_to_them():
    rankings = {ALICE: ranking_of(dune=1, emma=0), BOB: ranking_of(emma=0, waves=1)}

    picks = club_picks(rankings, {})

    assert [(pick.book, pick.score) for pick in picks] == [(DUNE, 0.5), (WAVES, 0.5), (EMMA, -1.0)]


def test_who_was_served_worst_is_heard_most():
    rankings = {ALICE: ranking_of(dune=3, emma=1, waves=0), BOB: ranking_of(dune=0, emma=1, waves=3)}

    assert books(rankings)[0] == DUNE
    assert books(rankings, gained={ALICE: 1.5, BOB: 0.0})[0] == WAVES
    assert books(rankings, gained={ALICE: 0.0, BOB: 1.5})[0] == DUNE


def test_what_earlier_choices_gave_is_counted_in_books_that_were_liked():
    reads = {
        ALICE: [RatedRead(DUNE, 8), RatedRead(EMMA, 10), RatedRead(WAVES, 9)],
        BOB: [RatedRead(DUNE, 7), RatedRead(EMMA)],
    }

    assert satisfaction(reads, {DUNE, EMMA}) == {ALICE: 2.0, BOB: 0.0}
    assert satisfaction(reads, ()) == {ALICE: 0.0, BOB: 0.0}


def test_nobody_gets_no_picks():
    assert club_picks({}, {}) == ()


@pytest.mark.parametrize(
    ("by_member", "known_to", "of", "words"),
    [
        ({ALICE: 0.5}, (), 1, ["Better than an average book for the member who takes part."]),
        ({ALICE: 0.5, BOB: 0.1}, (), 2, ["Better than an average book for all 2 who take part."]),
        (
            {ALICE: 0.5, BOB: -0.1},
            (CAROL,),
            5,
            ["Better than an average book for 1 of the 5 who take part.", "1 has begun or read it."],
        ),
        (
            {ALICE: -0.5},
            (BOB, CAROL),
            3,
            ["Better than an average book for none of the 3 who take part.", "2 have begun or read it."],
        ),
    ],
)
def test_a_pick_says_for_how_many_it_is_better_than_an_average_book(by_member, known_to, of, words):
    pick = ScoredPick(DUNE, 0.0, by_member, frozenset(known_to), {})

    assert [plain_text(said) for said in (pick_text(pick, of), known_text(pick)) if said] == words
