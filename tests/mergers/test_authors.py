"""Two spellings of a name become one author, by hand and by command, and come apart again."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select, update

from bookclub.books import match_queries
from bookclub.books.actions import add_books
from bookclub.books.models import Author, AuthorSpelling, Book, BookEdit
from bookclub.cli.main import main
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.matches.author_names import same_author
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.editions import EditionFields
from bookclub.lib.matches.verdict import BookDescription
from bookclub.mergers.author_merge import merge_authors
from bookclub.mergers.models import Merger
from bookclub.mergers.rules import UNDO_FOR, Spelling, spelling_groups
from tests.factories import make_ask, make_author, make_book
from tests.page_forms import form_to

SPELLINGS = ("T. Q. Moor", "TQ Moor", "Moor, TQ", "Moor, T. Q.")


@pytest.fixture
def spellings(save):
    """One author under four names, as an older Bookclub took them in; the second has two books."""
    authors = [make_author(name) for name in SPELLINGS]
    books = [make_book(f"Peat {number}", author=each) for number, each in enumerate(authors)]
    books.append(make_book("Heather", author=authors[1]))
    save(*books)
    return authors


@pytest.mark.parametrize("name", SPELLINGS)
def test_initials_are_one_author_however_they_are_written(name):
    assert same_author(name, "t q moor")
    assert not same_author(name, "T. Moor")
    assert not same_author(name, "T. Q. Moore")


def test_of_a_group_the_one_with_most_books_comes_first_then_the_lowest_id():
    rows = [
        Spelling(1, "T. Q. Moor", "t-q-moor", 1),
        Spelling(2, "Ada Fen", "ada-fen", 9),
        Spelling(3, "TQ Moor", "tq-moor", 2),
        Spelling(4, "Moor, T.Q.", "moor-t-q", 2),
    ]

    assert [[each.id for each in group] for group in spelling_groups(rows)] == [[3, 4, 1]]


@pytest.mark.databases("sqlite", "postgresql")
def test_merging_moves_books_and_questions_and_keeps_the_spelling(
    app, spellings, save, merge, visit, alice, olive, rows, dump
):
    kept, gone = spellings[0], spellings[3]
    save(make_ask(alice, "Which one first?", author=gone))
    before = dump("author_spelling", "merger_step")
    client = visit(olive)

    shown = client.get(f"/authors/{gone.slug}/merger?into=T. Q. Moor").text
    assert "Peat 3" in shown
    assert "1 question moves" in shown
    assert merge("authors", gone.slug, into="T. Q. Moor").status_code == 303

    page = client.get(f"/authors/{kept.slug}").text
    assert "Peat 0" in page
    assert "Peat 3" in page
    assert "Also written" in page
    moved = client.get(f"/authors/{gone.slug}")
    assert (moved.status_code, moved.location) == (302, f"/authors/{kept.slug}")
    assert "Peat 3" in client.get(f"/books?author={gone.slug}").text
    assert "Peat 3" in client.get("/books?q=Moor, T. Q.").text
    edits = client.get("/books/peat-3/edits").text
    assert "Moor, T. Q." in edits
    assert "T. Q. Moor" in edits

    merger = rows(select(Merger))[0]
    assert client.post(f"/mergers/{merger.id}/reversal").location == f"/authors/{gone.slug}"
    assert dump("author_spelling", "merger_step") == before
    assert not rows(select(AuthorSpelling))
    assert "Undone by Olive, just now." in client.get(f"/authors/{kept.slug}").words


def test_a_name_that_was_merged_is_found_by_forms_and_imports(app, spellings, merge, visit, alice, rows):
    merge("authors", spellings[3].slug, into=spellings[0].slug)

    sent = visit(alice).post("/books/new", data={"title": "Bracken", "authors": "Moor, T. Q."})
    assert sent.status_code == 303
    assert rows(select(Book.authors_line).where(Book.title == "Bracken")) == ["T. Q. Moor"]
    with app.app_context():
        begin_write()
        fields = BookFields(title="Gorse", authors=("Moor, T. Q.", "T. Q. Moor"))
        add_books([(fields, EditionFields(None, None, None, None))], None)
        db.session.commit()
    assert rows(select(Book.authors_line).where(Book.title == "Gorse")) == ["T. Q. Moor"]
    assert len(rows(select(Author))) == len(spellings) - 1


def test_a_pen_name_that_was_merged_still_finds_its_books(app, add, merge):
    fens = add("The Drowned Fens", "Ruth Lark")
    add("Larks Ascending", "Ines Vole")
    merge("authors", "ruth-lark", into="ines-vole")

    with app.app_context():
        wanted = [
            BookDescription("The Drowned Fens", ("Ruth Lark",)),
            BookDescription("The Drowned Fens", ("Ines Vole",)),
        ]
        assert match_queries.find_books(wanted) == [fens.id, fens.id]


def test_a_book_that_names_both_names_one_afterwards_and_both_again(
    app, add, merge, visit, olive, rows, dump
):
    add("Sedge", "T. Q. Moor; Ada Fen; Tamsin Moor")
    before = dump("author_spelling", "merger_step")
    merge("authors", "tamsin-moor", into="t-q-moor")

    assert rows(select(Book.authors_line)) == ["T. Q. Moor and Ada Fen"]
    visit(olive).post(f"/mergers/{rows(select(Merger.id))[0]}/reversal")
    assert dump("author_spelling", "merger_step") == before


def test_an_edit_with_the_old_spelling_changes_nothing(add, merge, visit, alice, rows):
    add("Sedge", "T. Q. Moor")
    add("Rush", "Tamsin Moor")
    merge("authors", "tamsin-moor", into="t-q-moor")
    logged = len(rows(select(BookEdit)))

    visit(alice).post("/books/sedge/edit", data={"authors": "Tamsin Moor"})
    assert rows(select(Book.authors_line).where(Book.slug == "sedge")) == ["T. Q. Moor"]
    assert len(rows(select(BookEdit))) == logged


def test_what_was_added_since_stays_with_the_author_who_was_kept(add, merge, visit, olive, rows):
    add("Sedge", "T. Q. Moor")
    add("Rush", "Tamsin Moor")
    merge("authors", "tamsin-moor", into="t-q-moor")
    add("Teasel", "Tamsin Moor")

    visit(olive).post(f"/mergers/{rows(select(Merger.id))[0]}/reversal")
    lines = dict(zip(rows(select(Book.title)), rows(select(Book.authors_line)), strict=True))
    assert lines == {"Sedge": "T. Q. Moor", "Rush": "Tamsin Moor", "Teasel": "T. Q. Moor"}


def test_only_organisers_merge_and_undo(add, visit, alice, mod, olive, merge, rows):
    add("Sedge", "T. Q. Moor")
    add("Rush", "Tamsin Moor")
    for somebody in (alice, mod):
        client = visit(somebody)
        assert "Merge with another" not in client.get("/authors/tamsin-moor").text
        assert client.get("/authors/tamsin-moor/merger").status_code == 403
        assert client.post("/authors/tamsin-moor/merger", data={"into": "t-q-moor"}).status_code == 403
        assert client.post("/authors/tamsin-moor/split", data={"name": "X"}).status_code == 403
    merge("authors", "tamsin-moor", into="t-q-moor")
    merger_id = rows(select(Merger.id))[0]
    assert visit(alice).post(f"/mergers/{merger_id}/reversal").status_code in (403, 404)
    assert visit(olive).get(f"/mergers/{merger_id + 1}/reversal").status_code == 404


def test_a_preview_that_is_stale_is_shown_again(add, visit, olive, rows):
    add("Sedge", "T. Q. Moor")
    add("Rush", "Tamsin Moor")
    client = visit(olive)
    form = form_to(
        client.get("/authors/tamsin-moor/merger?into=t-q-moor").text, "/authors/tamsin-moor/merger"
    )
    add("Teasel", "Tamsin Moor")

    again = client.post("/authors/tamsin-moor/merger", data=form.fields)
    assert again.status_code == 422
    assert "Something has changed" in again.text
    assert "Teasel" in again.text
    form = form_to(again.text, "/authors/tamsin-moor/merger")
    assert client.post("/authors/tamsin-moor/merger", data=form.fields).status_code == 303
    sent_twice = client.post("/authors/tamsin-moor/merger", data=form.fields)
    assert (sent_twice.status_code, sent_twice.location) == (303, "/authors/t-q-moor")
    assert len(rows(select(Merger))) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_two_organisers_who_merge_either_way_merge_once(add, visit, olive, rows):
    add("Sedge", "T. Q. Moor")
    add("Rush", "Tamsin Moor")
    one, other = visit(olive), visit(olive)
    there = form_to(one.get("/authors/tamsin-moor/merger?into=t-q-moor").text, "/authors/tamsin-moor/merger")
    back = form_to(other.get("/authors/t-q-moor/merger?into=tamsin-moor").text, "/authors/t-q-moor/merger")

    assert one.post("/authors/tamsin-moor/merger", data=there.fields).status_code == 303
    assert other.post("/authors/t-q-moor/merger", data=back.fields).status_code == 422
    assert len(rows(select(Author))) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_it_can_be_undone_for_a_week_and_the_later_one_first(app, spellings, merge, visit, olive, rows):
    merge("authors", spellings[3].slug, into=spellings[2].slug)
    merge("authors", spellings[2].slug, into=spellings[0].slug)
    first, second = rows(select(Merger.id).order_by(Merger.id))
    client = visit(olive)

    refused = client.post(f"/mergers/{first}/reversal")
    assert refused.status_code == 422
    assert "“Moor, TQ” was merged later. Undo that first." in refused.text
    assert client.get(f"/authors/{spellings[3].slug}").location == f"/authors/{spellings[0].slug}"
    with app.app_context():
        begin_write()
        db.session.execute(update(Merger).values(merged_at=utcnow() - UNDO_FOR - timedelta(seconds=1)))
        db.session.commit()
    assert client.post(f"/mergers/{second}/reversal").status_code == 422
    assert "Undo" not in client.get(f"/authors/{spellings[0].slug}").text
    with app.app_context():
        begin_write()
        db.session.execute(update(Merger).values(merged_at=utcnow()))
        db.session.commit()
    assert client.post(f"/mergers/{second}/reversal").status_code == 303
    assert client.post(f"/mergers/{first}/reversal").status_code == 303
    assert len(rows(select(Author))) == len(spellings)


def test_some_books_are_by_another_author_of_that_name(add, visit, olive, rows, dump):
    add("Sedge", "John Vole")
    add("Voles of the World", "John Vole")
    before = dump("merger_step")
    client = visit(olive)
    voles = rows(select(Book.id).where(Book.slug == "voles-of-the-world"))[0]
    form = form_to(client.get("/authors/john-vole/split").text, "/authors/john-vole/split")

    taken = client.post("/authors/john-vole/split", data={**form.fields, "name": "John Vole", "book": voles})
    assert taken.status_code == 422
    assert "has that name already" in taken.text
    assert client.post("/authors/john-vole/split", data={**form.fields, "name": "J"}).status_code == 422
    named = {**form.fields, "name": "John Vole (zoologist)", "book": voles}
    done = client.post("/authors/john-vole/split", data=named)
    assert (done.status_code, done.location) == (303, "/authors/john-vole-zoologist")
    assert client.post("/authors/john-vole/split", data=named).location == done.location
    assert rows(select(Book.authors_line).order_by(Book.id)) == ["John Vole", "John Vole (zoologist)"]

    add("More Voles", "John Vole (zoologist)")
    assert client.post(f"/mergers/{rows(select(Merger.id))[0]}/reversal").status_code == 303
    assert rows(select(Book.authors_line)) == ["John Vole"] * 3
    with_more = dump("merger_step")
    assert len(with_more["author"]) == len(before["author"])


def test_the_command_lists_duplicates_and_merges_them(app, spellings, settings, monkeypatch, rows):
    monkeypatch.setenv("BOOKCLUB_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("BOOKCLUB_DATA", str(settings.data))

    listed = CliRunner().invoke(main, ["authors", "duplicates"])
    assert listed.exit_code == 0, listed.output
    assert "Keep TQ Moor (id 2, 2 books)" in listed.output
    assert "merge Moor, T. Q. (id 4, 1 book)" in listed.output
    as_json = json.loads(CliRunner().invoke(main, ["authors", "duplicates", "--json"]).output)
    assert [author["id"] for author in as_json[0]["authors"]] == [2, 1, 3, 4]
    assert as_json[0]["keep"] == 2

    merged = CliRunner().invoke(main, ["authors", "duplicates", "--merge"])
    assert merged.exit_code == 0, merged.output
    assert "Kept TQ Moor" in merged.output
    assert rows(select(Author.name)) == ["TQ Moor"]
    assert sorted(rows(select(AuthorSpelling.name))) == ["Moor, T. Q.", "Moor, TQ", "T. Q. Moor"]
    again = CliRunner().invoke(main, ["authors", "duplicates", "--merge"])
    assert "No author is listed under two spellings." in again.output


def test_what_the_command_merged_an_organiser_undoes(app, spellings, visit, olive, rows, dump):
    before = dump("author_spelling", "merger_step")
    with app.app_context():
        begin_write()
        merge_authors(spellings[1].id, spellings[0].id, None, utcnow())
        db.session.commit()
    client = visit(olive)
    assert "from the command line" in client.get(f"/authors/{spellings[1].slug}").text
    assert client.post(f"/mergers/{rows(select(Merger.id))[0]}/reversal").status_code == 303
    assert dump("author_spelling", "merger_step") == before
