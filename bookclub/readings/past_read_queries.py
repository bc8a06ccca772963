"""Queries for marking many books as read at once: what to offer, and what such a mark has written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from ..books.catalogue_queries import book_list
from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from .models import OwnTag, Reading
from .queries import is_counted
from .rules import MOST_PAST_READS


def books_to_offer(viewer: Viewer, ticked: Collection[str] = ()) -> Sequence[Book]:
    """Return the books that the viewer keeps no reading of: what is ``ticked``, then the most read.

    Only readings that count for others decide the order. ``ticked`` are slugs.
    """
    finished = (
        select(Reading.book_id, func.count().label("readers"))
        .where(Reading.status == "finished", is_counted(Reading))
        .group_by(Reading.book_id)
        .subquery()
    )
    mine = select(Reading.book_id).where(Reading.member_id == viewer.id)
    by_rank = (func.coalesce(finished.c.readers, 0).desc(), Book.rating_rank.desc(), Book.title_key, Book.id)
    statement = (
        book_list()
        .outerjoin(finished, finished.c.book_id == Book.id)
        .where(Book.id.not_in(mine))
        .order_by(*([Book.slug.in_(ticked).desc()] if ticked else []), *by_rank)
        .limit(MOST_PAST_READS)
    )
    return db.session.execute(statement).scalars().all()


def lock_books(slugs: Collection[str]) -> Sequence[int]:
    """Return the ids of the books with these slugs, and lock their rows until the transaction ends.

    Two first readings of one member would collide without the lock.
    """
    held = select(Book.id).where(Book.slug.in_(slugs)).order_by(Book.id).with_for_update(key_share=True)
    return db.session.execute(held).scalars().all()


def books_with_reading(member_id: int, book_ids: Collection[int]) -> set[int]:
    """Return those of these books that a member keeps a reading of."""
    known = select(Reading.book_id).where(Reading.member_id == member_id, Reading.book_id.in_(book_ids))
    return set(db.session.execute(known).scalars())


def last_marked(member_id: int, book_ids: Collection[int]) -> datetime | None:
    """Return when a member last marked some of these books as read, if nothing has changed since."""
    statement = select(func.max(Reading.changed_at)).where(
        Reading.member_id == member_id, Reading.book_id.in_(book_ids), _is_as_marked()
    )
    return db.session.execute(statement).scalar_one()


def books_marked(viewer: Viewer, moment: datetime) -> Sequence[Book]:
    """Return the books that the viewer marked as read at a moment and has not touched since, by title."""
    statement = (
        book_list()
        .join(Reading, Reading.book_id == Book.id)
        .where(Reading.member_id == viewer.id, Reading.changed_at == moment, _is_as_marked())
        .order_by(Book.title_key, Book.id)
    )
    return db.session.execute(statement).scalars().all()


def lock_marked(member_id: int, moment: datetime) -> Sequence[int]:
    """Return the ids of the readings behind ``books_marked()``, and lock them until the transaction ends."""
    statement: Select[int] = select(Reading.id).where(
        Reading.member_id == member_id, Reading.changed_at == moment, _is_as_marked()
    )
    return db.session.execute(statement.order_by(Reading.id).with_for_update()).scalars().all()


def _is_as_marked() -> ColumnElement[bool]:
    """Return the condition that a reading says no more than that a book was read once, who knows when."""
    return and_(
        Reading.status == "finished",
        Reading.times_read == 1,
        Reading.is_again.is_(False),
        Reading.started_on.is_(None),
        Reading.finished_on.is_(None),
        Reading.rating.is_(None),
        Reading.planned_month.is_(None),
        Reading.edition_id.is_(None),
        Reading.length.is_(None),
        Reading.notes == "",
        # A tag alone does not change the time of the reading's last change.
        ~exists().where(OwnTag.reading_id == Reading.id),
    )
