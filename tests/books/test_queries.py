"""The ways in which other rooms look for a book."""

from __future__ import annotations

import pytest

from bookclub.books import actions as books_actions
from bookclub.books import queries as books_queries
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from tests.cases import each

TITLES = ("Never Let Me Go", "The Remains of the Day", "Nocturnes", "Dune", "わたしを離さないで", "Emma")


@pytest.fixture
def titles(app):
    """A few books."""
    with app.app_context():
        begin_write()
        for title in TITLES:
            books_actions.add_book(BookFields(title=title, authors=("Somebody",), pages=len(title)), None)
        db.session.commit()


@pytest.mark.databases("sqlite", "postgresql")
@each(
    ("text", "title"),
    [
        ("never-let-me-go", "Never Let Me Go"),
        (" never let  me GO ", "Never Let Me Go"),
        ("Remains of the Day", "The Remains of the Day"),
        ("the remains of the day.", "The Remains of the Day"),
        ("わたしを離さないで", "わたしを離さないで"),
        ("Never Let Me", None),
        ("", None),
        ("\x00", None),
        ("x" * 100_000, None),
    ],
)
def test_a_book_is_known_by_its_slug_and_its_title(app, titles, text, title):
    with app.app_context():
        book = books_queries.book_by_name(text)

        assert (book.title if book else None) == title


@pytest.mark.databases("sqlite", "postgresql")
@each(
    ("text", "first"),
    [
        ("Never Let Me Goo", "Never Let Me Go"),
        ("Dnue", "Dune"),
        ("remains", "The Remains of the Day"),
        ("nocturne", "Nocturnes"),
        ("The Remainders of a Day", "The Remains of the Day"),
    ],
)
def test_a_misspelt_title_finds_the_likest(app, titles, text, first):
    with app.app_context():
        assert books_queries.find_similar_titles(text)[0].title == first


@each("text", ["", "\x00", "%", "qqqqqq", "x" * 100_000])
def test_what_is_like_nothing_finds_nothing(app, titles, text):
    with app.app_context():
        assert books_queries.find_similar_titles(text) == []


def test_near_titles_are_few(app, titles):
    with app.app_context():
        begin_write()
        for number in range(20):
            books_actions.add_book(BookFields(title=f"Dune {number}", authors=(f"Author {number}",)), None)

        assert len(books_queries.find_similar_titles("dune")) == 5
        assert len(books_queries.find_similar_titles("dune", limit=3)) == 3


@pytest.mark.databases("sqlite", "postgresql")
def test_a_book_comes_with_all_its_parts(app, titles):
    with app.app_context():
        book = books_queries.by_slug("dune")
        db.session.close()

        assert book.fields == BookFields(title="Dune", authors=("Somebody",), pages=4)
        assert book.tags == []
