"""How members are greeted, and when a new club has done its first steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from bookclub.home.rules import AVATARS_ON_STOP, FirstSteps, Reader, greeting, is_newcomer, stops_along
from bookclub.lib.positions.places import END


@pytest.mark.parametrize(
    ("hour", "words"),
    [
        (0, "Good evening"),
        (4, "Good evening"),
        (5, "Good morning"),
        (11, "Good morning"),
        (12, "Good afternoon"),
        (17, "Good afternoon"),
        (18, "Good evening"),
        (23, "Good evening"),
    ],
)
def test_the_hour_decides_how_members_are_greeted(hour, words):
    assert greeting(datetime(2026, 11, 21, hour, 30, tzinfo=UTC), "UTC") == words


def test_the_hour_is_the_one_where_the_member_is():
    noon = datetime(2026, 11, 21, 12, tzinfo=UTC)

    assert greeting(noon, "Asia/Tokyo") == "Good evening"
    assert greeting(noon, "America/New_York") == "Good morning"


def test_a_club_has_begun_when_all_four_steps_are_done():
    for steps in product([False, True], repeat=4):
        assert FirstSteps(*steps).done is all(steps)


def reader(name, position, *, is_me=False):
    return Reader(name, name.lower(), position, is_me)


def test_only_those_who_have_finished_stand_at_the_end_of_a_book():
    readers = [reader("Ann", 0), reader("Bea", 999), reader("Cy", END - 1), reader("Dan", END)]

    stops = stops_along(readers)

    assert [(stop.number, [one.name for one in stop.readers]) for stop in stops] == [
        (0, ["Bea", "Ann"]),
        (9, ["Cy"]),
        (10, ["Dan"]),
    ]
    assert stops_along([]) == []


def test_a_crowded_stop_shows_the_viewer_and_counts_the_rest():
    readers = [reader(f"Reader {number}", 500) for number in range(6)] + [reader("Zoe", 500, is_me=True)]

    (stop,) = stops_along(readers)

    assert [one.name for one in stop.shown] == ["Zoe", "Reader 0", "Reader 1", "Reader 2"]
    assert (len(stop.shown), stop.more) == (AVATARS_ON_STOP, 3)


@pytest.mark.parametrize(
    ("days", "has_readings", "expected"),
    [(0, False, True), (29, False, True), (30, False, False), (-29, False, True), (0, True, False)],
)
def test_a_newcomer_joined_lately_and_keeps_no_book(days, has_readings, expected):
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)

    assert is_newcomer(now - timedelta(days=days), now, has_readings=has_readings) is expected
