""" "Tell me when you finish": one tap on somebody's plan or comment, and both hear when the day comes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.notices.models import Notice
from bookclub.readings.models import Promise
from tests.factories import make_book, make_comment, make_member, make_reading, make_thread

TELL = "Tell me when Bob has finished it"


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def ask(visit):
    """``ask(alice)`` wants to hear when Bob has finished Emma; ``ask(alice, "/deletion")`` does not."""

    def ask(asker, what="", /, **fields):
        return visit(asker).post(f"/books/emma/promises{what}", data={"member": "bob", **fields})

    return ask


@pytest.fixture
def finish(visit):
    def finish(member, **fields):
        answer = visit(member).post("/books/emma/reading", data={"status": "finished", **fields})
        assert answer.status_code == 303

    return finish


def told(visit, member):
    return visit(member).get("/notices").text


def rows(app, model):
    with app.app_context():
        return db.session.execute(select(model).order_by(model.id)).scalars().all()


@pytest.mark.parametrize("status", ["to_read", "reading"])
def test_both_hear_when_the_day_comes(app, visit, save, book, ask, finish, alice, bob, status):
    save(make_reading(bob, book, status=status))
    assert TELL in visit(alice).get("/members/bob").text

    answer = ask(alice, next="/members/bob")
    assert (answer.status_code, answer.location) == (303, "/members/bob")
    assert "You will hear when Bob has finished it." in visit(alice).get("/members/bob").text
    assert rows(app, Notice) == []

    finish(bob)
    assert "Bob has finished Emma." in told(visit, alice)
    assert "You have finished Emma. Alice asked to hear of it." in told(visit, bob)


def test_it_can_be_asked_on_a_comment(visit, save, book, ask, finish, alice, bob):
    save(make_reading(bob, book, position=2000))
    comment = save(make_comment(save(make_thread(bob, book)), bob))
    url = f"/comments/{comment.id}"

    assert TELL in visit(alice).get(url).text
    assert ask(alice, next=url).location == url
    assert "Never mind" in visit(alice).get(url).text
    assert TELL not in visit(bob).get(url).text
    assert TELL not in visit().get(url).text


@pytest.mark.databases("sqlite", "postgresql")
def test_asked_twice_it_is_told_once_and_finished_again_it_is_not_told_anew(
    app, visit, save, book, ask, finish, alice, bob
):
    save(make_reading(bob, book, position=2000))
    ask(alice)
    ask(alice)
    assert len(rows(app, Promise)) == 1

    finish(bob)
    visit(bob).post("/books/emma/rereading")
    visit(alice).post("/notices/seen")
    finish(bob)
    assert len(rows(app, Notice)) == 2
    assert 'class="badge">new' not in told(visit, alice)


def test_it_can_be_taken_back(app, visit, save, book, ask, finish, alice, bob):
    save(make_reading(bob, book, position=2000))
    ask(alice)
    assert ask(alice, "/deletion").status_code == 303

    finish(bob)
    assert rows(app, Notice) == []


def test_several_can_wait_for_one(visit, save, book, ask, finish, alice, bob, olive):
    save(make_reading(bob, book, position=2000))
    ask(alice)
    ask(olive)

    finish(bob)
    assert "Bob has finished Emma." in told(visit, alice)
    assert "Bob has finished Emma." in told(visit, olive)


def test_what_somebody_keeps_to_themselves_is_not_promised_and_not_told(
    app, visit, save, book, ask, finish, alice, bob
):
    save(make_reading(bob, book, position=2000))
    ask(alice)
    visit(bob).post("/books/emma/reading", data={"is_private": "1"})
    assert ask(alice).status_code == 404
    assert TELL not in visit(alice).get("/members/bob").text

    finish(bob)
    assert rows(app, Notice) == []


def test_a_reading_made_private_afterwards_is_not_told_of_any_more(
    visit, save, book, ask, finish, alice, bob
):
    save(make_reading(bob, book, position=2000))
    ask(alice)
    finish(bob)
    assert "Bob has finished Emma." in told(visit, alice)

    visit(bob).post("/books/emma/reading", data={"is_private": "1"})
    assert "Bob has finished" not in told(visit, alice)


def test_there_is_nothing_to_promise_of_what_is_finished_unread_or_ones_own(
    app, visit, save, book, ask, alice, bob
):
    assert ask(alice).status_code == 404
    save(make_reading(bob, book, position=END))
    client = visit(alice)
    answer = client.post("/books/emma/promises", data={"member": "bob"})
    assert "There is nothing to wait for" in client.get(answer.location).text
    assert ask(bob).status_code == 404
    assert ask(alice, member="nobody").status_code == 404
    assert ask(alice, member="").status_code == 404
    assert rows(app, Promise) == []


def test_a_former_member_promises_nothing(app, visit, save, book, ask, alice):
    gone = save(make_member("gone"))
    save(make_reading(gone, book, position=2000))
    gone.forget(gone.joined_at)
    save(gone)

    assert ask(alice, member="gone").status_code == 404
    assert rows(app, Promise) == []
