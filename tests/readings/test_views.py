"""A member's own reading of a book, as they record it."""

from __future__ import annotations

from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.readings.models import Reveal
from tests.cases import each
from tests.factories import make_book, make_reading


def record(client, book, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields)


def test_everything_can_be_said_in_one_form(visit, book, bob, kept):
    answer = record(
        visit(bob), book, status="reading", rating="4.5", position_unit="percent", position="37,5"
    )

    assert (answer.status_code, answer.location) == (303, f"/books/{book.slug}")
    reading = kept(bob)
    assert (reading.status, reading.rating, reading.position, reading.mark) == ("reading", 9, 3750, 3750)
    assert (reading.entry, reading.entry_unit) == ("37,5", "percent")
    assert (kept().rating_count, kept().rating_sum, kept().rating_rank) == (1, 9, 9000)


def test_a_page_is_counted_by_the_length_of_the_book(visit, book, bob, kept):
    record(visit(bob), book, position="100", position_unit="page")

    assert (kept(bob).position, kept(bob).entry, kept(bob).entry_unit) == (3333, "100", "page")


def test_two_readers_on_the_same_page_are_at_the_same_place(visit, book, alice, bob, kept):
    for member in (alice, bob):
        record(visit(member), book, position="217", position_unit="page")

    assert kept(alice).mark == kept(bob).mark


def test_a_place_makes_a_reader_of_somebody_who_wanted_to_read(visit, save, book, bob, kept):
    record(visit(bob), book, status="to_read")
    record(visit(bob), book, position="5")

    assert (kept(bob).status, kept(bob).position) == ("reading", 500)


def test_what_is_not_mentioned_stays_as_it_was(visit, save, book, bob, kept):
    save(make_reading(bob, book, position=4000, rating=7, status="did_not_finish"))
    save(book)

    record(visit(bob), book)
    assert (kept(bob).status, kept(bob).position, kept(bob).rating) == ("did_not_finish", 4000, 7)
    record(visit(bob), book, rating="3")
    assert (kept(bob).status, kept(bob).position, kept(bob).rating) == ("did_not_finish", 4000, 6)
    record(visit(bob), book, status="to_read")
    assert (kept(bob).status, kept(bob).position, kept(bob).rating) == ("to_read", 4000, 6)


def test_who_has_finished_is_at_the_end_whatever_place_the_form_still_held(visit, book, bob, kept):
    record(visit(bob), book, status="finished", position="40", position_unit="percent")

    assert (kept(bob).status, kept(bob).position, kept(bob).mark) == ("finished", END, END)


def test_an_empty_rating_takes_it_away_and_the_book_follows(visit, book, alice, bob, kept):
    record(visit(alice), book, rating="5")
    record(visit(bob), book, rating="0.5")
    assert (kept().rating_count, kept().rating_sum, kept().rating_rank) == (2, 11, 5500)
    record(visit(bob), book, rating="2")
    assert (kept().rating_count, kept().rating_sum) == (2, 14)
    record(visit(bob), book, rating="")
    assert (kept().rating_count, kept().rating_sum, kept().rating_rank) == (1, 10, 10_000)


@each(
    "fields",
    [
        {"position": "101"},
        {"position": "-1"},
        {"position": "NaN"},
        {"position": "x"},
        {"position": "x\0"},
        {"position": "9" * 21},
        {"position": "301", "position_unit": "page"},
        {"position": "1", "position_unit": "section"},
        {"position": "1", "position_unit": "x\0"},
        {"status": "eaten"},
        {"status": "x\0"},
        {"rating": "6"},
        {"rating": "4.2"},
        {"rating": "9e999999"},
        {"rating": "x\0"},
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field_and_changes_nothing(visit, book, bob, kept, fields):
    answer = record(visit(bob), book, **fields)

    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    assert kept(bob) is None


def test_what_was_typed_is_kept_where_it_makes_no_sense(visit, book, bob):
    answer = record(visit(bob), book, position="leaf 12", position_unit="page", status="reading")

    assert 'value="leaf 12"' in answer.text
    assert '<option selected value="page">' in answer.text
    assert '<option selected value="reading">' in answer.text


def test_a_page_of_a_book_whose_length_nobody_knows_is_refused_in_words(visit, save, bob):
    answer = record(visit(bob), save(make_book(pages=None)), position="12", position_unit="page")

    assert answer.status_code == 422
    assert "Nobody has entered how many pages this book has. Type a percentage instead." in answer.text


def test_the_book_page_shows_ones_own_reading_and_nobody_elses(visit, save, book, alice, bob):
    save(make_reading(alice, book, position=7777))

    assert "77.77" in visit(alice).get(f"/books/{book.slug}").text
    assert (
        "77.77"
        not in visit(bob).get(f"/books/{book.slug}").text.partition('id="reading"')[2].partition("</form>")[0]
    )


def test_a_visitor_records_nothing(visitor, book):
    assert record(visitor, book, status="finished").status_code == 401


def test_a_book_that_is_not_there_cannot_be_read(visit, bob):
    assert visit(bob).post("/books/nothing/reading", data={}).status_code == 404
    assert visit(bob).post("/books/nothing/reveal").status_code == 404


def test_a_wish_to_see_everything_is_made_once_and_taken_back(app, visit, book, bob):
    bobs = visit(bob)

    def wishes():
        with app.app_context():
            return db.session.scalars(select(Reveal.book_id)).all()

    for _ in range(2):
        answer = bobs.post(f"/books/{book.slug}/reveal")
        assert (answer.status_code, answer.location) == (303, f"/books/{book.slug}")
    assert wishes() == [book.id]
    for _ in range(2):
        assert bobs.post(f"/books/{book.slug}/reveal/deletion").status_code == 303
    assert wishes() == []


def test_after_a_wish_the_reader_is_back_where_they_were_but_never_elsewhere(visit, book, bob):
    url = f"/books/{book.slug}/reveal"

    back = visit(bob).post(url, headers={"Referer": "http://localhost/reviews/3?after=9"})
    away = visit(bob).post(url, headers={"Referer": "https://evil.example/"})

    assert back.location == "/reviews/3?after=9"
    assert away.location == f"/books/{book.slug}"
