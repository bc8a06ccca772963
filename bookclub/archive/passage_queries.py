"""Passages, as they leave in the club's export and in a member's own data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from ..books.models import Book
from ..passages.models import Passage
from .exported_text_queries import Rows, hide_spoilers, text_of
from .queries import rows_of


def passages(everything: bool) -> Rows:
    """Rows of the passages. The words from a book and the note on them are locked alike."""
    place = {
        "author_id": Passage.member_id,
        "book_id": Passage.book_id,
        "thread_id": Passage.thread_id,
    }
    yield from hide_spoilers(
        everything,
        select(
            Passage.id, Passage.book_id, Passage.thread_id, Passage.member_id,
            text_of(everything, Passage.text, Passage.horizon, place).label("text"),
            text_of(everything, Passage.body, Passage.horizon, place).label("body"), Passage.has_spoilers,
            Passage.horizon, Passage.entry, Passage.entry_unit, Passage.created_at, Passage.edited_at,
            Passage.deleted_at, Passage.removal_reason,
        ).order_by(Passage.id),
    )  # fmt: skip


def passages_by(member_id: int) -> Iterator[dict[str, Any]]:
    """Passages that a member keeps, with their notes."""
    return rows_of(
        select(
            Passage.id, Book.title.label("book"), Book.slug, Passage.text, Passage.body.label("note"),
            Passage.entry, Passage.entry_unit, Passage.horizon, Passage.thread_id, Passage.created_at,
            Passage.edited_at,
        )
        .join(Book, Book.id == Passage.book_id)
        .where(Passage.member_id == member_id, Passage.deleted_at.is_(None))
        .order_by(Passage.id)
    )  # fmt: skip
