"""To record how far somebody is, what they thought of it, and that they do not mind spoilers."""

from __future__ import annotations

from datetime import datetime

from ..books.models import Book
from ..extensions import db
from . import queries, rules
from .models import Reading, Reveal

KEEP = object()


def record(
    member_id: int,
    book: Book,
    now: datetime,
    *,
    status: str | None = None,
    position: int | None = None,
    entry: str | None = None,
    entry_unit: str | None = None,
    rating: object = KEEP,
) -> Reading:
    """Record what a member says of a book; what they do not mention stays as it was.

    ``position`` is what the raw ``entry`` in ``entry_unit`` means. ``rating`` is in half stars, None
    takes it away, and the book's sum of ratings follows.
    """
    queries.hold_ratings(book)
    reading = queries.reading_of(member_id, book.id, lock=True)
    before = reading.progress if reading else None
    if reading is None:
        reading = Reading(member_id=member_id, book_id=book.id, status="reading", rating=None, mark=0)
        db.session.add(reading)
    status = status or ("reading" if position is not None else before.status if before else "reading")
    reading.move(rules.move(before, status, position), now)
    if position is not None:
        reading.entry, reading.entry_unit = entry, entry_unit
    if rating is not KEEP:
        assert rating is None or isinstance(rating, int)
        book.count_rating(reading.rating, rating)
        reading.rating = rating
    db.session.flush()
    return reading


def reveal(
    member_id: int, now: datetime, *, book_id: int | None = None, thread_id: int | None = None
) -> None:
    """Remember that a member wants to see everything about a book, or in a thread."""
    if queries.reveal_of(member_id, book_id=book_id, thread_id=thread_id) is None:
        db.session.add(Reveal(member_id=member_id, book_id=book_id, thread_id=thread_id, revealed_at=now))


def spare_again(member_id: int, *, book_id: int | None = None, thread_id: int | None = None) -> None:
    """Take back such a wish."""
    wish = queries.reveal_of(member_id, book_id=book_id, thread_id=thread_id)
    if wish is not None:
        db.session.delete(wish)


def record_review(member_id: int, book: Book, now: datetime, rating: object, *, finished: bool) -> None:
    """Record what a review says of its author's reading: the rating, and, if ticked, that it is finished.

    ``rating`` is as in ``record()``: a review that does not mention it leaves it alone.
    """
    if isinstance(rating, int) or finished or queries.reading_of(member_id, book.id) is not None:
        record(member_id, book, now, status="finished" if finished else None, rating=rating)
