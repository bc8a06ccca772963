"""Queries on passages, with only as much text as a reader may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from ..books.catalogue_queries import Page
from ..books.models import Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..permissions import loads
from ..readings.visibility_queries import anyone_like, asked_by, text_for, visible_to
from ..threads.comment_queries import unlocked_for
from ..threads.models import Thread
from .models import Passage
from .rules import PassageCount, PassageKey, PassageRow

PASSAGES_PER_PAGE = 50

# What its conversation shows to those who revealed that, its passage does, too.
PLACE: dict[str, Any] = {
    "author_id": Passage.member_id,
    "book_id": Passage.book_id,
    "thread_id": Passage.thread_id,
}


def is_listed() -> ColumnElement[bool]:
    """Return the condition that a passage has its words, or that a moderator removed them, with a reason."""
    return or_(Passage.deleted_at.is_(None), Passage.removed_by_id.is_not(None))


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the visibility condition for rows of Passage; sent with ``asked_by()``."""
    return _readable(anyone_like(viewer))


@cache
def _readable(viewer: Viewer) -> ColumnElement[bool]:
    return visible_to(viewer, horizon=Passage.horizon, **PLACE)


def passage_rows(viewer: Viewer, *, revealed: bool = False) -> Select[Any]:
    """Select the columns of a PassageRow; locked text is not among them. Sent with ``asked_by()``."""
    return _passage_rows(anyone_like(viewer), revealed)


@cache
def _passage_rows(viewer: Viewer, revealed: bool) -> Select[Any]:
    quotation: ColumnElement[Any] | InstrumentedAttribute[str] = Passage.text
    note: Any = Passage.body_html
    # A reveal shows this one in full, with the bars of its note open, and opens nothing else.
    if revealed:
        is_ahead = ~visible_to(viewer, horizon=Passage.horizon, **PLACE)
    else:
        quotation = case((visible_to(viewer, horizon=Passage.horizon, **PLACE), Passage.text))
        note = text_for(
            viewer, full=Passage.body_html, safe=Passage.safe_html, horizon=Passage.horizon, **PLACE
        )
        is_ahead = literal(False)
    is_here = Passage.deleted_at.is_(None)
    # For a visitor the comparison would be NULL and not false.
    is_mine = Passage.member_id == viewer.id if viewer.id is not None else literal(False)
    return (
        select(
            Passage.id,
            Passage.book_id,
            Book.title.label("book_title"),
            Book.slug.label("book_slug"),
            Passage.thread_id,
            Passage.member_id,
            Member.display_name.label("author"),
            # A removed member has no page to link to.
            case((Member.removed_at.is_(None), Member.username)).label("username"),
            Passage.created_at,
            Passage.edited_at,
            Passage.deleted_at,
            Passage.removed_by_id,
            Passage.removal_reason,
            Passage.horizon,
            Passage.entry,
            Passage.entry_unit,
            case((is_here, quotation)).label("text"),
            case((is_here, note)).label("html"),
            is_mine.label("is_mine"),
            is_ahead.label("is_revealed"),
        )
        .join(Book, Book.id == Passage.book_id)
        .join(Member, Member.id == Passage.member_id)
    )


def passage_row(viewer: Viewer, passage_id: int, *, revealed: bool = False) -> PassageRow | None:
    """Return one passage as this reader sees it; with ``revealed``, in full."""
    statement = passage_rows(viewer, revealed=revealed).where(Passage.id == passage_id)
    row = db.session.execute(statement, asked_by(viewer)).mappings().one_or_none()
    return PassageRow(**row) if row else None


def passages_by_id(viewer: Viewer, passage_ids: Collection[int]) -> dict[int, PassageRow]:
    """Return those of these passages that exist, by id, as this reader sees them."""
    if not passage_ids:
        return {}
    statement = passage_rows(viewer).where(Passage.id.in_(passage_ids))
    rows = db.session.execute(statement, asked_by(viewer)).mappings()
    return {row["id"]: PassageRow(**row) for row in rows}


def passage_of_thread(viewer: Viewer, thread_id: int) -> PassageRow | None:
    """Return the passage that a conversation is about, as this member sees it; None for visitors."""
    if not viewer.is_member:
        return None
    statement = passage_rows(viewer).where(Passage.thread_id == thread_id)
    row = db.session.execute(statement, asked_by(viewer)).mappings().one_or_none()
    return PassageRow(**row) if row else None


