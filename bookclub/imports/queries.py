"""Imports and their rows, with the books and a member's records that the rows are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, exists, func, select

from ..books.models import Book
from ..extensions import db
from ..jobs import Job
from ..members.models import Member
from ..permissions import loads
from ..readings.models import OwnTag, Reading, ReadThrough
from ..reviews.models import Review, ReviewDraft
from .models import Import, ImportedReading, ImportRow

PAGE = 50
# A report holds so many rows in memory at once.
REPORT_CHUNK = 500
# The organisers' list shows at most so many imports.
MOST_UNDER_WAY = 100


@dataclass(frozen=True)
class ImportUnderWay:
    """A running or stopped import as organisers see it: its member, but not its content."""

    brought: Import
    member: Member


@dataclass
class RowBooks:
    """The books of some rows, a member's records of them, and the first row about each."""

    books: dict[int, Book]
    readings: dict[int, Reading]
    earlier: dict[int, list[ReadThrough]] = field(default_factory=lambda: defaultdict(list))
    tags: dict[int, list[OwnTag]] = field(default_factory=lambda: defaultdict(list))
    drafts: dict[int, ReviewDraft] = field(default_factory=dict)
    reviews: dict[int, str] = field(default_factory=dict)
    imported: dict[int, ImportedReading] = field(default_factory=dict)
    first_rows: dict[int, int] = field(default_factory=dict)


@loads(Import)
def import_by_id(import_id: int | str, *, lock: bool = False) -> Import | None:
    """Load an import. With ``lock`` it is locked, and its columns are read again."""
    statement = select(Import).where(Import.id == import_id)
    if lock:
        # A row loaded before may have changed while this one waited for the lock.
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.execute(statement).scalar_one_or_none()


@loads(ImportUnderWay)
def import_under_way(import_id: int, *, lock: bool = False) -> ImportUnderWay | None:
    """Load a running or stopped import with its member."""
    statement = _under_way().where(Import.id == import_id)
    if lock:
        statement = statement.with_for_update(of=Import)
    row = db.session.execute(statement).one_or_none()
    return ImportUnderWay(*row) if row else None


def imports_under_way() -> Sequence[ImportUnderWay]:
    """Every running or stopped import with its member: running ones first, then the latest."""
    # False comes before True, so running imports come first.
    statement = _under_way().order_by(Import.state != "running", Import.id.desc()).limit(MOST_UNDER_WAY)
    return [ImportUnderWay(*row) for row in db.session.execute(statement)]


def _under_way() -> Select[Import, Member]:
    under_way = Import.state.in_(("running", "stopped"))
    return select(Import, Member).join(Member, Member.id == Import.member_id).where(under_way)


def imports_of(member_id: int, *, lock: bool = False) -> Sequence[Import]:
    """A member's imports, latest first."""
    statement = select(Import).where(Import.member_id == member_id).order_by(Import.id.desc())
    return db.session.execute(statement.with_for_update() if lock else statement).scalars().all()


def hold_importer(import_id: int) -> Member | None:
    """Load and lock the member of an import; None if the import was deleted.

    The lock lasts until the transaction ends, so that nobody suspends or removes the member meanwhile. Take
    it first: suspending a member locks them before anything of theirs.
    """
    of_import = select(Import.member_id).where(Import.id == import_id).scalar_subquery()
    held = select(Member).where(Member.id == of_import).with_for_update(read=True, of=Member)
    return db.session.execute(held.execution_options(populate_existing=True)).scalar_one_or_none()


def import_sent(member_id: int, submission: str | None) -> Import | None:
    """The import that a member has already made with this form, or None."""
    by_form = (Import.member_id == member_id, Import.submission == submission)
    return db.session.execute(select(Import).where(*by_form)).scalar_one_or_none() if submission else None


def count_of(member_id: int) -> int:
    """Number of a member's stored imports."""
    statement = select(func.count()).select_from(Import).where(Import.member_id == member_id)
    return db.session.execute(statement).scalar_one()


def has_job(import_id: int) -> bool:
    """Return True if a job of the import waits or runs, so that it continues by itself."""
    return bool(
        db.session.execute(
            select(exists().where(Job.key == key_of_job(import_id), Job.failed_at.is_(None)))
        ).scalar()
    )


def key_of_job(import_id: int) -> str:
    """Key of the job that takes an import in, so that there is one at a time."""
    return f"import {import_id}"


def waiting(import_id: int, limit: int, after: int = 0) -> Sequence[ImportRow]:
    """Up to ``limit`` waiting rows behind row ``after``, in order."""
    statement = select(ImportRow).where(
        ImportRow.import_id == import_id, ImportRow.state == "waiting", ImportRow.number > after
    )
    return db.session.execute(statement.order_by(ImportRow.number).limit(limit)).scalars().all()


