"""A book to review, and ways to look at what is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.members.models import Club
from bookclub.reviews.models import Review
from tests.factories import make_book


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def public(app, save):
    """Visitors may read in this club."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    return save(club)


@pytest.fixture
def reviews(app):
    """``reviews()`` is every review there is, the oldest first."""

    def reviews() -> list[Review]:
        with app.app_context():
            return list(db.session.scalars(select(Review).order_by(Review.id)))

    return reviews
