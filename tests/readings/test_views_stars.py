"""Stars on a book of which its member has not said whether they have read it."""

from __future__ import annotations

import re

import pytest

from bookclub.books.models import Book
from bookclub.extensions import begin_write, db
from bookclub.readings.actions import record as record_reading
from bookclub.recommendations.queries import shelf_of
from tests.factories import make_comment, make_thread


def record(client, book, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields)


@pytest.fixture
def starred(visit, book, bob):
    """Bob gives four stars and says nothing else."""
    assert record(visit(bob), book, rating="4").status_code == 303
    return book


def test_stars_alone_are_kept_and_say_nothing_else(starred, bob, kept):
    reading = kept(bob)

    assert (reading.status, reading.rating, reading.position, reading.mark) == (None, 8, None, 0)
    assert (reading.times_read, reading.started_on, reading.finished_on) == (0, None, None)


def test_stars_from_the_whole_form_do_not_put_a_book_on_a_shelf(visit, book, bob, kept):
    bobs = visit(bob)
    page = bobs.get(f"/books/{book.slug}").text
    made_from = re.search(r'id="reading".*?name="made_from" value="([^"]*)"', page, re.DOTALL)[1]
    assert '<option value="">Not said</option>' in page

    record(bobs, book, status="", position="", position_unit="percent", rating="3.5", made_from=made_from)

    assert (kept(bob).status, kept(bob).rating) == (None, 7)


@pytest.mark.databases("sqlite", "postgresql")
def test_stars_count_for_everybody(visit, starred, alice):
    assert "from 1 reader" in visit(alice).get(f"/books/{starred.slug}").text


def test_nothing_is_unlocked_before_its_member_says_that_they_have_finished(visit, save, starred, alice, bob):
    thread = save(make_thread(alice, starred))
    save(make_comment(thread, alice, "The carriage turns.", horizon=1))
    bobs = visit(bob)

    assert "The carriage turns." not in bobs.get(f"/threads/{thread.id}").text
    record(bobs, starred, status="finished")
    assert "The carriage turns." in bobs.get(f"/threads/{thread.id}").text


def test_more_stars_leave_the_status_alone(visit, starred, bob, kept):
    record(visit(bob), starred, rating="2")

    assert (kept(bob).status, kept(bob).rating) == (None, 4)


@pytest.mark.parametrize(
    ("fields", "status", "mark"),
    [
        ({"status": "finished"}, "finished", 10_000),
        ({"status": "reading"}, "reading", 0),
        ({"position": "20"}, "reading", 2000),
        ({"status": "did_not_finish"}, "did_not_finish", 0),
        ({"status": "to_read"}, "to_read", 0),
    ],
)
def test_the_next_answer_gives_it_a_status(visit, starred, bob, kept, fields, status, mark):
    record(visit(bob), starred, **fields)

    assert (kept(bob).status, kept(bob).mark, kept(bob).rating) == (status, mark, 8)


def test_every_page_about_it_copes(visit, starred, alice, bob):
    author = re.search(r'href="/authors/([^"/]+)"', visit(bob).get(f"/books/{starred.slug}").text)[1]
    for reader in (alice, bob):
        for address in (
            "/",
            "/books",
            f"/books/{starred.slug}",
            f"/authors/{author}/next",
            "/recommendations",
            f"/members/{bob.username}",
            "/members",
        ):
            answer = visit(reader).get(address)
            assert answer.status_code == 200, address
            assert "None" not in answer.text.partition("<main")[2], address
    assert "4 ★" in visit(alice).get(f"/members/{bob.username}").text


def test_a_review_with_stars_says_nothing_about_how_far_its_author_is(app, book, bob, kept):
    with app.app_context():
        begin_write()
        record_reading(bob, db.session.get(Book, book.id), bob.joined_at, rating=9)
        db.session.commit()

    assert (kept(bob).status, kept(bob).rating) == (None, 9)


def test_stars_are_evidence_of_taste_and_take_the_book_off_the_suggestions(app, starred, bob):
    with app.app_context():
        shelf = shelf_of(bob.id)

    assert shelf.taken == {starred.id}
    assert [(read.book, read.rating, read.is_finished) for read in shelf.reads] == [(starred.id, 8, True)]
