"""What Open Library has answered already, and how often it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from ...extensions import db
from ..models import Book, OpenLibraryAnswer
from ..rules.openlibrary import PAUSING
from .catalogue import listed


def answer_to(digest: str, now: datetime) -> OpenLibraryAnswer | None:
    """What was answered to this question, if that still counts."""
    return db.session.execute(
        select(OpenLibraryAnswer).where(OpenLibraryAnswer.asked == digest, OpenLibraryAnswer.expires_at > now)
    ).scalar_one_or_none()


def pausing(now: datetime) -> OpenLibraryAnswer | None:
    """The answer by which Open Library keeps the club away for longest, whatever is asked."""
    return db.session.execute(
        select(OpenLibraryAnswer)
        .where(OpenLibraryAnswer.status.in_(PAUSING), OpenLibraryAnswer.expires_at > now)
        .order_by(OpenLibraryAnswer.expires_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def books_by_id(ids: Iterable[int]) -> dict[int, Book]:
    """The books with these ids, as a list shows them."""
    found = db.session.execute(listed().where(Book.id.in_(ids))).scalars()
    return {book.id: book for book in found}


def asked_since(moment: datetime) -> int:
    """How many questions were asked since then."""
    return db.session.execute(
        select(func.count()).select_from(OpenLibraryAnswer).where(OpenLibraryAnswer.fetched_at > moment)
    ).scalar_one()
