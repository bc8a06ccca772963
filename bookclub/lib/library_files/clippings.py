"""Kindle's "My Clippings.txt": highlights and notes, collected into one entry for each book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice

from ..matches.field_values import MAX_TITLE
from ..text.characters import trim_text
from ..text.limits import MAX_NOTES
from ..text.messages import gettext as _
from ..text.messages import number_text
from ..text.remarks import Remark, nremark, remark
from . import names
from .entries import MAX_ROWS, LibraryEntry, LibraryFileError, Skipped
from .tables import MOST_LINES

SEPARATOR = "=========="
# All these books go on this shelf, and the member decides once what the shelf means.
SHELF = "Kindle"
# The first separator must be within so many lines, since a long note may come before it.
HIGHEST_LINES = 200
LIMIT = remark("Some highlights are not in the file: the publisher limits how much Kindle copies.")
NO_AUTHOR = remark("Kindle names no author for this book.")

# Kindle writes this instead of a highlight, in its own language, once the limit of a book is reached.
_LIMIT = re.compile(r"<[^<>]{10,200}>")
# A role beside a name, and names of file-sharing sites at the end of a file name.
_IN_NAME = re.compile(r"\s*\([^()]*\)")
_SITE = re.compile(r"[\w.-]*(?:z-?lib(?:rary)?|1lib|libgen|b-ok|anna.?s archive)[\w.-]*", re.IGNORECASE)
# Chinese and Japanese titles have full-width brackets.
_WIDE = str.maketrans("（）", "()")
# Kindle writes a dash and the kind of clipping, in its own language, then the place, then the day.
_META = re.compile(r"\s*[-–—]\s*\S")
# The line under each clipping in a member's notes: its place in brackets, which has a number and a word.
_PLACE_LINE = re.compile(r"\((?=.*\d)(?=.*[^\W\d_]).{4,200}\)")
_PAGE = re.compile(r"\d{1,6}")
# A place that is a page alone says so in Kindle's language; a location, which no book has, says so, too.
_PAGE_WORD = re.compile(r"page|seite|p[áa]gin|sid[ae]|strona|stran|ページ|页|頁", re.IGNORECASE)
_MARKS = re.compile("[\ufeff\u200b\u200e\u200f\u202a-\u202e]")


@dataclass
class _Book:
    """A book with its clippings (place, text)."""

    number: int
    title: str
    authors: tuple[str, ...]
    clippings: list[tuple[str, str]] = field(default_factory=list)
    by_start: dict[str, int] = field(default_factory=dict)
    is_limited: bool = False

    def keep(self, place: str, text: str) -> None:
        """Add a clipping; of two versions that begin at the same place keep the longer text."""
        start = _start_of(place)
        at = self.by_start.get(start)
        if at is not None and text in self.clippings[at][1]:
            return
        if at is not None and self.clippings[at][1] in text:
            self.clippings[at] = place, text
            return
        self.by_start[start] = len(self.clippings)
        self.clippings.append((place, text))


@dataclass(frozen=True)
class Highlight:
    """A clipping in a member's notes: its text, and its place in Kindle's own words.

    ``key`` names it in an address, without any of its words.
    """

    text: str
    place: str

    @property
    def key(self) -> str:
        return blake2b(f"{self.place}\n{self.text}".encode(), digest_size=8).hexdigest()

    @property
    def page(self) -> str:
        """The page on which it begins, "" if Kindle only knows a location."""
        first, bar, _rest = self.place.partition("|")
        # Kindle writes "on page 61 | location 912-914", or only one of the two.
        named = _PAGE.search(first) if bar or _PAGE_WORD.search(first) else None
        return named[0] if named else ""


def highlights_in(notes: str) -> list[Highlight]:
    """Return the clippings among a member's notes, as ``clippings_from()`` wrote them, in their order."""
    found: list[Highlight] = []
    lines: list[str] = []
    for line in notes.splitlines():
        if not _PLACE_LINE.fullmatch(line.strip()):
            lines.append(line)
            continue
        text = "\n".join(lines).strip()
        if text:
            found.append(Highlight(text, line.strip()[1:-1]))
        lines = []
    return found


def is_clippings(lines: Iterable[str]) -> bool:
    """Return whether a text is Kindle's file of clippings, in any language, judged by its first clipping."""
    first: list[str] = []
    for line in islice(lines, HIGHEST_LINES):
        line = _strip_marks(line)
        if line == SEPARATOR:
            return len(first) > 1 and bool(first[0]) and bool(_META.match(first[1]))
        if line or first:
            first.append(line)
    return False


