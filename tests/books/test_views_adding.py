"""Adding a book: what is taken, what is refused, and what is pointed out first."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bookclub.books.models import Author, Book, Tag
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.field_values import AdaptationFields
from tests.books.pages import NOCTURNES
from tests.cases import each


def test_a_member_adds_a_book_with_everything(visit, alice, whole, rows):
    answer = visit(alice).post("/books/new", data=NOCTURNES)

    assert (answer.status_code, answer.location) == (303, "/books/nocturnes")
    assert whole("nocturnes") == BookFields(
        title="Nocturnes",
        subtitle="Five Stories of Music and Nightfall",
        authors=("Kazuo Ishiguro",),
        first_published=2009,
        description="Five stories, *quietly* told.",
        description_html='<p dir="auto">Five stories, <em>quietly</em> told.</p>\n',
        isbn="9780571244980",
        pages=221,
        tags=("music", "short stories"),
        adaptations=(AdaptationFields("Crooner", 2012, "stage"),),
    )
    assert rows(Book)[0].added_by_id == alice.id


def test_a_title_and_an_author_are_enough(visit, alice):
    client = visit(alice)
    answer = client.post("/books/new", data={"title": "Emma", "authors": "Jane Austen"})

    assert answer.status_code == 303
    page = client.get(answer.location)
    assert page.status_code == 200
    assert "Jane Austen" in page.text


def test_an_author_who_is_known_is_found_however_the_name_is_typed(visit, alice, add, rows):
    add("Nocturnes", "Kazuo Ishiguro")

    visit(alice).post("/books/new", data={"title": "Klara", "authors": "kazuo  ISHIGURO\nTerry Pratchett"})

    assert [author.name for author in rows(Author)] == ["Kazuo Ishiguro", "Terry Pratchett"]
    assert rows(Book)[1].authors_line == "Kazuo Ishiguro and Terry Pratchett"


def test_a_tag_that_is_known_is_found_however_it_is_typed(visit, alice, add, rows):
    add("Nocturnes", tags=("short stories",))

    visit(alice).post(
        "/books/new", data={"title": "Emma", "authors": "Jane Austen", "tags": "Short-Stories, love"}
    )

    assert [tag.name for tag in rows(Tag)] == ["short stories", "love"]


@each(
    ("title", "slug"),
    [
        ("わたしを離さないで", r"watashiolisanaide"),
        ("Война и мир", r"voyna-i-mir"),
        ("שלום", r"[a-z]+"),
        ("…!?", r"book-[0-9a-f]{8}"),
        ("💔", r"[a-z-]+"),
        ("New", r"new-2"),
        ("Edits", r"edits"),
    ],
)
def test_every_title_gets_an_address_that_works(visit, alice, title, slug):
    client = visit(alice)
    answer = client.post("/books/new", data={"title": title, "authors": "Somebody"})

    assert re.fullmatch(f"/books/{slug}", answer.location)
    assert title in client.get(answer.location).text


def test_books_of_one_name_get_numbers(add):
    assert [add("Emma", name).slug for name in ("A B", "C D", "E F")] == ["emma", "emma-2", "emma-3"]


def test_authors_and_tags_of_one_spelling_get_numbers(add, rows):
    add("Emma", "Čapek 小", tags=("小",))
    add("Emma", "Čapek 笑", tags=("笑",))

    assert [author.slug for author in rows(Author)] == ["capek-xiao", "capek-xiao-2"]
    assert [tag.slug for tag in rows(Tag)] == ["xiao", "xiao-2"]


@each(
    ("field", "typed", "sentence"),
    [
        ("title", "", "Give the title."),
        ("title", " \u200b ", "Give the title."),
        ("title", "x" * 201, "A title may have 200 characters"),
        ("subtitle", "x" * 201, "A subtitle may have 200 characters"),
        ("authors", "", "Name at least one author."),
        ("authors", "!!!", "is not a name"),
        ("authors", ";".join(f"Author {number}" for number in range(400)), "A book may have 20 authors"),
        ("first_published", "soon", "“soon” is not a year"),
        ("first_published", "9" * 5000, "Type a year from 4000 BC"),
        ("pages", "²", "“²” is not a number of pages"),
        ("pages", "9" * 5000, "Type a number of pages"),
        ("isbn", "9780571244981", "That ISBN has a wrong digit."),
        ("isbn", "nothing", "An ISBN has 10 or 13 digits"),
        ("tags", "x" * 51, "A tag may have 50 characters"),
        ("tags", ",".join(f"tag {number}" for number in range(99)), "A book may have 20 tags"),
        ("description", "x" * 10_001, "A description may have 10,000 characters"),
        ("description", "The butler ||did it||.", "can be read by everyone, so it cannot hide a spoiler"),
        ("adaptations", "Emma, 2020, film\nEmma, 1996, ballet", "Line 2: “ballet” is not one of film"),
    ],
)
def test_what_cannot_be_taken_is_said_in_words_and_kept(visit, alice, rows, field, typed, sentence):
    kept = {name: typed for name, typed in NOCTURNES.items() if name not in (field, "adaptations", "isbn")}
    answer = visit(alice).post("/books/new", data={**NOCTURNES, field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'aria-invalid="true"' in answer.text
    for words in kept.values():
        assert words in answer.text
    assert rows(Book) == []


def test_a_double_click_adds_one_book(app, visit, alice, rows):
    clients = [visit(alice) for _ in range(4)]
    form = {**NOCTURNES, "submission": "abcdefgh12345678"}

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda client: client.post("/books/new", data=form), clients))

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/books/nocturnes")] * 4
    assert len(rows(Book)) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_two_members_adding_one_book_at_once_add_it_once(visit, alice, bob, rows):
    clients = [visit(alice), visit(bob)]

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda client: client.post("/books/new", data=NOCTURNES), clients))

    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert len(rows(Book)) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_books_added_at_once_get_slugs_of_their_own(visit, alice, bob, rows):
    def add(which):
        client, author = which
        return client.post("/books/new", data={"title": "Emma", "authors": author}).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(add, [(visit(alice), f"Author {name}") for name in "ABCD"]))

    assert answers == [303] * 4
    assert sorted(book.slug for book in rows(Book)) == ["emma", "emma-2", "emma-3", "emma-4"]


def test_going_back_and_adding_another_book_adds_another(visit, alice, rows):
    client, mark = visit(alice), {"submission": "abcdefgh12345678"}
    client.post("/books/new", data={"title": "Emma", "authors": "Jane Austen", **mark})
    answer = client.post("/books/new", data={"title": "Persuasion", "authors": "Jane Austen", **mark})

    assert answer.location == "/books/persuasion"
    assert len(rows(Book)) == 2


def test_a_book_that_is_there_is_pointed_out_before_it_is_made_again(visit, alice, add, rows):
    add("The Remains of the Day", "Kazuo Ishiguro", first_published=1989)
    client = visit(alice)
    form = {
        "title": "remains of the Day!",
        "authors": "Somebody Else; KAZUO ishiguro",
        "description": "My words about it.",
    }

    answer = client.post("/books/new", data=form)

    assert answer.status_code == 422
    assert "The club has this already" in answer.text
    assert 'href="/books/the-remains-of-the-day"' in answer.text
    assert 'name="anyway"' in answer.text
    assert "My words about it." in answer.text
    assert len(rows(Book)) == 1

    answer = client.post("/books/new", data={**form, "anyway": "y"})
    assert (answer.status_code, answer.location) == (303, "/books/remains-of-the-day")


def test_a_title_that_somebody_else_used_is_no_duplicate(visit, alice, add):
    add("Emma", "Jane Austen")

    answer = visit(alice).post("/books/new", data={"title": "Emma", "authors": "Kōji Mori"})

    assert answer.location == "/books/emma-2"


def test_an_isbn_that_another_book_has_is_refused_whatever_is_ticked(visit, alice, add, rows):
    add("Nocturnes", "Kazuo Ishiguro", isbn="9780571244980")

    answer = visit(alice).post(
        "/books/new",
        data={"title": "Other", "authors": "Other", "isbn": "057124498X", "anyway": "y"},
    )

    assert answer.status_code == 422
    assert "Another book of the club has this ISBN." in answer.text
    assert 'href="/books/nocturnes"' in answer.text
    assert 'name="anyway"' not in answer.text
    assert len(rows(Book)) == 1


def test_the_form_suggests_authors_who_are_known(visit, alice, add):
    add("Nocturnes", "Kazuo Ishiguro")
    add("Emma", "Jane Austen")
    page = visit(alice).get("/books/new", query_string={"authors": "Terry Pratchett; ishi"})

    assert '<option value="Terry Pratchett; Kazuo Ishiguro">' in page.text
    assert 'value="Terry Pratchett; Jane Austen"' not in page.text


def test_the_form_takes_over_what_was_searched_for(visit, alice):
    assert 'value="Emma"' in visit(alice).get("/books/new?title=Emma").text


@each("asked", ["?authors=%00", "?title=%00&authors=%25;%5C", "?authors=" + ";" * 3000])
def test_no_address_of_the_form_is_too_strange(visit, alice, asked):
    assert visit(alice).get(f"/books/new{asked}").status_code == 200


@each("field", NOCTURNES)
def test_what_is_endless_is_refused_at_once(visit, alice, field):
    began = time.perf_counter()
    answer = visit(alice).post("/books/new", data={**NOCTURNES, field: "a;,1\n" * 200_000})

    assert answer.status_code in (413, 422)
    assert time.perf_counter() - began < 3
