"""What a library from elsewhere is made of, and the limits that it has to keep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

MEBIBYTE = 1024 * 1024
# A library of 20 000 books with a review each is about 20 MB.
MAX_BYTES = 32 * MEBIBYTE
MAX_ROWS = 50_000
# No review is longer than what the club can show (bookclub.prose.MOST_CHARACTERS).
MAX_FIELD = 100_000
MAX_COLUMNS = 300


class Refused(ValueError):
    """A file cannot be read as a library; the message is a sentence for the member who sent it."""


class Form(Enum):
    """Where a library comes from, told by the columns of its file. ``value`` is the key that is kept."""

    GOODREADS = "goodreads"
    STORYGRAPH = "storygraph"
    LIBRARYTHING = "librarything"
    BOOKWYRM = "bookwyrm"
    HARDCOVER = "hardcover"
    OPENREADS = "openreads"
    CALIBRE = "calibre"
    KINDLE = "kindle"
    BOOKCLUB = "bookclub"
    BOOKLIST = "booklist"

    @property
    def title(self) -> str:
        """What people call it."""
        return _TITLES[self]


_TITLES = {
    Form.GOODREADS: "Goodreads",
    Form.STORYGRAPH: "The StoryGraph",
    Form.LIBRARYTHING: "LibraryThing",
    Form.BOOKWYRM: "BookWyrm",
    Form.HARDCOVER: "Hardcover",
    Form.OPENREADS: "Openreads",
    Form.CALIBRE: "Calibre",
    Form.KINDLE: "Kindle’s clippings",
    Form.BOOKCLUB: "Bookclub",
    Form.BOOKLIST: "a list of books",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One book of somebody's library, as a row of their file tells it.

    ``number`` is the row as a spreadsheet shows it (the header is 1). ``authors`` stand in natural
    order, the first one first, without translators, narrators and illustrators where the file tells
    them apart; those are the ``contributors``, with the role in brackets. ``isbns`` are valid and have 13
    digits. ``year`` is that of the first publication
    where the file knows it, else of the edition; before our era it is negative. ``format`` is one of
    those that editions have. ``description`` is Markdown for the catalogue, and not the reader's own
    words. ``shelf`` is the exclusive shelf as the file writes it ("" where it is unknown) and ``tags``
    are all others. ``rating`` counts half stars, 1 to 10. ``times`` are (started, finished), oldest
    first. ``review`` is Markdown with spoilers between bars. ``notes`` are private, and so is all of an
    entry that ``is_private``. ``is_exact`` says that the file has another book that is called nearly so.
    ``has_plain_tags`` says that tags of this file tell nothing of somebody's reading, unless they choose
    so. ``problems`` say in words what of the row was left out.
    """

    number: int
    title: str
    subtitle: str = ""
    authors: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    isbns: tuple[str, ...] = ()
    year: int | None = None
    pages: int | None = None
    minutes: int | None = None
    format: str = ""
    series: str = ""
    series_number: float | None = None
    description: str = ""
    shelf: str = ""
    tags: tuple[str, ...] = ()
    rating: int | None = None
    times: tuple[tuple[date | None, date | None], ...] = ()
    times_read: int = 0
    added_on: date | None = None
    review_title: str = ""
    review_summary: str = ""
    review: str = ""
    has_spoilers: bool = False
    notes: str = ""
    is_private: bool = False
    is_exact: bool = False
    has_plain_tags: bool = False
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that cannot be taken, and in words why."""

    number: int
    why: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Foreign:
    """An opened library. The rows come once, in the order of the file; reading on may raise Refused."""

    form: Form
    rows: Iterator[Entry | Skipped]
