"""Records of an imported library (entries and skipped rows), its forms and its limits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from typing import Any

from ..matches.verdict import BookDescription
from ..text.messages import gettext as _
from ..text.messages import lazy_gettext
from ..text.remarks import Remark

MEBIBYTE = 1024 * 1024
# A library of 20 000 books with a review each takes about 20 MB.
MAX_BYTES = 32 * MEBIBYTE
MAX_ROWS = 50_000
# The longest review that the club can show (lib.text.markdown.MOST_CHARACTERS).
MAX_FIELD = 100_000
# LibraryThing writes about 60 columns, and Calibre one more for each that its user has added.
MAX_COLUMNS = 300


class LibraryFileError(ValueError):
    """A file that cannot be read as a library; the message is a sentence for the member who sent it."""


class Form(Enum):
    """Origin of a library, known by the columns of its file. ``value`` is the key that is stored."""

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
        """The name that members read."""
        return str(_TITLES[self])


def sources() -> list[str]:
    """Names of everything that a library may come from, as a sentence lists them."""
    return [*SITES, _("another Bookclub")]


SITES = (
    "Goodreads", "The StoryGraph", "LibraryThing", "BookWyrm", "Hardcover", "Openreads", "Calibre", "Kindle",
)  # fmt: skip
_TITLES = {
    Form.GOODREADS: "Goodreads",
    Form.STORYGRAPH: "The StoryGraph",
    Form.LIBRARYTHING: "LibraryThing",
    Form.BOOKWYRM: "BookWyrm",
    Form.HARDCOVER: "Hardcover",
    Form.OPENREADS: "Openreads",
    Form.CALIBRE: "Calibre",
    Form.KINDLE: lazy_gettext("Kindle’s clippings"),
    Form.BOOKCLUB: "Bookclub",
    Form.BOOKLIST: lazy_gettext("A list of books"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry(BookDescription):
    """One book of a member's library, read from a row of their file, and stored as JSON until it is imported.

    The catalogue can be searched for it, since it is a BookDescription with more. ``number`` is the row as a
    spreadsheet shows it (the header is 1). ``authors`` are without translators, narrators and illustrators if
    the file marks them; those are the ``contributors``, with the role in brackets. ``year`` is the year of
    first publication if the file has it, else of the edition; years BC are negative. ``format`` is one of the
    formats of editions. ``description`` is Markdown for the catalogue, not the reader's own words. ``shelf``
    is the exclusive shelf as the file writes it ("" if unknown), and ``tags`` are all other shelves.
    ``rating`` is in half stars, 1 to 10. ``times`` are (started, finished), oldest first. ``review`` is
    Markdown with spoilers between bars. ``notes`` are always private, and the whole entry is private if
    ``is_private``. ``has_plain_tags`` says that the tags of this file mean nothing about the member's reading
    unless they choose so. ``has_no_status`` says that they have not said whether they have read it.
    ``problems`` say what was left out of the row.
    """

    number: int
    contributors: tuple[str, ...] = ()
    pages: int | None = None
    minutes: int | None = None
    format: str = ""
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
    has_plain_tags: bool = False
    has_no_status: bool = False
    problems: tuple[Remark, ...] = ()

    @property
    def last_day(self) -> date | None:
        """The last day on which the reader did something with the book, if the file says."""
        return max((day for time in self.times for day in time if day), default=None)

    def book(self) -> BookDescription:
        """Return what a search needs, without the long texts, to be held for all rows of a file at once."""
        return BookDescription(**{field.name: getattr(self, field.name) for field in fields(BookDescription)})

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON stores it, without empty values: most rows have few of the others."""
        kept: dict[str, Any] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if value == field.default:
                continue
            if field.name == "times":
                value = [[day.isoformat() if day else None for day in time] for time in value]
            if field.name == "problems":
                value = [problem.to_json() for problem in value]
            kept[field.name] = value.isoformat() if isinstance(value, date) else value
        return kept

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> LibraryEntry:
        """Return the entry that to_json() stored."""
        # JSON has no tuples, and an entry has no lists.
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()
        }
        if "times" in values:
            values["times"] = tuple((_day(started), _day(finished)) for started, finished in values["times"])
        if "problems" in values:
            values["problems"] = tuple(map(Remark.from_json, values["problems"]))
        if "added_on" in values:
            values["added_on"] = _day(values["added_on"])
        return cls(**values)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that cannot be imported, with the reason as a sentence."""

    number: int
    why: Remark
    title: str = ""


@dataclass(frozen=True, slots=True)
class ForeignLibrary:
    """An opened library. ``rows`` can be read once, in the order of the file, and raise LibraryFileError."""

    form: Form
    rows: Iterator[LibraryEntry | Skipped]
