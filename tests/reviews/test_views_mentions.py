"""Members whom a review mentions hear of it, if they can read that."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.notices.models import Notice
from tests.factories import make_member, make_reading
from tests.reviews.writing import publish, rewrite


@pytest.fixture
def told(app):
    """``told(member)`` is the ids of the reviews that a member has a notice of."""

    def told(member) -> list[int]:
        with app.app_context():
            statement = select(Notice.review_id).where(Notice.member_id == member.id).order_by(Notice.id)
            return list(db.session.scalars(statement))

    return told


def test_a_member_whom_a_review_mentions_hears_of_it(visit, book, alice, bob, reviews, told):
    publish(visit(alice), book, body="Not for @bob.", horizon="0")

    (review,) = reviews()
    assert told(bob) == [review.id]
    page = visit(bob).get("/notices").text
    assert "Alice mentioned you in a review of Emma." in page
    assert f'href="/reviews/{review.id}"' in page
    assert "Not for @bob." in page
    assert '<a href="/members/bob">@bob</a>' in visit(alice).get(f"/reviews/{review.id}").text


def test_nobody_is_told_of_a_review_that_is_locked_for_them(visit, save, book, alice, bob, told):
    over = save(make_member("over"))
    save(make_reading(over, book, position=10000))

    publish(visit(alice), book, body="@bob and @over, he did it.", horizon="finished")

    assert told(bob) == []
    assert len(told(over)) == 1


def test_a_review_that_has_been_hidden_since_is_told_no_more(visit, save, book, alice, bob, reviews):
    publish(visit(alice), book, body="Not for @bob.", horizon="0")
    (review,) = reviews()
    assert "mentioned you" in visit(bob).get("/notices").text
    review.horizon = review.lifted_horizon = 5000
    save(review)

    page = visit(bob).get("/notices").text
    assert "mentioned you" not in page
    assert "Not for" not in page


def test_an_edit_tells_only_those_whom_it_mentions_first(visit, book, alice, bob, olive, reviews, told):
    publish(visit(alice), book, body="Not for @bob.", horizon="0")
    visit(bob).post("/notices/seen")
    (review,) = reviews()

    rewrite(visit(alice), review, body="Not for @bob or @olive.", horizon="0")

    assert told(olive) == [review.id]
    assert told(bob) == [review.id]
    assert 'class="badge">new' not in visit(bob).get("/notices").text
