"""Undo a merger or split: check if that is possible, and update counts and logs afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Table, select, update

from ..books.models import Book, Edition
from ..bulk import table_of
from ..extensions import db
from ..lib.text.bidi import isolated
from ..lib.text.messages import gettext as _
from ..members.models import Member
from ..readings.models import Reading
from . import queries, rules
from .author_merge import log_authors, respell_books, return_to_author
from .book_merge import count_again, has_details, log, merge_books
from .models import Merger
from .reading_merge import NOWHERE
from .record import condition_of
from .review_merge import repair_threads, restore_review
from .undo import MergerUndo

BOOK, EDITION, READING = (table_of(model) for model in (Book, Edition, Reading))


def problem_with_undo(merger: Merger, now: datetime) -> str | None:
    """Return a sentence that says why a merger cannot be undone, or None if it can."""
    if merger.undone_at is not None:
        return _("This is already undone.")
    if not rules.can_undo(merger.merged_at, merger.undone_at, now):
        return _("This was more than a week ago, so it can no longer be undone.")
    later = queries.later_merger(merger)
    if later is not None:
        if later.is_split:
            return _("“%(title)s” was split off later. Undo that first.", title=isolated(later.title))
        return _("“%(title)s” was merged later. Undo that first.", title=isolated(later.title))
    books = [id for id in (merger.book_id, merger.made_book_id) if id is not None]
    return problem_with_rounds(books)


def problem_with_rounds(book_ids: list[int]) -> str | None:
    """Sentence that says these books must wait for a round that is not over, or None."""
    voting = queries.round_under_way_about(book_ids)
    if voting is None:
        return None
    title, book = voting
    return _(
        "“%(title)s” is nominated in the round “%(round)s”. Wait until that is over.",
        title=isolated(book),
        round=isolated(title),
    )


def undo(merger: Merger, organiser: Member, now: datetime) -> None:
    """Undo a merger or split. What was written since stays with the one that was kept."""
    if merger.author_id is not None:
        _undo_author(merger, organiser, now)
    elif merger.is_split:
        _undo_split(merger, organiser, now)
    else:
        _undo_book(merger, organiser, now)
    merger.undone_at, merger.undone_by_id = now, organiser.id
    db.session.flush()


def _undo_author(merger: Merger, organiser: Member, now: datetime) -> None:
    assert merger.author_id is not None
    involved = [id for id in (merger.author_id, merger.made_author_id) if id is not None]
    books = sorted({book_id for author_id in involved for book_id in queries.books_by(author_id)})
    before = queries.names_on(books)
    reversal = MergerUndo(merger)
    if merger.made_author_id is None:
        reversal.run()
    else:
        # The merger forgets the author whose row is deleted at the end of this.
        made_id, merger.made_author_id = merger.made_author_id, None
        # The author made by the split goes last, when nothing names them any more.
        reversal.run(but={"made"})
        return_to_author(merger.author_id, made_id)
        reversal.run(only={"made"})
    respell_books(books)
    log_authors(books, before, organiser.id, now)


def _undo_book(merger: Merger, organiser: Member, now: datetime) -> None:
    kept_id = merger.book_id
    assert kept_id is not None
    db.session.flush()
    reversal = MergerUndo(merger)
    reversal.run({"review": restore_review, "talk": repair_threads})
    back = queries.row_where(BOOK, BOOK.c.slug == merger.slug)
    if back is None:
        raise RuntimeError(f"the book that merger {merger.id} took away did not come back")
    # Members may have measured their place in an edition of either book while the two were one.
    for book_id in (kept_id, back["id"]):
        _leave_other_editions(book_id, merger.title)
    kept = queries.books_whole([kept_id])[0]
    log(kept_id, organiser.id, now, "parted", merger.title)
    log(back["id"], organiser.id, now, "parted", kept.title)
    count_again([kept_id, back["id"]])


def _leave_other_editions(book_id: int, title: str) -> None:
    """Clear positions that are measured in an edition of another book; their readers are asked again."""
    others = READING.c.edition_id.not_in(select(EDITION.c.id).where(EDITION.c.book_id == book_id))
    nowhere = {**NOWHERE, "edition_id": None, "moved_from": title}
    statement = update(READING).where(READING.c.book_id == book_id, READING.c.edition_id.is_not(None), others)
    db.session.execute(statement.values(nowhere))


def remove_filler_edition(reversal: MergerUndo, table: Table, details: dict[str, Any]) -> None:
    """Delete the edition that a book got in place of those that moved, unless it has details by now."""
    row = queries.row_where(table, condition_of(table, details["key"]))
    if row is not None and not has_details(row):
        reversal.take_away(table, details)


def _undo_split(merger: Merger, organiser: Member, now: datetime) -> None:
    """Move back what a split moved, and merge what the new book got since into the old one."""
    book_id, made_id = merger.book_id, merger.made_book_id
    assert book_id is not None
    assert made_id is not None
    # The only row that a split makes is the edition that fills a gap, so no other kind comes here.
    MergerUndo(merger).run({"made": remove_filler_edition})
    rest = merge_books(book_id, made_id, organiser, now)
    # That merger is a part of undoing, and nobody can undo it by itself.
    db.session.delete(rest)
    db.session.flush()