def last_looked_at(brought: Import) -> int:
    """Number of the last row that the catalogue was searched for, or 0."""
    statement = select(ImportRow.number).where(
        ImportRow.import_id == brought.id, ImportRow.state == "waiting"
    )
    # The search goes by number, so of ``looked`` rows this is the last.
    statement = statement.order_by(ImportRow.number).offset(max(0, brought.looked - 1)).limit(1)
    return db.session.execute(statement).scalar_one_or_none() or 0 if brought.looked else 0


def rows_of(
    import_id: int, outcome: str | None, after: int, limit: int = PAGE
) -> Sequence[tuple[ImportRow, Book | None]]:
    """Up to ``limit`` rows behind row ``after`` with their books: all rows, or those of one outcome."""
    statement = (
        select(ImportRow, Book)
        .outerjoin(Book, Book.id == ImportRow.book_id)
        .where(ImportRow.import_id == import_id, ImportRow.number > after)
        .order_by(ImportRow.number)
        .limit(limit)
    )
    if outcome:
        statement = statement.where(ImportRow.state == outcome)
    return [(row, book) for row, book in db.session.execute(statement)]


def report_of(import_id: int) -> Iterator[tuple[Any, ...]]:
    """All rows with their outcome: number, title, authors, outcome, why, and the slug of the book."""
    after = 0
    columns = (
        ImportRow.number,
        ImportRow.title,
        ImportRow.authors,
        ImportRow.state,
        ImportRow.why,
        Book.slug,
    )
    # Each chunk continues behind the last number: an offset would read all rows before it again.
    while True:
        statement = (
            select(*columns)
            .outerjoin(Book, Book.id == ImportRow.book_id)
            .where(ImportRow.import_id == import_id, ImportRow.number > after)
            .order_by(ImportRow.number)
            .limit(REPORT_CHUNK)
        )
        rows = db.session.execute(statement).all()
        yield from (tuple(row) for row in rows)
        if len(rows) < REPORT_CHUNK:
            return
        after = rows[-1][0]


def library_of(member_id: int, book_ids: Collection[int], import_id: int | None = None) -> RowBooks:
    """Load and lock these books, with everything that a member has recorded for them.

    The books are locked in the order of their ids, so that two transactions never wait for each other.
    """
    held = select(Book).where(Book.id.in_(book_ids)).order_by(Book.id).with_for_update(key_share=True)
    books = db.session.execute(held.execution_options(populate_existing=True)).scalars()
    mine = select(Reading).where(Reading.member_id == member_id, Reading.book_id.in_(book_ids))
    library = RowBooks(
        {book.id: book for book in books},
        {reading.book_id: reading for reading in db.session.execute(mine.with_for_update()).scalars()},
    )
    # One statement for each kind of record, however many books there are.
    ids = [reading.id for reading in library.readings.values()]
    throughs = select(ReadThrough).where(ReadThrough.reading_id.in_(ids)).order_by(ReadThrough.id)
    for through in db.session.execute(throughs).scalars():
        library.earlier[through.reading_id].append(through)
    tags = select(OwnTag).where(OwnTag.reading_id.in_(ids)).order_by(OwnTag.id)
    for tag in db.session.execute(tags).scalars():
        library.tags[tag.reading_id].append(tag)
    drafts = select(ReviewDraft).where(ReviewDraft.member_id == member_id, ReviewDraft.book_id.in_(book_ids))
    library.drafts.update((draft.book_id, draft) for draft in db.session.execute(drafts).scalars())
    library.reviews.update(_published(member_id, book_ids))
    known = select(ImportedReading).where(
        ImportedReading.member_id == member_id, ImportedReading.book_id.in_(book_ids)
    )
    library.imported.update((one.book_id, one) for one in db.session.execute(known).scalars())
    of_import = (ImportRow.import_id == import_id, ImportRow.book_id.in_(book_ids))
    firsts = select(ImportRow.book_id, func.min(ImportRow.number)).where(*of_import)
    # A waiting row has brought nothing yet, and a skipped one never will.
    firsts = firsts.where(ImportRow.state.not_in(("waiting", "skipped"))).group_by(ImportRow.book_id)
    library.first_rows.update({row[0]: row[1] for row in db.session.execute(firsts) if row[0] is not None})
    return library


def _published(member_id: int, book_ids: Collection[int]) -> dict[int, str]:
    """Bodies of a member's reviews of these books, by book."""
    statement = select(Review.book_id, Review.body).where(
        Review.member_id == member_id, Review.book_id.in_(book_ids), Review.deleted_at.is_(None)
    )
    return {row.book_id: row.body for row in db.session.execute(statement)}
