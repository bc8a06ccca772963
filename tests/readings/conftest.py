"""What the tests of readings share: a way to record, and to look at what was kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.books.models import Book, Edition
from bookclub.extensions import db
from bookclub.readings.models import Reading
from bookclub.sections.models import Section
from tests.factories import make_book


@pytest.fixture
def book(save):
    """A book of 300 pages."""
    return save(make_book("Emma", pages=300))


@pytest.fixture
def chapters(save, book):
    """Its five chapters, at 0, 10, 20, 40 and 80 %."""
    return [
        save(Section(book_id=book.id, place=place, title=f"Of {start}", typed_start=start, start=start))
        for place, start in enumerate((0, 1000, 2000, 4000, 8000))
    ]


@pytest.fixture
def recording(save, book):
    """An audiobook of it, of five hours."""
    return save(Edition(book_id=book.id, format="audiobook", minutes=300))


@pytest.fixture
def kept(app, book):
    """``kept(bob)`` is Bob's reading as the database has it now, ``kept()`` the book."""

    def kept(member=None):
        with app.app_context():
            if member is None:
                return db.session.get(Book, book.id)
            found = select(Reading).where(Reading.member_id == member.id)
            return db.session.scalars(found).one_or_none()

    return kept
