"""What a member has not seen of a thread: newer than their bookmark, or unlocked since it was put there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from bookclub.extensions import db, utcnow
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.members.models import Member
from bookclub.readings.models import Reading, Reveal
from bookclub.threads import bookmark_queries
from bookclub.threads.models import Bookmark
from bookclub.threads.rules import MOST_UNREAD, is_bookmark_due
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread
from tests.threads.saying import say

MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)


@pytest.fixture
def first(app):
    """``first(bob, thread)`` is the id of the first unread comment, or None."""

    def first(member, thread):
        with app.app_context():
            return bookmark_queries.first_unread(Viewer(member and member.id), thread.id)

    return first


@pytest.fixture
def unread(app):
    """``unread(bob)`` is what the club holds unread: (thread, count, newest, first) of each thread."""

    def unread(member, limit=20):
        with app.app_context():
            found = bookmark_queries.unread_threads(Viewer(member and member.id), limit)
        return [(one.thread.id, one.count, one.newest.id, one.first_id) for one in found]

    return unread


@pytest.fixture
def bookmark(app):
    """``bookmark(bob)`` is the newest comment and the mark of a member's one bookmark."""

    def bookmark(member):
        with app.app_context():
            found = db.session.scalars(select(Bookmark).where(Bookmark.member_id == member.id)).one()
        return found.comment_id, found.mark

    return bookmark


@pytest.fixture
def rest(write):
    """``rest()`` lets every bookmark be a minute old."""

    def rest():
        write(lambda: db.session.execute(update(Bookmark).values(moved_at=utcnow() - 2 * MINUTE)))

    return rest


def go(write, member, book, position):
    """Move a reader to a place."""
    where = (Reading.member_id == member.id, Reading.book_id == book.id)
    values = {"position": position, "mark": position, "changed_at": utcnow()}
    write(lambda: db.session.execute(update(Reading).where(*where).values(values)))


@pytest.mark.databases("sqlite", "postgresql")
def test_a_comment_is_unread_until_its_page_was_shown(
    visit, save, first, unread, bookmark, rest, thread, alice, bob
):
    one, two = save(make_comment(thread, alice, "One."), make_comment(thread, alice, "Two."))
    assert unread(bob) == [(thread.id, 2, two.id, one.id)]
    assert first(bob, thread) == one.id

    visit(bob).get(f"/threads/{thread.id}")
    assert bookmark(bob) == (two.id, 0)
    assert unread(bob) == []
    assert first(bob, thread) is None

    rest()
    three = save(make_comment(thread, alice, "Three."))
    assert unread(bob) == [(thread.id, 1, three.id, three.id)]
    visit(bob).get(f"/threads/{thread.id}")
    assert unread(bob) == []


def test_ones_own_words_and_withdrawn_ones_are_never_unread(visit, save, first, unread, thread, alice, bob):
    save(make_comment(thread, bob, "Mine."))
    gone = save(make_comment(thread, alice, "Never mind."))
    visit(alice).post(f"/comments/{gone.id}/deletion")

    assert unread(bob) == []
    assert first(bob, thread) is None


@pytest.mark.databases("sqlite", "postgresql")
def test_an_older_comment_that_unlocks_later_is_unread_again(
    visit, save, write, first, unread, book, thread, alice, bob
):
    save(make_reading(bob, book, position=2000))
    save(make_comment(thread, alice, "Safe."))
    secret = save(make_comment(thread, alice, "He is engaged.", horizon=5000))
    visit(bob).get(f"/threads/{thread.id}")
    assert unread(bob) == []

    go(write, bob, book, 4999)
    assert unread(bob) == []
    go(write, bob, book, 5000)
    assert unread(bob) == [(thread.id, 1, secret.id, secret.id)]
    assert first(bob, thread) == secret.id

    visit(bob).get(f"/threads/{thread.id}")
    assert unread(bob) == []


def test_only_what_was_there_before_was_unlocked(app, visit, save, write, book, thread, alice, bob):
    def is_unlocked():
        with app.app_context():
            (found,) = bookmark_queries.unread_threads(Viewer(bob.id), 5)
        return found.is_unlocked

    save(make_reading(bob, book, position=2000))
    save(make_comment(thread, alice, horizon=1000), make_comment(thread, alice, horizon=5000))
    assert not is_unlocked()

    visit(bob).get(f"/threads/{thread.id}")
    go(write, bob, book, 6000)
    assert is_unlocked()


