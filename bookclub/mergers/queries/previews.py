"""Previews of mergers: what an organiser may know of that a merger will change.

Private readings are in no number here, nor is anything from which they could be found by subtraction.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from ...books.models import Author, Book, BookAuthor
from ...extensions import db
from ...recommendations.models import Ask

TITLES = 20


def author_preview(kept: Author, gone: Author) -> dict[str, Any]:
    """What becomes of the books of ``gone``, and of the questions about them, once both are one author."""
    written = select(BookAuthor.book_id).where(BookAuthor.author_id == gone.id)
    both = select(BookAuthor.book_id).where(BookAuthor.author_id == kept.id, BookAuthor.book_id.in_(written))
    titles = db.session.execute(
        select(Book.title).where(Book.id.in_(written)).order_by(Book.title_key, Book.id)
    ).scalars()
    asks = select(func.count()).select_from(Ask).where(Ask.author_id == gone.id, Ask.deleted_at.is_(None))
    return {
        "kept": kept.name,
        "gone": gone.name,
        "titles": list(titles),
        "twice": len(db.session.execute(both).all()),
        "asks": db.session.execute(asks).scalar_one(),
    }
