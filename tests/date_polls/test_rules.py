"""Rules of date polls: which times can be proposed, which are best, and how they read by two clocks."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from bookclub.date_polls import rules
from bookclub.date_polls.rules import OptionCount
from tests.cases import each

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def counted(*numbers):
    return [
        OptionCount(place, NOW + place * DAY, yes=yes, maybe=maybe, no=no)
        for place, (yes, maybe, no) in enumerate(numbers, 1)
    ]


def test_times_come_in_their_order_in_the_zone_of_the_poll():
    found, problems = rules.read_times("2026-05-07 19:30\n\n 2026-5-6T9.05 ", "Europe/Berlin", NOW)

    assert problems == []
    assert [(one.starts_on.day, one.clock) for one in found] == [(6, time(9, 5)), (7, time(19, 30))]
    assert found[1].starts_at == datetime(2026, 5, 7, 17, 30, tzinfo=UTC)


@each(
    ("text", "sentence"),
    [
        (" \n ", "Propose at least one time"),
        ("\n".join(f"2026-05-01 {hour:02}:00" for hour in range(21)), "at most 20 times. These are 21."),
        ("2026-05-01 19:30\n2026-5-1 19.30", "2026-5-1 19.30 is listed twice."),
        ("2026-03-01 12:59", "2026-03-01 12:59 is in the past."),
        ("2026-05-01 19:30\nnext Tuesday", "“next Tuesday” is not a time."),
        ("2026-02-30 19:30", "is not a time. Type it as 2026-01-31 19:30."),
        ("2026-05-01 24:30", "is not a time."),
        ("9999-12-31 23:30", "is not a time."),
        ("٢٠٢٦-05-01 19:30", "is not a time."),
        ("2026-03-29 02:30", "Choose 03:00 or later."),
        ("2026-10-25 02:30", "2026-10-25 02:30 comes twice in Europe/Berlin"),
    ],
)
def test_a_time_that_cannot_be_proposed_is_named(text, sentence):
    assert sentence in rules.read_times(text, "Europe/Berlin", NOW)[1][0]


def test_of_many_problems_few_are_said():
    assert len(rules.read_times("x\n" * 15, "UTC", NOW)[1]) == rules.MOST_PROBLEMS


@each(
    ("counts", "best"),
    [
        (counted((3, 0, 2), (4, 0, 5), (3, 9, 0)), {2}),
        (counted((4, 0, 2), (4, 0, 1), (4, 5, 3)), {2}),
        (counted((4, 0, 1), (2, 9, 0), (4, 3, 1)), {1, 3}),
        (counted((0, 9, 0), (0, 0, 0)), set()),
        ([], set()),
    ],
)
def test_the_best_have_most_yes_and_of_those_fewest_no(counts, best):
    assert rules.best_times(counts) == best


def test_of_equal_times_the_earliest_comes_first():
    counts = counted((1, 0, 0), (4, 0, 1), (4, 3, 1), (4, 0, 0))

    assert [one.option_id for one in rules.rank(reversed(counts))] == [4, 2, 3, 1]


@each(
    ("zone", "poll_zone", "day", "clock", "there"),
    [
        ("Europe/Paris", "Europe/Berlin", "Thursday 7 May", "20:00", None),
        ("America/New_York", "Europe/Berlin", "Thursday 7 May", "14:00", "20:00 (Berlin time)"),
        ("Asia/Tokyo", "Europe/Berlin", "Friday 8 May", "03:00", "20:00 (Berlin time) on Thursday 7 May"),
    ],
)
def test_times_are_said_by_both_clocks_where_they_differ(zone, poll_zone, day, clock, there):
    when = rules.when_of(datetime(2026, 5, 7, 18, tzinfo=UTC), zone, poll_zone, NOW)

    assert (when.day, when.clock, when.there) == (day, clock, there)


def test_a_day_far_away_has_its_year():
    assert rules.when_of(NOW + 365 * DAY, "UTC", "UTC", NOW).day == "Monday, 1 March 2027"


@each(
    ("is_chosen", "is_withdrawn", "starts", "state"),
    [
        (False, False, [NOW - DAY, NOW + DAY], rules.OPEN),
        (False, False, [NOW - DAY, NOW], rules.OVER),
        (True, False, [NOW - DAY], rules.CHOSEN),
        (False, True, [NOW + DAY], rules.WITHDRAWN),
    ],
)
def test_a_poll_is_over_with_its_last_time(is_chosen, is_withdrawn, starts, state):
    assert state == rules.state_of(is_chosen=is_chosen, is_withdrawn=is_withdrawn, starts=starts, now=NOW)


def test_a_choice_says_the_time_and_its_answers():
    when = rules.when_of(datetime(2026, 5, 7, 18, tzinfo=UTC), "UTC", "UTC", NOW)

    said = rules.choice_text(when, counted((12, 1, 0))[0])
    assert said == "Thu 7 May, 18:00: 12 yes, 1 maybe, 0 no"
