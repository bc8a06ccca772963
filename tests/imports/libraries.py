"""Files of invented libraries in the shapes that other sites write, from a seed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bookclub.lib.library_files.columns import GOODREADS_COLUMNS

FIRST, LAST = (
    ["Ada", "Bela", "Édith", "Jun", "Mira", "O’Neil", "Ζωή", "小雪"],
    ["Roe", "Doe", "Ferber", "Łukasz", "Nørgaard", "van-Dyck", "Ó-Sé"],
)
HEADS = [
    "Looms",
    "Warp and Weft",
    "The Weaver's Hand",
    "Diary 1940",
    "Diary 1941",
    "Threads",
    "Seven Spindles",
    "La città tessuta",
    "糸",
]
TAILS = (
    "",
    "",
    ": A Novel",
    ": The Secret Lives of Weavers",
    ", Vol. 1",
    ", Vol. 2",
    " (Volume 3)",
    " (Threads, #1)",
    " (Threads, #2)",
    " II",
    ": Scope",
    ": Types",
    " / Other Tales",
    " [Unabridged]",
)
REVIEWS = (
    "",
    "",
    "",
    "Fine.",
    "I began it\non a train,\n\nand “ended” it, at home; 5 stars.",
    "<b>Bold</b> &amp; brave<br/>to the end",
    "He <spoiler>dies</spoiler>, I think.",
    "x | y * z _ q",
)
NOTES = ("", "", "", "Lent to Ann.", "Page 3\nwas torn.", "Bought, used.")
SHELVES = ("read", "read", "read", "to-read", "currently-reading", "did-not-finish")
TAGS = ("crime", "Dnf", "wunschliste", "read-2019", "gift", "série noire", "to-read")


@dataclass(frozen=True)
class Record:
    """One row of a library, before a site writes it."""

    title: str
    author: str
    isbn: str
    year: str
    shelf: str
    rating: int
    finished: date | None
    added: date
    tags: tuple[str, ...]
    review: str
    notes: str
    count: int


def records(seed: int, count: int = 60) -> list[Record]:
    """So many rows, of which every sixth or so is about a book of an earlier one."""
    dice = Random(seed)
    rows = [_record(dice) for _ in range(count)]
    for place in dice.sample(range(1, count), count // 6):
        other, again = rows[dice.randrange(place)], rows[place]
        rows[place] = replace(again, title=other.title, author=other.author, isbn=other.isbn, year=other.year)
    return rows


def _record(dice: Random) -> Record:
    shelf = dice.choice(SHELVES)
    added = date(2010, 1, 1) + timedelta(dice.randrange(4000))
    is_dated = shelf in ("read", "did-not-finish") and dice.random() < 0.7
    digits = "".join(str(dice.randrange(10)) for _ in range(9))
    return Record(
        title=dice.choice(HEADS) + dice.choice(TAILS),
        author=f"{dice.choice(FIRST)} {dice.choice(LAST)}",
        isbn=dice.choice(("", "", _isbn13(f"978{digits}"))),
        year=dice.choice(("", "1999", "2001", "-750", "1815")),
        shelf=shelf,
        rating=dice.choice((0, 0, 1, 3, 4, 5)) if shelf != "to-read" else 0,
        finished=added + timedelta(dice.randrange(900)) if is_dated else None,
        added=added,
        tags=tuple(dice.sample(TAGS, dice.randrange(3))),
        review=dice.choice(REVIEWS),
        notes=dice.choice(NOTES),
        count=dice.choice((0, 1, 1, 2)) if shelf == "read" else 0,
    )


def _isbn13(digits: str) -> str:
    return f"{digits}{-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10}"


def _table(header: Sequence[str], rows: Sequence[dict[str, object]], delimiter: str = ",") -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, header, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def goodreads(rows: Sequence[Record]) -> str:
    """Write what goodreads.com exports."""
    return _table(
        GOODREADS_COLUMNS,
        [
            {
                "Book Id": number,
                "Title": row.title,
                "Author": row.author,
                "Author l-f": _family_first(row.author),
                "ISBN": '=""',
                "ISBN13": f'="{row.isbn}"',
                "My Rating": row.rating,
                "Average Rating": "3.9",
                "Original Publication Year": row.year,
                "Date Read": _slashed(row.finished),
                "Date Added": f"{row.added:%Y/%m/%d}",
                "Bookshelves": ", ".join((*row.tags, row.shelf)),
                "Exclusive Shelf": row.shelf,
                "My Review": row.review,
                "Private Notes": row.notes,
                "Read Count": row.count,
            }
            for number, row in enumerate(rows, 1)
        ],
    )


def storygraph(rows: Sequence[Record]) -> str:
    """Write what thestorygraph.com exports."""
    header = (
        "Title",
        "Authors",
        "Contributors",
        "ISBN/UID",
        "Format",
        "Read Status",
        "Date Added",
        "Last Date Read",
        "Dates Read",
        "Read Count",
        "Moods",
        "Pace",
        "Star Rating",
        "Review",
        "Content Warnings",
        "Tags",
        "Owned?",
    )
    return _table(
        header,
        [
            {
                "Title": row.title,
                "Authors": row.author,
                "ISBN/UID": row.isbn,
                "Read Status": row.shelf,
                "Date Added": f"{row.added:%Y/%m/%d}",
                "Last Date Read": _slashed(row.finished),
                "Dates Read": _slashed(row.finished),
                "Read Count": row.count,
                "Star Rating": row.rating or "",
                "Review": row.review,
                "Tags": ", ".join(row.tags),
                "Owned?": "No",
            }
            for row in rows
        ],
    )


def librarything(rows: Sequence[Record]) -> str:
    """Write what librarything.com exports, with tabs."""
    header = (
        "Book Id",
        "Title",
        "Sort Character",
        "Primary Author",
        "Primary Author Role",
        "Secondary Author",
        "Publication",
        "Date",
        "Review",
        "Rating",
        "Comment",
        "Private Comment",
        "Entry Date",
        "Date Started",
        "Date Read",
        "Tags",
        "Collections",
        "ISBN",
        "ISBNs",
        "Work id",
    )
    collections = {
        "read": "Read but unowned",
        "to-read": "To read",
        "currently-reading": "Currently reading",
        "did-not-finish": "Your library",
    }
    return _table(
        header,
        [
            {
                "Book Id": number,
                "Title": row.title,
                "Sort Character": 1,
                "Primary Author": _family_first(row.author),
                "Date": row.year.replace("-750", "750 BC"),
                "Review": row.review.replace("\n", "[Return]"),
                "Rating": row.rating or "",
                "Private Comment": row.notes.replace("\n", "[Return]"),
                "Entry Date": f"[{row.added}]",
                "Date Read": f"[{row.finished}]" if row.finished else "",
                "Tags": ", ".join(row.tags),
                "Collections": collections[row.shelf],
                "ISBN": f"[{row.isbn}]",
                "Work id": number,
            }
            for number, row in enumerate(rows, 1)
        ],
        "\t",
    )


def bookwyrm(rows: Sequence[Record]) -> str:
    """Write what a BookWyrm exports."""
    header = (
        "title",
        "author_text",
        "remote_id",
        "openlibrary_key",
        "goodreads_key",
        "isbn_13",
        "start_date",
        "finish_date",
        "stopped_date",
        "rating",
        "review_name",
        "review_cw",
        "review_content",
        "review_published",
        "shelf",
        "shelf_name",
        "shelf_date",
    )
    shelves = {"currently-reading": "reading", "did-not-finish": "stopped-reading"}
    return _table(
        header,
        [
            {
                "title": row.title,
                "author_text": row.author,
                "isbn_13": row.isbn,
                "rating": row.rating or "",
                "finish_date": (row.finished or "") if row.shelf == "read" else "",
                "stopped_date": (row.finished or "") if row.shelf == "did-not-finish" else "",
                "review_content": row.review,
                "shelf": shelves.get(row.shelf, row.shelf),
                "shelf_date": row.added,
            }
            for row in rows
        ],
    )


def openreads(rows: Sequence[Record]) -> str:
    """Write what the app Openreads exports; one book in nine was deleted in it."""
    header = (
        "title",
        "subtitle",
        "author",
        "description",
        "status",
        "favourite",
        "deleted",
        "rating",
        "pages",
        "publication_year",
        "isbn",
        "olid",
        "tags",
        "my_review",
        "notes",
        "book_format",
        "readings",
        "date_added",
    )
    statuses = {
        "read": "finished",
        "to-read": "planned",
        "currently-reading": "in_progress",
        "did-not-finish": "abandoned",
    }
    return _table(
        header,
        [
            {
                "title": row.title,
                "author": row.author,
                "status": statuses[row.shelf],
                "favourite": "false",
                "deleted": "true" if number % 9 == 8 else "false",
                "rating": row.rating or "",
                "publication_year": row.year,
                "isbn": row.isbn,
                "tags": "|||||".join(row.tags),
                "my_review": row.review,
                "notes": row.notes,
                "book_format": "paperback",
                "readings": f"|{row.finished}T00:00:00.000|" if row.finished else "",
                "date_added": row.added,
            }
            for number, row in enumerate(rows)
        ],
    )


def calibre(rows: Sequence[Record]) -> str:
    """Write what Calibre lists as a catalogue."""
    header = (
        "author_sort",
        "authors",
        "comments",
        "isbn",
        "pubdate",
        "rating",
        "series",
        "series_index",
        "tags",
        "timestamp",
        "title",
        "title_sort",
        "uuid",
    )
    return _table(
        header,
        [
            {
                "author_sort": _family_first(row.author),
                "authors": row.author,
                "comments": row.review,
                "isbn": row.isbn,
                "pubdate": "0101-01-01T00:00:00+00:00",
                "series_index": "1.0",
                "tags": ", ".join(row.tags),
                "title": row.title,
                "uuid": number,
            }
            for number, row in enumerate(rows)
        ],
    )


def clippings(rows: Sequence[Record]) -> str:
    """Write what a Kindle keeps as My Clippings.txt."""
    return "".join(
        f"{row.title} ({row.author})\r\n- Your Highlight on Location {40 * number}-{40 * number + 3} | Added"
        f" on Monday, 6 July 2026 21:13:22\r\n\r\n{row.review or row.notes or 'A word.'}\r\n==========\r\n"
        for number, row in enumerate(rows, 1)
    )


def _family_first(name: str) -> str:
    first, _, last = name.rpartition(" ")
    return f"{last}, {first}"


def _slashed(day: date | None) -> str:
    return f"{day:%Y/%m/%d}" if day else ""


WRITERS: dict[str, Callable[[Sequence[Record]], str]] = {
    write.__name__: write
    for write in (goodreads, storygraph, librarything, bookwyrm, openreads, calibre, clippings)
}
