"""To recommend one book to whoever loved another."""

from __future__ import annotations

from datetime import datetime

from ...books.models import Book
from ...extensions import db
from ..models import Endorsement


def endorse_book(member_id: int, book: Book, other: Book, reason: str, now: datetime) -> Endorsement:
    """Say that whoever loved the one book should read the other."""
    endorsement = Endorsement(
        member_id=member_id,
        book_id=book.id,
        other_id=other.id,
        book_named_as=book.label.to_json(),
        other_named_as=other.label.to_json(),
        reason=reason,
        endorsed_at=now,
    )
    db.session.add(endorsement)
    db.session.flush()
    return endorsement