def passages_from(viewer: Viewer, book_id: int, after: PassageKey | None = None) -> Page[PassageRow]:
    """Return a page of the passages from a book, in its order, of two at one place the older one first."""
    statement = passage_rows(viewer).where(Passage.book_id == book_id, is_listed())
    if after is not None:
        # Both databases compare such tuples part by part, as they are sorted.
        statement = statement.where(tuple_(Passage.horizon, Passage.id) > tuple_(after.horizon, after.id))
    # One row more than fits on a page shows that there is another page.
    statement = statement.order_by(Passage.horizon, Passage.id).limit(PASSAGES_PER_PAGE + 1)
    found = [PassageRow(**row) for row in db.session.execute(statement, asked_by(viewer)).mappings()]
    page = found[:PASSAGES_PER_PAGE]
    key = str(PassageKey(page[-1].horizon, page[-1].id)) if len(found) > len(page) else ""
    return Page(page, key)


def count_passages(viewer: Viewer, book_id: int) -> PassageCount:
    """Count the passages from a book, and those that this reader may see."""
    sent = {"book_id": book_id, **asked_by(viewer)}
    total, here = db.session.execute(_counts(anyone_like(viewer)), sent).one()
    return PassageCount(int(total), int(here))


@cache
def _counts(viewer: Viewer) -> Select[Any]:
    seen = visible_to(viewer, horizon=Passage.horizon, **PLACE)
    return select(func.count(), func.coalesce(func.sum(case((seen, 1), else_=0)), 0)).where(
        Passage.book_id == bindparam("book_id"), Passage.deleted_at.is_(None)
    )


def own_texts(viewer: Viewer, book_id: int) -> set[str]:
    """Return the words of the viewer's own passages from a book."""
    mine = Passage.member_id == viewer.id, Passage.book_id == book_id, Passage.deleted_at.is_(None)
    return set(db.session.execute(select(Passage.text).where(*mine)).scalars())


def unlocked(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that the reader's own progress has opened a passage; sent with ``asked_by()``."""
    return _unlocked(anyone_like(viewer))


@cache
def _unlocked(viewer: Viewer) -> ColumnElement[bool]:
    return unlocked_for(
        viewer, horizon=Passage.horizon, created_at=Passage.created_at, deleted_at=Passage.deleted_at, **PLACE
    )


@loads(Passage)
def passage_to_act_on(passage_id: int, *, lock: bool) -> Passage | None:
    """Return a passage with its book. With ``lock``, the row of its thread is locked first."""
    if lock:
        # A comment locks the thread and not the passage, and its floor must not move in between.
        of_passage = select(Passage.thread_id).where(Passage.id == passage_id).scalar_subquery()
        db.session.execute(select(Thread.id).where(Thread.id == of_passage).with_for_update(key_share=True))
    statement = (
        select(Passage)
        .where(Passage.id == passage_id)
        .options(joinedload(Passage.book), joinedload(Passage.member))
    )
    if lock:
        statement = statement.with_for_update(key_share=True, of=Passage)
    return db.session.execute(statement).scalar_one_or_none()


def passage_sent(viewer: Viewer, submission: str | None) -> Passage | None:
    """Return the passage that this form of the viewer has already made, or None."""
    if submission is None:
        return None
    statement = select(Passage).where(Passage.member_id == viewer.id, Passage.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def readable_passage(viewer: Viewer, passage_id: int | None) -> Passage | None:
    """Return a passage that has its words and that this reader may see, or None."""
    if passage_id is None:
        return None
    statement = select(Passage).where(
        Passage.id == passage_id, Passage.deleted_at.is_(None), readable(viewer)
    )
    return db.session.execute(
        statement.options(joinedload(Passage.book)), asked_by(viewer)
    ).scalar_one_or_none()


def passages_to_remap(book_id: int) -> Sequence[Passage]:
    """Lock and return the passages from a book, also those that are gone: their conversations stay."""
    statement = select(Passage).where(Passage.book_id == book_id).order_by(Passage.id)
    return db.session.execute(statement.with_for_update(key_share=True)).scalars().all()
