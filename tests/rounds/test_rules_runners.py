"""Who came next in a vote, and so is nominated again."""

from __future__ import annotations

from dataclasses import replace

from bookclub.lib.tally.ballots import Cast
from bookclub.lib.tally.count import Election, count
from bookclub.lib.tally.runners_up import runners_up

EMMA, DUNE, ULYSSES, BEOWULF = 1, 2, 3, 4
ALL = (EMMA, DUNE, ULYSSES, BEOWULF)


def counted(kind, *rankings):
    casts = tuple(Cast(f"0000-0000-000{number}", ranking) for number, ranking in enumerate(rankings))
    return count(Election(kind, ALL, casts, {}, "0" * 64))


def test_runners_up_stand_in_the_order_of_the_count_and_what_nobody_ranked_is_none():
    found = counted("ranked", {EMMA: 1, DUNE: 2, ULYSSES: 3}, {EMMA: 1, DUNE: 2}, {ULYSSES: 1, EMMA: 2})
    assert found.winner == EMMA

    assert runners_up(found, 3) == (DUNE, ULYSSES)
    assert runners_up(found, 1) == (DUNE,)
    assert runners_up(found, 0) == ()


def test_by_approval_they_stand_by_their_approvals():
    found = counted("approval", {EMMA: 1, ULYSSES: 1}, {EMMA: 1, ULYSSES: 1}, {EMMA: 1, DUNE: 1})

    assert runners_up(found, 3) == (ULYSSES, DUNE)


def test_figures_that_are_withheld_name_nobody():
    found = counted("ranked", {EMMA: 1, DUNE: 2})

    assert runners_up(found, 3)
    assert runners_up(found.without_figures(), 3) == ()
    assert runners_up(replace(found, nominations=(EMMA,), pairs={}, strengths={}), 3) == ()


def test_a_book_to_which_the_club_said_no_is_none():
    casts = (Cast("0000-0000-0001", {EMMA: 1}), Cast("0000-0000-0002", {EMMA: 0}))
    found = count(Election("yes_no", (EMMA,), casts, {}, "0" * 64))
    assert (found.winner, found.steps[0].scores[EMMA]) == (None, 1)

    assert runners_up(found, 3) == ()
