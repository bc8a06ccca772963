"""Editions: added, corrected, logged, and what a corrected length does to readers and their words."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.books.models import Book, BookEdit, Edition
from bookclub.extensions import db, utcnow
from bookclub.readings.models import Reading
from bookclub.threads.models import Comment
from tests.factories import make_comment, make_thread

NEW = "/books/emma/editions/new"


@pytest.fixture
def reads(save):
    """``reads(bob, book, 5000, "100", "page")``: a reading with the entry that was typed."""

    def reads(member, book, position, entry, unit="page", edition=None):
        reading = Reading(
            member_id=member.id,
            book_id=book.id,
            status="reading",
            position=position,
            mark=position,
            entry=entry,
            entry_unit=unit,
            edition_id=edition.id if edition else None,
            changed_at=utcnow(),
        )
        return save(reading)

    return reads


@pytest.fixture
def place_of(app):
    """``place_of(bob)`` is where he is by now: position, mark and entry."""

    def place_of(member):
        with app.app_context():
            reading = db.session.execute(select(Reading).where(Reading.member_id == member.id)).scalar_one()
            return reading.position, reading.mark, reading.entry

    return place_of


def test_an_edition_is_added_shown_and_logged(visit, alice, add, rows):
    add("Emma", pages=474)
    client = visit(alice)

    answer = client.post(NEW, data={"format": "audiobook", "minutes": "9:46", "isbn": "9780571244980"})

    assert (answer.status_code, answer.location) == (303, "/books/emma")
    page = client.get("/books/emma").text
    for words in ("474 pages", "audiobook, 9 h 46 min", "978-0-571-24498-0", "Add an edition"):
        assert words in page
    (edit,) = rows(BookEdit)
    assert edit.changes == {"edition": ["", "audiobook, 9 h 46 min, ISBN 978-0-571-24498-0"]}
    assert "<ins>audiobook, 9 h 46 min" in client.get("/books/emma/edits").text
    assert "Emma" in client.get("/books?q=978-0-571-24498-0").text


def test_the_first_thing_known_of_a_book_without_editions_fills_its_blank_one(visit, alice, add, rows):
    add("Emma")

    visit(alice).post(NEW, data={"pages": "474", "minutes": "", "isbn": "", "format": ""})

    assert [(one.pages, one.format) for one in rows(Edition)] == [(474, None)]


def test_an_edition_is_corrected_and_what_is_not_sent_stays(visit, alice, add, rows):
    add("Emma", pages=282, isbn="9780571244980")
    (edition,) = rows(Edition)
    client = visit(alice)
    address = f"/books/emma/editions/{edition.id}/edit"
    assert 'value="282"' in client.get(address).text

    assert client.post(address, data={"pages": "300", "format": "paperback"}).status_code == 303
    assert client.post(address, data={"pages": "300"}).status_code == 303

    (edition,) = rows(Edition)
    assert (edition.pages, edition.format, edition.isbn) == (300, "paperback", "9780571244980")
    isbn = "ISBN 978-0-571-24498-0"
    assert [edit.changes for edit in rows(BookEdit)] == [
        {"edition": [f"282 pages, {isbn}", f"paperback, 300 pages, {isbn}"]}
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Fill in at least one of these"),
        ({"format": "", "pages": " "}, "Fill in at least one of these"),
        ({"format": "scroll"}, "Choose one of the formats."),
        ({"pages": "many"}, "“many” is not a number of pages."),
        ({"minutes": "9:99"}, "“9:99” is no length"),
        ({"minutes": "0"}, "Type a length from 1"),
        ({"isbn": "9780571244981"}, "That ISBN has a wrong digit."),
        ({"isbn": "9780571258093"}, "An edition of “Nocturnes” has this ISBN."),
        ({"isbn": "9780571244980"}, "An edition of “Emma” has this ISBN."),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_kept(visit, alice, add, rows, data, words):
    add("Emma", isbn="9780571244980")
    add("Nocturnes", isbn="9780571258093")

    answer = visit(alice).post(NEW, data=data)

    assert answer.status_code == 422
    assert words in answer.text
    for typed in filter(str.strip, data.values()):
        assert f'value="{typed}"' in answer.text or typed == "scroll"
    assert len(rows(Edition)) == 2


def test_an_edition_keeps_its_own_isbn_and_may_not_become_empty(visit, alice, add, rows):
    add("Emma", isbn="9780571244980")
    (edition,) = rows(Edition)
    client, address = visit(alice), f"/books/emma/editions/{edition.id}/edit"

    assert client.post(address, data={"isbn": "978-0-571-24498-0", "pages": "9"}).status_code == 303
    assert (
        client.post(address, data={"isbn": "", "pages": "", "minutes": "", "format": ""}).status_code == 422
    )
    assert rows(Edition)[0].pages == 9


def test_the_form_of_the_book_cannot_take_the_isbn_of_its_other_edition(visit, alice, add, rows):
    add("Emma", pages=474)
    client = visit(alice)
    client.post(NEW, data={"isbn": "9780571244980"})

    answer = client.post("/books/emma/edit", data={"isbn": "9780571244980"})

    assert answer.status_code == 422
    assert "Another edition of this book has this ISBN." in answer.text


def test_the_form_of_the_book_leaves_the_isbn_of_its_other_edition_to_be_found(visit, alice, add, rows):
    add("Emma", pages=474)
    client = visit(alice)
    client.post(NEW, data={"isbn": "9780571244980"})

    client.post("/books/emma/edit", data={"subtitle": "A novel"})

    assert "A novel" in client.get("/books/emma").text
    assert "9780571244980" in rows(Book)[0].search_key


def test_an_edition_of_another_book_is_not_there(visit, alice, add, rows):
    add("Emma", pages=474)
    add("Persuasion", pages=272)
    other = rows(Edition)[1].id
    client = visit(alice)

    for edition_id in (other, 4711, 10**30):
        address = f"/books/emma/editions/{edition_id}/edit"
        assert client.get(address).status_code == 404
        assert client.post(address, data={"pages": "9"}).status_code == 404
    assert rows(Edition)[1].pages == 272


@pytest.mark.parametrize("road", ["edition", "book"])
def test_a_length_corrected_upwards_takes_a_reader_back(visit, alice, bob, add, reads, place_of, rows, road):
    book = add("Emma", pages=200)
    reads(bob, book, 5000, "100")
    address = f"/books/emma/editions/{rows(Edition)[0].id}/edit" if road == "edition" else "/books/emma/edit"

    assert visit(alice).post(address, data={"pages": "400"}).status_code == 303

    assert place_of(bob) == (2500, 2500, "100")


@pytest.mark.parametrize("road", ["edition", "book"])
def test_a_length_corrected_downwards_takes_a_reader_on_and_what_they_wrote_with_them(
    visit, save, alice, bob, add, reads, place_of, rows, road
):
    book = add("Emma", pages=400)
    reads(bob, book, 2500, "100")
    thread = save(make_thread(bob, book))
    save(make_comment(thread, bob, "Safe.", horizon=0))
    mine = make_comment(thread, bob, "Up to here.", horizon=2500)
    mine.horizon_choice = "mine"
    save(mine)
    address = f"/books/emma/editions/{rows(Edition)[0].id}/edit" if road == "edition" else "/books/emma/edit"

    assert visit(alice).post(address, data={"pages": "200"}).status_code == 303

    assert place_of(bob) == (5000, 5000, "100")
    safe, up_to_here = rows(Comment)
    assert 5000 <= up_to_here.horizon <= 5050
    assert safe.horizon == 0
    assert "Up to here." not in visit(alice).get(f"/threads/{thread.id}").text


def test_two_editions_count_their_own_pages(visit, alice, bob, olive, add, reads, place_of, rows):
    book = add("Emma", pages=200)
    client = visit(alice)
    client.post(NEW, data={"pages": "400", "format": "hardback"})
    client.post(NEW, data={"minutes": "10:00", "format": "audiobook"})
    short, long, recording = rows(Edition)
    reads(bob, book, 2500, "100", "page", long)
    reads(olive, book, 5000, "5:00", "minute", recording)

    client.post(f"/books/emma/editions/{short.id}/edit", data={"pages": "100"})
    assert place_of(bob) == (2500, 2500, "100")

    client.post(f"/books/emma/editions/{long.id}/edit", data={"pages": "500"})
    assert place_of(bob) == (2000, 2000, "100")

    client.post(f"/books/emma/editions/{recording.id}/edit", data={"minutes": "20:00"})
    assert place_of(olive) == (2500, 2500, "5:00")


def test_a_length_that_is_taken_away_leaves_readers_where_they_are(
    visit, alice, bob, add, reads, place_of, rows
):
    book = add("Emma", pages=200, isbn="9780571244980")
    reads(bob, book, 5000, "100")

    visit(alice).post("/books/emma/edit", data={"pages": ""})

    assert place_of(bob) == (5000, 5000, "100")


def test_a_visitor_sees_editions_and_may_not_touch_them(visitor, public, add, rows):
    add("Emma", pages=474)
    (edition,) = rows(Edition)
    page = visitor.get("/books/emma").text

    assert "474 pages" in page
    assert "/editions/" not in page
    assert visitor.get(NEW).location.startswith("/sign-in")
    assert visitor.post(NEW, data={"pages": "9"}).status_code == 401
    assert visitor.post(f"/books/emma/editions/{edition.id}/edit", data={"pages": "9"}).status_code == 401
    assert rows(Edition)[0].pages == 474
