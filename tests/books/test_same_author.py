"""An author is one row with one page, by whatever road and spelling somebody comes to name them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Text, select, type_coerce, update

from bookclub.app import create_app
from bookclub.asks.queries import find_author
from bookclub.books import actions as books_actions
from bookclub.books import catalogue_queries, match_queries
from bookclub.books import queries as books_queries
from bookclub.books.actions import add_books
from bookclub.books.models import Author, Book, BookAuthor
from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.editions import EditionFields
from bookclub.lib.recommender.pack_files import match_pack
from bookclub.lib.recommender.packs import BookName
from bookclub.schema import close, create_upgraded_app
from tests.factories import make_author, make_book
from tests.processes import run_at_once

SPELLINGS = ("J. Q. Marlin", "J.Q. Marlin", "JQ Marlin", "Marlin, J. Q.", "j q marlin", "MARLIN J Q")


@pytest.fixture
def authors(app):
    """The names of all authors, by id."""

    def names() -> list[str]:
        with app.app_context():
            return list(db.session.execute(select(Author.name).order_by(Author.id)).scalars())

    return names


def test_every_spelling_in_a_form_is_one_author(visit, alice, authors):
    client = visit(alice)
    for number, name in enumerate(SPELLINGS):
        added = client.post("/books/new", data={"title": f"Salt Road {number}", "authors": name})
        assert added.status_code == 303, added.text

    assert authors() == ["J. Q. Marlin"]
    page = client.get("/authors/j-q-marlin").text
    assert all(f"Salt Road {number}" in page for number in range(len(SPELLINGS)))


def test_a_family_name_in_front_goes_behind_without_a_question(visit, alice, authors):
    added = visit(alice).post("/books/new", data={"title": "Salt", "authors": "Le Brin, Orla K."})

    assert added.status_code == 303
    assert authors() == ["Orla K. Le Brin"]


def test_two_people_who_are_called_nearly_so_stay_two(visit, alice, authors):
    client = visit(alice)
    titles = {"Salt": "J. Hale", "Fog": "John Hale", "Ash": "John R. Hale", "Elm": "Hale, Jon"}
    for title, name in titles.items():
        client.post("/books/new", data={"title": title, "authors": name})

    assert authors() == ["J. Hale", "John Hale", "John R. Hale", "Jon Hale"]


def test_the_spelling_of_an_edit_names_whom_the_club_knows(visit, save, alice, authors):
    save(make_book("Salt", author="J. Q. Marlin"), make_book("Fog", author="Ann Hale"))

    visit(alice).post("/books/fog/edit", data={"authors": "Ann Hale; Marlin, JQ"})

    assert authors() == ["J. Q. Marlin", "Ann Hale"]


@pytest.mark.databases("sqlite", "postgresql")
def test_many_books_at_once_name_one_author_by_the_first_spelling(app, authors):
    wanted = [
        (BookFields(title=f"Salt {number}", authors=(name,)), EditionFields())
        for number, name in enumerate(SPELLINGS)
    ]
    with app.app_context():
        begin_write()
        add_books(wanted, None)
        db.session.commit()
        lines = db.session.execute(select(Book.authors_line)).scalars().all()

    assert authors() == ["J. Q. Marlin"]
    assert set(lines) == {"J. Q. Marlin"}


def test_of_several_who_are_one_the_lowest_id_is_taken(app, save, write, authors):
    save(
        make_book("Salt", author=make_author("J.Q. Marlin")),
        make_book("Fog", author=make_author("JQ Marlin")),
    )

    write(lambda: books_actions.add_book(BookFields(title="Ash", authors=("JQ Marlin",)), None) and None)

    assert authors() == ["J.Q. Marlin", "JQ Marlin"]
    with app.app_context():
        found = books_queries.authors_by_identity(["Marlin, J. Q."])
        assert [author.name for author in found.values()] == ["J.Q. Marlin"]


def test_an_edit_of_something_else_leaves_a_double_where_it_is(visit, save, alice, authors):
    save(make_book("Salt", author="J.Q. Marlin"), make_book("Fog", author="JQ Marlin"))

    visit(alice).post("/books/fog/edit", data={"authors": "JQ Marlin; Ann Hale"})

    assert "Fog" in visit(alice).get("/authors/jq-marlin").text
    assert authors() == ["J.Q. Marlin", "JQ Marlin", "Ann Hale"]


def test_a_double_is_not_respelt_as_the_other_one(visit, save, alice, authors):
    save(make_book("Salt", author="J.Q. Marlin"), make_book("Fog", author="JQ Marlin"))

    edited = visit(alice).post("/books/fog/edit", data={"authors": "J.Q. Marlin"})

    assert edited.status_code == 303
    assert authors() == ["J.Q. Marlin", "JQ Marlin"]


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("name", SPELLINGS)
def test_an_ask_means_the_author_however_written(app, save, name):
    save(make_book("Salt", author="J. Q. Marlin"))
    with app.app_context():
        assert find_author(name).name == "J. Q. Marlin"


@pytest.mark.parametrize("name", SPELLINGS)
def test_a_pack_names_a_book_by_any_spelling_of_its_author(name):
    import numpy as np

    class Pack:
        books = (BookName("Salt", name, ""),)
        readers = np.array([3])

    assert match_pack(Pack(), [(7, "Salt", "J. Q. Marlin", [])]) == {0: 7}


@pytest.mark.databases("sqlite", "postgresql")
def test_a_field_suggests_names_without_their_dots(app, save):
    save(make_book("Salt", author="J. Q. Marlin"))
    with app.app_context():
        texts = ("jq", "J.Q.", "marl", "zz")
        assert [list(catalogue_queries.suggest_author_names(text)) for text in texts] == [
            ["J. Q. Marlin"], ["J. Q. Marlin"], ["J. Q. Marlin"], [],
        ]  # fmt: skip


@pytest.mark.databases("sqlite", "postgresql")
def test_authors_of_an_older_bookclub_get_their_keys_when_the_club_is_opened(app, save, settings):
    save(make_book("Salt", author="J. Q. Marlin"))
    with app.app_context():
        begin_write()
        db.session.execute(update(Author).values(identity_key=""))
        db.session.commit()
        assert match_queries.lacks_match_keys()

    close(create_upgraded_app(settings))

    with app.app_context():
        assert books_queries.authors_by_identity(["JQ Marlin"])


def add(wait, url: str, name: str) -> None:
    """Add a book by this author, in a process of its own."""
    app = create_app(Settings(data=Path(), database_url=url, secret_key="a secret of these tests"))
    wait()
    with app.app_context():
        begin_write()
        books_actions.add_book(BookFields(title=name, authors=(name,)), None)
        db.session.commit()
    close(app)


@pytest.mark.databases("sqlite", "postgresql")
def test_several_processes_that_name_one_author_at_once_make_one(settings, authors):
    run_at_once(add, *((settings.database_url, name) for name in SPELLINGS[:4]))

    assert len(authors()) == 1


def test_lines_of_an_older_bookclub_lose_their_english_when_the_club_is_opened(app, save, settings):
    many = save(make_book("Hedges", author="Ana"))
    save(make_book("Gorse", author="Simon and Co."))
    other = save(make_author("Bo"))
    save(BookAuthor(book_id=many.id, author_id=other.id, place=1))
    raw = select(type_coerce(Book.authors_line, Text)).order_by(Book.id)
    with app.app_context():
        begin_write()
        db.session.execute(update(Book).where(Book.id == many.id).values(authors_line="Ana and Bo"))
        db.session.commit()

    close(create_upgraded_app(settings))

    with app.app_context():
        assert db.session.execute(raw).scalars().all() == ["Ana; Bo", "Simon and Co."]
        assert db.session.scalar(select(Book.authors_line).where(Book.id == many.id)) == "Ana and Bo"
