"""What each reader may see of a thread, counted and row by row."""

from __future__ import annotations

import pytest

from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.readings.models import Reveal
from bookclub.threads import comment_queries
from bookclub.threads import queries as threads_queries
from bookclub.threads.rules import CommentCount
from tests.factories import make_comment, make_member, make_reading, make_thread


@pytest.fixture
def readers(save, book, thread, alice, bob):
    """Readers of every kind, in a club with two threads that say something at every turn of the book."""
    other, empty = save(make_thread(alice, book, floor=4000), make_thread(alice, book))
    for of in (thread, other):
        for member in (alice, bob):
            save(
                *(make_comment(of, member, "||So.||", horizon=horizon) for horizon in (0, 0, 2500, 5000, END))
            )
    names = {name: save(make_member(name)) for name in ("unread", "middle", "end", "of_thread", "of_book")}
    save(make_reading(names["middle"], book, position=5000), make_reading(names["end"], book, position=END))
    save(Reveal(member_id=names["of_thread"].id, thread_id=thread.id))
    save(Reveal(member_id=names["of_book"].id, book_id=book.id))
    return {**names, "alice": alice, "visitor": None}, [thread.id, other.id, empty.id]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_count_says_how_many_comments_the_reader_then_finds(app, readers):
    members, thread_ids = readers
    counted = {}
    with app.app_context():
        for name, member in members.items():
            viewer = Viewer(member.id) if member else Viewer()
            counts = threads_queries.counts(viewer, thread_ids)
            for thread_id in thread_ids:
                rows = comment_queries.comments(viewer, thread_id).entries
                assert counts[thread_id] == CommentCount(len(rows), sum(not row.locked for row in rows)), name
            counted[name] = [counts[thread_id].here for thread_id in thread_ids]

    assert counted == {
        "visitor": [4, 0, 0],
        "unread": [4, 0, 0],
        "middle": [8, 8, 0],
        "end": [10, 10, 0],
        "of_thread": [10, 0, 0],
        "of_book": [10, 10, 0],
        "alice": [7, 5, 0],
    }


def test_no_thread_is_counted_where_none_is_asked_for(app):
    with app.app_context():
        assert threads_queries.counts(Viewer(), []) == {}


def test_locked_words_are_never_even_loaded(app, readers):
    members, (thread_id, *_) = readers
    with app.app_context():
        rows = comment_queries.comments(Viewer(members["unread"].id), thread_id).entries

    assert {row.html is None for row in rows if row.horizon} == {True}
    assert all("So." not in (row.html or "") for row in rows)


def test_an_edit_that_moves_no_horizon_leaves_the_other_comments_alone(
    app, save, visit, thread, alice, bob, statements
):
    comment = save(make_comment(thread, alice))
    save(make_comment(thread, bob, parent=comment))
    client = visit(alice)

    with statements() as sent:
        client.post(f"/comments/{comment.id}/edit", data={"body": "Anew.", "horizon": "0"})

    assert len([statement for statement in sent if statement.startswith("UPDATE comment")]) == 1
    assert not [statement for statement in sent if "ORDER BY comment.id" in statement]
