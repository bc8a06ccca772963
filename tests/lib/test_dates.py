"""How a moment is said, and when a visit ends, to the second."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookclub.lib.text.dates import clock_at, clock_problem, day_text, exact_time_text, moment_at, moment_text
from bookclub.members.rules import VISIT_GAP, VISIT_NOTED_EVERY, visit

# A Wednesday, at noon in London as in UTC.
NOON = datetime(2026, 1, 14, 12, 0, tzinfo=UTC)
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
LONDON, TOKYO, NEW_YORK = "Europe/London", "Asia/Tokyo", "America/New_York"
BERLIN, LORD_HOWE, APIA = "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"


def at(text: str) -> datetime:
    """A moment in UTC: ``at("2026-01-14 12:00")``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# How long ago


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (0 * SECOND, "just now"),
        (MINUTE - SECOND, "just now"),
        (MINUTE, "1 minute ago"),
        (2 * MINUTE - SECOND, "1 minute ago"),
        (2 * MINUTE, "2 minutes ago"),
        (HOUR - SECOND, "59 minutes ago"),
        (HOUR, "1 hour ago"),
        (2 * HOUR - SECOND, "1 hour ago"),
        (2 * HOUR, "2 hours ago"),
        (12 * HOUR, "today"),
        (12 * HOUR + SECOND, "yesterday"),
        (36 * HOUR, "yesterday"),
        (36 * HOUR + SECOND, "Monday"),
        (6 * DAY, "Thursday"),
        (6 * DAY + 12 * HOUR, "Thursday"),
        (6 * DAY + 12 * HOUR + SECOND, "7 January"),
        (13 * DAY, "1 January"),
        (13 * DAY + 12 * HOUR, "1 January"),
        (13 * DAY + 12 * HOUR + SECOND, "31 December 2025"),
        (400 * DAY, "10 December 2024"),
    ],
)
def test_a_moment_is_said_by_its_age(age, said):
    assert moment_text(NOON - age, NOON, "UTC") == said


def test_eleven_hours_ago_on_the_same_day_are_hours():
    assert moment_text(NOON - 12 * HOUR + SECOND, NOON, "UTC") == "11 hours ago"


def test_more_than_half_a_day_ago_is_today():
    assert moment_text(at("2026-01-14 08:00"), at("2026-01-14 23:00"), "UTC") == "today"


def test_minutes_ago_are_minutes_even_across_midnight():
    assert moment_text(at("2026-01-13 23:30"), at("2026-01-14 00:29"), "UTC") == "59 minutes ago"


def test_hours_ago_across_midnight_are_yesterday():
    assert moment_text(at("2026-01-13 23:00"), at("2026-01-14 00:00"), "UTC") == "yesterday"


@pytest.mark.parametrize(
    ("ahead", "said"),
    [
        (SECOND, "14 January"),
        (DAY, "15 January"),
        (7 * DAY, "21 January"),
        (365 * DAY, "14 January 2027"),
    ],
)
def test_a_moment_in_the_future_is_said_as_its_date(ahead, said):
    assert moment_text(NOON + ahead, NOON, "UTC") == said


# Where the reader is


def test_what_yesterday_is_depends_on_where_the_reader_is():
    moment, now = at("2026-01-13 22:00"), at("2026-01-14 04:00")

    assert moment_text(moment, now, "UTC") == "yesterday"
    assert moment_text(moment, now, TOKYO) == "6 hours ago"
    assert moment_text(moment, now, NEW_YORK) == "6 hours ago"


def test_the_year_is_left_out_by_the_readers_own_calendar():
    moment, now = at("2025-12-31 18:00"), at("2026-03-01 12:00")

    assert moment_text(moment, now, "UTC") == "31 December 2025"
    assert moment_text(moment, now, TOKYO) == "1 January"


def test_an_age_is_counted_in_real_hours_when_the_clocks_go_forward():
    # In London 00:30 and 02:30 stood an hour apart on 29 March 2026.
    assert moment_text(at("2026-03-29 00:30"), at("2026-03-29 01:30"), LONDON) == "1 hour ago"


def test_an_age_is_counted_in_real_hours_when_the_clocks_go_back():
    # In London it was 01:30 twice on 25 October 2026.
    assert moment_text(at("2026-10-25 00:30"), at("2026-10-25 01:30"), LONDON) == "1 hour ago"


def test_a_day_of_twenty_three_hours_makes_yesterday_no_older():
    assert moment_text(at("2026-03-29 00:00"), at("2026-03-29 23:00"), LONDON) == "yesterday"
    assert moment_text(at("2026-03-29 00:00"), at("2026-03-29 22:59"), LONDON) == "today"


def test_a_day_of_twenty_five_hours_is_still_one_day():
    assert moment_text(at("2026-10-24 23:00"), at("2026-10-25 23:59"), LONDON) == "today"


def test_a_moment_may_come_in_any_zone():
    tokyo = NOON.astimezone(datetime.fromisoformat("2026-01-14T21:00+09:00").tzinfo)

    assert moment_text(tokyo, NOON + MINUTE, "UTC") == "1 minute ago"


def test_two_times_of_one_zone_are_as_far_apart_as_the_moments():
    before = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo(BERLIN))
    after = datetime(2026, 3, 29, 3, 15, tzinfo=ZoneInfo(BERLIN))

    assert moment_text(before, after, BERLIN) == "45 minutes ago"


# From a clock to the moment