def test_what_is_locked_is_neither_counted_nor_led_to(save, first, unread, book, thread, alice, bob):
    save(make_reading(bob, book, position=2000))
    save(make_comment(thread, alice, "He is engaged.", horizon=5000))
    assert unread(bob) == []
    assert first(bob, thread) is None

    safe = save(make_comment(thread, alice, "A fine picnic."))
    assert unread(bob) == [(thread.id, 1, safe.id, safe.id)]


def test_what_a_reader_chose_to_see_is_unread_once(visit, save, unread, book, thread, alice, bob):
    save(Reveal(member_id=bob.id, thread_id=thread.id))
    secret = save(make_comment(thread, alice, "He is engaged.", horizon=5000))
    assert unread(bob) == [(thread.id, 1, secret.id, secret.id)]

    visit(bob).get(f"/threads/{thread.id}")
    assert unread(bob) == []


def test_the_excerpt_holds_no_bar_and_no_word_that_is_ahead(app, save, book, thread, alice, bob):
    save(make_comment(thread, alice, "Mild. ||He is engaged.||"))
    save(make_comment(thread, alice, "They marry.", horizon=END))

    with app.app_context():
        (found,) = bookmark_queries.unread_threads(Viewer(bob.id), 5)

    assert "Mild." in found.newest.html
    assert "engaged" not in found.newest.html
    assert (found.newest.author, found.thread.title, found.thread.book.title) == (
        alice.display_name,
        thread.title,
        book.title,
    )


@pytest.mark.databases("sqlite", "postgresql")
def test_the_first_unread_is_the_first_on_the_page(save, first, unread, thread, alice, bob):
    top = save(make_comment(thread, bob, "Mine."))
    later = save(make_comment(thread, alice, "Something else."))
    reply = save(make_comment(thread, alice, "About yours.", parent=top))

    assert first(bob, thread) == reply.id
    assert unread(bob) == [(thread.id, 2, reply.id, reply.id)]
    assert later.id < reply.id


@pytest.mark.databases("sqlite", "postgresql")
def test_threads_stand_by_their_latest_comment(save, unread, book, alice, bob):
    threads = save(*(make_thread(alice, book, f"Thread {number}") for number in range(3)))
    comments = [save(make_comment(threads[number], alice)) for number in (2, 0, 1)]

    assert [one[0] for one in unread(bob)] == [threads[number].id for number in (1, 0, 2)]
    assert [one[0] for one in unread(bob, limit=1)] == [comments[-1].thread_id]


def test_what_was_said_before_somebody_joined_is_no_news_to_them(save, write, unread, thread, alice, bob):
    save(make_comment(thread, alice, "Long ago.", created_at=utcnow() - WEEK))
    assert unread(bob) == []

    write(lambda: db.session.execute(update(Member).values(caught_up_at=utcnow() - 2 * WEEK)))
    assert len(unread(bob)) == 1


def test_a_bookmark_of_the_release_before_knows_only_a_mark(save, unread, book, thread, alice, bob):
    save(make_reading(bob, book, position=6000))
    old = {"created_at": utcnow() - WEEK}
    save(make_comment(thread, alice, horizon=3000, **old), make_comment(thread, alice, **old))
    save(Bookmark(member_id=bob.id, thread_id=thread.id, mark=4000))
    assert unread(bob) == []

    ahead = save(make_comment(thread, alice, horizon=5000, **old))
    assert unread(bob) == [(thread.id, 1, ahead.id, ahead.id)]


def test_a_visitor_has_nothing_unread(save, first, unread, thread, alice):
    save(make_comment(thread, alice))

    assert unread(None) == []
    assert first(None, thread) is None


def test_a_page_that_nobody_sees_moves_no_bookmark(visit, save, unread, thread, alice, bob):
    save(make_comment(thread, alice))
    client = visit(bob)
    client.head(f"/threads/{thread.id}")
    for header in ("Sec-Purpose", "Purpose"):
        client.get(f"/threads/{thread.id}", headers={header: "prefetch;prerender"})
    client.get(f"/comments/{thread.id}")

    assert len(unread(bob)) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_a_bookmark_moves_once_a_minute(visit, save, unread, rest, thread, alice, bob):
    save(make_comment(thread, alice))
    client = visit(bob)
    client.get(f"/threads/{thread.id}")
    save(make_comment(thread, alice))
    client.get(f"/threads/{thread.id}")
    assert len(unread(bob)) == 1

    rest()
    client.get(f"/threads/{thread.id}")
    assert unread(bob) == []


