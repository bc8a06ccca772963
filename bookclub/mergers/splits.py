"""Split a book: make a new one of some of its parts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Table

from ..asks.models import Answer, Ask, Endorsement
from ..books.actions import add_book
from ..bulk import table_of
from ..extensions import db
from ..lib.matches.book_fields import BookFields
from ..members.models import Member
from ..readings.models import Reading
from ..reviews.models import Review
from ..rounds.models import Nomination
from ..threads.models import Thread
from . import queries
from .author_merge import create_merger
from .book_merge import ADAPTATION, BOOK, EDITION, START, count_again, log
from .models import Merger
from .reading_merge import move_reading
from .record import Record
from .rules import Chosen

REVIEW, THREAD, READING = (table_of(model) for model in (Review, Thread, Reading))
ASK, ANSWER, NOMINATION = (table_of(model) for model in (Ask, Answer, Nomination))
ENDORSEMENT = table_of(Endorsement)


def split_book(
    book_id: int,
    fields: BookFields,
    chosen: Chosen,
    organiser: Member,
    now: datetime,
    submission: str | None = None,
) -> Merger:
    """Make a new book of parts of this one, in which no reader has a position yet.

    Readings whose positions are measured in an edition that moves go along; their readers are asked how far
    they are. The caller must hold the catalogue and the book, and have checked that no round votes on it.
    """
    book = queries.row_where(BOOK, BOOK.c.id == book_id)
    assert book is not None
    made = add_book(fields, organiser.id)
    merger = create_merger("book split", made.title, made.slug, organiser.id, now, submission)
    merger.book_id, merger.made_book_id = book_id, made.id
    db.session.flush()
    record, made_id = Record(merger), made.id

    _move_editions(record, book_id, made_id, chosen.of("edition"))
    for row in queries.rows_where(READING, READING.c.book_id == book_id):
        if row["edition_id"] in chosen.of("edition"):
            move_reading(record, row, made_id, book["title"])
    reviews = chosen.of("review")
    asks = chosen.of("ask")
    threads = {
        row["thread_id"]
        for table, ids in ((REVIEW, reviews), (ASK, asks))
        for row in queries.rows_where(table, table.c.id.in_(ids))
    }
    record.move(REVIEW.c.book_id, book_id, made_id, REVIEW.c.id.in_(reviews))
    record.move(ASK.c.book_id, book_id, made_id, ASK.c.id.in_(asks))
    record.move(THREAD.c.book_id, book_id, made_id, THREAD.c.id.in_(threads | chosen.of("thread")))
    for table, name in ((ANSWER, "answer"), (NOMINATION, "nomination")):
        record.move(table.c.book_id, book_id, made_id, table.c.id.in_(chosen.of(name)))
    for row in queries.rows_where(ENDORSEMENT, ENDORSEMENT.c.id.in_(chosen.of("endorsement"))):
        ends = {name: made_id for name in ("book_id", "other_id") if row[name] == book_id}
        record.change(ENDORSEMENT, row, ends)
    both = (book_id, made_id)
    _let_one_stand(record, ANSWER, ANSWER.c.book_id.in_(both), "ask_id", "member_id", "book_id")
    _let_one_stand(record, NOMINATION, NOMINATION.c.book_id.in_(both), "round_id", "book_id")
    either = ENDORSEMENT.c.book_id.in_(both) | ENDORSEMENT.c.other_id.in_(both)
    _let_one_stand(record, ENDORSEMENT, either, "member_id", "book_id", "other_id")
    record.move(ADAPTATION.c.book_id, book_id, made_id, ADAPTATION.c.id.in_(chosen.of("adaptation")))
    record.keep()

    log(book_id, organiser.id, now, "split", made.title)
    log(made_id, organiser.id, now, "split from", book["title"])
    count_again([book_id, made_id])
    return merger


def _let_one_stand(record: Record, table: Table, which: ColumnElement[bool], *alike: str) -> None:
    """Let one row of each kind stand for itself where all that are left had been joined to another.

    Rows are of one kind if the columns in ``alike`` are equal. The unique index allows one that stands.
    """
    kinds: dict[tuple[object, ...], list[queries.Row]] = {}
    for row in queries.rows_where(table, which):
        # What its member took back does not stand for anything.
        if row.get("deleted_at") is None:
            kinds.setdefault(tuple(row[name] for name in alike), []).append(row)
    for rows in kinds.values():
        if all(row["is_joined"] for row in rows):
            record.change(table, rows[0], {"is_joined": False})


def _move_editions(record: Record, book_id: int, made_id: int, ids: frozenset[int]) -> None:
    """Move editions, in place of the empty one that every new book has.

    Chapter starts in them are forgotten until they are back: the chapters stay with their book.
    """
    if not ids:
        return
    blank = [row["id"] for row in queries.rows_where(EDITION, EDITION.c.book_id == made_id)]
    # This is not recorded, since undoing deletes the new book with all that is left of it.
    db.session.execute(EDITION.delete().where(EDITION.c.id.in_(blank)))
    for row in queries.rows_where(EDITION, EDITION.c.id.in_(ids)):
        for start in queries.rows_where(START, START.c.edition_id == row["id"]):
            record.fold(START, start)
        record.change(EDITION, row, {"book_id": made_id})
    if not queries.keys_where(EDITION, EDITION.c.book_id == book_id):
        # A book has at least one edition, in which its form keeps the pages and the ISBN.
        record.make(EDITION, {"book_id": book_id, "place": 0})
