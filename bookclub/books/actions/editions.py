"""To add an edition of a book, and to correct one, each logged. Nothing here commits."""

from __future__ import annotations

from ...extensions import db
from .. import queries, rules
from ..models import Book, BookEdit, Edition
from ..rules import EditionFields


def add_edition(
    book: Book, fields: EditionFields, member_id: int | None, submission: str | None = None
) -> Edition:
    """Add an edition to a book that is loaded with all its parts, and log it.

    The edition that a book comes with before anybody knows anything of it is filled instead. An ISBN
    that another edition has is for the caller to refuse (``queries.edition_called``). ``member_id`` is
    None where the edition comes with the club; then nothing is logged.
    """
    blank = book.editions[0] if len(book.editions) == 1 and not book.editions[0].fields else None
    edition = blank or Edition()
    if blank is None:
        book.editions.append(edition)
    edition.submission = submission
    _write(book, edition, fields)
    if member_id is not None:
        _log(book, member_id, "", fields.text)
    db.session.flush()
    return edition


def edit_edition(book: Book, edition: Edition, fields: EditionFields, member_id: int) -> bool:
    """Correct an edition of a book that is loaded with all its parts; whether there was anything to log."""
    before = edition.fields
    if before == fields:
        return False
    _write(book, edition, fields)
    _log(book, member_id, before.text, fields.text)
    db.session.flush()
    return True


def _write(book: Book, edition: Edition, fields: EditionFields) -> None:
    edition.isbn, edition.format = fields.isbn, fields.format
    edition.pages, edition.minutes = fields.pages, fields.minutes
    # Books are found by the ISBN of any of their editions.
    others = (other.isbn or "" for other in book.editions[1:])
    names = queries.other_names(book.id, [credit.author_id for credit in book.credits])
    book.search_key = rules.search_key(book.fields, others, names)


def _log(book: Book, member_id: int, before: str, after: str) -> None:
    db.session.add(BookEdit(book_id=book.id, member_id=member_id, changes={"edition": [before, after]}))
