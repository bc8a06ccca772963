"""How much a step forward in a book opens, in words and as the database counts it."""

from __future__ import annotations

import pytest

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.lib.positions.visibility import Viewer
from bookclub.readings.models import Reveal
from bookclub.reviews.queries import unlocked_between
from bookclub.reviews.rules import Unlocked
from tests.factories import make_book, make_comment, make_review, make_thread


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def between(app, bob, book):
    """``between(before, after)`` is what opens to Bob on that way."""

    def between(before, after, of=book):
        with app.app_context():
            return unlocked_between(Viewer(bob.id), of.id, before, after)

    return between


@pytest.mark.parametrize(
    ("unlocked", "words"),
    [
        (Unlocked(), ""),
        (Unlocked(comments=1), "1 comment unlocked"),
        (Unlocked(comments=7), "7 comments unlocked"),
        (Unlocked(reviews=1), "1 review unlocked"),
        (Unlocked(reviews=2), "2 reviews unlocked"),
        (Unlocked(comments=7, reviews=1), "1 review and 7 comments unlocked"),
        (Unlocked(comments=1, reviews=3), "3 reviews and 1 comment unlocked"),
    ],
)
def test_what_is_unlocked_is_said_in_a_few_words(unlocked, words):
    assert unlocked.say() == words
    assert bool(unlocked) is bool(words)


@pytest.mark.databases("sqlite", "postgresql")
def test_what_lies_behind_the_old_mark_and_up_to_the_new_one_opens(save, between, book, alice):
    thread = save(make_thread(alice, book))
    at_old, second, first, at_new, ahead = save(
        *(make_comment(thread, alice, horizon=horizon) for horizon in (2000, 2500, 2001, 3000, 3001))
    )

    assert between(2000, 3000) == Unlocked(comments=3, first_comment_id=first.id)
    assert between(2001, 2999) == Unlocked(comments=1, first_comment_id=second.id)
    assert between(2999, 3000) == Unlocked(comments=1, first_comment_id=at_new.id)
    assert between(0, END).first_comment_id == at_old.id
    assert between(3000, END) == Unlocked(comments=1, first_comment_id=ahead.id)


def test_of_two_that_give_away_the_same_the_older_is_the_first(save, between, book, alice):
    thread = save(make_thread(alice, book))
    older, _younger = save(*(make_comment(thread, alice, horizon=2000) for _ in range(2)))

    assert between(0, 2000) == Unlocked(comments=2, first_comment_id=older.id)


def test_reviews_open_too_and_their_talk_with_them(save, between, book, alice):
    review = save(make_review(alice, book, horizon=4000))
    comment = save(make_comment(review.thread, alice, horizon=1000))

    assert between(0, 3999) == Unlocked()
    assert between(0, 4000) == Unlocked(1, 1, comment.id, review.id)


def test_nothing_of_ones_own_nothing_without_words_and_nothing_of_another_book_opens(
    save, between, visit, book, alice, bob
):
    other = save(make_book("Persuasion"))
    save(make_review(bob, book, horizon=2000))
    gone_review = save(make_review(alice, book, horizon=2000))
    thread, elsewhere = save(make_thread(alice, book), make_thread(alice, other))
    save(make_comment(thread, bob, horizon=2000))
    gone = save(make_comment(thread, alice, horizon=2000))
    there = save(make_comment(elsewhere, alice, horizon=2000))
    visit(alice).post(f"/comments/{gone.id}/deletion")
    visit(alice).post(f"/reviews/{gone_review.id}/deletion")

    assert between(0, END) == Unlocked()
    assert between(0, END, other) == Unlocked(comments=1, first_comment_id=there.id)


def test_what_was_to_be_seen_by_a_wish_does_not_open(save, between, book, alice, bob):
    revealed, other = save(make_thread(alice, book), make_thread(alice, book))
    save(make_comment(revealed, alice, horizon=2000))
    comment = save(make_comment(other, alice, horizon=3000))
    save(Reveal(member_id=bob.id, thread_id=revealed.id))
    assert between(0, END) == Unlocked(comments=1, first_comment_id=comment.id)

    save(Reveal(member_id=bob.id, book_id=book.id))
    assert between(0, END) == Unlocked()


def test_a_step_back_opens_nothing(save, between, book, alice):
    save(make_comment(save(make_thread(alice, book)), alice, horizon=2500))

    assert between(3000, 2000) == between(2500, 2500) == Unlocked()


def test_counting_takes_three_statements_however_much_there_is(app, save, statements, book, alice, bob):
    thread = save(make_thread(alice, book))
    save(*(make_comment(thread, alice, horizon=2000) for _ in range(40)))

    with app.app_context(), statements() as sent:
        assert unlocked_between(Viewer(bob.id), book.id, 0, END).comments == 40
        db.session.rollback()

    # One each for comments, reviews and passages.
    assert len(sent) == 3
