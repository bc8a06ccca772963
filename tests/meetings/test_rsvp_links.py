"""Answers to meetings by the signed link in a mail, from members who never sign in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from bookclub.extensions import begin_write, db, utcnow
from bookclub.meetings.links import rsvp_url
from bookclub.meetings.models import Rsvp
from bookclub.members import actions as accounts
from bookclub.members.models import FailedAttempt, Member
from bookclub.members.signed_links import sign_link
from tests.factories import make_book, make_meeting, make_member

DAY = timedelta(days=1)


@pytest.fixture
def meeting(save, olive):
    """A meeting with two seats about a book that nobody has begun."""
    return save(make_meeting(olive, save(make_book("Emma", author="Jane Austen")), seats=2))


@pytest.fixture
def link(app, alice, meeting):
    """The path of Alice's link to the meeting."""
    with app.test_request_context():
        return urlsplit(rsvp_url(alice, meeting)).path


@pytest.fixture
def change(write):
    """``change(row, name=value)`` writes columns of a row."""

    def change(row, **columns):
        model = type(row)
        write(lambda: db.session.execute(update(model).where(model.id == row.id).values(**columns)))

    return change


def answers(rows):
    return {(each.member_id, each.answer, each.guests, each.note) for each in rows(select(Rsvp))}


def test_somebody_without_session_and_cookies_answers_in_a_private_club(app, strict_visit, rows, link, alice):
    page = strict_visit().get(link)
    assert page.status_code == 200
    assert "You are answering as Alice" in page.words
    assert "At Olive's" in page.words
    assert "12 Canal Street" in page.words
    assert rows(select(Rsvp)) == []

    without = app.test_client(use_cookies=False)
    answer = without.post(link, data={"rsvp": "yes", "guests": "1", "note": "Cake"})

    assert (answer.status_code, answer.location) == (303, link)
    assert answers(rows) == {(alice.id, "yes", 1, "Cake")}
    after = without.get(link).words
    assert "You’re coming. See you there!" in after
    assert "You bring 1 guest." in after


def test_the_token_stays_on_this_page(visitor, link):
    page = visitor.get(link)

    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert visitor.get("/sign-in").headers["Referrer-Policy"] == "same-origin"


def test_in_the_browser_of_somebody_else_it_answers_for_its_member(visit, rows, link, alice, bob):
    bobs = visit(bob)
    assert "In this browser Bob is signed in. What you send here counts as Alice’s." in bobs.get(link).words

    bobs.post(link, data={"rsvp": "maybe"})

    assert answers(rows) == {(alice.id, "maybe", 0, "")}


def test_it_names_nobody_else_and_goes_by_its_members_clocks(
    save, visit, visitor, change, link, alice, bob, meeting
):
    carol = save(make_member("carol", display_name="Carol Quill"))
    visit(carol).post(f"/meetings/{meeting.id}/rsvp", data={"rsvp": "yes", "note": "Quince cake"})
    assert "Carol Quill" in visit(bob).get(f"/meetings/{meeting.id}").words
    change(alice, time_zone="Pacific/Auckland")

    page = visitor.get(link).words

    assert "Carol" not in page
    assert "Quince" not in page
    assert "1 seat is left." in page
    assert "at the meeting:" in page


def test_the_rules_of_the_site_hold(save, visit, visitor, rows, link, alice, bob, meeting):
    visit(bob).post(f"/meetings/{meeting.id}/rsvp", data={"rsvp": "yes", "guests": "1"})

    refused = visitor.post(link, data={"rsvp": "yes", "note": "He ||dies||"})
    assert refused.status_code == 422
    assert "He ||dies||" in refused.text
    assert refused.headers["Cache-Control"] == "no-store"
    visitor.post(link, data={"rsvp": "yes"})
    assert "You are on the waiting list" in visitor.get(link).words

    visit(bob).post(f"/meetings/{meeting.id}/rsvp", data={"rsvp": "no"})
    assert "You’re coming." in visitor.get(link).words
    refused = visitor.post(link, data={"rsvp": "yes", "guests": "2"})
    assert refused.status_code == 422
    assert "Only 1 seat is left for more guests." in refused.words


def test_after_the_last_day_only_no_can_be_said(visitor, change, rows, link, meeting):
    change(meeting, answer_until=utcnow().date() - DAY)

    page = visitor.get(link)
    assert "It is too late to say yes." in page.words
    assert visitor.post(link, data={"rsvp": "yes"}).status_code == 422
    assert visitor.post(link, data={"rsvp": "no"}).status_code == 303
    assert rows(select(Rsvp.answer)) == ["no"]


def test_a_place_that_is_on_the_site_only_stays_there(visitor, change, link, meeting):
    change(meeting, hides_place=True)

    page = visitor.get(link).words
    assert "12 Canal Street" not in page
    assert "For members who sign in" in page


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (
            {"cancelled_at": utcnow(), "cancelled_by_id": 1, "cancel_reason": "Olive has the flu"},
            "The meeting was cancelled: Olive has the flu",
        ),
        ({"starts_at": utcnow() - DAY, "ends_at": utcnow() - DAY / 2}, "The meeting is over."),
    ],
)
def test_the_link_ends_with_the_meeting_in_words(visitor, change, rows, link, meeting, columns, reason):
    change(meeting, **columns)

    for page in (visitor.get(link), visitor.post(link, data={"rsvp": "yes"})):
        assert page.status_code == 410
        assert reason in page.words
    assert rows(select(Rsvp)) == []


def test_while_a_meeting_goes_on_its_link_still_says_no(visitor, change, link, meeting):
    change(meeting, starts_at=utcnow() - DAY / 24)

    assert visitor.get(link).status_code == 200
    assert visitor.post(link, data={"rsvp": "no"}).status_code == 303


@pytest.mark.parametrize(
    "end",
    [
        accounts.suspend,
        accounts.remove,
        lambda member: accounts.change_email(member, "new@example.org"),
    ],
)
def test_the_link_ends_with_suspension_leaving_and_a_new_address(write, rows, visitor, alice, link, end):
    write(lambda: end(db.session.get(Member, alice.id)))

    for page in (visitor.get(link), visitor.post(link, data={"rsvp": "yes"})):
        assert page.status_code == 404
        assert "This link no longer works" in page.words
        assert page.headers["Cache-Control"] == "no-store"
    assert rows(select(Rsvp)) == []


@pytest.mark.databases("sqlite", "postgresql")
def test_an_answer_that_waits_for_a_suspension_is_refused(app, visitor, rows, alice, link):
    with ThreadPoolExecutor() as pool:
        with app.app_context():
            begin_write()
            accounts.suspend(db.session.get(Member, alice.id))
            db.session.flush()
            answer = pool.submit(visitor.post, link, data={"rsvp": "yes"})
            with pytest.raises(TimeoutError):
                answer.result(timeout=0.5)
            db.session.commit()
        assert answer.result().status_code == 404
    assert rows(select(Rsvp)) == []


def test_a_link_of_another_purpose_answers_nothing(app, visitor, rows, alice, meeting):
    with app.test_request_context():
        wrong = [sign_link("ballot", alice, meeting.id), "nonsense", "é"]

    assert {visitor.get(f"/rsvp-links/{token}").status_code for token in wrong} == {404}
    assert len(rows(select(FailedAttempt))) == len(wrong)
    for _ in range(60):
        page = visitor.post("/rsvp-links/nonsense")
    assert page.status_code == 429