@pytest.mark.databases("sqlite", "postgresql")
def test_unread_comments_on_another_page_stay_unread(
    visit, save, first, unread, bookmark, thread, alice, bob
):
    comments = save(*(make_comment(thread, alice) for _ in range(250)))
    client = visit(bob)
    client.get(f"/threads/{thread.id}")
    assert bookmark(bob) == (comments[199].id, 0)
    assert first(bob, thread) == comments[200].id
    assert [one[1] for one in unread(bob)] == [50]

    client.get(f"/threads/{thread.id}?after={comments[199].id}")
    assert unread(bob) == []


def test_a_page_in_the_middle_leaves_what_stands_before_it_unread(visit, save, first, thread, alice, bob):
    comments = save(*(make_comment(thread, alice) for _ in range(250)))
    visit(bob).get(f"/threads/{thread.id}?at={comments[220].id}")

    assert first(bob, thread) == comments[0].id


def test_more_than_can_be_counted_is_one_more_than_the_most(save, unread, thread, alice, bob):
    comments = save(*(make_comment(thread, alice) for _ in range(MOST_UNREAD + 20)))

    assert unread(bob) == [(thread.id, MOST_UNREAD + 1, comments[-1].id, comments[0].id)]


def test_a_review_and_its_thread_share_a_bookmark(visit, save, unread, book, alice, bob):
    review = save(make_review(alice, book))
    save(make_comment(review.thread, alice, "One more thing."))
    assert [one[0] for one in unread(bob)] == [review.thread_id]

    visit(bob).get(f"/reviews/{review.id}")
    assert unread(bob) == []


def test_a_comment_that_is_posted_is_the_latest_of_its_thread(app, visit, unread, thread, alice, bob):
    say(visit(alice), thread, "He is engaged.", horizon="7000")

    found = unread(bob)
    assert found == []
    with app.app_context():
        kept = db.session.get(type(thread), thread.id)
    assert kept.latest_comment_id is not None
    assert kept.highest_horizon == 7000

    visit(alice).post(
        f"/comments/{kept.latest_comment_id}/edit", data={"body": "He is engaged.", "horizon": "10"}
    )
    with app.app_context():
        assert db.session.get(type(thread), thread.id).highest_horizon == 10


def test_the_statements_do_not_grow_with_the_threads(app, save, statements, alice, bob):
    def taken():
        with app.app_context(), statements() as sent:
            assert bookmark_queries.unread_threads(Viewer(bob.id), 5)
        return len(sent)

    book = save(make_book("Persuasion"))
    save(make_comment(save(make_thread(alice, book)), alice))
    few = taken()
    for _ in range(20):
        save(make_comment(save(make_thread(alice, book)), alice))

    assert taken() == few == 4


@pytest.mark.parametrize(
    ("ago", "continued", "rises", "due"),
    [
        (MINUTE, False, False, True),
        (MINUTE / 2, False, False, False),
        (MINUTE / 2, True, False, True),
        (MINUTE / 2, False, True, True),
        (-WEEK, False, False, True),
    ],
)
def test_when_a_bookmark_may_move(ago, continued, rises, due):
    now = datetime(2026, 11, 29, 12, tzinfo=UTC)

    assert is_bookmark_due(now - ago, now, is_continued=continued, mark_rises=rises) is due
    assert is_bookmark_due(None, now, is_continued=False, mark_rises=False)


def test_an_address_leads_to_the_first_unread_comment(visit, visitor, public, save, thread, alice, bob):
    one = save(make_comment(thread, alice))
    address = f"/threads/{thread.id}/first-unread"
    client = visit(bob)
    assert client.get(address).location == f"/threads/{thread.id}#comment-{one.id}"

    client.get(f"/threads/{thread.id}")
    assert client.get(address).location == f"/threads/{thread.id}"
    assert visitor.get(address).location == f"/threads/{thread.id}"
