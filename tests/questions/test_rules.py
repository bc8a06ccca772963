"""Rules for questions: whom a reader may count, the order of an agenda, and until when it takes more."""

from __future__ import annotations

from datetime import timedelta

from bookclub.extensions import utcnow
from bookclub.lib.positions.visibility import Viewer
from bookclub.questions.rules import OpenCount, QuestionRow, SupportRow, entries_of, lateness_problem
from tests.cases import each

ALICE, BOB, CAROL = 1, 2, 3
NOW = utcnow()


def question(id, horizon=0, **columns):
    values = {
        "meeting_id": 1, "comment_id": None, "member_id": ALICE, "author": "Alice", "username": "alice",
        "put_by_id": ALICE, "put_by": "Alice", "created_at": NOW, "edited_at": None, "deleted_at": None,
        "removed_by_id": None, "removal_reason": None, "html": "<p>Why?</p>", "is_mine": False, "book_id": 1,
        "book_title": "Emma", "book_slug": "emma",
    }  # fmt: skip
    return QuestionRow(id=id, horizon=horizon, **{**values, **columns})


def order(questions, supports, viewer):
    return [(entry.question.id, entry.count) for entry in entries_of(questions, supports, Viewer(viewer))]


def test_most_cared_about_comes_first_then_the_oldest_then_what_was_removed():
    supports = [SupportRow(3, BOB, "Bob", False), SupportRow(1, BOB, "Bob", False)]
    supports += [SupportRow(3, CAROL, "Carol", False), SupportRow(4, CAROL, "Carol", False)]
    questions = [question(1), question(2), question(3), question(4, deleted_at=NOW, removed_by_id=CAROL)]

    assert order(questions, supports, ALICE) == [(3, 2), (1, 1), (2, 0), (4, 1)]


@each(
    ("horizon", "viewer", "expected"),
    [
        # Bob's reading is private, and who cares about a question that gives something away has read so far.
        (5000, ALICE, [(1, 0), (2, 0)]),
        (5000, BOB, [(2, 1), (1, 0)]),
        # One that is safe for everybody tells nothing of him.
        (0, ALICE, [(2, 1), (1, 0)]),
    ],
)
def test_a_private_reading_is_neither_named_nor_counted_nor_told_by_the_order(horizon, viewer, expected):
    questions = [question(1), question(2, horizon)]
    supports = [SupportRow(2, BOB, "Bob", True)]

    assert order(questions, supports, viewer) == expected
    names = {entry.question.id: entry.names for entry in entries_of(questions, supports, Viewer(viewer))}
    assert names[2] == (("Bob",) if (2, 1) in expected else ())


def test_a_meeting_takes_questions_until_it_is_over():
    assert lateness_problem(NOW + timedelta(seconds=1), NOW) is None
    assert "over" in lateness_problem(NOW, NOW)


def test_the_count_says_what_lies_ahead_of_the_reader():
    assert OpenCount(3, 3).say() == "3 open questions"
    assert OpenCount(3, 1).say() == "3 open questions: 1 here, 2 ahead of you"
