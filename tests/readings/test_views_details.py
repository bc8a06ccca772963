"""What else a reader says: their printing, its length, the days, the plan; and edge cases of places."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bookclub.books.models import Edition
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.positions.places import END
from bookclub.readings.actions import remap
from bookclub.readings.queries import measures_of
from tests.cases import each
from tests.factories import make_book, make_reading

TODAY = utcnow().date()
DAY = timedelta(days=1)


def record(client, book, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields)


def words_of(answer):
    return " ".join(answer.text.split())


# Printings


def test_two_readers_of_two_printings_are_each_counted_by_their_own(visit, save, book, alice, bob, kept):
    large = save(Edition(book_id=book.id, format="hardback", pages=600))
    record(visit(alice), book, position="150", position_unit="page")
    record(visit(bob), book, position="150", position_unit="page", edition=str(large.id))

    assert (kept(alice).position, kept(alice).edition_id) == (5000, None)
    assert (kept(bob).position, kept(bob).edition_id) == (2500, large.id)


def test_the_same_page_of_another_printing_is_another_place(visit, save, book, bob, kept):
    large = save(Edition(book_id=book.id, format="hardback", pages=600))
    record(visit(bob), book, position="150", position_unit="page")
    record(visit(bob), book, edition=str(large.id))
    assert (kept(bob).position, kept(bob).mark, kept(bob).entry) == (2500, 2500, "150")

    record(visit(bob), book, edition="")
    assert (kept(bob).position, kept(bob).edition_id) == (5000, None)


def test_a_printing_that_is_too_short_for_the_page_is_refused_beside_its_field(visit, save, book, bob, kept):
    small = save(Edition(book_id=book.id, format="paperback", pages=120))
    record(visit(bob), book, position="150", position_unit="page")
    answer = record(visit(bob), book, edition=str(small.id))

    assert answer.status_code == 422
    assert "This book has 120 pages." in answer.text
    assert (kept(bob).edition_id, kept(bob).position) == (None, 5000)


def test_ones_own_length_goes_before_every_printing(visit, book, bob, kept):
    record(visit(bob), book, position="100", position_unit="page", length="400")
    assert (kept(bob).position, kept(bob).length, kept(bob).length_unit) == (2500, 400, "page")

    record(visit(bob), book, position="200", position_unit="page")
    assert kept(bob).position == 5000
    record(visit(bob), book, length="")
    assert (kept(bob).position, kept(bob).length, kept(bob).length_unit) == (6666, None, None)


def test_a_book_of_unknown_length_is_told_by_ones_own(visit, save, bob):
    book = save(make_book(pages=None))
    bobs = visit(bob)
    refused = record(bobs, book, position="50", position_unit="page")

    assert refused.status_code == 422
    assert "Nobody has entered how many pages this book has. Type a percentage instead." in refused.text
    assert record(bobs, book, position="50", position_unit="page", length="200").status_code == 303
    assert "page 50 of 200" in bobs.get(f"/books/{book.slug}").text


def test_an_audiobook_is_told_by_hours_and_minutes(visit, book, recording, bob, kept):
    record(visit(bob), book, position="1:32", position_unit="minute", edition=str(recording.id))

    assert (kept(bob).position, kept(bob).entry, kept(bob).entry_unit) == (3066, "1:32", "minute")
    answer = record(visit(bob), book, position="5:01", position_unit="minute")
    assert answer.status_code == 422
    assert "The recording is 5 h long. Type a time up to that." in answer.text


def test_minutes_of_ones_own_are_never_taken_for_pages(visit, book, bob, kept):
    record(visit(bob), book, position="1:30", position_unit="minute", length="6:00")
    assert (kept(bob).position, kept(bob).length, kept(bob).length_unit) == (2500, 360, "minute")
    assert 'value="6:00"' in visit(bob).get(f"/books/{book.slug}").text

    record(visit(bob), book, position="150", position_unit="page", length="6:00")
    assert (kept(bob).position, kept(bob).length_unit) == (5000, "minute")


def test_front_matter_is_before_the_first_page(visit, book, bob, kept):
    record(visit(bob), book, position="xii", position_unit="page")

    assert (kept(bob).position, kept(bob).known_mark, kept(bob).entry) == (0, 0, "xii")


@pytest.mark.parametrize("edition", ["999999", "x", "x\0", "-1", "9" * 40])
def test_an_edition_that_is_not_of_this_book_is_refused(visit, book, bob, kept, edition):
    answer = record(visit(bob), book, edition=edition)

    assert answer.status_code == 422
    assert "That is not an edition of this book." in answer.text
    assert kept(bob) is None


def test_the_edition_of_another_book_is_refused(visit, save, book, bob):
    other = save(make_book("Persuasion"))

    assert record(visit(bob), book, edition=str(other.editions[0].id)).status_code == 422


@each("length", ["0", "-3", "x", "1.5", "20001", "1e99", "x\0", "٣" * 9, "1:99"])
def test_a_length_that_makes_no_sense_is_refused(visit, book, bob, kept, length):
    answer = record(visit(bob), book, length=length, position_unit="page")

    assert answer.status_code == 422
    assert kept(bob) is None


# Days


def test_beginning_and_finishing_are_dated_by_themselves(visit, save, book, bob, kept):
    bob.time_zone = "Pacific/Kiritimati"
    save(bob)
    there = (utcnow() + timedelta(hours=14)).date()

    record(visit(bob), book, position="5")
    assert (kept(bob).started_on, kept(bob).finished_on) == (there, None)
    record(visit(bob), book, status="finished")
    assert (kept(bob).started_on, kept(bob).finished_on, kept(bob).times_read) == (there, there, 1)


def test_other_days_can_be_given(visit, book, bob, kept):
    record(visit(bob), book, status="finished", started_on="2020-05-01", finished_on="2020-06-01")
    assert (kept(bob).started_on, kept(bob).finished_on) == (date(2020, 5, 1), date(2020, 6, 1))

    record(visit(bob), book, started_on="", finished_on="2020-06-02")
    assert (kept(bob).started_on, kept(bob).finished_on) == (None, date(2020, 6, 2))


@each(
    ("fields", "words"),
    [
        (
            {"status": "finished", "started_on": "2020-06-01", "finished_on": "2020-05-01"},
            "before the day you started",
        ),
        ({"started_on": (TODAY + 3 * DAY).isoformat()}, "still to come"),
        (
            {"status": "finished", "finished_on": (TODAY + 3 * DAY).isoformat()},
            "still to come",
        ),
        ({"started_on": "1.5.2020"}, "Type a day such as 2026-01-31."),
        ({"started_on": "x\0"}, "Type a day such as 2026-01-31."),
        ({"started_on": "0001-01-01"}, "before anybody in this club could read"),
        ({"status": "reading", "finished_on": "2020-05-01"}, "You have not finished it yet."),
        ({"planned_month": "December"}, "Type a month such as 2026-12."),
        ({"planned_month": "2026-13"}, "Type a month such as 2026-12."),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(visit, book, bob, kept, fields, words):
    answer = record(visit(bob), book, **fields)

    assert answer.status_code == 422
    assert words in answer.text
    assert '<details class="more" open>' in words_of(answer)
    assert kept(bob) is None


def test_an_end_before_the_beginning_that_is_known_is_refused(visit, save, book, bob, kept):
    record(visit(bob), book, status="reading", started_on="2020-06-01")

    assert record(visit(bob), book, status="finished", finished_on="2020-05-01").status_code == 422
    assert kept(bob).status == "reading"


def test_to_take_back_an_end_takes_back_its_day_though_the_form_still_holds_it(visit, book, bob, kept):
    record(visit(bob), book, status="finished", started_on="2020-05-01", finished_on="2020-06-01")
    record(
        visit(bob),
        book,
        status="reading",
        position="40",
        started_on="2020-05-01",
        finished_on="2020-06-01",
    )

    reading = kept(bob)
    assert (reading.status, reading.mark, reading.finished_on, reading.times_read) == (
        "reading",
        4000,
        None,
        0,
    )


def test_the_whole_form_as_the_page_shows_it_changes_nothing(
    visit, save, book, chapters, recording, bob, kept
):
    bobs = visit(bob)
    record(
        bobs,
        book,
        position="1:30",
        position_unit="minute",
        edition=str(recording.id),
        rating="4",
        planned_month="2026-12",
        is_private="1",
    )
    before = kept(bob)
    fields = bobs.get(f"/books/{book.slug}").form("reading").fields

    assert {"status", "rating", "position", "position_unit", "edition", "length", "is_private"} <= set(fields)
    assert {"started_on", "finished_on", "planned_month"} <= set(fields)
    assert record(bobs, book, **fields).status_code == 303
    after = kept(bob)
    columns = [column.name for column in after.__table__.columns if column.name != "changed_at"]
    assert {name: getattr(after, name) for name in columns} == {
        name: getattr(before, name) for name in columns
    }


def test_to_be_at_the_last_page_is_to_have_finished(visit, book, bob, kept):
    record(visit(bob), book, position="300", position_unit="page")

    assert (kept(bob).status, kept(bob).mark, kept(bob).times_read, kept(bob).entry) == (
        "finished",
        END,
        1,
        None,
    )


def test_a_corrected_length_does_not_take_back_the_end(app, visit, save, book, bob, kept):
    record(visit(bob), book, position="150", position_unit="page")
    record(visit(bob), book, status="finished")
    with app.app_context():
        begin_write()
        before = measures_of(book.id)
        db.session.get(Edition, book.editions[0].id).pages = 600
        db.session.flush()
        remap(book.id, before)
        db.session.commit()

    assert (kept(bob).status, kept(bob).mark) == ("finished", END)


# The shelf


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"status": "to_read", "planned_month": f"{TODAY.year}-12"}, "planned for December"),
        ({"status": "to_read", "planned_month": "2040-03"}, "planned for March 2040"),
        ({"status": "to_read"}, "want to read"),
        ({"position": END, "times_read": 3, "rating": 9}, "read 3 times · 4.5 ★"),
        ({"position": END, "times_read": 1}, "finished"),
        ({"status": "reading", "is_again": True}, "reading again"),
        ({"position": 4000, "is_again": True}, "reading again, at 40 %"),
    ],
)
def test_the_shelf_says_how_often_when_and_again(visit, save, book, alice, bob, columns, words):
    said = {"status", "position", "rating"}
    reading = make_reading(alice, book, **{name: columns[name] for name in columns.keys() & said})
    for name in columns.keys() - said:
        setattr(reading, name, columns[name])
    save(reading)

    for reader, address in ((alice, "/"), (alice, "/members/alice"), (bob, "/members/alice")):
        assert f'<span class="note">{words}</span>' in visit(reader).get(address).text
