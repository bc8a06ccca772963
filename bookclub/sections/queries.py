"""Queries for the chapters of a book, its editions, and the starts of chapters in an edition."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from ..books.models import Book, Edition
from ..extensions import db
from ..lib.text import cursors
from .models import Section, SectionStart


def sections_of(book_id: int) -> Sequence[Section]:
    """Return the chapters of a book, in their order."""
    statement = select(Section).where(Section.book_id == book_id).order_by(Section.place, Section.id)
    return db.session.execute(statement).scalars().all()


def section_called(book_id: int, text: str | None) -> Section | None:
    """Return the chapter of this book with the id that was sent, or None."""
    section_id = cursors.row_id_from(text)
    if section_id is None:
        return None
    # The id comes from a form, which may name a chapter of another book.
    statement = select(Section).where(Section.book_id == book_id, Section.id == section_id)
    return db.session.execute(statement).scalar_one_or_none()


def edition_called(book: Book, text: str | None) -> Edition | None:
    """Return the edition of this book with this id; without an id, the first one of known length."""
    if not text:
        return next((edition for edition in book.editions if edition.fields.unit), None)
    edition_id = cursors.row_id_from(text)
    return next((edition for edition in book.editions if edition.id == edition_id), None)


def notes_of(edition: Edition | None) -> dict[tuple[int, str], SectionStart]:
    """Return the noted starts in an edition, by chapter id and unit; none without an edition."""
    if edition is None:
        return {}
    statement = select(SectionStart).where(SectionStart.edition_id == edition.id)
    notes = db.session.execute(statement).scalars()
    return {(note.section_id, note.unit): note for note in notes}
