"""What a review gives away: chosen by chapter or place, kept when it is changed, moved with its thread."""

from __future__ import annotations

import re

import pytest

from bookclub.sections.models import Section
from tests.factories import make_book, make_comment, make_reading, make_review
from tests.reviews.writing import publish, rewrite


@pytest.fixture
def chapters(save, book):
    return save(
        *(
            Section(book_id=book.id, place=place, title=title, typed_start=2500 * place, start=2500 * place)
            for place, title in enumerate(("The Boat", "The Storm", "The Wreck", "The Shore"))
        )
    )


def chosen(page: str) -> str:
    select = re.search(r'<select[^>]*name="horizon".*?</select>', page, re.DOTALL)[0]
    return re.search(r'<option selected value="([^"]*)"', select)[1]


def test_a_review_keeps_the_chapter_or_the_place_that_was_chosen(visit, book, chapters, alice, bob, reviews):
    publish(visit(alice), book, horizon=f"section-{chapters[1].id}")
    publish(visit(bob), book, horizon="place", horizon_place="p. 61")

    assert [(review.horizon_choice, review.own_horizon, review.horizon) for review in reviews()] == [
        (f"section-{chapters[1].id}", 5000, 5000),
        ("2034", 2034, 2034),
    ]


def test_a_chapter_of_another_book_is_refused_in_words(visit, save, book, chapters, alice, reviews):
    other = save(make_book("Persuasion"))
    section = save(Section(book_id=other.id, place=0, title="Bath", typed_start=0, start=0))

    answer = publish(visit(alice), book, horizon=f"section-{section.id}")

    assert answer.status_code == 422
    assert "That chapter is not in this book any more." in answer.text
    assert "Bath" not in answer.text
    assert not reviews()


def test_a_place_that_makes_no_sense_is_named_with_a_way_to_its_field(visit, book, alice, reviews):
    answer = publish(visit(alice), book, horizon="place", horizon_place="page the third")

    assert answer.status_code == 422
    assert '<a href="#horizon_place">Which place?</a>' in answer.text
    assert 'id="horizon_place"' in answer.text
    assert not reviews()


def test_the_edit_form_of_a_review_keeps_its_chapter(visit, book, chapters, alice, reviews):
    publish(visit(alice), book, horizon=f"section-{chapters[1].id}")

    page = visit(alice).get(f"/reviews/{reviews()[0].id}/edit").text

    assert chosen(page) == f"section-{chapters[1].id}"
    assert "The Wreck" not in page


def test_a_review_that_was_reported_stays_up_while_its_author_edits_it(
    visit, save, book, alice, bob, reviews
):
    review = make_review(alice, book, horizon=1000)
    review.lifted_horizon = review.horizon = review.thread.floor = 7000
    review = save(review)

    page = visit(alice).get(f"/reviews/{review.id}/edit").text
    rewrite(visit(alice), review, horizon="2000")

    assert chosen(page) == "1000"
    assert "This will be up to 70 %, as readers reported, until that is decided." in page
    assert (reviews()[0].own_horizon, reviews()[0].horizon) == (2000, 7000)


def test_a_locked_review_and_its_revisions_say_how_far_by_chapter(visit, save, book, chapters, alice, bob):
    review = save(make_review(alice, book, "At first.", horizon=5000))
    rewrite(visit(alice), review, body="By now.", horizon="5000")
    save(make_reading(bob, book, position=100))

    assert "Alice, up to chapter 2." in visit(bob).get(f"/reviews/{review.id}").text
    assert "You are at chapter 1." in visit(bob).get(f"/reviews/{review.id}").text
    assert "It is up to chapter 2." in visit(bob).get(f"/reviews/{review.id}/revisions").text
    assert "The rest is up to chapter 2." in visit(bob).get(f"/books/{book.slug}").text


def test_what_is_said_under_a_review_is_offered_nothing_safer(visit, save, book, chapters, alice, bob):
    review = save(make_review(alice, book, horizon=5000))
    save(make_comment(review.thread, alice))
    save(make_reading(bob, book, position=6000))

    page = visit(bob).get(f"/reviews/{review.id}").text

    assert "no more than the whole conversation: up to chapter 2" in page
    assert f'value="section-{chapters[0].id}"' not in page
    assert page.count('name="parent_id"') == 1
