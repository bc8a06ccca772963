"""Reviews as members publish them: whole, once for each book, with the reader's own rating."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from bookclub.books.models import Book
from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.readings.models import Reading
from bookclub.reviews.rules import MAX_BODY
from bookclub.threads.models import Thread
from tests.cases import each
from tests.factories import make_reading
from tests.reviews.writing import FORM, publish, rewrite


def test_a_review_is_published_with_all_that_was_typed_and_shown(app, visit, book, alice, reviews):
    answer = publish(visit(alice), book)

    (review,) = reviews()
    assert (answer.status_code, answer.location) == (303, f"/reviews/{review.id}")
    assert (review.title, review.summary, review.body) == (FORM["title"], FORM["summary"], FORM["body"])
    page = visit(alice).get(answer.location).text
    assert f'id="review-{review.id}"' in page
    assert "Handsome, clever, and rich" in page
    assert "A heroine whom nobody will much like." in page
    assert "I liked her <em>very</em> much." in page
    assert "4.5 of 5 stars" in page
    assert "0 thoughts" in page


def test_a_review_comes_with_a_thread_that_gives_away_as_much(app, visit, book, alice, reviews):
    publish(visit(alice), book, horizon="6000")

    (review,) = reviews()
    with app.app_context():
        thread = db.session.get(Thread, review.thread_id)
    assert (thread.title, thread.book_id, thread.floor, thread.comment_count) == (None, book.id, 6000, 0)


def test_the_form_has_the_labels_that_people_go_by_and_nothing_chosen(visit, book, alice):
    page = visit(alice).get(f"/books/{book.slug}/reviews/new").text

    for label in ("Title", "In a nutshell", "Your review", "Your rating", "Who can read this?"):
        assert f">{label}</label>" in page
    assert '<option selected value="">Choose' in page


def test_ones_own_place_is_offered_but_never_taken_for_granted(visit, save, book, alice):
    save(make_reading(alice, book, position=4200))

    page = visit(alice).get(f"/books/{book.slug}/reviews/new").text

    assert '<option selected value="">Choose' in page
    assert '<option value="mine">up to where I am: 42 %</option>' in page


@each("horizon", ["", "mine", "section-3", "10001", "-1", "٣", "9" * 5000])
def test_what_a_review_gives_away_must_be_chosen(visit, book, alice, reviews, horizon):
    answer = publish(visit(alice), book, horizon=horizon)

    assert answer.status_code == 422
    assert re.search(r"<select[^>]*aria-invalid", answer.text)
    assert "I liked her *very* much.</textarea>" in answer.text
    assert not reviews()


def test_what_a_review_gives_away_must_be_chosen_by_a_reader_with_a_place_too(
    visit, save, book, alice, reviews
):
    save(make_reading(alice, book, position=4200))

    assert publish(visit(alice), book, horizon="").status_code == 422
    assert publish(visit(alice), book, horizon="mine").status_code == 303
    assert (reviews()[0].horizon, reviews()[0].horizon_choice) == (4200, "mine")


@each(
    "fields",
    [
        {"title": ""},
        {"title": " \t "},
        {"title": "x" * 151},
        {"title": "\0"},
        {"summary": "x" * 501},
        {"body": ""},
        {"body": " \n "},
        {"body": "\0"},
        {"rating": "6"},
        {"rating": "9e999999"},
    ],
)
def test_a_review_that_cannot_be_taken_comes_back_as_it_was_typed(visit, book, alice, reviews, fields):
    answer = publish(visit(alice), book, **fields)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    for name in ("title", "summary"):
        if name not in fields:
            assert f'value="{FORM[name]}"' in answer.text
    assert not reviews()


def test_summary_and_rating_may_be_empty(visit, book, alice, reviews):
    assert publish(visit(alice), book, summary="", rating="").status_code == 303
    assert reviews()[0].summary == ""


def test_a_review_of_100000_characters_is_taken(visit, book, alice, reviews):
    assert publish(visit(alice), book, body="ä" * MAX_BODY).status_code == 303
    assert len(reviews()[0].body) == 100_000


def test_a_review_of_100001_characters_is_refused_with_its_words_kept(visit, book, alice, reviews):
    answer = publish(visit(alice), book, body="ä" * (MAX_BODY + 1))

    assert answer.status_code == 422
    assert "100,001 characters long" in answer.text
    assert "ä" * (MAX_BODY + 1) in answer.text
    assert not reviews()


@pytest.mark.databases("sqlite", "postgresql")
def test_curly_quotes_emoji_and_every_script_survive_to_the_byte(visit, book, alice, bob, reviews):
    body = "“Well,” she said – ‘no’… 🦄👩‍👩‍👧 日本語 עברית e\u0301 é 𐍈 𝒳"

    publish(visit(alice), book, title="“Émma” 🦄", summary="𐍈", body=body)

    (review,) = reviews()
    assert (review.title, review.summary, review.body) == ("“Émma” 🦄", "𐍈", body)
    page = visit(bob).get(f"/reviews/{review.id}").data
    assert body.encode() in page
    assert "“Émma” 🦄".encode() in page
    edit = visit(alice).get(f"/reviews/{review.id}/edit").data
    assert body.encode() in edit


# One for each member and book


def test_a_second_review_of_the_same_book_is_refused_with_a_link_to_the_first(visit, book, alice, reviews):
    publish(visit(alice), book)

    answer = publish(visit(alice), book, body="A second thought, longer than the first.")

    assert answer.status_code == 422
    assert f'href="/reviews/{reviews()[0].id}/edit"' in answer.text
    assert "A second thought, longer than the first.</textarea>" in answer.text
    assert len(reviews()) == 1


def test_who_has_reviewed_a_book_is_shown_their_review_instead_of_an_empty_form(
    visit, book, alice, bob, reviews
):
    publish(visit(alice), book)

    answer = visit(alice).get(f"/books/{book.slug}/reviews/new")

    assert (answer.status_code, answer.location) == (302, f"/reviews/{reviews()[0].id}/edit")
    assert visit(bob).get(f"/books/{book.slug}/reviews/new").status_code == 200


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_form_sent_four_times_at_once_publishes_one_review(visit, book, alice, reviews):
    clients = [visit(alice) for _ in range(4)]
    at_once = Barrier(4)

    def send(client):
        at_once.wait()
        return publish(client, book, submission="key").location

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(send, clients)) == {f"/reviews/{reviews()[0].id}"}

    assert len(reviews()) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_different_forms_sent_at_once_publish_one_review_and_refuse_the_others(visit, book, alice, reviews):
    clients = [visit(alice) for _ in range(3)]
    at_once = Barrier(3)

    def send(client):
        at_once.wait()
        return publish(client, book).status_code

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(send, clients)) == [303, 422, 422]

    assert len(reviews()) == 1


def test_two_members_review_the_same_book(visit, book, alice, bob, reviews):
    for member in (alice, bob):
        assert publish(visit(member), book).status_code == 303

    assert len(reviews()) == 2


# The rating belongs to the reading


def rating_of(app, member, book):
    with app.app_context():
        found = select(Reading.rating).where(Reading.member_id == member.id, Reading.book_id == book.id)
        kept = db.session.get(Book, book.id)
        rating = db.session.scalars(found).one_or_none()
        return rating, kept.rating_sum, kept.rating_count, kept.rating_rank


def test_the_rating_of_a_review_is_the_readers_and_counts_for_the_book(app, visit, book, alice, bob):
    publish(visit(alice), book, rating="4.5")
    publish(visit(bob), book, rating="2")

    assert rating_of(app, alice, book) == (9, 13, 2, 6500)


def test_an_edit_changes_the_rating_and_an_empty_one_takes_it_away(app, visit, book, alice, reviews):
    publish(visit(alice), book, rating="4.5")

    rewrite(visit(alice), reviews()[0], rating="1")
    assert rating_of(app, alice, book) == (2, 2, 1, 2000)
    rewrite(visit(alice), reviews()[0], rating="")
    assert rating_of(app, alice, book) == (None, 0, 0, 0)


def test_a_form_that_does_not_mention_the_rating_leaves_it_alone(app, visit, save, book, alice, reviews):
    save(make_reading(alice, book, position=4000, rating=7))
    save(book)
    form = {name: value for name, value in FORM.items() if name != "rating"}

    visit(alice).post(f"/books/{book.slug}/reviews/new", data=form)
    assert rating_of(app, alice, book)[0] == 7
    visit(alice).post(f"/reviews/{reviews()[0].id}/edit", data={**form, "body": "Anew."})
    assert rating_of(app, alice, book)[0] == 7


def test_a_review_leaves_the_readers_place_alone_unless_they_say_that_they_have_finished(
    app, visit, book, alice, bob
):
    publish(visit(alice), book, horizon="0")
    publish(visit(bob), book, horizon="mine", finished="y")

    with app.app_context():
        marks = dict(db.session.execute(select(Reading.member_id, Reading.mark)).all())
    assert marks == {alice.id: 0, bob.id: END}
