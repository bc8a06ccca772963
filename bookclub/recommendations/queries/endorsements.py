"""Endorsements: "if you loved this book, read the other one"."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from ...books.models import Book
from ...extensions import db
from ...permissions import loads
from ...threads.rules import Page
from ..models import Endorsement

ENDORSEMENTS_PER_PAGE = 10
# What a book's card shows.
AS_A_CARD: tuple[Any, ...] = (Book.slug, Book.title, Book.authors_line, Book.first_published)


@loads(Endorsement)
def endorsement_to_act_on(endorsement_id: int, *, lock: bool) -> Endorsement | None:
    """An endorsement with both books and who gave it."""
    statement = select(Endorsement).where(Endorsement.id == endorsement_id)
    statement = statement.options(
        joinedload(Endorsement.member),
        joinedload(Endorsement.book).load_only(*AS_A_CARD),
        joinedload(Endorsement.other).load_only(*AS_A_CARD),
    )
    if lock:
        statement = statement.with_for_update(key_share=True, of=Endorsement)
    return db.session.execute(statement).scalar_one_or_none()


def endorsement_by(member_id: int, book_id: int, other_id: int) -> Endorsement | None:
    """A member's endorsement of the other book for whoever loved this one."""
    statement = select(Endorsement).where(
        Endorsement.member_id == member_id,
        Endorsement.book_id == book_id,
        Endorsement.other_id == other_id,
        Endorsement.deleted_at.is_(None),
        Endorsement.is_joined.is_(False),
    )
    return db.session.execute(statement).scalar_one_or_none()


def endorsements_from(book_id: int, after: int | None = None) -> Page:
    """What members recommend to whoever loved a book, the youngest first, keyed by id.

    What a moderator removed keeps its place and the reason of that.
    """
    shown = or_(Endorsement.deleted_at.is_(None), Endorsement.removed_by_id.is_not(None))
    return _page(Endorsement.other, Endorsement.book_id == book_id, shown, after)


def endorsements_to(book_id: int, after: int | None = None) -> Page:
    """The books to whose lovers members recommend this one, the youngest first, keyed by id."""
    stands = Endorsement.deleted_at.is_(None)
    return _page(Endorsement.book, Endorsement.other_id == book_id, stands, after)


def _page(named: Any, of_book: ColumnElement[bool], shown: ColumnElement[bool], after: int | None) -> Page:
    statement = select(Endorsement).where(of_book, shown).order_by(Endorsement.id.desc())
    statement = statement.options(joinedload(Endorsement.member), joinedload(named).load_only(*AS_A_CARD))
    if after is not None:
        statement = statement.where(Endorsement.id < after)
    found = db.session.execute(statement.limit(ENDORSEMENTS_PER_PAGE + 1)).scalars().all()
    page = found[:ENDORSEMENTS_PER_PAGE]
    return Page(page, page[-1].id if len(found) > len(page) else None)
