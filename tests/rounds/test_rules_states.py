"""Where a round stands, by the clock and the rows; who may vote in it; and when enough have."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.tally.states import (
    CLOSED,
    COUNTING,
    NOMINATING,
    STATES,
    VOTING,
    Presence,
    RoundTimes,
    is_due,
    is_elector,
    is_read_by_many,
    not_voting_text,
    reaches_quorum,
    state,
    uncounted_text,
)

START = datetime(2026, 3, 1, 20, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


@pytest.mark.parametrize(
    ("now", "opened", "settled", "expected", "due"),
    [
        (day(7) - TICK, None, None, NOMINATING, False),
        (day(7), None, None, VOTING, True),
        (day(7), day(7), None, VOTING, False),
        (day(3), day(2), None, VOTING, False),
        (day(14) - TICK, day(7), None, VOTING, False),
        (day(14), day(7), None, COUNTING, True),
        (day(99), None, None, COUNTING, True),
        (day(14), day(7), day(14), CLOSED, False),
        (day(3), None, day(2), CLOSED, False),
        # A clock that was set back opens nothing again.
        (day(1), day(7), day(14), CLOSED, False),
    ],
)
def test_the_clock_and_the_rows_say_where_a_round_stands(now, opened, settled, expected, due):
    times = RoundTimes(day(7), day(14), opened, settled)

    assert state(times, now) == expected
    assert is_due(times, now) is due


@given(st.lists(st.integers(0, 20), min_size=2, max_size=8), st.booleans(), st.booleans())
def test_a_round_only_ever_moves_on_whatever_time_zone_the_clock_is_read_in(hours, opened, settled):
    times = RoundTimes(day(0.2), day(0.6), day(0.2) if opened else None, day(0.6) if settled else None)
    passed = [
        state(times, (START + timedelta(hours=hour)).astimezone(timezone(timedelta(hours=hour - 10))))
        for hour in sorted(hours)
    ]

    assert passed == sorted(passed, key=STATES.index)


@pytest.mark.parametrize(
    ("joined", "left", "usual", "with_late_joiners"),
    [
        (day(0), None, True, True),
        (day(7), None, True, True),
        (day(7) + TICK, None, False, True),
        (day(14) - TICK, None, False, True),
        (day(14), None, False, False),
        # Leaving before voting opens takes one out, leaving later does not.
        (day(0), day(7), False, False),
        (day(0), day(7) + TICK, True, True),
        (day(8), day(9), False, True),
    ],
)
def test_the_electorate_is_who_was_a_member_when_voting_opened(joined, left, usual, with_late_joiners):
    presence = Presence(joined, left)

    assert is_elector(presence, day(7), day(14), late_joiners=False) is usual
    assert is_elector(presence, day(7), day(14), late_joiners=True) is with_late_joiners


def test_until_voting_opens_the_electorate_is_who_is_here():
    assert is_elector(Presence(day(0)), None, day(14), late_joiners=False)
    assert not is_elector(Presence(day(0), day(1)), None, day(14), late_joiners=True)


@pytest.mark.parametrize(
    ("turnout", "electorate", "quorum", "reached"),
    [
        (0, 9, 0, True),
        (1, 3, 34, False),
        (1, 3, 33, True),
        (2, 4, 50, True),
        (3, 7, 43, False),
        (0, 0, 100, True),
    ],
)
def test_a_quorum_is_reached_in_whole_people(turnout, electorate, quorum, reached):
    assert reaches_quorum(turnout, electorate, quorum) is reached


def test_a_book_is_read_by_many_from_the_share_on_that_the_round_names():
    assert is_read_by_many(3, 6, 50)
    assert not is_read_by_many(2, 6, 50)
    assert not is_read_by_many(6, 6, 0)
    assert not is_read_by_many(0, 0, 50)


def test_what_cannot_be_voted_on_or_counted_is_said_in_words():
    assert "open until Friday" in not_voting_text(NOMINATING, "Sunday", "Friday")
    assert "closed at Sunday" in not_voting_text(CLOSED, "Sunday", "Friday")
    assert "2 of 9" in uncounted_text("no_quorum", 2, 9, 50)
    assert "50 %" in uncounted_text("no_quorum", 2, 9, 50)
    assert "nothing to vote on" in uncounted_text("void", 0, 9, 50)
