"""Rules of meetings: times by two clocks, links, and floors of threads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookclub.lib.positions.contents import NO_CONTENTS, Contents, SectionPlace
from bookclub.lib.positions.places import END
from bookclub.lib.text import dates
from bookclub.meetings import rules

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def times(starts_at, zone, meeting_zone):
    return rules.times_of(starts_at, starts_at + timedelta(hours=2), zone, meeting_zone, NOW)


def test_everybody_sees_the_time_by_their_own_clock():
    seen = times(datetime(2026, 5, 7, 18, tzinfo=UTC), "America/New_York", "Europe/Berlin")

    assert (seen.day, seen.clock) == ("Thursday 7 May", "14:00 to 16:00")
    assert seen.there == "20:00 (Berlin time) on Thursday 7 May"


def test_the_day_follows_the_readers_clock():
    seen = times(datetime(2026, 5, 7, 18, tzinfo=UTC), "Asia/Tokyo", "Europe/Berlin")

    assert (seen.day, seen.leaf) == ("Friday 8 May", ("Fri", "8", "May"))


def test_where_clocks_agree_the_time_is_said_once():
    assert times(datetime(2026, 5, 7, 18, tzinfo=UTC), "Europe/Paris", "Europe/Berlin").there is None


@pytest.mark.parametrize(
    ("clock", "twice"),
    [
        (datetime(2026, 10, 25, 2, 30), True),
        (datetime(2026, 10, 25, 3, 30), False),
        (datetime(2026, 3, 29, 2, 30), False),
    ],
)
def test_a_time_that_comes_twice_is_known(clock, twice):
    assert dates.comes_twice(clock, "Europe/Berlin") is twice


@pytest.mark.parametrize(
    ("link", "fits"),
    [
        ("", True),
        ("https://meet.example.org/club", True),
        ("meet.example.org", False),
        ("javascript:alert(1)", False),
        ("https://", False),
        ("https://[", False),
    ],
)
def test_a_link_is_the_whole_address_of_a_web_page(link, fits):
    assert (rules.link_problem(link) is None) is fits


def test_a_floor_goes_down_only_before_anybody_wrote():
    assert rules.floor_of_thread(2000, 5000, comments=0) == 2000
    assert rules.floor_of_thread(2000, 5000, comments=3) == 5000
    assert rules.floor_of_thread(7000, 5000, comments=3) == 7000


@pytest.mark.parametrize(
    ("unit", "entry", "horizon", "words"),
    [
        ("percent", "", END, ""),
        ("percent", "100", END, "Read all of it"),
        ("percent", "40", 4000, "Read up to 40 %"),
        ("page", "61", 2105, "Read up to page 61 (22 %)"),
        ("minute", "1:32", 2105, "Listen up to 1:32 (22 %)"),
    ],
)
def test_how_far_to_read_is_said_in_words(unit, entry, horizon, words):
    assert rules.reading_text(unit, entry, horizon, NO_CONTENTS) == words


def test_chapters_show_by_number_alone():
    chapters = Contents((SectionPlace(1, 1, "He dies", 0), SectionPlace(2, 2, "She marries", 5000)))

    assert rules.reading_text("section", "1", 5000, chapters) == "Read up to chapter 1"


def test_the_next_reminder_is_a_day_before_the_start():
    starts = [NOW + timedelta(hours=20), NOW + timedelta(days=3), NOW + timedelta(days=2)]

    assert rules.next_moment(starts, NOW) == NOW + timedelta(days=1)
    assert rules.next_moment([], NOW) is None
