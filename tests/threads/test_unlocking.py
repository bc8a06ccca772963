"""What a member's own progress opens in a thread is new to them until they have seen it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bookclub.extensions import db, utcnow
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.readings.models import Reading, Reveal
from bookclub.threads import bookmark_queries
from bookclub.threads import queries as threads_queries
from bookclub.threads.models import Bookmark
from tests.factories import make_comment, make_member, make_reading, make_review, make_thread
from tests.threads.saying import places

WEEK = timedelta(days=7)


@pytest.fixture
def move(app, save):
    """``move(bob, book, 4000)`` puts a reader at a place, forwards or back."""

    def move(member, book, position):
        with app.app_context():
            reading = db.session.execute(
                select(Reading).where(Reading.member_id == member.id, Reading.book_id == book.id)
            ).scalar_one_or_none()
        if reading is None:
            return save(make_reading(member, book, position=position))
        reading.position = reading.mark = position
        return save(reading)

    return move


@pytest.fixture
def marks(app):
    """``marks(bob)`` is the mark of a member's bookmark in each thread."""

    def marks(member):
        with app.app_context():
            rows = db.session.scalars(select(Bookmark).where(Bookmark.member_id == member.id))
            return {row.thread_id: row.mark for row in rows}

    return marks


def unlocked(page: str) -> list[int]:
    """The ids of the comments that a page marks as unlocked."""
    parts = re.split(r'id="comment-(\d+)"', page)[1:]
    return [int(key) for key, words in zip(parts[::2], parts[1::2], strict=True) if ">unlocked<" in words]


def look(visit, member, thread, **query):
    """What a thread's page marks as unlocked to a member who opens it."""
    return unlocked(visit(member).get(f"/threads/{thread.id}", query_string=query).text)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_comment_unlocks_exactly_at_its_horizon(visit, move, book, thread, secret, bob):
    move(bob, book, 4999)
    assert look(visit, bob, thread) == []

    move(bob, book, 5000)
    assert look(visit, bob, thread) == [secret.id]


def test_what_was_seen_is_not_new_any_more_and_other_threads_keep_theirs(
    visit, save, move, marks, book, thread, secret, alice, bob
):
    other = save(make_thread(alice, book, "The ball"))
    there = save(make_comment(other, alice, "She danced.", horizon=3000))
    move(bob, book, 6000)

    assert look(visit, bob, thread) == [secret.id]
    assert marks(bob) == {thread.id: 6000}
    assert look(visit, bob, thread) == []
    assert look(visit, bob, other) == [there.id]


def test_two_steps_without_a_look_keep_what_both_of_them_opened(visit, save, move, book, thread, alice, bob):
    near, far = save(make_comment(thread, alice, horizon=2000), make_comment(thread, alice, horizon=4000))
    move(bob, book, 2500)
    move(bob, book, 4500)

    assert look(visit, bob, thread) == [near.id, far.id]


def test_only_what_the_next_step_opens_is_new_after_a_look(visit, save, move, book, thread, alice, bob):
    save(make_comment(thread, alice, horizon=2000))
    far = save(make_comment(thread, alice, horizon=4000))
    move(bob, book, 2500)
    look(visit, bob, thread)
    move(bob, book, 4500)

    assert look(visit, bob, thread) == [far.id]


