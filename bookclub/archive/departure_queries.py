"""Books, threads and words that are affected when a member leaves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select, union
from sqlalchemy.orm import joinedload

from ..asks.models import Answer, Ask, Endorsement
from ..books.models import Book
from ..extensions import db
from ..passages.models import Passage
from ..questions.models import Question
from ..readings.models import Reading
from ..readings.queries import is_counted
from ..reviews.models import Review
from ..threads.models import Comment, Thread

# Databases limit the number of parameters in a statement.
BOOKS_AT_ONCE = 1000


class Sums(NamedTuple):
    """A book with the number of its ratings that count, and their sum in half stars."""

    book_id: int
    rating_count: int
    rating_sum: int


def books_rated_in_public(member_id: int) -> Sequence[int]:
    """Ids of the books that a member has rated in public, even if these ratings do not count now."""
    of_member = Reading.member_id == member_id, Reading.rating.is_not(None), Reading.is_private.is_(False)
    return db.session.execute(select(Reading.book_id).where(*of_member)).scalars().all()


def rating_sums_held(book_ids: Collection[int]) -> Iterator[list[Sums]]:
    """Lock these books, and yield the sums of their ratings that count, some books at a time.

    The rows are locked in the order of their ids until the transaction ends: so nobody rates one of them
    meanwhile, and two transactions never wait for each other.
    """
    ids = sorted(book_ids)
    for start in range(0, len(ids), BOOKS_AT_ONCE):
        some = ids[start : start + BOOKS_AT_ONCE]
        held = select(Book.id).where(Book.id.in_(some)).order_by(Book.id)
        # This kind of lock lets others go on adding rows about these books, such as threads.
        db.session.execute(held.with_for_update(key_share=True, of=Book)).all()
        counts = and_(Reading.book_id == Book.id, Reading.rating.is_not(None), is_counted(Reading))
        total = func.coalesce(func.sum(Reading.rating), 0)
        # An outer join: a book that has lost its only rating must be counted as 0.
        statement = select(Book.id, func.count(Reading.id), total).outerjoin(Reading, counts)
        rows = db.session.execute(statement.where(Book.id.in_(some)).group_by(Book.id))
        yield [Sums(book_id, count, total or 0) for book_id, count, total in rows]


def threads_written_in(member_id: int) -> list[int]:
    """Ids of the threads that change when all of a member's words are deleted."""
    comments = select(Comment.thread_id).where(Comment.member_id == member_id)
    reviews = select(Review.thread_id).where(Review.member_id == member_id)
    opened = select(Thread.id).where(Thread.member_id == member_id)
    # Sorted, since they are locked in this order, as everywhere.
    return sorted(db.session.execute(union(comments, reviews, opened)).scalars())


def reviews_of(member_id: int) -> Sequence[Review]:
    """A member's reviews that have their words, with their threads."""
    statement = select(Review).where(Review.member_id == member_id, Review.deleted_at.is_(None))
    return (
        db.session.execute(statement.options(joinedload(Review.thread)).order_by(Review.id)).scalars().all()
    )


def comments_of(member_id: int) -> Sequence[Comment]:
    """A member's comments that have their words."""
    statement = select(Comment).where(Comment.member_id == member_id, Comment.deleted_at.is_(None))
    return db.session.execute(statement.order_by(Comment.id)).scalars().all()


def questions_of(member_id: int) -> Sequence[Question]:
    """A member's questions for meetings that have their words."""
    has_words = Question.comment_id.is_(None), Question.passage_id.is_(None), Question.deleted_at.is_(None)
    statement = select(Question).where(Question.member_id == member_id, *has_words)
    return db.session.execute(statement.order_by(Question.id)).scalars().all()


def passages_of(member_id: int) -> Sequence[Passage]:
    """A member's passages that have their words."""
    statement = select(Passage).where(Passage.member_id == member_id, Passage.deleted_at.is_(None))
    return db.session.execute(statement.order_by(Passage.id)).scalars().all()


def advice_of(member_id: int) -> list[Ask | Answer | Endorsement]:
    """A member's asks, answers and endorsements that have their words."""
    found: list[Any] = []
    for model in (Ask, Answer, Endorsement):
        theirs = select(model).where(model.member_id == member_id, model.deleted_at.is_(None))
        found += db.session.execute(theirs).scalars()
    return found
