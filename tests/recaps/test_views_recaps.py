"""Recaps: who writes them, for whom, and what they never give away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bookclub.extensions import utcnow
from bookclub.lib.positions.places import END
from bookclub.pictures.models import Picture
from bookclub.recaps.models import Recap
from bookclub.threads.models import Comment
from tests.factories import make_book, make_meeting, make_reading
from tests.pictures.samples import upload

WORDS = "We all cried at the ending."


@pytest.fixture
def emma(save):
    return save(make_book("Emma"))


@pytest.fixture
def meet(save, olive):
    """``meet(book, **columns)`` is a meeting that began an hour ago."""
    return lambda *books, **columns: save(
        make_meeting(olive, *books, starts_at=utcnow() - timedelta(hours=1), **columns)
    )


def test_the_recap_is_for_those_who_have_read_so_far(meet, visit, save, alice, bob, emma, rows):
    meeting = meet(emma, horizon=6000)
    address = f"/meetings/{meeting.id}/recap"
    save(make_reading(alice, emma, position=6000), make_reading(bob, emma, position=5999))
    assert "up to 60 %" in visit(alice).get(address).text

    answer = visit(alice).post(address, data={"body": WORDS})
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting.id}#recap")
    (comment,) = rows(select(Comment))
    assert (comment.own_horizon, comment.horizon) == (0, 6000)
    assert WORDS in visit(alice).get(f"/meetings/{meeting.id}").text
    locked = visit(bob).get(f"/meetings/{meeting.id}").text
    assert WORDS not in locked
    assert f"/comments/{comment.id}/reveal" in locked


def test_without_a_position_it_is_for_those_who_have_finished(meet, visit, alice, emma, rows):
    meeting = meet(emma, horizon=END)

    visit(alice).post(f"/meetings/{meeting.id}/recap", data={"body": WORDS, "horizon": "0"})
    assert rows(select(Comment))[0].horizon == END


def test_without_a_book_it_is_for_everybody_and_the_form_says_so(meet, visit, alice, bob):
    meeting = meet()
    address = f"/meetings/{meeting.id}/recap"
    assert "about no book, so everybody can read this" in visit(alice).get(address).text

    visit(alice).post(address, data={"body": WORDS})
    assert WORDS in visit(bob).get(f"/meetings/{meeting.id}").text


def test_with_two_books_each_has_its_own(meet, visit, save, alice, emma, rows):
    other = save(make_book("Persuasion"))
    meeting = meet(emma, other)
    address = f"/meetings/{meeting.id}/recap"
    missing = visit(alice).post(address, data={"body": WORDS})
    assert missing.status_code == 422
    assert "Choose the book that it is about." in missing.text
    assert WORDS in missing.text
    assert (
        "is not a book of this meeting"
        in visit(alice).post(address, data={"body": "x", "book": "Ulysses"}).text
    )

    assert visit(alice).post(address, data={"body": WORDS, "book": "Persuasion"}).status_code == 303
    assert [each.thread_id for each in rows(select(Comment))] == [meeting.books[1].thread_id]
    assert visit(alice).get(f"/meetings/{meeting.id}").link("Write the recap") == address
    assert visit(alice).post(address, data={"body": "Mine.", "book": emma.slug}).status_code == 303
    assert visit(alice).get(address).status_code == 302


def test_there_is_one_until_its_words_go(meet, visit, alice, bob, mod, rows):
    meeting = meet()
    address = f"/meetings/{meeting.id}/recap"
    once = {"body": WORDS, "submission": "abcdefghijkl"}
    assert {visit(alice).post(address, data=once).status_code for _ in range(2)} == {303}
    second = visit(bob).post(address, data={"body": "My view of it."})
    assert second.status_code == 422
    assert "Somebody has written the recap already." in second.text
    assert "My view of it." in second.text
    (recap,) = rows(select(Recap))

    visit(mod).post(f"/comments/{recap.comment_id}/removal", data={"reason": "It names a patient."})
    page = visit(bob).get(f"/meetings/{meeting.id}")
    assert WORDS not in page.text
    assert "Nobody has written down yet" in page.text
    assert visit(bob).post(address, data={"body": "My view of it."}).status_code == 303


def test_nobody_writes_it_before_or_of_a_cancelled_meeting(save, meet, visit, alice, olive, rows):
    to_come = save(make_meeting(olive))
    early = visit(alice).post(f"/meetings/{to_come.id}/recap", data={"body": WORDS})
    assert early.status_code == 422
    assert "Write the recap afterwards" in early.text
    assert WORDS in early.text
    assert "Recap" not in visit(alice).get(f"/meetings/{to_come.id}").text
    gone = meet(cancelled_at=utcnow(), cancelled_by_id=olive.id, cancel_reason="Flu")
    refused = visit(alice).post(f"/meetings/{gone.id}/recap", data={"body": WORDS})
    assert refused.status_code == 403
    assert "This meeting is cancelled" in refused.text
    assert rows(select(Recap)) == []


def test_words_that_cannot_be_posted_are_kept(meet, visit, alice, emma, rows):
    address = f"/meetings/{meet(emma).id}/recap"
    for body, said in (("", "Write something first."), ("x" * 20_001, "Shorten it to"), ("An ||open", "||")):
        answer = visit(alice).post(address, data={"body": body})
        assert answer.status_code == 422
        assert said in answer.text
        assert body in answer.text
    assert rows(select(Comment)) == []


def test_a_recap_has_pictures_for_those_who_may_read_it(meet, visit, save, alice, bob, emma, rows):
    meeting = meet(emma, horizon=6000)
    address = f"/meetings/{meeting.id}/recap"
    save(make_reading(alice, emma, position=6000), make_reading(bob, emma, position=100))
    sent = {"body": WORDS, "picture": upload(), "picture_alt": "All of us at the table"}
    assert visit(alice).post(address, data=sent).status_code == 303

    (picture,) = rows(select(Picture))
    (comment,) = rows(select(Comment))
    assert picture.comment_id == comment.id
    assert 'alt="All of us at the table"' in visit(alice).get(f"/meetings/{meeting.id}").text
    assert "All of us" not in visit(bob).get(f"/meetings/{meeting.id}").text
    assert visit(bob).get(f"/pictures/{picture.id}/480.webp").status_code == 404
