"""What Open Library has answered already, and how often it was asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from ..books.catalogue_queries import book_list
from ..books.models import Book
from ..extensions import db
from .models import OpenLibraryAnswer
from .outages import PAUSING

MINUTE = timedelta(minutes=1)


def answer_to(digest: str, now: datetime) -> OpenLibraryAnswer | None:
    """What was answered to this question, if that still counts."""
    return db.session.execute(
        select(OpenLibraryAnswer).where(OpenLibraryAnswer.asked == digest, _counts(now))
    ).scalar_one_or_none()


def pausing(now: datetime) -> OpenLibraryAnswer | None:
    """The answer by which Open Library keeps the club away for longest, whatever is asked."""
    return db.session.execute(
        select(OpenLibraryAnswer)
        .where(OpenLibraryAnswer.status.in_(PAUSING), _counts(now))
        .order_by(OpenLibraryAnswer.expires_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def books_by_id(ids: Iterable[int]) -> dict[int, Book]:
    """The books with these ids, as a list shows them."""
    found = db.session.execute(book_list().where(Book.id.in_(ids))).scalars()
    return {book.id: book for book in found}


def asked_between(start: datetime, end: datetime) -> int:
    """Number of questions asked between two moments."""
    return db.session.execute(
        select(func.count())
        .select_from(OpenLibraryAnswer)
        .where(OpenLibraryAnswer.fetched_at > start, OpenLibraryAnswer.fetched_at < end)
    ).scalar_one()


def _counts(now: datetime) -> ColumnElement[bool]:
    """Return whether an answer still counts: one from the future was kept while a clock ran ahead."""
    return and_(OpenLibraryAnswer.expires_at > now, OpenLibraryAnswer.fetched_at < now + MINUTE)
