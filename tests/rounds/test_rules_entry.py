"""What a round leaves out by its own rules."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bookclub.rounds.rules import exclusion_problem, months_before, pause_problem


@pytest.mark.parametrize(
    ("readers", "electorate", "share", "is_out"),
    [
        (7, 12, 50, True),
        (6, 12, 50, True),
        (5, 12, 50, False),
        (1, 3, 34, False),
        (1, 3, 33, True),
        (12, 12, 100, True),
        (12, 12, 0, False),
        (0, 12, 1, False),
        (0, 0, 50, False),
    ],
)
def test_a_book_is_left_out_from_the_very_share_of_readers_on(readers, electorate, share, is_out):
    assert (exclusion_problem(readers, electorate, share) is not None) == is_out


def test_how_many_have_read_a_book_that_is_left_out_is_said():
    assert exclusion_problem(7, 12, 50) == (
        "7 of 12 members have read it, and this round leaves out books that 50 % have read."
    )
    assert exclusion_problem(1, 2, 50).startswith("1 of 2 members has read it,")


def test_an_author_pauses_after_a_win_where_the_round_says_so():
    assert pause_problem("Jane Austen", "Emma", 6) == (
        "“Emma” by Jane Austen won in the last 6 months, and this round leaves out authors who have just won."
    )
    assert "in the last month," in pause_problem("Jane Austen", "Emma", 1)
    assert pause_problem("Jane Austen", "Emma", 0) is None


@pytest.mark.parametrize(
    ("month", "day", "months", "before"),
    [
        (3, 31, 1, (2026, 2, 28)),
        (3, 31, 3, (2025, 12, 31)),
        (12, 5, 12, (2025, 12, 5)),
        (1, 15, 1, (2025, 12, 15)),
        (2, 28, 24, (2024, 2, 28)),
        (7, 1, 0, (2026, 7, 1)),
    ],
)
def test_months_are_those_of_the_calendar(month, day, months, before):
    moment = datetime(2026, month, day, 20, 30, tzinfo=UTC)

    assert months_before(moment, months) == datetime(*before, 20, 30, tzinfo=UTC)