def clippings_from(lines: Iterable[str]) -> Iterator[LibraryEntry | Skipped]:
    """Yield one private entry for each book, with its highlights as notes, in the order of the file.

    ``number`` is the line where the book first occurs. Bookmarks have no text and are left out. Kindle writes
    an edited highlight a second time; the longer text is kept. Raises LibraryFileError for too many books or
    lines.
    """
    books: dict[str, _Book] = {}
    for number, block in _blocks(lines):
        if len(block) < 2 or not _META.match(block[1]):
            continue
        title, authors = _title_and_authors(block[0])
        # Clippings of several books alternate in the file, in the order in which they were made.
        book = books.setdefault(block[0], _Book(number, title, authors))
        if len(books) > MAX_ROWS:
            raise LibraryFileError(
                _(
                    "Line %(line)s: This file has more than %(limit)s books. Split it, and send the parts.",
                    line=number,
                    limit=number_text(MAX_ROWS),
                )
            )
        # Clippings are compared with each other, which is slow for long texts. One character too many shows
        # that the text was cut.
        text = trim_text("\n".join(block[2:]))[: MAX_NOTES + 1]
        if _LIMIT.fullmatch(text):
            book.is_limited = True
        elif text:
            book.keep(_place(block[1]), text)
    for book in books.values():
        yield _entry_or_skipped(book)


def _blocks(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines between two separators, without leading empty ones, and their first line number."""
    block: list[str] = []
    start = 0
    for number, line in enumerate(lines, 1):
        if number > MOST_LINES:
            raise LibraryFileError(
                _(
                    "Line %(line)s: This file has more lines than Kindle writes. Split it, and send the "
                    "parts.",
                    line=number,
                )
            )
        line = _strip_marks(line)[:MAX_NOTES]
        if line == SEPARATOR:
            yield start, block
            block = []
        elif line or block:
            start = start if block else number
            block.append(line)
    if block:
        yield start, block


def _strip_marks(line: str) -> str:
    return _MARKS.sub("", line).strip()


def _title_and_authors(line: str) -> tuple[str, tuple[str, ...]]:
    """Split "Title (Family, First;Family, First)" into title and authors."""
    title, author = names.split_bracket(line.translate(_WIDE) if line.endswith("）") else line)
    # A sharing site is in brackets after the author, so the bracket before it names the author.
    while author and _SITE.fullmatch(author):
        title, author = names.split_bracket(title)
    return " ".join(title.split())[:MAX_TITLE], names.read_typed_names(
        _IN_NAME.sub("", author)
    ) if author else ()


def _place(meta: str) -> str:
    """Return the place of a clipping in Kindle's own words, without the day on which it was made."""
    parts = [" ".join(part.split()) for part in meta.lstrip(" -–—").split("|")]
    return " | ".join(parts[:-1] if len(parts) > 1 else parts)


def _start_of(place: str) -> str:
    """Return a place up to its first number, which stays the same when a highlight is made longer."""
    return re.split(r"(?<=\d)\D", place.rpartition("|")[2], maxsplit=1)[0]


def _entry_or_skipped(book: _Book) -> LibraryEntry | Skipped:
    if not book.authors:
        return Skipped(book.number, NO_AUTHOR, book.title)
    limited = (LIMIT,) if book.is_limited else ()
    pieces = [f"{text}\n({place})" for place, text in book.clippings]
    notes = ""
    for count, piece in enumerate(pieces):
        longer = f"{notes}\n\n{piece}" if notes else piece
        if len(longer) >= MAX_NOTES:
            problem = nremark(
                "Its highlights are longer than notes can be, so the last %(num)s was left out.",
                "Its highlights are longer than notes can be, so the last %(num)s were left out.",
                len(pieces) - count,
            )
            return _private_entry(book, notes, (problem, *limited))
        notes = longer
    return _private_entry(book, notes, limited)


def _private_entry(book: _Book, notes: str, problems: tuple[Remark, ...]) -> LibraryEntry:
    titled = names.titled_from(names.with_article_in_front(book.title))
    return LibraryEntry(
        number=book.number,
        title=titled.title,
        authors=book.authors,
        series=titled.series,
        series_number=titled.number,
        shelf=SHELF,
        notes=notes,
        # Nobody chose to show which passages they marked.
        is_private=True,
        problems=problems,
    )
