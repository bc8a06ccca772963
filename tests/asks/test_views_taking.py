""" "Read this one": the shelf, the promise to whoever answered, and when there is none."""

from __future__ import annotations

import pytest

from bookclub.asks.models import Answer
from bookclub.notices.models import Notice
from bookclub.readings.models import Promise, Reading
from tests.factories import make_reading


def test_what_is_taken_comes_on_the_shelf_and_the_adviser_hears_when_it_is_finished(
    visit, proposed, alice, bob, rows
):
    client = visit(alice)
    assert "Read this one" in client.get(f"/asks/{proposed.ask_id}").text
    for _ in range(2):
        answer = client.post(f"/answers/{proposed.id}/taking", follow_redirects=True)
        assert "“The Remains of the Day” is on your shelf. Bob will hear when you finish it." in answer.text

    assert [(one.member_id, one.status) for one in rows(Reading)] == [(alice.id, "to_read")]
    assert len(rows(Promise)) == 1
    assert rows(Answer)[0].taken_at is not None
    client.post("/books/the-remains-of-the-day/reading", data={"status": "finished"})
    assert "Alice has finished The Remains of the Day." in visit(bob).get("/notices").text


def test_taking_can_be_taken_back_and_then_nobody_is_told(visit, proposed, alice, bob, rows):
    client = visit(alice)
    client.post(f"/answers/{proposed.id}/taking")
    for _ in range(2):
        assert client.post(f"/answers/{proposed.id}/taking/deletion").status_code == 303

    assert rows(Answer)[0].taken_at is None
    assert rows(Promise) == []
    assert len(rows(Reading)) == 1
    client.post("/books/the-remains-of-the-day/reading", data={"status": "finished"})
    assert rows(Notice) == []


def test_a_promise_that_the_adviser_asked_for_outlives_a_taking(
    visit, save, proposed, remains, alice, bob, rows
):
    save(make_reading(alice, remains, status="to_read"))
    visit(bob).post(f"/books/{remains.slug}/promises", data={"member": "alice"})
    visit(alice).post(f"/answers/{proposed.id}/taking")
    visit(alice).post(f"/answers/{proposed.id}/taking/deletion")

    assert len(rows(Promise)) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("finished", "You have finished"),
        ("did_not_finish", "You did not finish"),
        ("reading", "Bob will hear when"),
    ],
)
def test_a_book_that_is_on_the_shelf_already_stays_as_it_is(
    visit, save, proposed, remains, alice, rows, status, words
):
    save(make_reading(alice, remains, status=status))
    answer = visit(alice).post(f"/answers/{proposed.id}/taking", follow_redirects=True)

    assert words in answer.text
    assert [one.status for one in rows(Reading)] == [status]
    assert len(rows(Promise)) == (status == "reading")


def test_a_private_reading_promises_nothing_and_says_so(visit, save, proposed, remains, alice, rows):
    reading = make_reading(alice, remains, status="to_read")
    reading.is_private = True
    save(reading)
    answer = visit(alice).post(f"/answers/{proposed.id}/taking", follow_redirects=True)

    assert "As it is private, Bob will not hear" in answer.text
    assert rows(Promise) == []


def test_only_the_asker_takes_an_answer(visit, proposed, bob, mod, olive, rows):
    for member in (bob, mod, olive):
        for what in ("taking", "taking/deletion"):
            assert visit(member).post(f"/answers/{proposed.id}/{what}").status_code == 403
    assert rows(Answer)[0].taken_at is None
