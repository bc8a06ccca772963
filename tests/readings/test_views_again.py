"""To read a book again: what is known stays open, unless it is read as if it were new."""

from __future__ import annotations

from datetime import date

import pytest

from bookclub.lib.positions.places import END
from tests.factories import make_comment, make_reading, make_thread


def post(client, book, path, **fields):
    return client.post(f"/books/{book.slug}/{path}", data=fields)


@pytest.fixture
def finished(save, book, bob):
    """Bob finished the book in 2020."""
    reading = make_reading(bob, book, position=END)
    reading.started_on, reading.finished_on, reading.times_read = date(2020, 1, 1), date(2020, 2, 1), 1
    return save(reading)


@pytest.fixture
def ending(save, book, alice):
    """What Alice says of the end, in its thread."""
    return save(make_comment(save(make_thread(alice, book)), alice, "They marry.", horizon=END))


def sees(client, comment):
    return "They marry." in client.get(f"/comments/{comment.id}").text


def test_a_book_is_read_again_with_everything_open(visit, book, bob, finished, ending, kept):
    bobs = visit(bob)
    answer = post(bobs, book, "rereading", next="/")

    assert (answer.status_code, answer.location) == (303, "/")
    reading = kept(bob)
    assert (reading.status, reading.is_again, reading.position, reading.mark) == ("reading", True, None, END)
    assert (reading.times_read, reading.finished_on) == (1, date(2020, 2, 1))
    assert reading.started_on > date(2020, 2, 1)
    assert sees(bobs, ending)
    post(bobs, book, "reading", position="10")
    post(bobs, book, "reading", position="5")
    assert (kept(bob).position, kept(bob).mark) == (500, END)
    assert sees(bobs, ending)
    post(bobs, book, "reading", status="finished")
    assert (kept(bob).times_read, kept(bob).is_again) == (2, False)


@pytest.mark.databases("sqlite", "postgresql")
def test_to_say_so_twice_is_to_say_it_once(visit, book, bob, finished, kept):
    bobs = visit(bob)
    post(bobs, book, "rereading")
    post(bobs, book, "reading", position="10")
    answer = post(bobs, book, "rereading")

    assert answer.status_code == 303
    assert (kept(bob).position, kept(bob).is_again, kept(bob).times_read) == (1000, True, 1)


def test_nobody_rereads_what_they_have_not_finished(visit, save, book, bob, kept):
    assert post(visit(bob), book, "rereading").status_code == 303
    assert kept(bob) is None

    save(make_reading(bob, book, position=3000))
    post(visit(bob), book, "rereading")
    assert (kept(bob).position, kept(bob).is_again) == (3000, False)


def test_as_if_new_locks_what_lies_ahead_and_opens_it_place_by_place(
    visit, book, bob, finished, ending, kept
):
    bobs = visit(bob)
    post(bobs, book, "rereading")
    post(bobs, book, "reading", position="10")
    for _ in range(2):
        answer = post(bobs, book, "reading/newness", next="/")
        assert (answer.status_code, answer.location) == (303, "/")
        assert (kept(bob).mark, kept(bob).held_mark) == (1000, END)
    assert not sees(bobs, ending)
    post(bobs, book, "reading", position="60")
    assert kept(bob).mark == 6000
    for _ in range(2):
        post(bobs, book, "reading/newness/deletion")
        assert (kept(bob).mark, kept(bob).held_mark, kept(bob).position) == (END, None, 6000)
    assert sees(bobs, ending)


def test_as_if_new_is_for_those_who_read_again(visit, save, book, bob, kept):
    assert post(visit(bob), book, "reading/newness").status_code == 303
    assert post(visit(bob), book, "reading/newness/deletion").status_code == 303
    assert kept(bob) is None

    save(make_reading(bob, book, position=3000))
    for path in ("reading/newness", "reading/newness/deletion"):
        post(visit(bob), book, path)
        assert (kept(bob).mark, kept(bob).held_mark) == (3000, None)


def test_the_page_offers_to_read_as_if_new_and_to_take_it_back(visit, book, bob, finished):
    bobs, address = visit(bob), f"/books/{book.slug}"
    assert "Read it again" in bobs.get(address).text
    post(bobs, book, "rereading")
    assert "Read as if new" in bobs.get(address).text
    post(bobs, book, "reading/newness")
    page = bobs.get(address).text
    assert "Open what I know" in page
    assert "as if it were new" in page


def test_a_place_after_the_end_is_a_correction_and_not_another_reading(
    visit, book, bob, finished, ending, kept
):
    bobs = visit(bob)
    post(bobs, book, "reading", position="40")

    reading = kept(bob)
    assert (reading.status, reading.mark, reading.is_again, reading.times_read) == ("reading", 4000, False, 0)
    assert not sees(bobs, ending)


def test_nobody_can_turn_back_a_book_that_is_not_there(visit, bob):
    for path in ("rereading", "reading/newness", "reading/newness/deletion"):
        assert visit(bob).post(f"/books/nothing/{path}").status_code == 404
