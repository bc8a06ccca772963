"""The sentence, the steps, the bars and the table of a result agree on every number."""

from __future__ import annotations

import re
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.tally.count import count
from bookclub.lib.tally.result_text import outcome_text
from bookclub.lib.tally.steps import steps_text
from bookclub.lib.text.emphasis import plain_text
from bookclub.rounds.models import Tally
from bookclub.rounds.result_queries import Result
from tests.rounds.test_rules_counting import election, profile, profiles

# Three books beat each other in a circle: what wins does so by a chain, not head to head.
CIRCLE = [[1, 2, 3, 4]] * 4 + [[3, 1, 2, 4]] * 3 + [[2, 3, 1, 4]] * 2


def told(found):
    """The result of a count as its page has it."""
    titles = {one: f"Book {one}" for one in found.nominations}
    return Result(
        Tally(winner_id=found.winner),
        found,
        outcome_text(found, titles),
        steps_text(found, titles, {}),
        titles,
    )


def wins_of(ballots, one):
    """The books that more ballots put below ``one`` than above it, counted from the ballots themselves."""

    def above(ballot, a, b):
        first, second = (ballot[at - 1] or 99 for at in (a, b))
        return first < second

    return {
        other
        for other in range(1, len(ballots[0]) + 1)
        if sum(above(ballot, one, other) for ballot in ballots)
        > sum(above(ballot, other, one) for ballot in ballots)
    }


def strength(found, one, other):
    """The strongest of all chains of wins between two books, each chain tried."""
    between = [book for book in found.nominations if book not in (one, other)]
    best = 0
    for length in range(len(between) + 1):
        for way in permutations(between, length):
            pairs = list(zip((one, *way), (*way, other), strict=True))
            if all(found.pairs[pair] > found.pairs[pair[::-1]] for pair in pairs):
                best = max(best, min(found.pairs[pair] for pair in pairs))
    return best


def test_a_winner_by_a_chain_is_ahead_of_all_in_the_bar_as_in_the_text():
    result = told(count(profile(CIRCLE)))

    assert "is ahead of each other book" in plain_text(result.steps[0])
    assert "beats 2 of the 3 other books head to head" in plain_text(result.sentence)
    assert result.bars[0].title == "Book 1"
    assert result.bars[0].words == "ahead of 3 of 3"


@given(profiles)
def test_every_number_of_a_ranked_result_agrees(ballots):
    found = count(profile(ballots))
    result = told(found)
    sentence, bars = plain_text(result.sentence), {bar.title: bar for bar in result.bars}
    others = len(found.nominations) - 1

    for one in found.nominations if result.bars else ():
        ahead = sum(
            strength(found, one, other) > strength(found, other, one)
            for other in found.nominations
            if other != one
        )
        assert bars[f"Book {one}"].words == f"ahead of {ahead} of {others}"
        # Only who is behind nobody is left by the comparison, as its step says.
        behind = [
            o for o in found.nominations if o != one and strength(found, o, one) > strength(found, one, o)
        ]
        assert (one in found.steps[0].left) is (not behind)
    for row, one in zip(result.rows, (int(row.title.split()[1]) for row in result.rows), strict=True):
        assert sum(cell.is_won for cell in row.cells) == len(wins_of(ballots, one))
    if found.outcome == "decided":
        assert result.bars[0].title == result.winner
        assert (result.bars[0].value, result.bars[0].most) == (others, others)
        assert all(bar.value < others for bar in result.bars[1:])
        wins = len(wins_of(ballots, found.winner))
        if others > 1:
            said = "every other book" if wins == others else f"{wins} of the {others} other"
            assert f"beats {said}" in sentence


@given(st.lists(st.sets(st.integers(1, 4)), min_size=1, max_size=7))
def test_every_number_of_an_approval_result_agrees(ballots):
    found = count(election(*(dict.fromkeys(each, 1) for each in ballots), kind="approval", books=range(1, 5)))
    result = told(found)

    for bar in result.bars:
        ticks = sum(int(bar.title.split()[1]) in each for each in ballots)
        assert bar.words == f"{ticks} of {len(ballots)}"
        assert re.search(rf"\*{bar.title}\* {ticks}\b", plain_text(result.steps[0]))
    if found.outcome == "decided":
        assert f"{result.bars[0].value} of {len(ballots)} ballot" in plain_text(result.sentence)


@given(st.lists(st.sampled_from([{1: 1}, {1: 0}, {}]), min_size=1, max_size=7))
def test_every_number_of_a_yes_or_no_agrees(ballots):
    found = count(election(*ballots, kind="yes_no", books=[1]))
    result = told(found)
    values = {bar.title: bar.value for bar in result.bars}

    if found.steps:
        assert sum(values.values()) == found.turnout
        assert f": {values.get('Yes', 0)} yes" in plain_text(result.steps[0])
        assert f": {values.get('Yes', 0)} to {values.get('No', 0)}" in plain_text(result.sentence)
