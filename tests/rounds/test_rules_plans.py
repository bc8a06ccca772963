"""The rules of a round as an organiser sets them, and the switches that only go one way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookclub.rounds.rules import (
    MOST_NOMINATIONS,
    deadlines_problem,
    extension_problem,
    is_free,
    nomination_problem,
    reading_dates,
    secrecy_problem,
    usual_plan,
)

NOW = datetime(2026, 10, 20, 23, 30, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def test_a_usual_round_ends_in_the_evening_wherever_one_is_also_when_the_clocks_change(zone):
    plan = usual_plan(NOW, zone)
    ends = [moment.astimezone(ZoneInfo(zone)) for moment in (plan.nominations_until_at, plan.voting_until_at)]
    today = NOW.astimezone(ZoneInfo(zone)).date()

    assert [(end.hour, end.date() - today) for end in ends] == [(20, 7 * DAY), (20, 14 * DAY)]
    assert deadlines_problem(NOW, plan.nominations_until_at, plan.voting_until_at) is None
    assert (plan.method, plan.secrecy, plan.quorum) == ("ranked", "open", 0)


@pytest.mark.parametrize(
    ("nominations", "voting", "said"),
    [
        (NOW, NOW + DAY, "still to come"),
        (NOW - DAY, NOW + DAY, "still to come"),
        (NOW + DAY, NOW + DAY, "after the nominations"),
        (NOW + DAY, NOW, "after the nominations"),
        (NOW + DAY, NOW + 367 * DAY, "a year"),
        (NOW + MINUTE, NOW + 2 * MINUTE, None),
    ],
)
def test_the_deadlines_of_a_round_are_to_come_and_in_their_order(nominations, voting, said):
    problem = deadlines_problem(NOW, nominations, voting)

    assert problem is None if said is None else said in problem


def test_a_deadline_only_moves_later():
    before = NOW + DAY

    assert extension_problem(NOW, before, before + MINUTE) is None
    assert "later time than the present one" in extension_problem(NOW, before, before)
    assert "later time than the present one" in extension_problem(NOW, before, before - MINUTE)
    assert "a year" in extension_problem(NOW, before, NOW + 367 * DAY)


def test_deadlines_are_compared_as_moments_when_clocks_go_forward():
    berlin = ZoneInfo("Europe/Berlin")
    # A clock that goes from 02:00 to 03:00 never shows half past two, which comes out as 03:30.
    first, second = (datetime(2027, 3, 28, *time, tzinfo=berlin) for time in ((2, 30), (3, 15)))

    assert (
        deadlines_problem(NOW, first, second)
        == "Voting must end after the nominations do: choose a later time."
    )
    assert "later time than the present one" in extension_problem(NOW, first, second)


def test_deadlines_are_compared_as_moments_when_clocks_go_back():
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 45, tzinfo=berlin)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=berlin, fold=1)

    assert deadlines_problem(NOW, first, second) is None
    assert extension_problem(NOW, first, second) is None


def test_a_usual_round_ends_even_on_a_day_that_clocks_skip():
    plan = usual_plan(datetime(2011, 12, 23, 20, tzinfo=UTC), "Pacific/Apia")

    assert plan.nominations_until_at == datetime(2011, 12, 31, 6, tzinfo=UTC)


def test_what_was_announced_as_private_stays_private():
    assert secrecy_problem("private", "open")
    assert secrecy_problem("private", "private") is None
    assert secrecy_problem("open", "private") is None


def test_a_nomination_is_refused_where_it_is_one_too_many_or_there_already():
    assert nomination_problem(by=None, own=1, total=2, most=2) is None
    assert nomination_problem(by=None, own=9, total=MOST_NOMINATIONS - 1, most=None) is None
    assert "Alice has already" in nomination_problem(by="Alice", own=0, total=2, most=None)
    assert "as many as each member may" in nomination_problem(by=None, own=2, total=2, most=2)
    assert "30" in nomination_problem(by=None, own=0, total=MOST_NOMINATIONS, most=None)


def test_the_club_reads_what_it_chose_after_what_it_reads_now():
    today = date(2026, 3, 1)

    assert reading_dates(today, None) == (today, today + 28 * DAY)
    assert reading_dates(today, today - 9 * DAY)[0] == today
    assert reading_dates(today, today + 9 * DAY) == (today + 10 * DAY, today + 38 * DAY)


def test_the_club_is_free_when_it_reads_nothing_or_has_finished():
    today = date(2026, 3, 1)

    assert is_free(today, None, None)
    assert is_free(today, 7, today - DAY)
    assert not is_free(today, 7, today)
    assert not is_free(today, 7, None)
