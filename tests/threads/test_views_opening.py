"""Titled threads on a book, as members open them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.threads.models import Thread
from tests.cases import each
from tests.factories import make_reading
from tests.threads.saying import open_thread, say


def test_a_thread_opens_with_its_first_words_and_is_shown(app, visit, book, bob, comments):
    answer = open_thread(visit(bob), book)

    (opening,) = comments()
    assert answer.status_code == 303
    assert answer.location == f"/threads/{opening.thread_id}"
    page = visit(bob).get(answer.location).text
    assert "Mr Knightley" in page
    assert "Is he too good?" in page


def test_the_horizon_that_a_thread_opens_with_is_the_least_that_anything_in_it_gives_away(
    visit, save, book, bob, alice, comments, kept
):
    save(make_reading(bob, book, position=4000), make_reading(alice, book, position=END))
    open_thread(visit(bob), book, horizon="mine")
    (opening,) = comments()
    thread = Thread(id=opening.thread_id)

    say(visit(alice), thread, "Quite safe, I think.", horizon="0")

    assert kept(thread).floor == 4000
    assert [(comment.own_horizon, comment.horizon) for comment in comments()] == [(4000, 4000), (0, 4000)]


@each(
    "fields",
    [{"title": ""}, {"title": "  "}, {"title": "x" * 151}, {"title": "\0"}, {"body": " "}, {"horizon": ""}],
)
def test_a_thread_without_title_words_or_horizon_is_refused_with_what_was_typed(
    visit, book, bob, comments, fields
):
    answer = open_thread(visit(bob), book, **fields)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert not comments()
    if "body" not in fields:
        assert "Is he too good?</textarea>" in answer.text


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_form_sent_four_times_at_once_opens_one_thread(app, visit, book, bob):
    clients = [visit(bob) for _ in range(4)]
    at_once = Barrier(4)

    def send(client):
        at_once.wait()
        return open_thread(client, book, submission="key").location

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, clients))) == 1

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Thread)) == 1


def test_a_form_without_a_key_opens_a_thread_each_time(visit, book, bob, comments):
    for _ in range(2):
        assert open_thread(visit(bob), book, submission="").status_code == 303

    assert len(comments()) == 2


def test_no_thread_opens_on_a_book_that_is_not_there(visit, olive):
    assert visit(olive).post("/books/nothing/threads", data={}).status_code == 404
