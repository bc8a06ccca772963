"""Drafts of reviews, which only their author ever asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, or_, select
from sqlalchemy.orm import joinedload

from ..books.models import Book
from ..extensions import db
from ..lib.positions.places import START
from ..members.queries import LARGEST_KEY
from ..permissions import loads
from ..readings.models import Reading
from ..threads.rules import Page
from .models import Review, ReviewDraft
from .rules import DraftRow, Mine

ENTRIES = 20

# How far the author of a draft has been; NULL where they never recorded a place.
_MARK = case((or_(Reading.position.is_not(None), Reading.mark > START), Reading.mark))


@loads(ReviewDraft)
def draft_to_act_on(draft_id: int, *, lock: bool) -> ReviewDraft | None:
    """A draft with its book."""
    statement = select(ReviewDraft).where(ReviewDraft.id == draft_id).options(joinedload(ReviewDraft.book))
    if lock:
        statement = statement.with_for_update(key_share=True, of=ReviewDraft)
    return db.session.execute(statement).scalar_one_or_none()


def mine_on(member_id: int | None, book_id: int) -> Mine:
    """A member's own review of a book, and their draft of one."""
    if member_id is None:
        return Mine()
    review = select(Review.id).where(
        Review.member_id == member_id, Review.book_id == book_id, Review.deleted_at.is_(None)
    )
    row = db.session.execute(select(review.scalar_subquery(), _draft(member_id, book_id).scalar_subquery()))
    return Mine(*row.one())


def draft_of(member_id: int, book_id: int, *, lock: bool = False) -> ReviewDraft | None:
    """The member's draft of a review of this book."""
    statement = select(ReviewDraft).where(ReviewDraft.id.in_(_draft(member_id, book_id)))
    statement = statement.options(joinedload(ReviewDraft.book))
    if lock:
        statement = statement.with_for_update(key_share=True, of=ReviewDraft)
    return db.session.execute(statement).scalar_one_or_none()


def drafts_page(member_id: int, after: int | None = None) -> Page:
    """A member's drafts, in the order in which they came, keyed by id."""
    statement = _rows(member_id).limit(ENTRIES + 1)
    if after is not None:
        statement = statement.where(ReviewDraft.id > after)
    rows = _read(statement)
    page = rows[:ENTRIES]
    return Page(page, page[-1].id if len(rows) > len(page) else None)


def drafts_named(member_id: int, ids: Collection[int]) -> list[DraftRow]:
    """Those of a member's drafts that have these ids."""
    return _read(_rows(member_id).where(ReviewDraft.id.in_([one for one in ids if one <= LARGEST_KEY])))


def drafts_ready(member_id: int, limit: int) -> list[DraftRow]:
    """The first of a member's drafts that can be published as they are."""
    return _read(_rows(member_id).where(_is_ready()).limit(limit))


def drafts_held(member_id: int, ids: Collection[int]) -> Sequence[ReviewDraft]:
    """The same drafts themselves, held until the transaction ends."""
    statement = select(ReviewDraft).where(ReviewDraft.member_id == member_id, ReviewDraft.id.in_(ids))
    held = statement.order_by(ReviewDraft.id).with_for_update()
    return db.session.execute(held).scalars().all()


def count_drafts(member_id: int) -> tuple[int, int]:
    """How many drafts a member has, and how many of them can be published as they are."""
    ready = func.coalesce(func.sum(case((_is_ready(), 1), else_=0)), 0)
    row = db.session.execute(_beside(select(func.count(), ready), member_id)).one()
    return row[0], row[1]


def drop_drafts(member_id: int) -> None:
    """Delete all drafts of a member."""
    db.session.execute(delete(ReviewDraft).where(ReviewDraft.member_id == member_id))


def _draft(member_id: int, book_id: int) -> Select[Any]:
    return select(ReviewDraft.id).where(ReviewDraft.member_id == member_id, ReviewDraft.book_id == book_id)


def _review_id() -> ColumnElement[int | None]:
    """The review of the draft's book by its author."""
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
    """``DraftRow.can_be_published`` as a condition."""
    return and_(_review_id().is_(None), or_(ReviewDraft.has_spoilers, _MARK.is_not(None)))


def _beside(statement: Select[Any], member_id: int) -> Select[Any]:
    """A statement on a member's drafts, with what they have read of the books."""
    same = and_(Reading.member_id == ReviewDraft.member_id, Reading.book_id == ReviewDraft.book_id)
    return (
        statement.select_from(ReviewDraft).outerjoin(Reading, same).where(ReviewDraft.member_id == member_id)
    )


def _rows(member_id: int) -> Select[Any]:
    """The columns of a DraftRow."""
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
        _beside(select(*columns), member_id)
        .join(Book, Book.id == ReviewDraft.book_id)
        .order_by(ReviewDraft.id)
    )


def _read(statement: Select[Any]) -> list[DraftRow]:
    return [DraftRow(**row) for row in db.session.execute(statement).mappings()]
