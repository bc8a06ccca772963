"""Queries for cached answers of Open Library, and for the number of recent requests."""

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
    """Return the cached answer to this request, if it is still valid."""
    return db.session.execute(
        select(OpenLibraryAnswer).where(OpenLibraryAnswer.asked == digest, _is_valid(now))
    ).scalar_one_or_none()


def pausing_answer(now: datetime) -> OpenLibraryAnswer | None:
    """Return the answer with which Open Library keeps the club away longest, for any request."""
    return db.session.execute(
        select(OpenLibraryAnswer)
        .where(OpenLibraryAnswer.status.in_(PAUSING), _is_valid(now))
        .order_by(OpenLibraryAnswer.expires_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def books_by_id(ids: Iterable[int]) -> dict[int, Book]:
    """Return the books with these ids, with the columns of a list."""
    found = db.session.execute(book_list().where(Book.id.in_(ids))).scalars()
    return {book.id: book for book in found}


def asked_between(start: datetime, end: datetime) -> int:
    """Count the requests between two moments."""
    return db.session.execute(
        select(func.count())
        .select_from(OpenLibraryAnswer)
        .where(OpenLibraryAnswer.fetched_at > start, OpenLibraryAnswer.fetched_at < end)
    ).scalar_one()


def _is_valid(now: datetime) -> ColumnElement[bool]:
    """Condition that an answer is valid: one from the future was cached while a clock ran ahead."""
    return and_(OpenLibraryAnswer.expires_at > now, OpenLibraryAnswer.fetched_at < now + MINUTE)
