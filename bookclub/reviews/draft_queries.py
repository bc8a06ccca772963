"""Queries on review drafts, which only their author ever sees."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, case, delete, func, or_, select
from sqlalchemy.orm import joinedload

from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..members.queries import LARGEST_KEY
from ..permissions import loads
from ..readings.models import Reading
from ..threads.rules import PageOfIds
from .models import Review, ReviewDraft
from .rules import DraftRow, Mine

ENTRIES = 20

# The mark of a draft's author; NULL if they never recorded a place.
_MARK = case((or_(Reading.position.is_not(None), Reading.mark > START), Reading.mark))


@loads(ReviewDraft)
def draft_to_act_on(draft_id: int, *, lock: bool) -> ReviewDraft | None:
    """Return a draft with its book."""
    statement = select(ReviewDraft).where(ReviewDraft.id == draft_id).options(joinedload(ReviewDraft.book))
    if lock:
        # The book is joined by an outer join, whose optional side PostgreSQL refuses to lock.
        statement = statement.with_for_update(key_share=True, of=ReviewDraft)
    return db.session.execute(statement).scalar_one_or_none()


def mine_on(viewer: Viewer, book_id: int) -> Mine:
    """Return the ids of the viewer's own review of a book and of their draft of one."""
    if viewer.id is None:
        return Mine()
    review = select(Review.id).where(
        Review.member_id == viewer.id, Review.book_id == book_id, Review.deleted_at.is_(None)
    )
    # One statement for both, since every page of a book asks.
    row = db.session.execute(select(review.scalar_subquery(), _draft(viewer.id, book_id).scalar_subquery()))
    return Mine(*row.one())


def draft_of(member_id: int, book_id: int, *, lock: bool = False) -> ReviewDraft | None:
    """Return the member's draft of a review of this book, with the book, or None."""
    statement = select(ReviewDraft).where(ReviewDraft.id.in_(_draft(member_id, book_id)))
    statement = statement.options(joinedload(ReviewDraft.book))
    if lock:
        statement = statement.with_for_update(key_share=True, of=ReviewDraft)
    return db.session.execute(statement).scalar_one_or_none()


def drafts_page(viewer: Viewer, after: int | None = None) -> PageOfIds:
    """Return the viewer's drafts, the oldest first, keyed by id."""
    # One row more than fits on a page shows that there is another page.
    statement = _rows(viewer.id).limit(ENTRIES + 1)
    if after is not None:
        statement = statement.where(ReviewDraft.id > after)
    rows = _read(statement)
    page = rows[:ENTRIES]
    return PageOfIds(page, page[-1].id if len(rows) > len(page) else None)


def drafts_named(member_id: int, ids: Collection[int]) -> list[DraftRow]:
    """Return those of a member's drafts that have these ids."""
    # PostgreSQL refuses to compare with a key that it could not store.
    return _read(_rows(member_id).where(ReviewDraft.id.in_([one for one in ids if one <= LARGEST_KEY])))


def drafts_ready(viewer: Viewer, limit: int) -> list[DraftRow]:
    """Return the first drafts of the viewer that can be published as they are."""
    return _read(_rows(viewer.id).where(_is_ready()).limit(limit))


def lock_drafts(member_id: int, ids: Collection[int]) -> Sequence[ReviewDraft]:
    """Lock drafts of a member until the transaction ends, in the order of their ids, and return them."""
    statement = select(ReviewDraft).where(ReviewDraft.member_id == member_id, ReviewDraft.id.in_(ids))
    held = statement.order_by(ReviewDraft.id).with_for_update()
    return db.session.execute(held).scalars().all()


def count_drafts(viewer: Viewer) -> tuple[int, int]:
    """Count the viewer's drafts: all of them, and those that can be published as they are."""
    row = db.session.execute(_numbers(), {"author_id": viewer.id}).one()
    return row[0], row[1]


@cache
def _numbers() -> Select[Any]:
    # The sum of no rows is NULL and not 0.
    ready = func.coalesce(func.sum(case((_is_ready(), 1), else_=0)), 0)
    return _join_readings(select(func.count(), ready), bindparam("author_id"))


def drop_drafts(member_id: int) -> None:
    """Delete all drafts of a member."""
    db.session.execute(delete(ReviewDraft).where(ReviewDraft.member_id == member_id))


def _draft(member_id: int, book_id: int) -> Select[Any]:
    return select(ReviewDraft.id).where(ReviewDraft.member_id == member_id, ReviewDraft.book_id == book_id)


def _review_id() -> ColumnElement[int | None]:
    """Return a subquery for the author's published review of the draft's book."""
    return (
        select(Review.id)
        .where(
            Review.member_id == ReviewDraft.member_id,
            Review.book_id == ReviewDraft.book_id,
            Review.deleted_at.is_(None),
        )
        .correlate(ReviewDraft)
        .scalar_subquery()
    )


def _is_ready() -> ColumnElement[bool]:
    """Return ``DraftRow.can_be_published`` as a condition."""
    # A review stands already, or the author never said how far they are: in both cases they have to decide.
    return and_(_review_id().is_(None), or_(ReviewDraft.has_spoilers, _MARK.is_not(None)))


def _join_readings(statement: Select[Any], author_id: int | BindParameter[int] | None) -> Select[Any]:
    """Limit a statement to a member's drafts, joined with their readings of the books."""
    same = and_(Reading.member_id == ReviewDraft.member_id, Reading.book_id == ReviewDraft.book_id)
    return (
        statement.select_from(ReviewDraft).outerjoin(Reading, same).where(ReviewDraft.member_id == author_id)
    )


def _rows(author_id: int | None) -> Select[Any]:
    """Select the columns of a DraftRow."""
    columns: list[Any] = [
        ReviewDraft.id,
        ReviewDraft.book_id,
        Book.slug.label("book_slug"),
        Book.title.label("book_title"),
        ReviewDraft.title,
        ReviewDraft.summary,
        ReviewDraft.body,
        ReviewDraft.has_spoilers,
        ReviewDraft.written_on,
        ReviewDraft.submission,
        _review_id().label("review_id"),
        _MARK.label("mark"),
    ]
    return (
        _join_readings(select(*columns), author_id)
        .join(Book, Book.id == ReviewDraft.book_id)
        .order_by(ReviewDraft.id)
    )


def _read(statement: Select[Any]) -> list[DraftRow]:
    return [DraftRow(**row) for row in db.session.execute(statement).mappings()]
