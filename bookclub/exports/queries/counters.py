"""The books whose counters one member's readings feed, and what those counters come to now."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import and_, func, select

from ...books.models import Book
from ...extensions import db
from ...readings.models import Reading
from ...readings.queries.presence import is_counted

BOOKS_AT_ONCE = 1000


class Sums(NamedTuple):
    """A book with the number and the sum, in half stars, of the ratings that count."""

    book_id: int
    rating_count: int
    rating_sum: int


def books_rated_in_public(member_id: int) -> Sequence[int]:
    """The books that a member has rated for all to see, whether or not that counts just now."""
    of_member = Reading.member_id == member_id, Reading.rating.is_not(None), Reading.is_private.is_(False)
    return db.session.execute(select(Reading.book_id).where(*of_member)).scalars().all()


def rating_sums_held(book_ids: Collection[int]) -> Iterator[list[Sums]]:
    """The ratings that count for these books, some books at a time, each row held in the order of its id.

    So nobody rates one of them until the transaction ends, and two who do this never wait for each other.
    """
    ids = sorted(book_ids)
    for start in range(0, len(ids), BOOKS_AT_ONCE):
        some = ids[start : start + BOOKS_AT_ONCE]
        held = select(Book.id).where(Book.id.in_(some)).order_by(Book.id)
        db.session.execute(held.with_for_update(key_share=True, of=Book)).all()
        counts = and_(Reading.book_id == Book.id, Reading.rating.is_not(None), is_counted(Reading))
        total = func.coalesce(func.sum(Reading.rating), 0)
        statement = select(Book.id, func.count(Reading.id), total).outerjoin(Reading, counts)
        rows = db.session.execute(statement.where(Book.id.in_(some)).group_by(Book.id))
        yield [Sums(book_id, count, total or 0) for book_id, count, total in rows]
