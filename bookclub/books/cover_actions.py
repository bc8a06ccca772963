"""Give a book a cover, take it away, and log that. Nothing here commits."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..members.models import Member
from ..pictures import actions as pictures
from ..pictures.decoder import Upload
from ..pictures.rules import cover_of
from .models import Book, BookEdit


def set_cover(book: Book, upload: Upload, member: Member, now: datetime, source: str = "picture") -> None:
    """Make an upload the cover of a book, and log that, unless it is its cover already.

    ``source`` is the word that the log has for it. The caller has locked the member's row. Raises
    NoSpaceError.
    """
    number = pictures.put(upload, cover_of(book.id), member.id, now)
    if number is not None:
        _log_cover(book, member, source)
        book.cover_id = number


def remove_cover(book: Book, member: Member) -> None:
    """Delete the cover of a book, and log that; the drawn one stands again."""
    if pictures.take_away(cover_of(book.id)):
        _log_cover(book, member, "")
        book.cover_id = None


def _log_cover(book: Book, member: Member, after: str) -> None:
    changes = {"cover": ["picture" if book.cover_id else "", after]}
    db.session.add(BookEdit(book_id=book.id, member_id=member.id, changes=changes))
