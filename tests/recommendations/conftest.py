"""Two authors with their books, a question of Alice's, and ways to look at what is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.accounts.models import Club
from bookclub.extensions import db
from tests.factories import make_answer, make_ask, make_author, make_book


@pytest.fixture
def ishiguro(save):
    return save(make_author("Kazuo Ishiguro"))


@pytest.fixture
def never(save, ishiguro):
    return save(make_book("Never Let Me Go", author=ishiguro, first_published=2005))


@pytest.fixture
def remains(save, never, ishiguro):
    """The book that Bob proposes."""
    return save(make_book("The Remains of the Day", author=ishiguro, first_published=1989, pages=258))


@pytest.fixture
def asked(save, alice, ishiguro, never, remains):
    """Alice asks which Ishiguro to read next."""
    return save(make_ask(alice, "Which Ishiguro next?", author=ishiguro))


@pytest.fixture
def proposed(save, asked, bob, remains):
    """Bob proposes The Remains of the Day."""
    return save(make_answer(asked, bob, remains, "The quietest heartbreak."))


@pytest.fixture
def rows(app):
    """``rows(Answer)`` is every row there is, the oldest first."""

    def rows(model):
        with app.app_context():
            return list(db.session.scalars(select(model).order_by(*model.__table__.primary_key)))

    return rows


@pytest.fixture
def public(app, save):
    """The club is public."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    save(club)
