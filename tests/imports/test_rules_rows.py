"""Rows of Bookclub's own export, of sheets that people keep themselves, and with nonsense in them."""

from __future__ import annotations

import io
from datetime import date

import pytest

from bookclub.imports.book_matches import book_of
from bookclub.lib.library_files.entries import Form, LibraryEntry, LibraryFileError
from bookclub.lib.library_files.reader import open_library
from bookclub.lib.matches.field_values import FieldError as BookRefused

GOODREADS = (
    "Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,"
    "Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,"
    "Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies"
)


def opened(text):
    """The form of a file and its only row, which must be a book."""
    library = open_library(io.BytesIO(text.encode()))
    [entry] = library.rows
    assert isinstance(entry, LibraryEntry), entry
    return library.form, entry


def test_bookclubs_own_columns_are_believed_to_the_letter():
    form, entry = opened(
        f"{GOODREADS},Bookclub Subtitle,Bookclub Authors,Bookclub Status,Bookclub Stars,Bookclub Times\n"
        "1,'=SUM(A1) (Sand #2),A,,,,,5,,,,,,,,,\"dnf, b (#3)\",,read,\"it's *fine*, ||he\ndies||\",,''-x,0,0,"
        'Sub &amp; title,"A, B; C",finished,4.5,"2015-03-01/; /2019-01-02; /"\n'
    )

    assert form is Form.BOOKCLUB
    assert (entry.title, entry.subtitle) == ("=SUM(A1) (Sand #2)", "Sub &amp; title")
    assert (entry.authors, entry.tags, entry.rating) == (("A, B", "C"), ("dnf", "b (#3)"), 9)
    assert entry.times == ((date(2015, 3, 1), None), (None, date(2019, 1, 2)), (None, None))
    assert (entry.review, entry.notes, entry.times_read) == ("it's *fine*, ||he\ndies||", "'-x", 0)


def test_a_sheet_that_somebody_keeps_themselves_is_somebodys_reading():
    form, entry = opened(
        'Title;Author;Rating;Date finished;Notes\nEmma;"Austen, Jane";★★★★½;13.1.2020;=1+1\n'
    )

    assert form is Form.GOODREADS
    assert (entry.authors, entry.rating, entry.notes) == (("Jane Austen",), 9, "=1+1")
    assert entry.times == ((None, date(2020, 1, 13)),)


def test_letters_that_a_program_before_us_misread_are_put_right():
    _, entry = opened(
        "Title,Author,My Review\nRÃ©cit dâ€™hiver,Julio CortÃ¡zar,Ãngeles Â«oÃ¹Â»\n".replace("Ãn", "Ã\x81n")
    )
    _, untouched = opened("Title,Author,My Review\nMANHÃ…,ÂNGELA Ã,“CAFÉ” Ã© – 早\n")

    assert (entry.title, entry.authors, entry.review) == (
        "Récit d’hiver",
        ("Julio Cortázar",),
        "Ángeles «où»",
    )
    assert (untouched.title, untouched.authors, untouched.review) == (
        "MANHÃ…",
        ("ÂNGELA Ã",),
        "“CAFÉ” Ã© – 早",
    )


def test_what_cannot_be_understood_is_told_and_the_rest_of_the_row_is_taken():
    _, entry = opened(
        "Title,Author,ISBN,My Rating,Date Read,Number of Pages,Original Publication Year,Read Count\n"
        'Emma,Jane Austen,="9780441172697",11,2019-13-45,many,soon,often\n'
    )

    assert set(map(str, entry.problems)) == {
        f"{what}, so it was left out."
        for what in ("“9780441172697” is not a valid ISBN", "“soon” is not a year",
                     "“many” is not a number of pages", "“2019-13-45” is not a date",
                     "“often” is not a number of times read", "“11” is not a rating")
    }  # fmt: skip
    assert (entry.title, entry.rating, entry.pages, entry.times) == ("Emma", None, None, ())


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Name of cat,Colour", "no column “Title”"),
        ("Title,Colour", "no column “Author”"),
        (",".join(f"c{number}" for number in range(400)), "more than 300 columns"),
    ],
)
def test_a_table_of_something_else_is_refused_by_name(header, words):
    with pytest.raises(LibraryFileError, match=words) as refusal:
        open_library(io.BytesIO(f"{header}\na,b\n".encode()), name="cats.csv")

    assert "“cats.csv”" in str(refusal.value)


@pytest.mark.parametrize(("column", "kept"), [("Title", "review_title"), ("Summary", "review_summary")])
def test_a_title_that_hides_a_spoiler_becomes_the_beginning_of_the_text(column, kept):
    _, entry = opened(
        f"{GOODREADS},Bookclub Authors,Bookclub Review {column}\n"
        '1,Emma,A,,,,,5,,,,,,,,,,,read,"It is ||fine||",,,0,0,A,"Why <spoiler>he dies"\n'
    )

    assert getattr(entry, kept) == ""
    assert entry.review == "Why ||he dies||\n\nIt is ||fine||"


def test_a_book_whose_title_hides_a_spoiler_is_told_and_not_taken():
    entry = LibraryEntry(number=2, title="Emma ||he dies||", authors=("A",))

    with pytest.raises(BookRefused, match="Everybody can read the title"):
        book_of(entry, 2026)
    fields = book_of(LibraryEntry(number=2, title="Emma", subtitle=">!he dies!<", authors=("A",)), 2026)
    assert fields.subtitle == ""