def test_a_correction_downwards_and_forward_again_makes_nothing_new_that_was_seen(
    visit, save, move, marks, book, thread, alice, bob
):
    save(make_comment(thread, alice, horizon=4000))
    beyond = save(make_comment(thread, alice, horizon=5500))
    move(bob, book, 5000)
    look(visit, bob, thread)

    move(bob, book, 3000)
    assert look(visit, bob, thread) == []
    assert marks(bob) == {thread.id: 5000}

    move(bob, book, 6000)
    assert look(visit, bob, thread) == [beyond.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_lower_mark_never_takes_back_what_was_noted(app, book, thread, bob, marks):
    with app.app_context():
        for mark in (4000, 6000, 5000):
            bookmark_queries._move_bookmark(bob.id, thread.id, 1, mark, utcnow())

    assert marks(bob) == {thread.id: 6000}


def test_ones_own_comments_and_those_without_words_never_unlock(
    visit, save, move, marks, book, thread, bob, alice
):
    save(make_comment(thread, bob, horizon=3000))
    gone = save(make_comment(thread, alice, "Never mind.", horizon=3000))
    save(make_comment(thread, alice, "Quite so.", parent=gone))
    visit(alice).post(f"/comments/{gone.id}/deletion")
    move(bob, book, 2000)
    move(bob, book, 3500)

    assert gone.id not in look(visit, bob, thread)
    assert marks(bob) == {thread.id: 3500}  # For the answer to it, which opened.


def test_what_was_safe_all_along_never_unlocks(visit, move, marks, book, thread, said, bob):
    move(bob, book, 9000)

    assert look(visit, bob, thread) == []
    assert marks(bob) == {thread.id: 9000}


@pytest.mark.parametrize("about", ["thread", "book"])
def test_what_somebody_chose_to_see_anyway_never_unlocks(
    visit, save, move, marks, book, thread, secret, bob, about
):
    subject = {"thread_id": thread.id} if about == "thread" else {"book_id": book.id}
    save(Reveal(member_id=bob.id, **subject))
    move(bob, book, 6000)

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "engaged to Jane" in page
    assert unlocked(page) == []
    assert marks(bob) == {thread.id: 6000}


def test_to_reveal_one_comment_or_to_look_at_it_alone_notes_nothing(
    visit, move, marks, book, thread, secret, bob
):
    move(bob, book, 6000)
    client = visit(bob)
    client.get(f"/comments/{secret.id}/reveal")
    client.get(f"/comments/{secret.id}")
    client.head(f"/threads/{thread.id}")

    assert marks(bob) == {}
    assert look(visit, bob, thread) == [secret.id]


def test_visitors_and_members_who_never_said_where_they_are_get_no_markers(
    visit, public, save, marks, thread, secret, bob
):
    for member in (None, bob):
        assert look(visit, member, thread) == []
    assert marks(bob) == {thread.id: 0}


@pytest.mark.databases("sqlite", "postgresql")
def test_half_a_thread_that_is_locked_is_counted_sorted_and_marked_as_one_reads_it(
    visit, save, move, book, thread, alice
):
    """New to a reader is what they may read and have not: by its age, or because it has opened."""
    since = utcnow() - WEEK
    reader = save(make_member("reader", caught_up_at=since))
    old = {"created_at": since - WEEK}
    first = save(make_comment(thread, alice, "Old and safe.", **old))
    opened = save(make_comment(thread, alice, "Old and opened.", parent=first, horizon=3000, **old))
    save(make_comment(thread, alice, "Old and locked.", horizon=7000, **old))
    young = save(make_comment(thread, alice, "Young and safe."))
    save(make_comment(thread, alice, "Young and locked.", horizon=8000))
    move(reader, book, 4000)

    page = visit(reader).get(f"/threads/{thread.id}").text

    assert "5 thoughts: 3 here, 2 ahead of you" in page
    assert [place for place in places(page) if place in (first.id, opened.id, young.id)] == [
        first.id,
        opened.id,
        young.id,
    ]
    assert [page.count(f">{badge}<") for badge in ("new", "unlocked")] == [1, 1]
    assert unlocked(page) == [opened.id]
    assert "and locked." not in page


def test_a_list_marks_threads_with_something_unlocked_and_none_for_what_is_still_locked(
    app, save, move, book, alice
):
    reader = save(make_member("reader", caught_up_at=utcnow() - WEEK))
    old = {"created_at": utcnow() - 2 * WEEK}
    opened, locked, safe = (save(make_thread(alice, book, name)) for name in ("Opened", "Locked", "Safe"))
    save(make_comment(opened, alice, horizon=3000, **old))
    save(make_comment(locked, alice, horizon=7000))
    save(make_comment(safe, alice, **old))
    move(reader, book, 4000)

    with app.app_context():
        entries = threads_queries.threads_on_book(Viewer(reader.id), book.id).entries

    assert {entry.thread.title for entry in entries if entry.is_new} == {"Opened"}


def test_a_long_thread_is_seen_once_its_last_unlocked_comment_was_shown(
    visit, save, move, marks, book, thread, alice, bob
):
    first = save(make_comment(thread, alice, horizon=3000))
    save(*(make_comment(thread, alice) for _ in range(199)))
    last = save(make_comment(thread, alice, horizon=3000))
    move(bob, book, 4000)

    assert look(visit, bob, thread) == [first.id]
    assert marks(bob) == {thread.id: 0}
    assert look(visit, bob, thread, at=last.id) == [last.id]
    assert marks(bob) == {thread.id: 0}
    more = visit(bob).get(f"/threads/{thread.id}").link("Show more")
    assert unlocked(visit(bob).get(more).text) == [last.id]
    assert marks(bob) == {thread.id: 4000}
    assert look(visit, bob, thread) == []


def test_a_long_thread_is_seen_on_its_first_page_where_nothing_on_the_others_is_unlocked(
    visit, save, move, marks, book, thread, alice, bob
):
    first = save(make_comment(thread, alice, horizon=3000))
    save(*(make_comment(thread, alice) for _ in range(200)))
    move(bob, book, 4000)
    page = visit(bob).get(f"/threads/{thread.id}").text
    assert "after=" in page
    assert unlocked(page) == [first.id]
    assert marks(bob) == {thread.id: 4000}


def test_a_page_past_the_end_of_a_thread_notes_nothing(visit, save, move, marks, book, thread, alice, bob):
    comments = save(*(make_comment(thread, alice) for _ in range(250)))
    move(bob, book, 4000)
    for after in (comments[-1].id, 10**6):
        assert visit(bob).get(f"/threads/{thread.id}?after={after}").status_code == 200

    assert marks(bob) == {}


def test_a_review_is_unlocked_until_its_page_was_seen(visit, save, move, marks, book, alice, bob):
    review = save(make_review(alice, book, "They marry.", horizon=5000))
    move(bob, book, 4999)
    client = visit(bob)
    assert ">unlocked<" not in client.get(f"/books/{book.slug}").text

    move(bob, book, 5000)
    assert client.get(f"/books/{book.slug}").text.count(">unlocked<") == 1
    client.get(f"/reviews/{review.id}/reveal")
    assert marks(bob) == {}
    assert client.get(f"/reviews/{review.id}").text.count(">unlocked<") == 1
    assert marks(bob) == {review.thread_id: 5000}
    for address in (f"/reviews/{review.id}", f"/books/{book.slug}"):
        assert ">unlocked<" not in client.get(address).text


def test_a_review_over_a_long_thread_is_seen_on_the_first_page(visit, save, move, marks, book, alice, bob):
    review = save(make_review(alice, book, "They marry.", horizon=5000))
    save(*(make_comment(review.thread, bob) for _ in range(201)))
    move(bob, book, 6000)

    visit(bob).get(f"/reviews/{review.id}")

    assert marks(bob) == {review.thread_id: 6000}


def test_ones_own_review_never_unlocks(visit, save, move, marks, book, alice):
    review = save(make_review(alice, book, horizon=5000))
    move(alice, book, END)

    assert ">unlocked<" not in visit(alice).get(f"/reviews/{review.id}").text
    assert marks(alice) == {review.thread_id: END}


def test_a_look_while_somebody_writes_shows_the_page_and_notes_nothing(
    app, visit, move, marks, book, thread, secret, bob
):
    move(bob, book, 6000)
    client = visit(bob)
    client.get("/")
    with app.app_context():
        writer = db.engine.connect().execution_options(writes=True)
        writer.execute(text("SELECT 1"))
    with writer:
        assert unlocked(client.get(f"/threads/{thread.id}").text) == [secret.id]
    assert marks(bob) == {}

    client.get(f"/threads/{thread.id}")
    assert marks(bob) == {thread.id: 6000}


def test_a_look_at_what_is_seen_already_takes_no_writing(visit, move, statements, book, thread, secret, bob):
    move(bob, book, 6000)
    client = visit(bob)
    with statements() as first:
        client.get(f"/threads/{thread.id}")
    with statements() as second:
        client.get(f"/threads/{thread.id}")

    assert len([one for one in first if "INSERT INTO thread_visit" in one]) == 1
    assert not [one for one in second if "thread_visit" in one and not one.startswith("SELECT")]


def test_what_is_said_behind_a_reader_is_new_and_not_unlocked(app, visit, save, book, alice, bob):
    save(make_reading(bob, book, position=5000))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice, "Said later, of an earlier page.", horizon=2000))

    page = visit(bob).get(f"/threads/{thread.id}").text

    assert "Said later, of an earlier page." in page
    assert '<span class="badge">unlocked</span>' not in page
    assert "Unlocked by your reading" not in visit(bob).get("/").text
