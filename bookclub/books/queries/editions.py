"""Editions, chapters, what was noted of both, and the last edit of a book."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from ...extensions import db
from .. import rules
from ..models import Book, BookEdit, Edition, Section, SectionStart


def edition_called(isbn: str) -> tuple[Edition, Book] | None:
    """The edition that has this ISBN, with its book."""
    statement = select(Edition, Book).join(Book, Book.id == Edition.book_id).where(Edition.isbn == isbn)
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def sections_of(book_id: int) -> Sequence[Section]:
    """The chapters of a book, in their order."""
    statement = select(Section).where(Section.book_id == book_id).order_by(Section.place, Section.id)
    return db.session.execute(statement).scalars().all()


def section_called(book_id: int, text: str | None) -> Section | None:
    """The chapter of this book with the id that somebody sent."""
    section_id = rules.id_from(text)
    if section_id is None:
        return None
    statement = select(Section).where(Section.book_id == book_id, Section.id == section_id)
    return db.session.execute(statement).scalar_one_or_none()


def notes_of(edition: Edition | None) -> dict[tuple[int, str], SectionStart]:
    """Where chapters start in an edition, by chapter and unit; nothing without an edition."""
    if edition is None:
        return {}
    statement = select(SectionStart).where(SectionStart.edition_id == edition.id)
    notes = db.session.execute(statement).scalars()
    return {(note.section_id, note.unit): note for note in notes}


def last_edit_of(book_id: int, *fields: str) -> BookEdit | None:
    """The latest change to a book, or to one of these fields of it, with the member who made it."""
    statement = select(BookEdit).where(BookEdit.book_id == book_id).options(joinedload(BookEdit.member))
    if fields:
        statement = statement.where(
            or_(*(BookEdit.changes[field].as_string().is_not(None) for field in fields))
        )
    return db.session.execute(statement.order_by(BookEdit.id.desc()).limit(1)).scalar_one_or_none()
