"""To look, before anything is taken, which books of a file the club has already."""

from __future__ import annotations

from sqlalchemy import update

from ...books.queries import match_books
from ...books.rules import Wanted
from ...extensions import db
from ...jobs import enqueue, job
from .. import queries
from ..models import ImportRow
from ..rules import Entry, entry_from

ROWS_AT_ONCE = 200


@job("look", awaited=True)
def go_on_looking(import_id: int, after: int) -> None:
    """Look for the books of some more rows, and leave the others to the next such job."""
    last = look_on(import_id, after)
    if last is not None:
        enqueue("look", key=f"look {import_id}", import_id=import_id, after=last)


def look_on(import_id: int, after: int = 0) -> int | None:
    """Note for the next rows which books they are; the last row looked at, None where that was all.

    Once the import runs nobody needs it any more: it looks for itself. For a member who is suspended
    nothing is noted; look_again() goes on.
    """
    importer = queries.hold_importer(import_id)
    if importer is None or not importer.is_active:
        return None
    brought = queries.import_by_id(import_id, lock=True)
    if brought is None or brought.state != "staged":
        return None
    rows = queries.waiting(import_id, ROWS_AT_ONCE, after)
    found = match_books([wanted_of(entry_from(row.entry)) for row in rows])
    known = [
        {"import_id": import_id, "number": row.number, "book_id": match.book_id}
        for row, match in zip(rows, found, strict=True)
        # What is in doubt, the report has to tell: it is looked for again then.
        if match.book_id is not None and not match.is_tied and not match.near
    ]
    if known:
        db.session.execute(update(ImportRow), known)
    brought.looked += len(rows)
    brought.known += len(known)
    return rows[-1].number if len(rows) == ROWS_AT_ONCE else None


def wanted_of(entry: Entry) -> Wanted:
    """A row as the catalogue is searched for it."""
    return Wanted(
        title=entry.title,
        authors=entry.authors,
        isbns=entry.isbns,
        year=entry.year,
        subtitle=entry.subtitle,
        series=entry.series,
        series_number=entry.series_number,
        is_exact=entry.is_exact,
    )
