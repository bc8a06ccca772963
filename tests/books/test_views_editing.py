"""Editing a book, and the log of it."""

from __future__ import annotations

import re

from bookclub.books.models import Author, Book, BookEdit
from bookclub.lib.matches.book_fields import BookFields
from tests.books.pages import NOCTURNES, made_from_on


def test_an_edit_changes_what_it_names_and_keeps_the_address(visit, alice, bob, add, whole):
    add("Emma", "Jane Austen", alice, pages=300, isbn="9780571244980", tags=("love",))

    answer = visit(bob).post(
        "/books/emma/edit",
        data={"title": "Emma: A Novel", "pages": "474", "first_published": "1815", "tags": "Love, Highbury"},
    )

    assert (answer.status_code, answer.location) == (303, "/books/emma")
    assert whole("emma") == BookFields(
        title="Emma: A Novel",
        authors=("Jane Austen",),
        first_published=1815,
        pages=474,
        isbn="9780571244980",
        tags=("love", "highbury"),
    )


def test_a_whole_form_empties_what_it_sends_empty(visit, alice, add, whole):
    add("Emma", "Jane Austen", subtitle="A Novel", pages=300, tags=("love",))
    empty = dict.fromkeys(NOCTURNES, "")

    answer = visit(alice).post("/books/emma/edit", data={**empty, "title": "Emma", "authors": "Jane Austen"})

    assert answer.status_code == 303
    assert whole("emma") == BookFields(title="Emma", authors=("Jane Austen",))


def test_the_form_sent_as_it_was_shown_changes_nothing(visit, alice, rows):
    client = visit(alice)
    client.post("/books/new", data=NOCTURNES)
    page = client.get("/books/nocturnes/edit").text
    shown = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    shown |= dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\r?\n([^<]*)</textarea>', page))
    assert set(NOCTURNES) <= set(shown)

    assert client.post("/books/nocturnes/edit", data=shown).status_code == 303
    assert rows(BookEdit) == []


def test_edits_are_logged_with_before_and_after(visit, alice, bob, add, rows):
    add("Emma", "Jane Austen", alice, pages=300)
    client = visit(bob)
    client.post("/books/emma/edit", data={"pages": "474", "first_published": "1815"})
    client.post("/books/emma/edit", data={"authors": "Jane Austen; Somebody", "pages": ""})

    assert [edit.changes for edit in rows(BookEdit)] == [
        {"pages": ["300", "474"], "first_published": ["", "1815"]},
        {"authors": ["Jane Austen", "Jane Austen; Somebody"], "pages": ["474", ""]},
    ]
    page = client.get("/books/emma/edits")
    assert page.status_code == 200
    assert page.text.index("Jane Austen; Somebody") < page.text.index("<ins>474</ins>")
    assert "<del>300</del>" in page.text
    assert "Alice</a> added the book" in page.text


def test_an_author_spelt_better_is_renamed_everywhere(visit, alice, add, rows):
    add("Emma", "jane austen")
    add("Persuasion", "jane austen; A B")

    visit(alice).post("/books/emma/edit", data={"authors": "Jane Austen"})

    assert [author.name for author in rows(Author)] == ["Jane Austen", "A B"]
    assert [book.authors_line for book in rows(Book)] == ["Jane Austen", "Jane Austen and A B"]


def test_authors_change_places_and_leave(visit, alice, add, whole):
    add("Good Omens", "Neil Gaiman; Terry Pratchett; Nobody")

    visit(alice).post("/books/good-omens/edit", data={"authors": "Terry Pratchett; Neil Gaiman"})

    assert whole("good-omens").authors == ("Terry Pratchett", "Neil Gaiman")


def test_an_edit_cannot_take_the_isbn_of_another_book(visit, alice, add, whole):
    add("Nocturnes", "Kazuo Ishiguro", isbn="9780571244980")
    add("Emma", "Jane Austen")

    answer = visit(alice).post("/books/emma/edit", data={"isbn": "9780571244980"})

    assert answer.status_code == 422
    assert 'href="/books/nocturnes"' in answer.text
    assert whole("emma").isbn is None


def test_an_edit_that_makes_a_twin_is_pointed_out(visit, alice, add, whole):
    add("Emma", "Jane Austen")
    add("Emna", "Jane Austen")
    client = visit(alice)

    assert client.post("/books/emna/edit", data={"title": "Emma"}).status_code == 422
    assert client.post("/books/emna/edit", data={"title": "Emma", "anyway": "y"}).status_code == 303
    assert client.post("/books/emna/edit", data={"pages": "300"}).status_code == 303
    assert whole("emna").title == "Emma"


def test_an_edit_made_meanwhile_is_not_overwritten_unseen(visit, alice, bob, add, whole):
    add("Emma", "Jane Austen")
    made_from = made_from_on(visit(alice).get("/books/emma/edit").text)
    visit(bob).post("/books/emma/edit", data={"pages": "474", "made_from": made_from})

    answer = visit(alice).post("/books/emma/edit", data={"pages": "300", "made_from": made_from})

    assert answer.status_code == 422
    assert "While you were writing, Bob saved this" in answer.text
    assert "474</textarea>" in answer.text
    assert 'value="300"' in answer.text
    assert whole("emma").pages == 474
    made_from = made_from_on(answer.text)
    visit(alice).post("/books/emma/edit", data={"pages": "300", "made_from": made_from})
    assert whole("emma").pages == 300


def test_a_wrong_edit_changes_nothing_and_keeps_what_was_typed(visit, alice, add, whole):
    add("Emma", "Jane Austen")

    answer = visit(alice).post("/books/emma/edit", data={"title": "", "description": "Handsome, clever."})

    assert answer.status_code == 422
    assert "Give the title." in answer.text
    assert "Handsome, clever." in answer.text
    assert whole("emma").title == "Emma"
