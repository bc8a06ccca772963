"""What has to be changed when a member leaves, held in the order in which everybody holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select, union
from sqlalchemy.orm import joinedload

from ...books.models import Book
from ...extensions import db
from ...readings.models import Reading
from ...recommendations.models import Answer, Ask, Endorsement
from ...recommendations.queries.stock import finished_in_public
from ...reviews.models import Review
from ...threads.models import Comment, Thread

BOOKS_AT_ONCE = 1000


class Rated(NamedTuple):
    """A book as far as a rating of it counts, and that rating in half stars."""

    book_id: int
    rating_count: int
    rating_sum: int
    rating: int


def rated_books_held(member_id: int) -> Iterator[Sequence[Rated]]:
    """The books whose sums hold a rating of this member, some at a time, each row held."""
    after = 0
    while True:
        statement = (
            select(Book.id, Book.rating_count, Book.rating_sum, Reading.rating)
            .join(Reading, Reading.book_id == Book.id)
            .where(
                Reading.member_id == member_id,
                Reading.rating.is_not(None),
                Reading.is_private.is_(False),
                Book.id > after,
            )
            .order_by(Book.id)
            .limit(BOOKS_AT_ONCE)
            .with_for_update(key_share=True, of=Book)
        )
        rows = db.session.execute(statement)
        books = [Rated(row.id, row.rating_count, row.rating_sum, row.rating or 0) for row in rows]
        if not books:
            return
        yield books
        after = books[-1].book_id


def books_finished_in_public(member_id: int) -> Sequence[int]:
    """The books by which this member counts among the readers that recommendations go by."""
    statement = select(Reading.book_id).where(Reading.member_id == member_id, finished_in_public(Reading))
    return db.session.execute(statement.order_by(Reading.book_id)).scalars().all()


def threads_written_in(member_id: int) -> list[int]:
    """The threads that change where all this member's words go."""
    comments = select(Comment.thread_id).where(Comment.member_id == member_id)
    reviews = select(Review.thread_id).where(Review.member_id == member_id)
    opened = select(Thread.id).where(Thread.member_id == member_id)
    return sorted(db.session.execute(union(comments, reviews, opened)).scalars())


def reviews_of(member_id: int) -> Sequence[Review]:
    """Their reviews that have their words, with their threads."""
    statement = select(Review).where(Review.member_id == member_id, Review.deleted_at.is_(None))
    return (
        db.session.execute(statement.options(joinedload(Review.thread)).order_by(Review.id)).scalars().all()
    )


def comments_of(member_id: int) -> Sequence[Comment]:
    """Their comments that have their words."""
    statement = select(Comment).where(Comment.member_id == member_id, Comment.deleted_at.is_(None))
    return db.session.execute(statement.order_by(Comment.id)).scalars().all()


def advice_of(member_id: int) -> list[Ask | Answer | Endorsement]:
    """What they asked, answered and recommended, as far as its words are there."""
    found: list[Any] = []
    for model in (Ask, Answer, Endorsement):
        theirs = select(model).where(model.member_id == member_id, model.deleted_at.is_(None))
        found += db.session.execute(theirs).scalars()
    return found
