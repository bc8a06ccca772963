"""A safe comment and one about the middle of a book, with readers who have come so far."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.reactions.models import Reaction
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def said(save, thread, alice):
    return save(make_comment(thread, alice, "Badly done, Emma."))


@pytest.fixture
def secret(save, thread, alice):
    return save(make_comment(thread, alice, "He is engaged to Jane.", horizon=5000))


@pytest.fixture
def review(save, alice, book):
    return save(make_review(alice, book, horizon=5000))


@pytest.fixture
def readers(save, book, bob, olive):
    """Bob and Olive have finished the book; Bob's reading is private."""
    return save(
        make_reading(bob, book, status="finished", position=10_000, is_private=True),
        make_reading(olive, book, status="finished", position=10_000),
    )


@pytest.fixture
def reactions(app):
    """``reactions()`` is every reaction there is, as (member, post, kind)."""

    def reactions() -> list[tuple[int, int | None, int | None, str]]:
        with app.app_context():
            return [
                (one.member_id, one.comment_id, one.review_id, one.kind)
                for one in db.session.scalars(select(Reaction).order_by(Reaction.id))
            ]

    return reactions
