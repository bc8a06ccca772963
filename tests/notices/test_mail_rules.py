"""When letters are due, and which notices go at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bookclub.notices import mail_rules
from bookclub.notices.mail_rules import AT_ONCE, DAILY, NEVER, WEEKLY
from bookclub.notices.rules import KINDS

# A Sunday on which clocks go back in Berlin, so that nine o'clock is 08:00 UTC and was 07:00 the day before.
SUNDAY = datetime(2026, 10, 25, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "weekly", "daily"),
    [
        ("2026-10-25 08:00", "Europe/Berlin", "2026-10-25 08:00", "2026-10-25 08:00"),
        ("2026-10-25 07:59", "Europe/Berlin", "2026-10-18 07:00", "2026-10-24 07:00"),
        ("2026-10-25 12:00", "America/New_York", "2026-10-18 13:00", "2026-10-24 13:00"),
        # It is Monday already in Kathmandu, whose clocks are 5:45 ahead.
        ("2026-10-25 20:00", "Asia/Kathmandu", "2026-10-25 03:15", "2026-10-25 03:15"),
    ],
)
def test_letters_are_due_at_nine_where_their_reader_is(now, zone, weekly, daily):
    now, weekly, daily = (datetime.fromisoformat(f"{each}+00:00") for each in (now, weekly, daily))

    assert mail_rules.letter_moment(WEEKLY, now, zone) == weekly
    assert mail_rules.letter_moment(DAILY, now, zone) == daily


def test_one_letter_catches_up():
    now = SUNDAY.replace(hour=10)

    assert mail_rules.is_letter_due(WEEKLY, now - timedelta(weeks=5), now, "UTC")
    assert not mail_rules.is_letter_due(WEEKLY, now, now + timedelta(days=6), "UTC")
    assert mail_rules.is_letter_due(WEEKLY, now, now + timedelta(days=7), "UTC")
    # It was written while a clock ran a year ahead.
    assert mail_rules.is_letter_due(WEEKLY, now + timedelta(days=365), now, "UTC")


def test_every_kind_of_notice_has_one_topic():
    topics = (*mail_rules.TOPICS, mail_rules.SAFETY)
    assert sorted(kind for topic in topics for kind in topic.kinds) == sorted(KINDS)


def test_what_is_chosen_comes_before_the_default():
    at_once = mail_rules.kinds_at(AT_ONCE, {"replies": NEVER, "votes": AT_ONCE})

    assert {"mention", "round_ending", "meeting_moved"} <= at_once
    assert "reply" not in at_once
    assert "promise" in mail_rules.kinds_at(WEEKLY, {})


def test_a_look_comes_every_quarter_of_an_hour():
    assert mail_rules.next_letters_at(SUNDAY.replace(hour=8, minute=59)) == SUNDAY.replace(hour=9)
    assert mail_rules.next_letters_at(SUNDAY.replace(hour=9)) == SUNDAY.replace(hour=9, minute=15)
