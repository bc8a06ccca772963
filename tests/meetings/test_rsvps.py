"""Answers to meetings: seats, the waiting list, guests, and the last day to answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db, utcnow
from bookclub.meetings import rsvp_rules
from bookclub.meetings.models import Rsvp
from bookclub.meetings.rsvp_rules import RsvpParty
from bookclub.members.events import on_suspension
from bookclub.members.models import Member
from bookclub.notices.models import Notice
from tests.factories import make_meeting

HTMX = {"HX-Request": "true"}


@pytest.fixture
def answer(visit, meeting):
    """``answer(member, said, **fields)`` sends a member's answer."""
    return lambda member, said, **fields: visit(member).post(
        f"/meetings/{meeting.id}/rsvp", data={"rsvp": said, **fields}
    )


@pytest.fixture
def meeting(save, olive):
    """A meeting with two seats."""
    return save(make_meeting(olive, seats=2))


def seated(rows):
    return {each.member_id: each.has_seat for each in rows(select(Rsvp)) if each.answer == "yes"}


def test_nobody_on_the_waiting_list_overtakes():
    waiting = [RsvpParty(1, 1), RsvpParty(2, 3), RsvpParty(3, 1)]

    assert rsvp_rules.move_up(waiting, 2) == [1]
    assert rsvp_rules.move_up(waiting, 4) == [1, 2]
    assert rsvp_rules.move_up(waiting, None) == [1, 2, 3]


def test_a_member_answers_and_everybody_reads_it(answer, visit, alice, bob, meeting):
    assert answer(alice, "yes", note="I'm bringing cake", guests="1").status_code == 303

    page = visit(bob).get(f"/meetings/{meeting.id}").text
    assert "I&#39;m bringing cake" in page
    assert "and 1 guest" in page
    assert "2 coming" in page
    assert "0 seats are left" in page


def test_with_htmx_the_panel_alone_comes_back(visit, alice, meeting):
    answer = visit(alice).post(f"/meetings/{meeting.id}/rsvp", data={"rsvp": "yes"}, headers=HTMX)

    assert answer.status_code == 200
    assert 'id="rsvp"' in answer.text
    assert "<html" not in answer.text
    assert "You’re coming. See you there!" in answer.text


def test_whoever_comes_too_late_waits_and_moves_up(answer, visit, rows, alice, bob, olive, meeting):
    answer(alice, "yes", guests="1")
    answer(bob, "yes")
    assert seated(rows) == {alice.id: True, bob.id: False}
    assert "You are on the waiting list" in visit(bob).get(f"/meetings/{meeting.id}").text

    answer(alice, "no")
    assert seated(rows) == {bob.id: True}
    assert [(each.member_id, each.kind) for each in rows(select(Notice))] == [(bob.id, "meeting_seat")]
    assert "There is a seat for you" in visit(bob).get("/notices").text


def test_more_guests_need_a_free_seat(answer, rows, alice, bob):
    answer(alice, "yes")
    answer(bob, "yes")

    refused = answer(alice, "yes", guests="1", note="Maybe Carl")
    assert refused.status_code == 422
    assert "No seat is left for another guest." in refused.text
    assert "Maybe Carl" in refused.text
    assert rows(select(Rsvp.guests).where(Rsvp.member_id == alice.id)) == [0]


def test_a_changed_mind_keeps_note_and_guests(answer, rows, alice):
    answer(alice, "yes", guests="1", note="Cake")
    answer(alice, "maybe")

    (rsvp,) = rows(select(Rsvp))
    assert (rsvp.answer, rsvp.guests, rsvp.note, rsvp.has_seat) == ("maybe", 1, "Cake", False)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rsvp": "perhaps"}, "Say yes, maybe or no."),
        ({"rsvp": "yes", "guests": "99"}, "Type a number from 0 to 20."),
        ({"rsvp": "yes", "note": "x" * 10_000}, "Use at most 200 characters."),
        ({"rsvp": "yes", "note": "He ||dies||"}, "spoiler"),
    ],
)
def test_bad_answers_are_refused_and_kept(visit, rows, alice, meeting, fields, sentence):
    refused = visit(alice).post(f"/meetings/{meeting.id}/rsvp", data=fields)

    assert refused.status_code == 422
    assert sentence in refused.text
    assert fields.get("note", "")[:200] in refused.text
    assert rows(select(Rsvp)) == []


