"""A thread with something said in it, and ways to look at what is kept of it."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bookclub.extensions import Base, db
from bookclub.members.models import Club
from bookclub.sections.models import Section
from bookclub.threads.models import Comment
from tests.factories import make_book, make_comment, make_thread


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    """A titled thread that Alice opened, safe for everybody."""
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def said(save, thread, alice):
    """What Alice said in it."""
    return save(make_comment(thread, alice, "Badly done, Emma."))


@pytest.fixture
def public(app, save):
    """Visitors may read in this club."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    return save(club)


@pytest.fixture
def kept(app):
    """``kept(comment)`` is the row as the database has it now."""

    def kept(row):
        with app.app_context():
            return db.session.get(type(row), row.id)

    return kept


@pytest.fixture
def comments(app):
    """``comments()`` is every comment there is, the oldest first."""

    def comments() -> list[Comment]:
        with app.app_context():
            return list(db.session.scalars(select(Comment).order_by(Comment.id)))

    return comments


@pytest.fixture
def secret(save, thread, alice):
    """What Alice says about the middle of the book."""
    return save(make_comment(thread, alice, "He is engaged to Jane.", horizon=5000))


@pytest.fixture
def chapters(save, book):
    """Four chapters of a quarter of the book each."""
    titles = ("The Boat", "The Storm", "The Wreck", "The Shore")
    return save(
        *(
            Section(book_id=book.id, place=place, title=title, typed_start=2500 * place, start=2500 * place)
            for place, title in enumerate(titles)
        )
    )


@pytest.fixture
def rows(app):
    """``rows()`` is how many rows each table has."""

    def rows() -> dict[str, int]:
        with app.app_context():
            return {
                table.name: db.session.scalar(select(func.count()).select_from(table))
                for table in Base.metadata.sorted_tables
            }

    return rows
