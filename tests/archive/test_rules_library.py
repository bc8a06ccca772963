"""A library as a CSV: what Goodreads reads of it, and that Bookclub reads all of it again."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import isbn as isbn_numbers

from bookclub.lib.library_files.entries import Form, LibraryEntry
from bookclub.lib.library_files.library_csv import COLUMNS, ShelvedBook, guard_cell, library_csv
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.library_files.shelves import meaning_of
from bookclub.lib.matches.contributors import ROLES, Contributor
from bookclub.lib.text.keys import key_of

DUNE = ShelvedBook(
    title="Dune",
    authors=("Frank Herbert", "Somebody Else"),
    isbn="9780593099322",
    year=1965,
    pages=658,
    format="paperback",
    series="Dune",
    series_number=1,
    status="finished",
    rating=9,
    times=((date(2015, 1, 2), date(2015, 2, 3)), (None, date(2024, 12, 31))),
    times_read=2,
    tags=("desert", "read with Bob"),
    notes="=cmd()",
    review_title="Sand",
    review="- worms\n- ||more worms||",
    horizon=10_000,
    has_spoilers=True,
    changed_on=date(2025, 1, 1),
)


def written(*books: ShelvedBook) -> str:
    return "".join(library_csv(books))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def read(text: str) -> list[LibraryEntry]:
    library = open_library(io.BytesIO(text.encode()), name="library.csv")
    assert library.form is Form.BOOKCLUB
    return list(library.rows)


def test_goodreads_finds_its_columns_and_what_it_means_by_them():
    (row,) = rows(written(DUNE))

    assert list(row)[:24] == list(COLUMNS[:24])
    known = ("Title", "Author", "Author l-f", "Additional Authors", "ISBN", "ISBN13", "Binding", "Date Read")
    assert [row[name] for name in known] == [
        "Dune", "Frank Herbert", "Herbert, Frank", "Somebody Else", "059309932X", "9780593099322",
        "Paperback", "2024/12/31",
    ]  # fmt: skip
    assert (row["Exclusive Shelf"], row["Bookshelves"]) == ("read", "desert, read with Bob")
    assert (row["My Rating"], row["Bookclub Stars"], row["Read Count"]) == ("5", "4.5", "2")
    assert (row["Spoiler"], row["Original Publication Year"]) == ("true", "1965")


@pytest.mark.parametrize(("halves", "stars"), [(None, "0"), (1, "1"), (2, "1"), (7, "4"), (10, "5")])
def test_half_a_star_is_never_taken_for_none(halves, stars):
    (row,) = rows(written(ShelvedBook(title="Emma", authors=("Jane Austen",), rating=halves)))

    assert row["My Rating"] == stars


def test_no_cell_that_somebody_typed_is_a_formula_to_a_spreadsheet():
    evil = '=HYPERLINK("http://example.org","Click")'
    shelved = ShelvedBook(
        title=evil, subtitle=evil, authors=("@SUM(A1)", "+1"), series=evil, tags=("-x",), notes="\t=1",
        review_title="-1+1", review_summary=evil, review="-- me", year=-800,
    )  # fmt: skip

    (row,) = rows(written(shelved))

    dangerous = {name for name, cell in row.items() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))}
    assert dangerous == {"Original Publication Year"}
    (entry,) = read(written(shelved))
    assert (entry.title, entry.review.strip(), entry.year) == (evil, "-- me", -800)


@given(st.text(st.sampled_from("'=+-@\t\r\nab"), max_size=8))
def test_what_is_guarded_is_found_again_as_it_was(text):
    assert guard_cell(text) in (text, f"'{text}")
    assert not guard_cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_all_that_goodreads_would_lose_is_read_again():
    (entry,) = read(written(DUNE))

    assert (entry.title, entry.authors, entry.isbns) == ("Dune", DUNE.authors, (DUNE.isbn,))
    assert (entry.rating, entry.times, entry.times_read) == (9, DUNE.times, 2)
    assert (entry.series, entry.series_number, entry.pages) == ("Dune", 1, 658)
    assert (entry.tags, entry.notes) == (DUNE.tags, DUNE.notes)
    assert (entry.review_title, entry.review, entry.has_spoilers) == ("Sand", DUNE.review, True)
    assert meaning_of(entry.shelf) == "finished"
    assert entry.problems == ()


def _fit(text: str) -> bool:
    kinds = {unicodedata.category(sign) for sign in text}
    return any(map(str.isalnum, text)) and not kinds & {"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"}


def names(longest: int) -> st.SearchStrategy[str]:
    """What members may call something: one line, as forms leave it."""
    signs = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=longest)
    lines = signs.map(lambda text: " ".join(unicodedata.normalize("NFC", text).split()))
    return lines.filter(_fit)


ISBNS = st.integers(0, 10**9 - 1).map(lambda number: isbn_numbers.to_isbn13(_isbn10(f"{number:09}")))
PEOPLE = st.sampled_from(["Jo Rubin", "Orla K. Le Brin", "海野 月子", "Flann O'Dray", "Kurt Vonlind Jr."])
CONTRIBUTORS = st.builds(Contributor, PEOPLE, st.sampled_from(sorted(ROLES))).map(lambda one: one.text)
DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Cf", "Zl", "Zp")), max_size=80)


def _isbn10(digits: str) -> str:
    return digits + isbn_numbers._calc_isbn10_check_digit(digits)


@st.composite
def shelved(draw) -> ShelvedBook:
    status = draw(st.sampled_from(["to_read", "reading", "finished", "did_not_finish"]))
    begun = sorted(draw(st.lists(DAYS, max_size=4, unique=True)))
    times = tuple(zip(begun[::2], begun[1::2], strict=False))
    body = "\n\n".join(part for part in draw(st.lists(TEXTS, max_size=3)) if part.strip()).strip()
    return ShelvedBook(
        title=draw(names(40)),
        subtitle=draw(st.just("") | names(20)),
        authors=tuple(draw(st.lists(names(20).filter(lambda name: ";" not in name), min_size=1, max_size=1))),
        contributors=tuple(draw(st.lists(CONTRIBUTORS, max_size=3, unique=True))),
        isbn=draw(st.just("") | ISBNS),
        year=draw(st.none() | st.integers(-800, 2026).filter(bool)),
        pages=draw(st.none() | st.integers(1, 20_000)),
        status=status,
        rating=draw(st.none() | st.integers(1, 10)),
        times=times,
        times_read=draw(st.integers(0, 9)),
        tags=tuple(
            draw(st.lists(names(10).filter(lambda tag: "," not in tag), max_size=2, unique_by=key_of))
        ),
        notes=draw(TEXTS).strip(),
        review=body,
        horizon=draw(st.integers(0, 10_000)) if body else None,
        is_private=draw(st.booleans()),
    )


@given(st.lists(shelved(), min_size=1, max_size=4))
def test_any_library_is_read_again_as_it_was_written(books):
    entries = read(written(*books))

    assert len(entries) == len(books)
    for book, entry in zip(books, entries, strict=True):
        assert entry.problems == ()
        assert (entry.title, entry.subtitle, entry.authors) == (book.title, book.subtitle, book.authors)
        assert entry.contributors == book.contributors
        assert entry.isbns == ((book.isbn,) if book.isbn else ())
        assert (entry.year, entry.pages, entry.rating) == (book.year, book.pages, book.rating)
        assert (entry.times, entry.times_read) == (book.times, book.times_read)
        assert meaning_of(entry.shelf) == book.status
        assert (entry.review, entry.tags, entry.notes) == (book.review, book.tags, book.notes)
        assert entry.has_spoilers == bool(book.horizon)
