"""When the clock has something to do in a round, and the words for a member's own state in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookclub.lib.tally.states import RoundTimes
from bookclub.rounds.rules import (
    is_reminder_due,
    next_moment,
    readers_text,
    reminder_at,
    standing_of,
    standing_text,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # A Monday.
DAY = timedelta(days=1)


def test_a_reminder_comes_a_day_before_the_close_of_a_longer_vote():
    assert reminder_at(RoundTimes(NOW, NOW + 7 * DAY, NOW)) == NOW + 6 * DAY
    assert reminder_at(RoundTimes(NOW, NOW + DAY, NOW)) is None


def test_the_clock_opens_reminds_and_closes():
    nominating = RoundTimes(NOW + DAY, NOW + 7 * DAY)
    voting = RoundTimes(NOW, NOW + 7 * DAY, NOW)
    assert next_moment(nominating, NOW) == NOW + DAY
    assert next_moment(nominating, NOW + DAY) == NOW + DAY
    assert next_moment(voting, NOW) == NOW + 6 * DAY
    assert next_moment(voting, NOW + 6 * DAY) == NOW + 7 * DAY
    assert next_moment(RoundTimes(NOW, NOW + DAY, NOW, NOW + DAY), NOW) is None


def test_a_reminder_is_due_from_its_moment_to_the_close():
    voting = RoundTimes(NOW, NOW + 7 * DAY, NOW)
    due = [is_reminder_due(voting, NOW + days * DAY) for days in (0, 5, 6, 6.5, 7)]
    assert due == [False, False, True, True, False]


@pytest.mark.parametrize(
    ("standing", "ends", "said"),
    [
        ("vote", NOW + 5 * DAY, ["You have not voted", "5 days left"]),
        ("vote", NOW + DAY, ["You have not voted", "Ends tomorrow at 12:00"]),
        ("vote", NOW + timedelta(hours=2), ["You have not voted", "Ends today at 14:00"]),
        ("voted", NOW + 6 * DAY, ["You voted; change it until Sunday"]),
        ("voted", NOW + 9 * DAY, ["You voted; change it until Wednesday 2 December"]),
        ("voted", NOW + DAY, ["You voted; change it until 12:00 tomorrow"]),
        ("voted", NOW + timedelta(hours=2), ["You voted; change it until 14:00 today"]),
        ("nominate", NOW + 2 * DAY, ["Nominations are open", "2 days left"]),
        ("counted", NOW, ["The ballots are being counted"]),
    ],
)
def test_a_members_state_is_said_in_short_phrases(standing, ends, said):
    assert standing_text(standing, ends, NOW, "UTC", "UTC") == said


def test_a_time_names_its_zone_where_it_is_not_the_clubs():
    said = standing_text("vote", NOW + timedelta(hours=2), NOW, "Europe/Berlin", "UTC")
    assert said == ["You have not voted", "Ends today at 15:00 (Berlin time)"]


def test_a_link_that_set_the_password_hides_whether_a_private_ballot_was_cast():
    for has_voted in (True, False):
        assert standing_of("voting", may_vote=True, has_voted=has_voted, is_sealed=True) == "hidden"
    assert standing_of("voting", may_vote=False, has_voted=False, is_sealed=False) == "outside"


def test_readers_are_named_while_there_is_room():
    assert readers_text([]) is None
    assert readers_text(["Alice", "Bob"]) == "Alice and Bob"
    assert readers_text(["Alice", "Bob", "Carol", "Dan", "Mo"]) == "Alice, Bob, Carol and 2 others"
