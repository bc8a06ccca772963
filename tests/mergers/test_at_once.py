"""What is done at the same moment as a merger: nothing is lost, and one of two mergers counts."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.books.models import Book
from bookclub.mergers.models import Merger
from bookclub.readings.models import Reading
from bookclub.reviews.models import Review
from bookclub.threads.models import Comment, Thread
from tests.factories import make_book, make_comment, make_reading, make_review
from tests.page_forms import form_to

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def together(*deeds):
    """Do all of these at once; what they answered, the lowest status first."""
    ready = Barrier(len(deeds))

    def run(deed):
        ready.wait()
        return deed().status_code

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(run, deeds))


@pytest.fixture
def pair(save, alice, bob):
    """Two entries of one book; Alice has reviewed both, and Bob has answered the older review."""
    kept, gone = save(make_book("Sedge")), save(make_book("The Sedge", slug="the-sedge"))
    save(make_reading(bob, gone, position=500))
    older = save(make_review(alice, gone, "Old."))
    save(make_comment(older.thread, bob, "Is it?"))
    save(make_review(alice, kept, "New."))
    return kept, gone, older


def confirm(client, slug, into):
    """A function that sends the form of a merger that was looked at."""
    page = client.get(f"/books/{slug}/merger?into={into}").text
    fields = form_to(page, f"/books/{slug}/merger").fields
    return lambda: client.post(f"/books/{slug}/merger", data=fields)


def test_of_two_mergers_either_way_one_counts(pair, visit, olive, rows):
    deeds = confirm(visit(olive), "the-sedge", "sedge"), confirm(visit(olive), "sedge", "the-sedge")

    assert together(*deeds) == [303, 422]
    assert len(rows(select(Book))) == len(rows(select(Merger))) == 1


def test_the_same_form_sent_twice_at_once_merges_once(pair, visit, olive, rows):
    deed = confirm(visit(olive), "the-sedge", "sedge")

    assert together(deed, deed) == [303, 303]
    assert len(rows(select(Merger))) == 1


def test_what_members_write_meanwhile_is_there_afterwards(pair, visit, alice, bob, olive, rows):
    kept, _, older = pair
    merge = confirm(visit(olive), "the-sedge", "sedge")
    readers = [visit(bob) for _ in range(3)]
    said = {"title": "The heron", "body": "It flies.", "horizon": "0"}

    answered = together(
        merge,
        lambda: readers[0].post("/books/the-sedge/threads", data=said),
        lambda: readers[1].post(
            f"/threads/{older.thread_id}/comments", data={"body": "So it is.", "horizon": "0"}
        ),
        lambda: readers[2].post("/books/the-sedge/reading", data={"rating": "4"}),
    )
    # A preview that has become stale is shown again.
    assert answered in ([303, 303, 303, 303], [303, 303, 303, 422])
    if answered[-1] == 422:
        assert confirm(visit(olive), "the-sedge", "sedge")().status_code == 303

    assert rows(select(Book.slug)) == ["sedge"]
    assert rows(select(Thread.book_id).where(Thread.title == "The heron")) == [kept.id]
    (newer,) = rows(select(Review.thread_id).where(Review.body == "New."))
    assert set(rows(select(Comment.thread_id).where(Comment.body.in_(("Is it?", "So it is."))))) == {newer}
    assert rows(select(Reading.rating).where(Reading.member_id == bob.id)) == [8]


def test_undone_twice_at_once_is_undone_once(pair, visit, olive, rows):
    confirm(visit(olive), "the-sedge", "sedge")()
    (merger_id,) = rows(select(Merger.id))
    clients = visit(olive), visit(olive)

    assert together(*(lambda c=client: c.post(f"/mergers/{merger_id}/reversal") for client in clients)) == [
        303,
        303,
    ]
    assert sorted(rows(select(Book.slug))) == ["sedge", "the-sedge"]
