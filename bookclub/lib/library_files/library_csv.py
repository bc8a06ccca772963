"""Writer of a library as one CSV: Goodreads' columns first, so that other sites accept it, then our own.

Goodreads has no half stars, only one date of reading and no titles of reviews. So everything that its columns
would lose is repeated exactly in a column of ours. Form.BOOKCLUB is recognised by those columns and reads
them.

Cells are guarded against spreadsheets: a text that a spreadsheet would take for a formula (it begins with
= + - @, a tab or a line end) gets an apostrophe in front, and so does a text that begins with apostrophes and
then one of those. ``bare()`` removes exactly that apostrophe, so nothing is ever lost.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from stdnum import isbn as isbn_numbers

from .shelves import NO_STATUS

GOODREADS = (
    "Book Id", "Title", "Author", "Author l-f", "Additional Authors", "ISBN", "ISBN13", "My Rating",
    "Average Rating", "Publisher", "Binding", "Number of Pages", "Year Published",
    "Original Publication Year", "Date Read", "Date Added", "Bookshelves", "Bookshelves with positions",
    "Exclusive Shelf", "My Review", "Spoiler", "Private Notes", "Read Count", "Owned Copies",
)  # fmt: skip
OURS = (
    "Bookclub Subtitle", "Bookclub Authors", "Bookclub Contributors",
    "Bookclub Minutes", "Bookclub Format", "Bookclub Series",
    "Bookclub Series Number", "Bookclub Status", "Bookclub Stars", "Bookclub Times",
    "Bookclub Review Title", "Bookclub Review Summary", "Bookclub Horizon", "Bookclub Private",
)  # fmt: skip
COLUMNS = GOODREADS + OURS

# Goodreads’ names for its three shelves, and a name that readers use there for one that it lacks.
SHELVES = {
    "to_read": "to-read",
    "reading": "currently-reading",
    "finished": "read",
    "did_not_finish": "did-not-finish",
    "": "",
}
BINDINGS = {
    "paperback": "Paperback",
    "hardback": "Hardcover",
    "ebook": "ebook",
    "audiobook": "Audiobook",
}

# These are the signs that OWASP’s advice on CSV injection names.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n]")

Day = date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedBook:
    """One book of a member's library, with everything that they store about it.

    ``status`` is "" while only a rating is known. ``rating`` is in half stars. ``times`` are (started,
    finished), oldest first. The last one belongs to the reading itself; if there are others, it is included
    even if its days are unknown. ``horizon`` is None if there is no review.
    """

    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    isbn: str = ""
    year: int | None = None
    pages: int | None = None
    minutes: int | None = None
    format: str = ""
    series: str = ""
    series_number: float | None = None
    status: str = "to_read"
    rating: int | None = None
    times: tuple[tuple[Day, Day], ...] = ()
    times_read: int = 0
    tags: tuple[str, ...] = ()
    notes: str = ""
    is_private: bool = False
    review_title: str = ""
    review_summary: str = ""
    review: str = ""
    horizon: int | None = None
    has_spoilers: bool = False
    changed_on: Day = None


def guard_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def library_csv(books: Iterable[ShelvedBook]) -> Iterator[str]:
    """Yield the lines of the CSV, the header first."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(COLUMNS)
    for book in books:
        yield _take_line(line)
        writer.writerow(cells_of(book))
    yield _take_line(line)


def cells_of(book: ShelvedBook) -> list[str]:
    """Return the cells of the row of one book."""
    first, *others = book.authors or ("",)
    finished = book.times[-1][1] if book.times and book.status == "finished" else None
    plain = {
        "ISBN": _isbn10(book.isbn),
        "ISBN13": book.isbn,
        # Halves are rounded up, since 0 would mean not rated.
        "My Rating": str((book.rating + 1) // 2) if book.rating else "0",
        "Binding": BINDINGS.get(book.format, ""),
        "Number of Pages": _number(book.pages),
        "Original Publication Year": _number(book.year),
        # Goodreads writes its days with slashes.
        "Date Read": _day(finished).replace("-", "/"),
        "Date Added": _day(book.changed_on).replace("-", "/"),
        "Exclusive Shelf": SHELVES[book.status],
        # Sites without inline spoilers can only warn about the whole review.
        "Spoiler": "true" if book.horizon or book.has_spoilers else "",
        "Read Count": str(book.times_read),
        "Bookclub Minutes": _number(book.minutes),
        "Bookclub Format": book.format,
        "Bookclub Series Number": f"{book.series_number:g}" if book.series_number is not None else "",
        "Bookclub Status": book.status or NO_STATUS,
        "Bookclub Stars": f"{book.rating / 2:g}" if book.rating else "",
        "Bookclub Times": "; ".join(f"{_day(start)}/{_day(end)}" for start, end in book.times),
        "Bookclub Horizon": _number(book.horizon),
        "Bookclub Private": "true" if book.is_private else "",
    }
    typed = {
        "Title": book.title,
        "Author": first,
        "Author l-f": _last_first(first),
        # Goodreads has no column for translators and narrators, so they stand here with their role in
        # brackets.
        "Additional Authors": ", ".join((*others, *book.contributors)),
        "Bookshelves": ", ".join(book.tags),
        "My Review": book.review,
        "Private Notes": book.notes,
        "Bookclub Subtitle": book.subtitle,
        "Bookclub Authors": "; ".join(book.authors),
        "Bookclub Contributors": "; ".join(book.contributors),
        "Bookclub Series": book.series,
        "Bookclub Review Title": book.review_title,
        "Bookclub Review Summary": book.review_summary,
    }
    cells = plain | {column: guard_cell(_with_one_line_end(text)) for column, text in typed.items()}
    return [cells.get(column, "") for column in COLUMNS]


def _take_line(line: io.StringIO) -> str:
    # The buffer is emptied, so that memory holds one row at a time.
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _with_one_line_end(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _isbn10(isbn: str) -> str:
    # An ISBN that begins with 979 has no form of ten digits.
    return isbn_numbers.to_isbn10(isbn) if isbn.startswith("978") else ""


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _day(day: Day) -> str:
    return "" if day is None else day.isoformat()


def _last_first(name: str) -> str:
    """Return "Ishiguro, Kazuo", provided that the last word is the family name."""
    given, _, family = name.rpartition(" ")
    return f"{family}, {given}" if given else name