@pytest.mark.parametrize(
    ("clock", "zone", "moment"),
    [
        ("2026-03-29 01:59", BERLIN, "2026-03-29 00:59"),
        ("2026-03-29 03:00", BERLIN, "2026-03-29 01:00"),
        # Twice: the first counts.
        ("2026-10-25 02:30", BERLIN, "2026-10-25 00:30"),
        ("2026-10-25 03:00", BERLIN, "2026-10-25 02:00"),
        ("2026-11-01 01:30", NEW_YORK, "2026-11-01 05:30"),
        ("2026-04-05 01:45", LORD_HOWE, "2026-04-04 14:45"),
        ("2026-10-04 02:30", LORD_HOWE, "2026-10-03 15:30"),
        ("2011-12-31 00:00", APIA, "2011-12-30 10:00"),
        ("2026-03-29 02:30", "UTC", "2026-03-29 02:30"),
    ],
)
def test_a_time_that_clocks_show_is_one_moment(clock, zone, moment):
    clock = datetime.fromisoformat(clock)

    assert clock_problem(clock, zone) is None
    assert clock_problem(clock.replace(fold=1), zone) is None
    assert moment_at(clock, zone) == moment_at(clock.replace(fold=1), zone) == at(moment)
    assert moment_at(clock, zone).tzinfo is UTC


@pytest.mark.parametrize(
    ("clock", "zone", "said"),
    [
        (
            "2026-03-29 02:30",
            BERLIN,
            "There is no 02:30 on Sunday 29 March 2026 in Europe/Berlin: "
            "clocks there go from 02:00 to 03:00. Choose 03:00 or later.",
        ),
        ("2026-03-29 02:00", BERLIN, "from 02:00 to 03:00"),
        ("2026-03-29 02:59:59", BERLIN, "There is no 02:59"),
        ("2026-03-08 02:30", NEW_YORK, "from 02:00 to 03:00"),
        ("2026-10-04 02:15", LORD_HOWE, "from 02:00 to 02:30"),
        ("2026-09-06 00:30", "America/Santiago", "from 00:00 to 01:00"),
        (
            "2026-03-28 23:30",
            "America/Nuuk",
            "from 23:00 on Saturday 28 March 2026 to 00:00 on Sunday 29 March 2026.",
        ),
        (
            "2011-12-30 12:00",
            APIA,
            "from 00:00 on Friday 30 December 2011 to 00:00 on Saturday 31 December 2011.",
        ),
    ],
)
def test_a_time_that_clocks_skip_is_refused_with_one_that_would_do(clock, zone, said):
    assert said in clock_problem(datetime.fromisoformat(clock), zone)


def test_a_time_that_clocks_skip_moves_on_by_as_much():
    assert moment_at(datetime(2026, 3, 29, 2, 30), BERLIN) == at("2026-03-29 01:30")


@pytest.mark.parametrize("zone", [BERLIN, NEW_YORK, LORD_HOWE, APIA, "UTC", "Asia/Kathmandu"])
def test_each_moment_of_a_year_is_found_by_its_clock(zone):
    for quarter in range(0, 4 * 24 * 366, 2):
        moment = at("2026-01-01 00:00") + quarter * 15 * MINUTE
        here = moment.astimezone(ZoneInfo(zone))
        clock = here.replace(tzinfo=None)

        assert clock_at(moment, zone) == clock
        assert clock_problem(clock, zone) is None
        assert here.fold or moment_at(clock, zone) == moment


# To the minute, and whole days


@pytest.mark.parametrize(
    ("moment", "zone", "said"),
    [
        ("2026-11-03 20:00", "UTC", "3 November 2026, 20:00"),
        ("2026-11-03 20:00", TOKYO, "4 November 2026, 05:00"),
        ("2026-03-29 00:59", LONDON, "29 March 2026, 00:59"),
        ("2026-03-29 01:00", LONDON, "29 March 2026, 02:00"),
        ("2026-10-25 00:30", LONDON, "25 October 2026, 01:30"),
        ("2026-10-25 01:30", LONDON, "25 October 2026, 01:30"),
    ],
)
def test_a_moment_to_the_minute_is_the_readers_clock(moment, zone, said):
    assert exact_time_text(at(moment), zone) == said


def test_a_day_is_said_with_its_weekday():
    assert day_text(date(2026, 12, 4)) == "Friday 4 December"


# Visits


def test_a_page_within_five_minutes_of_the_last_one_noted_writes_nothing():
    assert visit(NOON, NOON - DAY, NOON + VISIT_NOTED_EVERY - SECOND) is None


def test_a_page_after_five_minutes_is_noted_and_the_mark_of_the_new_stays():
    now = NOON + VISIT_NOTED_EVERY

    assert visit(NOON, NOON - DAY, now) == (now, NOON - DAY)


def test_a_page_just_before_half_an_hour_belongs_to_the_same_visit():
    now = NOON + VISIT_GAP - SECOND

    assert visit(NOON, NOON - DAY, now) == (now, NOON - DAY)


def test_after_half_an_hour_a_new_visit_begins_and_what_came_since_the_old_one_is_new():
    now = NOON + VISIT_GAP

    assert visit(NOON, NOON - DAY, now) == (now, NOON)


def test_a_visit_and_what_is_new_follow_a_clock_that_was_set_back():
    assert visit(NOON, NOON - DAY, NOON - 2 * DAY) == (NOON - 2 * DAY, NOON - 2 * DAY)
    assert visit(NOON, NOON - 2 * DAY, NOON - DAY) == (NOON - DAY, NOON - 2 * DAY)


def test_a_long_visit_keeps_its_mark_from_its_first_page_to_its_last():
    seen_at, new_since = NOON, NOON - DAY
    for minutes in range(1, 241):
        noted = visit(seen_at, new_since, NOON + minutes * MINUTE)
        seen_at, new_since = noted or (seen_at, new_since)

    assert seen_at == NOON + 240 * MINUTE
    assert new_since == NOON - DAY
