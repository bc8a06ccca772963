"""How members are greeted, and when a new club has done its first steps."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest

from bookclub.home.rules import FirstSteps, greeting


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
