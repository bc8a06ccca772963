"""What has unlocked, on the front page and in the order of a book."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.home import unlocked_queries as home_queries
from bookclub.home.rules import COMMENT, REVIEW, Turn
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.readings.models import Reading, Reveal
from bookclub.reviews.rules import Unlocked
from bookclub.threads.models import Bookmark
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

SECTION = "Unlocked by your reading"


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def at(app, save, bob, book):
    """``at(4000)`` puts Bob at a place in Emma."""

    def at(position):
        with app.app_context():
            reading = db.session.execute(
                select(Reading).where(Reading.member_id == bob.id, Reading.book_id == book.id)
            ).scalar_one_or_none()
        if reading is None:
            return save(make_reading(bob, book, position=position))
        reading.position = reading.mark = position
        return save(reading)

    return at


def order(page: str) -> list[str]:
    """The reviews and comments on a page, by their ids."""
    return re.findall(r'<article class="review" id="([a-z]+-\d+)"', page)


def test_home_says_what_has_unlocked_and_leads_to_it(visit, save, at, book, thread, alice, bob):
    save(make_comment(thread, alice, "Later.", horizon=3000))
    save(make_comment(thread, alice, "Sooner.", horizon=2000))
    save(make_comment(thread, alice, "Ahead.", horizon=3001))
    at(3000)

    answer = visit(bob).get("/")
    page = answer.text.partition(SECTION)[2].partition("<aside>")[0]

    assert "2 comments unlocked in Emma" in answer.words
    assert 'href="/books/emma/unlocked"' in page
    assert "oner." not in page


def test_home_says_nothing_where_nothing_has_unlocked(visit, save, at, visitor, thread, alice, bob):
    save(make_comment(thread, alice, horizon=3000))
    assert SECTION not in visit(bob).get("/").text

    at(2999)
    assert SECTION not in visit(bob).get("/").text
    assert SECTION not in visitor.get("/").text


def test_every_book_of_a_member_is_counted_in_two_statements(app, save, statements, alice, bob):
    expected = {}
    for number in (1, 2, 3):
        book = save(make_book(f"Book {number}00"))
        thread = save(make_thread(alice, book))
        save(*(make_comment(thread, alice, horizon=1000) for _ in range(number)))
        save(make_review(alice, book, horizon=500 * number))
        save(make_comment(thread, alice, horizon=6000))
        save(make_reading(bob, book, position=5000))
        expected[book.slug] = Unlocked(number, 1)

    with app.app_context(), statements() as sent:
        found = home_queries.unlocked_books(Viewer(bob.id))
        nobodys = home_queries.unlocked_books(Viewer())

    assert {one.slug: one.unlocked for one in found} == expected
    assert nobodys == []
    assert len(sent) == 2


@pytest.mark.databases("sqlite", "postgresql")
def test_what_is_unlocked_stands_in_the_order_of_the_book(visit, save, at, book, thread, alice, bob):
    late, early = save(
        make_comment(thread, alice, "Late. ||And more.||", horizon=3000),
        make_comment(thread, alice, "Early.", horizon=1000),
    )
    review = save(make_review(alice, book, "They quarrel.", title="A quarrel", horizon=3000))
    under = save(make_comment(review.thread, alice, "And make up.", horizon=100))
    save(make_comment(thread, alice, "Locked.", horizon=4001))
    save(make_comment(thread, alice, "Safe."))
    at(4000)

    page = visit(bob).get("/books/emma/unlocked").text

    assert order(page) == [
        f"comment-{early.id}",
        f"review-{review.id}",
        f"comment-{late.id}",
        f"comment-{under.id}",
    ]
    for words in (
        "Early.",
        "Late.",
        "They quarrel.",
        "And make up.",
        "up to 30 %",
        "The picnic",
        "A quarrel",
    ):
        assert words in page
    for words in ("And more.", "Locked.", "Safe."):
        assert words not in page
    assert f'href="/comments/{early.id}"' in page
    assert f'href="/reviews/{review.id}"' in page


def test_where_nothing_is_unlocked_the_page_says_what_to_do(visit, save, at, book, thread, alice, bob):
    save(make_comment(thread, alice, horizon=3000))
    client = visit(bob)

    page = client.get("/books/emma/unlocked").text
    assert "Nothing new is unlocked" in page
    assert "You have not said how far you are." in page

    at(2000)
    assert "You are at 20 %." in client.get("/books/emma/unlocked").text


def test_a_visitor_is_asked_to_sign_in(visitor, book):
    assert visitor.get("/books/emma/unlocked").status_code == 303
    assert visitor.post("/books/emma/unlocked/seen").status_code == 401


def test_what_was_revealed_deleted_or_ones_own_is_not_among_it(visit, save, at, book, thread, alice, bob):
    gone = save(make_comment(thread, alice, "Never mind.", horizon=1000))
    save(make_comment(thread, bob, "Mine.", horizon=1000))
    revealed = save(make_thread(alice, book, "Revealed"))
    save(make_comment(revealed, alice, "Seen long ago.", horizon=1000))
    save(Reveal(member_id=bob.id, thread_id=revealed.id))
    visit(alice).post(f"/comments/{gone.id}/deletion")
    at(2000)

    assert "Nothing new is unlocked" in visit(bob).get("/books/emma/unlocked").text
    assert SECTION not in visit(bob).get("/").text


@pytest.mark.databases("sqlite", "postgresql")
def test_more_than_a_page_goes_on_behind_the_last(visit, save, at, thread, alice, bob):
    comments = save(*(make_comment(thread, alice, horizon=1000 + at % 7) for at in range(51)))
    in_order = [f"comment-{one.id}" for one in sorted(comments, key=lambda one: (one.horizon, one.id))]
    at(END)
    client = visit(bob)

    first = client.get("/books/emma/unlocked").text
    further = re.search(r'href="(/books/emma/unlocked\?after=[^"]+)"', first)[1]

    assert order(first) == in_order[:50]
    assert order(client.get(further).text) == in_order[50:]
    assert "That’s all" in client.get("/books/emma/unlocked?after=10000-1-999999999").text


def test_a_key_that_is_none_begins_at_the_beginning(visit, save, at, thread, alice, bob):
    comment = save(make_comment(thread, alice, horizon=1000))
    at(END)

    for after in ("", "x", "1-2-3", "99999999-1-1", "1-1-99999999999", "-1-1-1", "٣-1-1"):
        page = visit(bob).get("/books/emma/unlocked", query_string={"after": after}).text

        assert order(page) == [f"comment-{comment.id}"], after


def test_a_turn_reads_as_it_is_written_and_sorts_by_the_book():
    turns = [Turn(10, REVIEW, 9), Turn(10, COMMENT, 2), Turn(11, REVIEW, 1)]

    assert [Turn.read(str(turn)) for turn in turns] == turns == sorted(turns)
    assert Turn.read(None) is None


def test_all_is_seen_once_that_is_said(app, visit, save, at, book, thread, alice, bob):
    save(make_comment(thread, alice, horizon=1000))
    at(4000)
    save(Bookmark(member_id=bob.id, thread_id=thread.id, mark=500))
    client = visit(bob)
    assert order(client.get("/books/emma/unlocked").text)

    answer = client.post("/books/emma/unlocked/seen")

    assert (answer.status_code, answer.location) == (303, "/books/emma")
    assert SECTION not in client.get("/").text
    assert ">unlocked<" not in client.get(f"/threads/{thread.id}").text
    with app.app_context():
        assert db.session.execute(select(Reading.seen_mark)).scalar_one() == 4000


def test_what_was_seen_stays_seen_after_a_correction_and_what_comes_later_is_new(
    visit, save, at, thread, alice, bob
):
    save(make_comment(thread, alice, horizon=3000))
    later = save(make_comment(thread, alice, horizon=5000))
    client = visit(bob)
    at(4000)
    client.post("/books/emma/unlocked/seen")
    at(2000)
    client.post("/books/emma/unlocked/seen")
    at(6000)

    assert order(client.get("/books/emma/unlocked").text) == [f"comment-{later.id}"]


def test_a_member_without_a_reading_may_say_so_too(visit, book, bob):
    assert visit(bob).post("/books/emma/unlocked/seen").status_code == 303


def test_a_thread_that_was_opened_is_not_among_it_any_more(visit, save, at, book, thread, alice, bob):
    save(make_comment(thread, alice, horizon=1000))
    other = save(make_comment(save(make_thread(alice, book, "The ball")), alice, horizon=1000))
    at(2000)
    client = visit(bob)
    client.get(f"/threads/{thread.id}")

    assert order(client.get("/books/emma/unlocked").text) == [f"comment-{other.id}"]
    assert "1 comment unlocked in Emma" in client.get("/").words


def test_the_page_takes_as_many_statements_for_many_as_for_few(
    visit, save, at, statements, thread, alice, bob
):
    at(END)
    client = visit(bob)
    client.get("/")

    def taken():
        with statements() as sent:
            assert client.get("/books/emma/unlocked").status_code == 200
        return len(sent)

    save(make_comment(thread, alice, horizon=1000))
    few = taken()
    save(*(make_comment(thread, alice, horizon=1000) for _ in range(60)))

    assert taken() == few <= 20
