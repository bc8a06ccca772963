"""Stage an uploaded library, search the catalogue for its books, and start, stop or delete its import."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from operator import attrgetter
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from sqlalchemy import delete

from ..books.match_queries import match_books
from ..bulk import write_rows
from ..extensions import db
from ..jobs import enqueue, job
from ..lib.library_files.entries import Form, LibraryEntry, LibraryFileError, Skipped
from ..lib.library_files.reader import open_library
from ..lib.matches.field_values import cut_line
from ..lib.matches.lookup_keys import similar_title_rows
from ..lib.matches.verdict import BookDescription
from ..lib.text.messages import gettext as _
from ..lib.text.remarks import store_remarks
from ..members.queries import member_by_id
from . import queries
from .book_matches import LONGEST_AUTHORS_LINE
from .models import Import, ImportRow
from .shelf_choices import ShelfCount

# As many as match_books() takes together, so a job needs one round of statements.
ROWS_LOOKED_UP_AT_ONCE = 200
# The columns for titles and names of files are as wide.
LONGEST_TITLE = 200
# One statement writes so many rows.
ROWS_AT_ONCE = 500
# Columns that are counted while a file is read, for which the defaults of the insert come too late.
COUNTED = ("total", "skipped", "ratings", "reviews", "notes", "descriptions", "looked", "known")


@job("look", awaited=True)
def match_more_rows(import_id: int, after: int) -> None:
    """Search the catalogue for the books of some more rows, and leave the rest to the next such job."""
    last = match_next_rows(import_id, after)
    if last is not None:
        enqueue("look", key=f"look {import_id}", import_id=import_id, after=last)


def match_next_rows(import_id: int, after: int = 0) -> int | None:
    """Search the catalogue for the books of the next rows, and note those that it has.

    Return the number of the last row searched, or None if there are no more. Nothing is noted once the import
    runs, since it searches for itself, or while the member is suspended; look_again() resumes the search.
    """
    importer = queries.hold_importer(import_id)
    if importer is None or not importer.is_active:
        return None
    brought = queries.import_by_id(import_id, lock=True)
    if brought is None or brought.state != "staged":
        return None
    rows = queries.waiting(import_id, ROWS_LOOKED_UP_AT_ONCE, after)
    for row, match in zip(
        rows, match_books([LibraryEntry.from_json(row.entry) for row in rows]), strict=True
    ):
        # The report must mention a doubtful match, so the import searches for that row again.
        if match.book_id is not None and not match.is_tied and not match.near:
            row.book_id = match.book_id
            brought.known += 1
    brought.looked += len(rows)
    return rows[-1].number if len(rows) == ROWS_LOOKED_UP_AT_ONCE else None


@dataclass
class Spooled:
    """A file that has been read to its end: its import, not stored yet, and its rows in a temporary file.

    ``books`` are the books of its rows by number, and ``alike`` the numbers of rows whose titles are nearly
    those of other books in the file.
    """

    # The view and the command line ask by this if it is a list for the club or somebody’s library.
    form: Form
    brought: Import
    rows: IO[str]
    shelves: ShelfCount = field(default_factory=ShelfCount)
    books: dict[int, BookDescription] = field(default_factory=dict)
    alike: set[int] = field(default_factory=set)

    def take(self, row: LibraryEntry | Skipped) -> None:
        """Write one row to the temporary file as an ImportRow stores it, and count what it brings."""
        brought = self.brought
        brought.total += 1
        line: dict[str, Any] = {"number": row.number, "title": cut_line(row.title, LONGEST_TITLE)}
        if isinstance(row, Skipped):
            brought.skipped += 1
            line |= {"authors": "", "entry": {}, "state": "skipped", "why": store_remarks([row.why])}
        else:
            self.shelves.add(row)
            # Titles that are nearly alike show only when all rows are known, so the books stay in memory.
            self.books[row.number] = row.book()
            brought.ratings += row.rating is not None
            brought.reviews += bool(row.review)
            brought.notes += bool(row.notes)
            brought.descriptions += bool(row.description)
            authors = cut_line(", ".join(row.authors), LONGEST_AUTHORS_LINE)
            line |= {"authors": authors, "entry": row.to_json(), "state": "waiting", "why": ""}
        # Escapes would make Cyrillic three times as long, and Chinese twice.
        self.rows.write(json.dumps(line, ensure_ascii=False) + "\n")


def is_same(brought: Import, read: Spooled) -> bool:
    """Return True if a file is the one that was imported, judging by its name and its rows."""
    # The rows themselves are no help: those that are done are empty.
    signs = attrgetter("form", "name", "total", "skipped", "reviews", "notes")
    return bool(signs(brought) == signs(read.brought))


@contextmanager
def spool_file(file: BinaryIO, name: str) -> Iterator[Spooled]:
    """Read a whole file, row by row, before any transaction begins. Raises LibraryFileError if it cannot be
    read.

    Its rows wait in a temporary file, since a library may be larger than a small machine's memory.
    """
    foreign = open_library(file, name=name)
    nothing = dict.fromkeys(COUNTED, 0)
    brought = Import(form=foreign.form.value, name=cut_line(name, LONGEST_TITLE), **nothing)
    with TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="\n") as rows:
        read = Spooled(foreign.form, brought, rows)
        for row in foreign.rows:
            read.take(row)
        if not brought.total:
            raise LibraryFileError(_("There are no books in this file."))
        rows.seek(0)
        numbers = list(read.books)
        read.alike = {numbers[place] for place in similar_title_rows(list(read.books.values()))}
        yield read


def stage(member_id: int, read: Spooled, now: datetime, submission: str | None = None) -> Import:
    """Store the rows of a file, to be reviewed before anything is taken from them.

    Raises LibraryFileError if the member was suspended or removed while the file was read.
    """
    member = member_by_id(member_id)
    if member is None or not member.is_active:
        raise LibraryFileError(_("A suspended member cannot import files."))
    brought = read.brought
    brought.member_id, brought.brought_at, brought.submission = member_id, now, submission
    brought.shelves = read.shelves.kept()
    db.session.add(brought)
    # The rows need the id of their import.
    db.session.flush()
    while lines := list(islice(read.rows, ROWS_AT_ONCE)):
        rows = [{**json.loads(line), "import_id": brought.id} for line in lines]
        for row in rows:
            if row["number"] in read.alike:
                # One reader who has two books of nearly the same title means two books.
                row["entry"]["is_exact"] = True
        write_rows(ImportRow, rows)
    # The first rows are searched at once, so that the page of a small library says at once what the club has.
    last = match_next_rows(brought.id)
    if last is not None:
        enqueue("look", key=f"look {brought.id}", import_id=brought.id, after=last)
    return brought


def choose(brought: Import, choices: Mapping[str, str], *, gives_descriptions: bool = True) -> None:
    """Store what the shelves of a file become; shelves that are not named stay as they were.

    ``gives_descriptions`` says if books of the club without a description get the file's.
    """
    brought.gives_descriptions = gives_descriptions
    # A new list: SQLAlchemy does not notice a change inside a JSON value.
    brought.shelves = [
        {**shelf, "becomes": choices.get(shelf["name"], shelf["becomes"])} for shelf in brought.shelves
    ]


def start(brought: Import) -> None:
    """Start the import of a file, or continue it after it was stopped."""
    if brought.state == "finished":
        return
    brought.state, brought.stopped_by, brought.stop_reason = "running", "", ""
    # A stopped import's job may still be waiting, and two must not run at once.
    if not queries.has_job(brought.id):
        enqueue("import", key=queries.key_of_job(brought.id), import_id=brought.id)


def stop(brought: Import, by: str = "member", reason: str = "") -> None:
    """Stop an import until its member starts it again; rows already taken stay.

    ``by`` is one of STOPPERS, and ``reason`` is what an organiser tells the member.
    """
    # It may have ended while the request waited, and an import that ended is not stopped.
    if brought.state == "running":
        brought.state, brought.stopped_by, brought.stop_reason = "stopped", by, reason


def stop_all(member_id: int) -> None:
    """Stop every running import of a member who is now suspended."""
    for brought in queries.imports_of(member_id, lock=True):
        stop(brought, "suspension")


def resume_matching(member_id: int) -> None:
    """Resume the searches of a member's staged imports that a suspension, now lifted, interrupted."""
    for brought in queries.imports_of(member_id, lock=True):
        if brought.state == "staged" and brought.looked < brought.total - brought.skipped:
            after = queries.last_looked_at(brought)
            enqueue("look", key=f"look {brought.id}", import_id=brought.id, after=after)


def forget(brought: Import) -> None:
    """Delete an import and its report. What was taken from it stays, and later files recognise it."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == brought.id))
    db.session.delete(brought)
