"""Attendance: who was at a meeting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.meetings.attendance_rules import after_ticks
from bookclub.meetings.models import Attendance, Rsvp
from tests.cases import each
from tests.factories import make_meeting


@pytest.fixture
def meeting(save, olive):
    """A meeting that began an hour ago."""
    return save(make_meeting(olive, starts_at=utcnow() - timedelta(hours=1)))


@each(
    ("present", "shown", "ticked", "expected"),
    [
        ("ab", "ab", "ab", "ab"),
        ("a", "a", "ab", "ab"),
        ("ab", "ab", "a", "a"),
        # Somebody noted themselves meanwhile, or took it back.
        ("ac", "a", "ab", "abc"),
        ("", "a", "ab", "b"),
    ],
)
def test_only_what_was_changed_counts(present, shown, ticked, expected):
    assert after_ticks(frozenset(present), frozenset(shown), frozenset(ticked)) == frozenset(expected)


def test_members_say_that_they_were_there(meeting, visit, alice, bob, rows):
    address = f"/meetings/{meeting.id}/attendance"
    for _ in range(2):
        assert visit(alice).post(address, data={"on": "1"}).location == f"/meetings/{meeting.id}#attendance"
    assert [each.member_id for each in rows(select(Attendance))] == [alice.id]
    assert "I wasn’t there" in visit(alice).get(f"/meetings/{meeting.id}").text
    assert visit(bob).get(f"/meetings/{meeting.id}").words.count("Alice") == 1

    visit(alice).post(address, data={"on": "0"})
    assert rows(select(Attendance)) == []


def test_the_host_ticks_those_who_were_there(meeting, save, visit, alice, bob, olive, rows):
    save(Rsvp(meeting_id=meeting.id, member_id=alice.id, answer="yes", number=1, has_seat=True))
    address, page = f"/meetings/{meeting.id}/attendance", visit(olive).get(f"/meetings/{meeting.id}").text
    # Who had a seat is ticked from the start, and nobody else.
    assert 'value="alice" checked' in page
    assert 'value="bob" checked' not in page
    visit(bob).post(address, data={"on": "1"})

    assert visit(olive).post(address, data={"member": ["alice", "olive"]}).status_code == 303
    assert {each.member_id for each in rows(select(Attendance))} == {alice.id, bob.id, olive.id}
    visit(olive).post(address, data={"member": ["alice"], "was": ["alice", "olive"]})
    assert {each.member_id for each in rows(select(Attendance))} == {alice.id, bob.id}


def test_what_cannot_be_noted_is_refused_in_words(meeting, save, visit, alice, olive, rows):
    to_come = save(make_meeting(olive))
    address = f"/meetings/{meeting.id}/attendance"
    for member, url, data, status, said in (
        (alice, address, {"member": ["alice"]}, 403, ""),
        (olive, address, {"member": ["nobody"]}, 422, "Nobody here has the username “nobody”."),
        (alice, address, {"on": "perhaps"}, 422, "Send “on” as 1 if you were there"),
        (alice, f"/meetings/{to_come.id}/attendance", {"on": "1"}, 422, "The meeting has not begun."),
    ):
        answer = visit(member).post(url, data=data)
        assert (answer.status_code, said in answer.text) == (status, True)
    assert rows(select(Attendance)) == []
