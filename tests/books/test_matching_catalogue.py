"""The books of the catalogue that others are, found however they are written."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import select, update

from bookclub.books import actions as books_actions
from bookclub.books import match_queries
from bookclub.books import queries as books_queries
from bookclub.books.models import Author, Book, Edition
from bookclub.extensions import begin_write, db
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.name_likeness import author_key
from bookclub.lib.matches.titles import match_columns
from bookclub.lib.matches.verdict import BookDescription
from bookclub.schema import close, create_upgraded_app
from tests.benchmarks.disturbances import ALL
from tests.benchmarks.matching import add, wanted_from
from tests.books.library import rows
from tests.factories import make_book

DUNE, OTHER = "9780593099322", "9780441013593"
# What is in a title and lost with it: two of these ways may leave one that is another book's.
LOSING = {"subtitle removed", "series removed", "two at once", "three at once", "typing error in both"}


@pytest.fixture
def catalogue(app):
    """``catalogue(*books)`` adds books of (title, author) and more fields; it gives their ids."""

    def fill(*books: dict[str, object]) -> list[int]:
        with app.app_context():
            begin_write()
            ids = [books_actions.add_book(BookFields(**fields), None).id for fields in books]
            db.session.commit()
            return ids

    return fill


@pytest.fixture
def find(app):
    """``find(wanted, …)`` gives the ids of the books that these are."""

    def find(*wanted: BookDescription) -> list[int | None]:
        with app.app_context():
            return match_queries.find_books(wanted)

    return find


def by(title: str, *authors: str, **more: object) -> dict[str, object]:
    return {"title": title, "authors": authors, **more}


def test_half_of_a_library_is_found_and_the_other_half_is_not(app):
    dice, library = Random(1), rows()
    kept = sorted(dice.sample(range(len(library)), len(library) // 2))
    with app.app_context():
        begin_write()
        ids = {place: add(library[place], dice) for place in kept}
        db.session.commit()
        there = found = wrong = 0
        for name, disturb in ALL.items():
            disturbed = [(place, other) for place, row in enumerate(library) if (other := disturb(row, dice))]
            answers = match_queries.find_books([wanted_from(row) for _, row in disturbed])
            mistaken = [
                (name, row, answer)
                for (place, row), answer in zip(disturbed, answers, strict=True)
                if answer and answer != ids.get(place)
            ]
            assert name in LOSING or mistaken == []
            wrong += len(mistaken)
            there += sum(place in ids for place, _ in disturbed)
            found += sum(bool(answer) for answer in answers) - len(mistaken)

    assert found / there >= 0.98
    # These books are easily taken for others: there are ten times as many such as in a whole library.
    assert wrong / there <= 0.01


@pytest.mark.databases("sqlite", "postgresql")
def test_an_isbn_of_any_edition_finds_its_book_unless_all_else_disagrees(app, save, catalogue, find):
    dune, emma = catalogue(by("Dune", "Frank Herbert", isbn=DUNE), by("Emma", "Jane Austen"))
    save(Edition(book_id=emma, isbn=OTHER))

    assert find(
        BookDescription("Der Wüstenplanet", ("Frank Herbert",), (DUNE,)),
        BookDescription("Emma (Penguin Classics)", (), (OTHER,)),
        BookDescription("The Cat in the Hat", ("Dr. Seuss",), (DUNE,)),
        BookDescription("Dune", ("Frank Herbert",), (OTHER,)),
    ) == [dune, emma, None, dune]


def test_of_several_the_nearest_is_taken_and_else_the_first(catalogue, find):
    apprentice, master = catalogue(
        by("Magician", "Raymond E. Feist", subtitle="Apprentice", first_published=1982),
        by("Magician", "Raymond E. Feist", subtitle="Master", first_published=1986),
    )
    first, second = catalogue(by("Emma", "Jane Austen"), by("Emma", "Jane Austen"))

    assert find(
        BookDescription("Magician: Master", ("Raymond Feist",)),
        BookDescription("Magician", ("Raymond E. Feist",), year=1982),
        BookDescription("Magician", ("Raymond E. Feist",)),
        BookDescription("Emma", ("Jane Austen",)),
    ) == [master, apprentice, apprentice, first]
    assert first < second


LOOMS = by("Looms: The Secret Lives of Weavers", "Jane Roe", first_published=2011)
BRITISH = BookDescription("Looms: What the Threads Have Always Known", ("Jane Roe",), year=2011)


def test_a_subtitle_that_differs_by_country_is_found_and_told(app, catalogue):
    (looms,) = catalogue(LOOMS)

    with app.app_context():
        assert match_queries.match_books([BRITISH]) == [match_queries.Match(looms, near=LOOMS["title"])]
        # Parts of something, and rows that the file tells from others, are in doubt.
        for doubtful in (replace(BRITISH, title="Looms: Threads"), replace(BRITISH, is_exact=True)):
            assert match_queries.match_books([doubtful]) == [match_queries.Match(None, near=LOOMS["title"])]


def test_where_the_club_has_two_such_books_a_third_is_in_doubt(app, catalogue):
    catalogue(LOOMS, by("Looms: Everything That a Spindle Said", "Jane Roe", first_published=2011))

    with app.app_context():
        assert match_queries.match_books([BRITISH]) == [match_queries.Match(None, near=LOOMS["title"])]


def test_it_takes_as_many_statements_for_200_books_as_for_one(app, catalogue, statements):
    catalogue(*(by(f"The Long Book of {word} Things", f"Author {word}") for word in ("Old", "New", "Small")))
    wanted = [BookDescription(f"The Lng Book of Old Things {n}", ("Author Odl",)) for n in range(199)]
    wanted.append(BookDescription("The Long Book fo New Things", ("Author New",)))

    with app.app_context():
        with statements() as few:
            match_queries.find_books(wanted[-1:])
        with statements() as lots:
            assert match_queries.find_books(wanted)[-1] is not None
        with statements() as none:
            assert match_queries.find_books([]) == []

    # Titles and names from before mergers are looked through as well.
    assert len(lots) <= len(few) + 1 <= 16
    assert none == []


def test_a_book_keeps_its_keys_when_it_is_edited_and_when_it_comes_without(app, save, catalogue, olive):
    (book_id,) = catalogue(by("Dune", "Frank Herbert"))
    made = save(make_book("The Dispossessed", author="Ursula K. Le Guin"))
    with app.app_context():
        begin_write()
        book = books_queries.by_slug("dune")
        books_actions.edit_book(book, BookFields(title="Emma: A Novel", authors=("FRANK HERBERT",)), olive)
        db.session.commit()
        kept = db.session.execute(select(Book.match_key, Book.match_head, Book.match_tail).order_by(Book.id))

        assert [tuple(row) for row in kept] == [
            ("emma", "em", "ma"),
            ("dispossessed", "dispos", "sessed"),
        ]
        assert match_queries.find_books([BookDescription("Dispossessed, The", ("Ursula LeGuin",))]) == [
            made.id
        ]
        assert match_queries.find_books([BookDescription("Emma", ("Frank Herbert",))]) == [book_id]


@pytest.mark.databases("sqlite", "postgresql")
def test_books_of_an_older_club_get_their_keys_when_it_is_opened(app, settings, save):
    ids = [save(make_book(f"A Book of {n} Things", author=f"Jo Doe {n}")).id for n in (2, 3)]
    with app.app_context():
        begin_write()
        db.session.execute(update(Book).values(match_key="", match_head="", match_tail=""))
        db.session.execute(update(Author).values(match_key=""))
        db.session.commit()
        assert match_queries.lacks_match_keys()
        assert match_queries.find_books([BookDescription("A Book of Two Things", ("Jo Doe 2",))]) == [None]
        db.session.close()

    close(create_upgraded_app(settings))

    with app.app_context():
        assert not match_queries.lacks_match_keys()
        assert match_queries.find_books([BookDescription("A Book of Two Things", ("Jo Doe 2",))]) == ids[:1]
        book = db.session.get(Book, ids[0])
        assert {name: getattr(book, name) for name in match_columns(book.title)} == match_columns(book.title)
        names = db.session.execute(select(Author.name, Author.match_key)).all()
        assert all(key == author_key(name) for name, key in names)


def test_adding_a_book_that_is_there_under_another_spelling_asks_first(app, catalogue, visit, alice):
    catalogue(by("The Hobbit", "J.R.R. Tolkien"))

    answer = visit(alice).post(
        "/books/new",
        data={"title": "Hobbit, or There and Back Again", "authors": "John Ronald Reuel Tolkien"},
    )

    assert answer.status_code == 422
    assert "/books/the-hobbit" in answer.text
