"""Job that takes a file in, some rows at a time, each chunk in a transaction of its own."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from ..books.queries import hold_catalogue
from ..extensions import db, is_trouble_with_storage, utcnow
from ..jobs import enqueue, job
from ..lib.library_files.entries import LibraryEntry
from ..lib.text.remarks import Remark, remark
from . import queries
from .actions import stop
from .book_matches import MatchedBook, UnfitRowError, books_for
from .models import Import, ImportRow
from .reading_merge import NOTHING_NEW, ReadingMerge
from .recorded_values import RecordedValues, values_of

# A chunk takes a fraction of a second, and for that long others cannot write on SQLite.
ROWS_AT_ONCE = 100

TIED = remark("Several books in the club match this row equally well: the one added first was used.")
RETITLED = remark(
    "The club’s book is “%(title)s”: author, title and year are the same, only the subtitle differs."
)
NEAR = remark(
    "The club also has “%(title)s”, by the same author and of the same year. This row was taken for another"
    " book. If it is the same, an organiser can merge the two."
)
ADDED = remark("Added to the catalogue.")
KNOWN = remark("The club has it already.")
LEFT_OUT = remark("You chose to leave out the shelf “%(shelf)s”.")
DESCRIBED = remark("The club’s book had no description, and has the file’s now.")
FAILED = remark("This row could not be taken: something went wrong on our side.")

log = logging.getLogger(__name__)


@job("import", awaited=True)
def take_more_rows(import_id: int) -> None:
    """Take in some more rows, and leave the rest to the next such job."""
    if take_rows(import_id, utcnow()):
        enqueue("import", key=queries.key_of_job(import_id), import_id=import_id)


def take_rows(import_id: int, now: datetime, limit: int = ROWS_AT_ONCE) -> bool:
    """Take in the next rows of a running import. Return True if there are more.

    The outcome of a row is written in the same transaction as its state, so that after a crash the job
    continues with the first row that is not done. Nothing is taken in for a suspended member: the member is
    locked until the transaction ends, and suspending them waits for that.
    """
    importer = queries.hold_importer(import_id)
    # Locks are taken in one order everywhere: the member, then the catalogue, then its books.
    hold_catalogue()
    brought = queries.import_by_id(import_id, lock=True)
    if importer is None or brought is None or brought.state != "running":
        return False
    if not importer.is_active:
        stop(brought, "suspension")
        return False
    rows = queries.waiting(import_id, limit)
    _take_chunk(brought, rows, now)
    for outcome, many in Counter(row.state for row in rows).items():
        setattr(brought, outcome, getattr(brought, outcome) + many)
    # Fewer rows than asked for are the last ones.
    if len(rows) < limit:
        brought.state = "finished"
    return len(rows) == limit


def _take_chunk(brought: Import, rows: Sequence[ImportRow], now: datetime) -> None:
    """Take some rows at once; if one of them fails, take each by itself."""
    try:
        with db.session.begin_nested():
            _take_rows(brought, rows, now)
        return
    except DBAPIError as problem:
        # A full or locked database fails for every row alike: the job fails, and is tried again as a whole.
        if is_trouble_with_storage(problem):
            raise
        log.exception("import %s: rows %s are taken one by one", brought.id, rows[0].number)
    except Exception:
        log.exception("import %s: rows %s are taken one by one", brought.id, rows[0].number)
    for row in rows:
        try:
            with db.session.begin_nested():
                _take_rows(brought, [row], now)
        except Exception as problem:
            if isinstance(problem, DBAPIError) and is_trouble_with_storage(problem):
                raise
            # A row that cannot be taken must not stop the rows behind it.
            log.exception("import %s: row %s is skipped", brought.id, row.number)
            row.settle("skipped", [FAILED])


def _take_rows(brought: Import, rows: Sequence[ImportRow], now: datetime) -> None:
    choices = {shelf.name: shelf.becomes for shelf in brought.choices}
    wanted: list[tuple[ImportRow, LibraryEntry, RecordedValues]] = []
    for row in rows:
        entry = LibraryEntry.from_json(row.entry)
        # A list of books is nobody’s reading, so no choice of shelves leaves a row of it out.
        said = RecordedValues() if brought.is_booklist else values_of(entry, choices)
        if said is None:
            row.settle("skipped", [LEFT_OUT.fill(shelf=entry.shelf)])
        else:
            wanted.append((row, entry, said))
    found = books_for(
        [(row.book_id, entry) for row, entry, _ in wanted],
        brought.member_id,
        latest=now.year,
        with_tags=brought.is_booklist,
        with_descriptions=brought.gives_descriptions,
    )
    # One load and one lock for all books of the chunk, whatever the number of rows.
    books = {one.book_id for one in found if not isinstance(one, UnfitRowError)}
    joining = (
        None
        if brought.is_booklist
        else ReadingMerge(brought, queries.library_of(brought.member_id, books, brought.id), now)
    )
    for (row, entry, said), one in zip(wanted, found, strict=True):
        if isinstance(one, UnfitRowError):
            row.settle("skipped", [one.why])
            continue
        outcome: str
        why: tuple[Remark, ...]
        if joining is None:
            outcome, why = ("taken", (ADDED,)) if one.is_new else ("same", (KNOWN,))
        else:
            outcome, why = joining.take(one.book_id, one.is_new, entry, said)
        if one.is_described and not one.is_new:
            # With a new description the row did bring something.
            outcome = "merged" if outcome == "same" else outcome
            why = (*(each for each in why if each != NOTHING_NEW), DESCRIBED)
        row.settle(outcome, (*why, *_doubts(one), *entry.problems), one.book_id)
    if joining is not None:
        joining.write()
    # What the database refuses must come to light inside the savepoint: then the rows are taken singly.
    db.session.flush()


def _doubts(found: MatchedBook) -> Iterator[Remark]:
    """Remarks about other books that a row may be about."""
    if found.is_tied:
        yield TIED
    if found.near:
        yield (NEAR if found.is_new else RETITLED).fill(title=found.near)