def test_after_the_last_day_only_no_can_be_said(save, visit, rows, alice, bob, olive):
    late = save(make_meeting(olive, answer_until=utcnow().date() - timedelta(days=1)))
    save(Rsvp(meeting_id=late.id, member_id=alice.id, answer="yes", number=1, has_seat=True))
    address = f"/meetings/{late.id}/rsvp"

    refused = visit(bob).post(address, data={"rsvp": "yes"})
    assert refused.status_code == 422
    assert "Answers were wanted until" in refused.text
    assert visit(alice).post(address, data={"rsvp": "no"}).status_code == 303
    assert seated(rows) == {}


def test_a_cancelled_meeting_takes_no_answer(save, visit, alice, olive):
    off = save(make_meeting(olive, cancelled_at=utcnow(), cancelled_by_id=olive.id, cancel_reason="Flu"))

    assert visit(alice).post(f"/meetings/{off.id}/rsvp", data={"rsvp": "yes"}).status_code == 403


def test_fewer_seats_than_people_are_refused_and_more_let_them_up(
    answer, visit, rows, alice, bob, olive, meeting
):
    answer(alice, "yes", guests="1")
    answer(bob, "yes")
    address, kept = f"/meetings/{meeting.id}/edit", {"host": "olive"}

    refused = visit(olive).post(address, data=kept | {"limit": "1"})
    assert refused.status_code == 422
    assert "2 seats are taken. Type at least that number." in refused.text
    assert visit(olive).post(address, data=kept | {"limit": "3"}).status_code == 303
    assert seated(rows) == {alice.id: True, bob.id: True}


def test_answers_cannot_be_wanted_after_the_meeting(visit, olive, meeting):
    late = {"host": "olive", "answer_until": (utcnow() + timedelta(days=30)).date().isoformat()}

    refused = visit(olive).post(f"/meetings/{meeting.id}/edit", data=late)
    assert refused.status_code == 422
    assert "That is after the meeting." in refused.text


def test_a_suspended_members_seat_is_free(app, answer, rows, alice, bob, meeting):
    answer(alice, "yes", guests="1")
    answer(bob, "yes")
    with app.app_context():
        begin_write()
        on_suspension.call(db.session.get(Member, alice.id))
        db.session.commit()

    assert seated(rows) == {bob.id: True}


@pytest.mark.databases("postgresql")
def test_nobody_answers_while_the_seat_of_a_suspended_member_moves(app, answer, statements, alice, meeting):
    answer(alice, "yes")
    with app.app_context(), statements() as sent:
        begin_write()
        on_suspension.call(db.session.get(Member, alice.id))
        db.session.commit()

    locked = next(
        at for at, each in enumerate(sent) if "FROM meeting " in each and "FOR NO KEY UPDATE" in each
    )
    assert locked < min(at for at, each in enumerate(sent) if "FROM rsvp " in each)


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_who_take_the_last_seat_at_once_one_waits(save, visit, rows, alice, bob, olive):
    last = save(make_meeting(olive, seats=1))
    clients, barrier = [visit(alice), visit(bob)], Barrier(2)

    def take(client):
        barrier.wait()
        return client.post(f"/meetings/{last.id}/rsvp", data={"rsvp": "yes"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, clients)) == [303, 303]
    assert sorted(seated(rows).values()) == [False, True]


def test_home_takes_the_answer_and_says_what_it_was(visit, rows, alice, bob, olive, meeting):
    form = visit(alice).get("/").form("answer-next")
    assert visit(alice).post(form.action, data={"rsvp": "yes"}).status_code == 303

    assert "You’re coming. Change your answer" in visit(alice).get("/").words
    assert "Will you come?" in visit(bob).get("/").text
    assert seated(rows) == {alice.id: True}


def test_home_asks_nobody_after_the_last_day_to_answer(save, visit, alice, olive):
    until = utcnow().date() - timedelta(days=1)
    save(make_meeting(olive, title="Too late", answer_until=until))

    page = visit(alice).get("/").words
    assert "Too late" in page
    assert "Will you come?" not in page
