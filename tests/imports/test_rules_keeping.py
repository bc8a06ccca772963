"""Rows that wait: kept whole, and what they say of a book, of a reading, and of shelves."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bookclub.imports.book_matches import book_of, edition_of
from bookclub.imports.recorded_values import values_of
from bookclub.imports.report_text import safe_cell
from bookclub.imports.shelf_choices import ShelfCount
from bookclub.lib.library_files.cells import NO_DATE
from bookclub.lib.library_files.entries import LibraryEntry
from bookclub.lib.matches.field_values import FieldError
from tests.imports.conftest import entry

FULL = LibraryEntry(
    number=2,
    title="Dune",
    subtitle="A novel",
    authors=("Frank Herbert", "Somebody Else"),
    isbns=("9780593099322",),
    year=1965,
    pages=658,
    minutes=1260,
    format="audiobook",
    series="Dune",
    series_number=1.0,
    shelf="read",
    tags=("sand", "owned"),
    rating=9,
    times=((None, date(2015, 3, 9)), (date(2020, 5, 1), date(2020, 5, 5))),
    times_read=2,
    added_on=date(2014, 1, 1),
    review_title="Sand",
    review="So much ||sand||.",
    has_spoilers=True,
    notes="Lent to Ann.",
    problems=(NO_DATE.fill(text="2019-13-45"),),
)


@pytest.mark.parametrize("row", [FULL, entry()])
def test_a_row_is_kept_whole(row):
    assert LibraryEntry.from_json(json.loads(json.dumps(row.to_json()))) == row


def test_a_row_that_is_nearly_empty_takes_hardly_any_room():
    assert entry().to_json() == {"number": 2, "title": "Emma", "authors": ("Jane Austen",)}


@pytest.mark.parametrize(
    ("row", "status"),
    [
        (entry(shelf="read"), "finished"),
        (entry(shelf="read", tags=("dnf",)), "did_not_finish"),
        (entry(shelf="to-read", tags=("dnf",)), "to_read"),
        (entry(shelf="by-the-bed"), "to_read"),
        (entry(shelf="by-the-bed", rating=8), "finished"),
        (entry(shelf="by-the-bed", times=((date(2020, 1, 1), None),)), "reading"),
        (entry(tags=("currently-reading",)), "reading"),
        (entry(), "to_read"),
    ],
)
def test_shelf_tags_and_the_rest_of_a_row_tell_the_status_in_this_order(row, status):
    assert values_of(row, {}).status == status


def test_a_book_that_is_read_again_keeps_its_earlier_time():
    said = values_of(
        entry(shelf="currently-reading", times=((None, date(2015, 3, 9)), (date(2024, 1, 1), None))), {}
    )

    assert (said.started_on, said.finished_on, said.times_read) == (date(2024, 1, 1), None, 1)
    assert said.earlier == ((None, date(2015, 3, 9)),)


def test_a_shelf_that_is_left_out_says_nothing():
    assert values_of(entry(shelf="owned"), {"owned": "nothing"}) is None
    assert values_of(entry(shelf="read", tags=("owned",)), {"owned": "nothing"}).tags == ()


def test_the_shelves_come_before_the_tags_and_the_fuller_ones_first():
    count = ShelfCount()
    for row in (entry(shelf="read", tags=("b", "a")), entry(shelf="read", tags=("a",)), entry(shelf="dnf")):
        count.add(row)

    assert [(one["name"], one["rows"], one["becomes"]) for one in count.kept()] == [
        ("read", 2, "finished"),
        ("dnf", 1, "did_not_finish"),
        ("a", 2, "tag"),
        ("b", 1, "tag"),
    ]


def test_what_is_odd_about_a_book_is_left_out_and_the_book_is_not():
    odd = entry(
        title="Emma\x00\x1b " + "long " * 80,
        author=" ",
        year=9999,
        pages=0,
        series="S" * 300,
        subtitle="\x07",
    )

    book = book_of(odd, 2029)

    assert len(book.title) == 200
    assert "\x00" not in book.title
    assert (book.authors, book.first_published, book.pages, book.subtitle) == (("Anonymous",), None, None, "")
    assert edition_of(FULL).minutes == 1260
    assert book_of(FULL, 2029).pages is None
    with pytest.raises(FieldError):
        book_of(entry(title="\u200b"), 2029)


def test_only_what_a_spreadsheet_would_calculate_is_marked():
    assert [safe_cell(cell) for cell in ("=1+1", "-1", "@a", "Emma", 4)] == ["'=1+1", "'-1", "'@a", "Emma", 4]
