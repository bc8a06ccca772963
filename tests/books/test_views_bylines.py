"""The form asks whether names are one author or several, and roles stand beside names on every page."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, update

from bookclub.books import actions as books_actions
from bookclub.books import queries as books_queries
from bookclub.books.models import Author, Book, Contribution
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.contributors import Contributor
from bookclub.recommendations.queries import books_by
from tests.factories import make_book

DOUBT = "Ann Hale, Bo Reed"


def add(client, **fields):
    return client.post("/books/new", data={"title": "Salt", "subtitle": "Of the earth", **fields})


@pytest.fixture
def stored(app):
    """``stored()`` gives the authors and contributors of the book at /books/salt."""

    def stored():
        with app.app_context():
            fields = books_queries.by_slug("salt").fields
            return fields.authors, fields.contributors

    return stored


def test_names_with_a_comma_are_asked_about_and_the_words_kept(app, visit, alice):
    page = add(visit(alice), authors=DOUBT)

    assert page.status_code == 422
    assert "Are these 2 authors, or 1?" in page.text
    assert page.text.count('name="authors_are"') == 2
    assert "Of the earth" in page.text
    assert f'value="{DOUBT}"' in page.text
    with app.app_context():
        assert not db.session.execute(select(Book)).all()


def test_a_translator_is_not_counted_among_the_authors(visit, alice):
    page = add(visit(alice), authors=f"{DOUBT}; Jo Rubin (Translator)")

    assert "Are these 2 authors, or 1?" in page.text
    assert page.text.count("Jo Rubin (translator)</b>") == 2


@pytest.mark.parametrize(
    ("answer", "authors"), [("several", ("Ann Hale", "Bo Reed")), ("one", ("Ann Hale, Bo Reed",))]
)
def test_both_answers_are_taken(visit, alice, stored, answer, authors):
    added = add(visit(alice), authors=DOUBT, authors_asked=DOUBT, authors_are=answer)

    assert added.status_code == 303, added.text
    assert stored() == (authors, ())


def test_other_names_are_a_new_question(visit, alice):
    page = add(visit(alice), authors="Ann Hale and Cy Moss", authors_asked=DOUBT, authors_are="several")

    assert page.status_code == 422
    assert "Are these 2 authors, or 1?" in page.text
    assert "checked" not in page.text.partition('id="doubt"')[2].partition("</fieldset>")[0]


def test_an_answer_survives_another_error(visit, alice):
    page = add(visit(alice), authors=DOUBT, authors_asked=DOUBT, authors_are="several", isbn="12")

    assert page.status_code == 422
    assert 'value="several" required checked' in page.text


@pytest.mark.parametrize("authors", ["Le Brin, Orla K.", "Ann Hale; Bo Reed", "Kurt Vonlind, Jr."])
def test_names_that_read_one_way_are_not_asked_about(visit, alice, authors):
    assert add(visit(alice), authors=authors).status_code == 303


def test_an_edit_asks_about_new_names_and_not_about_those_that_are_there(visit, alice, stored):
    client = visit(alice)
    add(client, authors=DOUBT, authors_asked=DOUBT, authors_are="one")

    assert client.post("/books/salt/edit", data={"authors": DOUBT, "subtitle": "New"}).status_code == 303
    page = client.post("/books/salt/edit", data={"authors": f"{DOUBT}; Cy Moss & Di Ray"})
    assert page.status_code == 422
    assert "Are these 3 authors, or 2?" in page.text
    both = {"authors": "Cy Moss & Di Ray", "authors_asked": "Cy Moss & Di Ray", "authors_are": "several"}
    assert client.post("/books/salt/edit", data=both).status_code == 303
    assert stored()[0] == ("Cy Moss", "Di Ray")


# Roles


def test_a_role_moves_out_of_the_name_and_stands_on_the_page(app, visit, alice, stored):
    client = visit(alice)
    assert add(client, authors="Haru Mori; Jo Rubin (Translator)").status_code == 303

    assert stored() == (("Haru Mori",), (Contributor("Jo Rubin", "translator"),))
    page = client.get("/books/salt").text
    assert "Translated by" in page
    assert "Haru Mori; Jo Rubin (translator)" in client.get("/books/salt/edit").text
    with app.app_context():
        names = db.session.execute(select(Author.name).order_by(Author.name)).scalars().all()
        assert names == ["Haru Mori", "Jo Rubin"]
        assert db.session.execute(select(Book.authors_line)).scalar_one() == "Haru Mori"
    assert "Salt" in client.get("/books?q=rubin").text


def test_the_page_of_a_translator_names_their_books(visit, alice):
    client = visit(alice)
    add(client, authors="Haru Mori; Jo Rubin (Translator)")

    page = client.get("/authors/jo-rubin").text
    assert "Salt" in page
    assert "The club has no book" not in page


def test_a_translator_is_no_author_for_suggestions_or_matching(app, visit, alice):
    add(visit(alice), authors="Haru Mori; Jo Rubin (Translator)")

    with app.app_context():
        rubin, mori = (
            books_queries.authors_by_identity([name]).popitem()[1] for name in ("Jo Rubin", "Haru Mori")
        )
        assert not list(books_by(rubin.id))
        assert list(books_by(mori.id))


def test_a_role_is_edited_like_a_name(visit, alice, stored):
    client = visit(alice)
    add(client, authors="Haru Mori; Jo Rubin (Translator)")
    changed = "Haru Mori; Rubin, Jo (illustrator); Bo Reed (ed.)"

    assert client.post("/books/salt/edit", data={"authors": changed}).status_code == 303
    assert stored()[1] == (Contributor("Jo Rubin", "illustrator"), Contributor("Bo Reed", "editor"))
    assert "Jo Rubin (translator)" in client.get("/books/salt/edits").text


def test_a_book_that_only_has_an_editor_says_so(app, visit, alice):
    assert add(visit(alice), authors="Bo Reed (Editor)").status_code == 303
    with app.app_context():
        assert db.session.execute(select(Book.authors_line)).scalar_one() == "Bo Reed (editor)"


def test_lines_for_programs_name_the_roles(app):
    from bookclub.archive.club_queries import books

    with app.app_context():
        begin_write()
        fields = BookFields(
            title="Salt", authors=("Haru Mori",), contributors=(Contributor("Jo Rubin", "translator"),)
        )
        books_actions.add_book(fields, None)
        db.session.commit()
        line = next(iter(books(True)))

    told = json.loads(json.dumps(line["contributors"]))
    assert told == [{"name": "Jo Rubin", "role": "translator"}]


def test_the_exported_site_has_a_page_for_a_translator(app, visit, alice):
    from bookclub.archive.page_queries import authors_with_books

    add(visit(alice), authors="Haru Mori; Jo Rubin (Translator)")

    with app.app_context():
        pages = {author.name: [book.title for book in books] for author, books in authors_with_books()}
    assert pages == {"Haru Mori": ["Salt"], "Jo Rubin": ["Salt"]}


# Roles in names of before


def test_roles_in_names_of_before_move_out_when_the_club_is_opened(app, save, settings):
    from bookclub.schema import close, create_upgraded_app

    salt = save(make_book("Salt", author="Jo Rubin (Translator)"))
    fog = save(make_book("Fog", author="Jo Rubin"))
    ash = save(make_book("Ash", author="Cy Moss (Goodreads Author)"))
    with app.app_context():
        begin_write()
        db.session.execute(update(Author).values(identity_key=""))
        db.session.commit()
    close(create_upgraded_app(settings))

    with app.app_context():
        names = db.session.execute(select(Author.name).order_by(Author.name)).scalars().all()
        assert names == ["Cy Moss", "Jo Rubin"]
        found = {slug: books_queries.by_slug(slug).fields for slug in (salt.slug, fog.slug, ash.slug)}
        assert found["salt"].contributors == (Contributor("Jo Rubin", "translator"),)
        assert found["fog"].authors == ("Jo Rubin",)
        assert found["ash"].authors == ("Cy Moss",)
        assert db.session.get(Book, ash.id).authors_line == "Cy Moss"
        assert db.session.execute(select(Contribution)).scalars().all()
