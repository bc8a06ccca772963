"""The law of spoilers as SQL agrees with the rule; and what is known of a member's reading."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import case, literal, null, select

from bookclub.extensions import db, utcnow
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer, is_visible_to, shows_spoilers
from bookclub.readings.models import Reading, Reveal
from bookclub.readings.queries import known_mark, rating_histogram, shelf, wish_about, wishes_of
from bookclub.readings.visibility_queries import spoilers_visible_to, text_for, visible_to
from bookclub.threads.models import Comment, Thread
from tests.factories import make_book, make_comment, make_member, make_reading, make_thread

HORIZONS = (0, 1, 4999, 5000, 5001, END)


@pytest.fixture
def club(save):
    """Members who differ in how far they are and in what they revealed, and comments of every kind.

    In a book with two threads, in another book, and in a thread that is about no book.
    """
    book, other = save(make_book(), make_book())
    author = save(make_member("author"))
    members = {"author": author}
    for name, position in {"unread": None, "start": 0, "middle": 5000, "end": END}.items():
        members[name] = save(make_member(name))
        if position is not None:
            save(make_reading(members[name], book, position=position))
    members |= {name: save(make_member(name)) for name in ("of_thread", "of_book", "elsewhere")}
    save(make_reading(members["elsewhere"], other, position=END))
    threads = {
        "one": save(make_thread(author, book)),
        "two": save(make_thread(author, book)),
        "other": save(make_thread(author, other)),
        "bookless": save(make_thread(author, None)),
    }
    save(
        Reveal(member_id=members["of_thread"].id, thread_id=threads["one"].id),
        Reveal(member_id=members["of_book"].id, book_id=book.id),
    )
    for thread in threads.values():
        for writer in (author, members["middle"]):
            save(*(make_comment(thread, writer, horizon=horizon) for horizon in HORIZONS))
    return members, threads


def expected(name: str, member, comment: Comment, thread_name: str) -> dict[str, object]:
    """What the rule says, of the club above."""
    marks = {"start": 0, "middle": 5000, "end": END} if thread_name in ("one", "two") else {}
    if name == "elsewhere" and thread_name == "other":
        marks = {"elsewhere": END}
    return {
        "mark": marks.get(name),
        "own": member is not None and comment.member_id == member.id,
        "revealed": (name == "of_thread" and thread_name == "one")
        or (name == "of_book" and thread_name in ("one", "two")),
    }


@pytest.mark.databases("sqlite", "postgresql")
def test_the_predicate_in_sql_says_what_the_rule_says_for_everybody_everywhere(app, club):
    members, threads = club
    names = {thread.id: name for name, thread in threads.items()}
    seen_by_somebody, hidden_from_somebody = set(), set()
    full, safe = literal("full"), literal("safe")
    with app.app_context():
        for name, member in {**members, "visitor": None}.items():
            viewer = Viewer(member.id if member else None)
            place = {
                "author_id": Comment.member_id,
                "book_id": Thread.book_id,
                "thread_id": Comment.thread_id,
            }
            rows = db.session.execute(
                select(
                    Comment,
                    visible_to(viewer, horizon=Comment.horizon, **place),
                    spoilers_visible_to(viewer, **place),
                    text_for(viewer, full=full, safe=safe, horizon=Comment.horizon, **place),
                ).join(Comment.thread)
            ).all()
            assert len(rows) == 48
            for comment, sees, opened, text in rows:
                terms = expected(name, member, comment, names[comment.thread_id])
                should_see = is_visible_to(comment.horizon, **terms)
                should_open = shows_spoilers(**terms)
                where = (name, names[comment.thread_id], comment.horizon)
                assert bool(sees) == should_see, where
                assert bool(opened) == should_open, where
                assert text == ("full" if should_open else "safe" if should_see else None), where
                (seen_by_somebody if should_see else hidden_from_somebody).add((name, comment.id))
    assert len(seen_by_somebody) > 100
    assert len(hidden_from_somebody) > 100


@pytest.mark.databases("sqlite", "postgresql")
def test_the_predicate_as_a_condition_selects_what_it_says_as_a_column(app, club):
    members, _ = club
    with app.app_context():
        for member in (*members.values(), None):
            sees = visible_to(
                Viewer(member.id if member else None),
                horizon=Comment.horizon,
                author_id=Comment.member_id,
                book_id=Thread.book_id,
                thread_id=Comment.thread_id,
            )
            shown = set(db.session.scalars(select(Comment.id).join(Comment.thread).where(sees)))
            hidden = set(db.session.scalars(select(Comment.id).join(Comment.thread).where(~sees)))
            assert not shown & hidden
            assert len(shown | hidden) == 48


def test_an_unknown_horizon_is_locked_for_all_but_its_author(app, club):
    """A column that is NULL must not make the condition unknown, for a negation would let that through."""
    members, _ = club
    unknown = case((Comment.id < 0, 1), else_=null())
    with app.app_context():
        for viewer in (Viewer(), Viewer(members["end"].id)):
            sees = visible_to(
                viewer,
                horizon=unknown,
                author_id=Comment.member_id,
                book_id=Thread.book_id,
                thread_id=Comment.thread_id,
            )
            rows = db.session.execute(
                select(sees.label("shown"), (~sees).label("hidden")).select_from(Comment).join(Comment.thread)
            ).all()
            assert {(bool(shown), bool(hidden)) for shown, hidden in rows} == {(False, True)}


def test_the_predicate_holds_where_the_statement_reads_somebody_elses_reading(app, club):
    """One of the authors has read half of the book; a reader who has not sees no more for that."""
    members, threads = club
    sees = visible_to(
        Viewer(members["unread"].id),
        horizon=Comment.horizon,
        author_id=Comment.member_id,
        book_id=Thread.book_id,
        thread_id=Comment.thread_id,
    )
    statement = (
        select(Comment.horizon, Reading.mark)
        .join(Comment.thread)
        .outerjoin(Reading, (Reading.member_id == Comment.member_id) & (Reading.book_id == Thread.book_id))
        .where(sees, Comment.thread_id == threads["one"].id)
    )
    with app.app_context():
        rows = db.session.execute(statement).all()

    assert sorted(rows, key=str) == [(0, 5000), (0, None)]


def test_a_mark_is_known_once_a_place_was_recorded(app, save, alice, bob, mod):
    book, other = save(make_book(), make_book())
    save(make_reading(alice, book, position=0), make_reading(bob, book))

    with app.app_context():
        assert known_mark(Viewer(alice.id), book.id) == 0
        assert known_mark(Viewer(bob.id), book.id) is None
        assert known_mark(Viewer(mod.id), book.id) is None
        assert known_mark(Viewer(alice.id), other.id) is None
        assert known_mark(Viewer(), book.id) is None
        assert known_mark(Viewer(alice.id), None) is None


def test_a_wish_about_one_thread_is_not_taken_for_one_about_another(app, save, alice):
    book = save(make_book())
    about_book, bookless, other = save(*(make_thread(alice, of) for of in (book, None, None)))
    save(Reveal(member_id=alice.id, thread_id=other.id))

    with app.app_context():
        assert wish_about(Viewer(alice.id), other.id, None).thread_id == other.id
        assert wish_about(Viewer(alice.id), bookless.id, None) is None
        assert wish_about(Viewer(alice.id), about_book.id, book.id) is None
        assert wish_about(Viewer(), other.id, None) is None


def test_a_wish_about_a_book_holds_in_all_its_threads_and_is_listed(app, save, alice, bob):
    book, other = save(make_book(), make_book())
    thread = save(make_thread(bob, book))
    save(Reveal(member_id=alice.id, book_id=book.id))

    with app.app_context():
        assert wish_about(Viewer(alice.id), thread.id, book.id).book_id == book.id
        assert wish_about(Viewer(alice.id), thread.id, other.id) is None
        assert wish_about(Viewer(bob.id), thread.id, book.id) is None
        assert [named.id for _, named in wishes_of(Viewer(alice.id))] == [book.id]


def make_changed_reading(member, book, changed_at):
    reading = make_reading(member, book)
    reading.changed_at = changed_at
    return reading


@pytest.mark.databases("sqlite", "postgresql")
def test_a_shelf_has_the_latest_change_first(app, save, alice, bob):
    first, second, third, other = save(*(make_book() for _ in range(4)))
    now = utcnow()
    # The order of the changes is neither that of the readings nor that of the books, either way round.
    for book, minutes_ago in ((second, 1), (third, 3), (first, 2)):
        save(make_changed_reading(alice, book, now - timedelta(minutes=minutes_ago)))
    save(make_reading(bob, other))

    with app.app_context():
        assert [book.id for book, _ in shelf(Viewer(), alice.id)] == [second.id, first.id, third.id]
        assert [book.id for book, _ in shelf(Viewer(), alice.id, limit=1)] == [second.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_of_two_changes_at_once_the_later_reading_is_first_on_a_shelf(app, save, alice):
    first, second, third = save(make_book(), make_book(), make_book())
    now = utcnow()
    save(*(make_changed_reading(alice, book, now) for book in (second, third, first)))

    with app.app_context():
        assert [book.id for book, _ in shelf(Viewer(), alice.id)] == [first.id, third.id, second.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_histogram_counts_the_ratings_that_were_given(app, save, alice, bob, mod, olive):
    book = save(make_book())
    for member, rating in {alice: 9, bob: 9, mod: 1, olive: None}.items():
        save(make_reading(member, book, rating=rating))

    with app.app_context():
        assert rating_histogram(book.id) == {1: 1, 9: 2}
