"""Books as the club adds them, and a club that is public."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from bookclub.books import actions as books_actions
from bookclub.books import queries as books_queries
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.positions.places import END
from bookclub.members.models import Club
from tests.factories import make_reading


@pytest.fixture
def add(app):
    """``add("Emma", "Jane Austen")`` adds a book as the club does, and gives it back."""

    def add(title, authors="Jane Austen", member=None, **fields):
        with app.app_context():
            begin_write()
            names = tuple(name.strip() for name in authors.split(";"))
            fields = BookFields(title=title, authors=names, **fields)
            book = books_actions.add_book(fields, member.id if member else None)
            db.session.commit()
            return book

    return add


@pytest.fixture
def public(app):
    """The club is public."""
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=True))
        db.session.commit()


@pytest.fixture
def rows(app):
    """``rows(Book)`` are all rows of a table, by id."""

    def rows(model):
        with app.app_context():
            return db.session.execute(select(model).order_by(model.id)).scalars().all()

    return rows


@pytest.fixture
def whole(app):
    """``whole("emma")`` is everything about a book."""

    def whole(slug):
        with app.app_context():
            return books_queries.by_slug(slug).fields

    return whole


@pytest.fixture
def shelf(add, save, alice, bob):
    """Five books, two of them rated."""
    remains = add("The Remains of the Day", "Kazuo Ishiguro", first_published=1989, tags=("memory", "class"))
    nocturnes = add("Nocturnes", "Kazuo Ishiguro", first_published=2009, isbn="9780571244980")
    add("Odyssey", "Homer", first_published=-800, subtitle="A poem of 100% adventure")
    add("Der kleine Prinz", "Antoine de Saint-Exupéry", first_published=1943, tags=("memory",))
    add("Beowulf", "Anonymous")
    save(make_reading(alice, nocturnes, rating=6), make_reading(bob, remains, position=END, rating=10))
    save(remains)
    save(nocturnes)


@pytest.fixture
def many(app):
    """``many(count)`` adds so many books, each with a tag, an author and a year of its own."""

    def many(count):
        with app.app_context():
            begin_write()
            for number in range(count):
                fields = BookFields(
                    title=f"Book {number % 100:03}",
                    authors=(f"Author {number}", "Everybody"),
                    tags=(f"tag {number}", "all"),
                    first_published=1700 + number % 7 if number % 5 else None,
                )
                books_actions.add_book(fields, None).count_rating(
                    None, 1 + number % 3 if number % 2 else None
                )
            db.session.commit()

    return many
