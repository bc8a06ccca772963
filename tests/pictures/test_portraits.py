"""The picture of a member: for members alone, beside their words, and gone with them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bookclub.extensions import begin_write, db
from bookclub.members.models import Member
from bookclub.pictures import actions
from bookclub.pictures.models import Picture
from tests.factories import PASSWORD, make_comment, make_meeting, make_picture, make_reading
from tests.pictures.samples import packed, picture, upload


@pytest.fixture
def give(visit):
    """``give(alice)`` uploads a picture of Alice; returns the answer."""

    def give(member, content=None):
        sent = {"picture": upload(packed(picture()) if content is None else content, "me.jpg")}
        return visit(member).post("/settings/picture", data=sent)

    return give


@pytest.fixture
def change(app):
    """``change(alice, suspended_at=…)`` changes columns of a member."""

    def change(member, **columns):
        with app.app_context():
            begin_write()
            row = db.session.get(Member, member.id)
            for name, value in columns.items():
                setattr(row, name, value)
            db.session.commit()

    return change


def faces(page):
    """The numbers of the pictures that stand for members on a page."""
    return [
        int(number) for number in re.findall(r'<img class="avatar[^"]*" src="/pictures/(\d+)/', page.text)
    ]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_member_shows_a_picture_of_themselves(give, visit, alice, bob, pictures, status):
    answer = give(alice)

    (kept,) = pictures()
    assert (answer.status_code, answer.location) == (303, "/settings")
    assert (kept.portrait_of_id, kept.member_id, kept.loose_at) == (alice.id, alice.id, None)
    assert status(bob, kept.id, 80) == status(bob, kept.id, 240) == 200
    assert status(bob, kept.id, 480) == 404
    page = visit(bob).get("/members/alice")
    assert faces(page) == [kept.id]
    assert f'<img class="avatar large" src="/pictures/{kept.id}/80.webp"' in page.text
    assert 'alt="Alice"' in page.text
    assert "Change your picture" in visit(alice).get("/settings").text


@pytest.mark.databases("sqlite", "postgresql")
def test_it_stands_beside_their_words_and_in_lists(
    give, visit, save, alice, bob, olive, thread, book, app, pictures
):
    from bookclub.members.models import Club

    give(alice)
    number = pictures()[0].id
    save(make_comment(thread, olive, "I loved it."), make_comment(thread, alice, "So did I."))
    save(make_reading(alice, book, position=5000))
    meeting = save(make_meeting(alice, book))
    visit(alice).post(f"/meetings/{meeting.id}/rsvp", data={"rsvp": "yes"})
    with app.app_context():
        begin_write()
        db.session.get(Club, 1).current_book_id = book.id
        db.session.commit()
    for address in ("/", f"/threads/{thread.id}", "/members", f"/meetings/{meeting.id}"):
        page = visit(bob).get(address)
        assert number in faces(page), address
        assert 'class="avatar tint-' in page.text, address
    # In the line along the book, too.
    assert f'<image href="/pictures/{number}/80.webp"' in visit(bob).get("/").text


def test_visitors_see_initials_alone(give, visit, save, alice, thread, public, pictures, status):
    give(alice)
    save(make_comment(thread, alice, "I loved it."))
    page = visit().get(f"/threads/{thread.id}")

    assert "I loved it." in page.text
    assert "/pictures/" not in page.text
    assert 'class="avatar tint-' in page.text
    assert status(None, pictures()[0].id, 80) == status(None, 77, 80) == 404


def test_a_private_club_tells_visitors_nothing(give, visit, alice, pictures):
    give(alice)
    there = visit().get(f"/pictures/{pictures()[0].id}/80.webp")

    assert there.status_code == 303
    assert there.location == visit().get("/pictures/77/80.webp").location.replace("77", str(pictures()[0].id))


def test_a_browser_keeps_it_for_an_hour_and_no_proxy_does(give, visit, alice, bob, public, pictures):
    give(alice)
    answer = visit(bob).get(f"/pictures/{pictures()[0].id}/80.webp")

    assert answer.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.databases("sqlite", "postgresql")
def test_it_is_gone_while_a_member_is_suspended(
    give, change, visit, save, alice, bob, thread, pictures, status
):
    give(alice)
    number = pictures()[0].id
    save(make_comment(thread, alice, "I loved it."))
    change(alice, suspended_at=datetime(2026, 5, 1, tzinfo=UTC))

    assert faces(visit(bob).get(f"/threads/{thread.id}")) == []
    assert faces(visit(bob).get("/members/alice")) == []
    assert status(bob, number, 80) == 404
    change(alice, suspended_at=None)
    assert faces(visit(bob).get(f"/threads/{thread.id}")) == [number]
    assert status(bob, number, 80) == 200


@pytest.mark.databases("sqlite", "postgresql")
def test_it_is_deleted_when_they_leave(app, give, visit, save, alice, bob, thread, pictures, status):
    give(alice)
    number = pictures()[0].id
    save(make_comment(thread, alice, "I loved it."))
    visit(alice).post("/settings/departure", data={"password": PASSWORD})

    assert pictures() == []
    assert status(bob, number, 80) == 404
    page = visit(bob).get(f"/threads/{thread.id}")
    assert "a former member" in page.text
    assert faces(page) == []
    with app.app_context():
        assert db.session.scalar(select(Member._portrait_id).where(Member.id == alice.id)) is None


def test_an_organiser_who_removes_a_member_removes_the_picture(give, visit, alice, olive, pictures):
    give(alice)
    visit(olive).post("/members/alice/removal", data={"reason": "It was rude."})

    assert pictures() == []


def test_another_picture_takes_its_place_and_it_can_be_deleted(give, visit, alice, bob, pictures):
    give(alice)
    first = pictures()[0].id
    give(alice, packed(picture(300, 300)))
    (second,) = pictures()
    assert second.id > first
    assert faces(visit(bob).get("/members/alice")) == [second.id]

    answer = visit(alice).post("/settings/picture/removal")
    assert answer.status_code == 303
    assert pictures() == []
    assert faces(visit(bob).get("/members/alice")) == []


def test_the_same_file_sent_twice_is_one_picture(give, alice, pictures):
    give(alice)
    first = pictures()[0].id

    assert give(alice).status_code == 303
    assert [each.id for each in pictures()] == [first]


def test_a_file_that_is_refused_says_why(give, visit, alice, pictures, monkeypatch):
    assert "Choose a picture first." in visit(alice).post("/settings/picture").text
    page = give(alice, b"<svg/>")
    assert page.status_code == 422
    assert "“me.jpg” is not a picture that can be shown here." in page.text
    monkeypatch.setattr(actions, "SPACE", 10)
    page = give(alice)
    assert page.status_code == 422
    assert "Your pictures fill the 300 MB" in page.text
    assert pictures() == []


def test_a_thread_takes_as_many_statements_with_pictures(save, visit, statements, alice, bob, thread, app):
    save(make_comment(thread, alice, "One."), make_comment(thread, alice, "Two."))
    client = visit(bob)
    client.get(f"/threads/{thread.id}")
    with statements() as without:
        client.get(f"/threads/{thread.id}")
    made = save(make_picture(alice, portrait_of_id=alice.id))
    with app.app_context():
        begin_write()
        db.session.get(Member, alice.id).portrait_id = made.id
        db.session.commit()
    with statements() as sent:
        page = client.get(f"/threads/{thread.id}")
    assert faces(page) == [made.id] * 2
    assert len(sent) == len(without)


def test_one_member_has_one_picture(app, save, alice):
    """The database itself refuses a second one."""
    from sqlalchemy.exc import IntegrityError

    save(make_picture(alice, portrait_of_id=alice.id))
    with pytest.raises(IntegrityError):
        save(make_picture(alice, portrait_of_id=alice.id))
    with app.app_context():
        assert len(db.session.scalars(select(Picture)).all()) == 1
