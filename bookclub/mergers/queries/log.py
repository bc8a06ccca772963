"""Mergers and splits that were made, and their steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from ...books.models import Book
from ...extensions import db
from ...permissions import loads
from ...voting.models import Nomination, Round
from ..models import Merger, MergerStep
from ..rules import can_undo


@loads(Merger)
def merger_to_act_on(merger_id: int, *, lock: bool) -> Merger | None:
    """A merger with what it is about and who did it."""
    statement = select(Merger).where(Merger.id == merger_id).options(*_PARTS)
    if lock:
        statement = statement.with_for_update(of=Merger)
    return db.session.execute(statement).scalar_one_or_none()


def steps_of(merger_id: int) -> Sequence[MergerStep]:
    """What a merger changed, in the order in which it did."""
    statement = select(MergerStep).where(MergerStep.merger_id == merger_id).order_by(MergerStep.id)
    return db.session.execute(statement).scalars().all()


def merger_sent(member_id: int, submission: str | None) -> Merger | None:
    """The merger that this form of this organiser has already made."""
    statement = select(Merger).where(Merger.member_id == member_id, Merger.submission == submission)
    return db.session.execute(statement.options(*_PARTS)).scalar_one_or_none()


@dataclass(frozen=True)
class Log:
    """Mergers and splits, the latest first, and the ids of those that can still be undone."""

    mergers: Sequence[Merger] = ()
    undoable: frozenset[int] = frozenset()


def mergers_of_book(book_id: int, now: datetime) -> Log:
    """The mergers and splits of a book."""
    return _about(now, or_(Merger.book_id == book_id, Merger.made_book_id == book_id))


def mergers_of_author(author_id: int, now: datetime) -> Log:
    """The mergers and splits of an author."""
    return _about(now, or_(Merger.author_id == author_id, Merger.made_author_id == author_id))


def later_merger(merger: Merger) -> Merger | None:
    """A later merger of the same book or author, which has to be undone first, if there is one."""
    books = [id for id in (merger.book_id, merger.made_book_id) if id is not None]
    authors = [id for id in (merger.author_id, merger.made_author_id) if id is not None]
    about = or_(
        Merger.book_id.in_(books),
        Merger.made_book_id.in_(books),
        Merger.author_id.in_(authors),
        Merger.made_author_id.in_(authors),
    )
    statement = select(Merger).where(Merger.id > merger.id, Merger.undone_at.is_(None), about)
    found = db.session.execute(statement.order_by(Merger.id.desc()).limit(1).options(*_PARTS))
    return found.scalar_one_or_none()


def round_under_way_about(book_ids: Collection[int]) -> tuple[str, str] | None:
    """Title of a round that is not over, and of the one of these books that is nominated in it."""
    statement = (
        select(Round.title, Book.title)
        .join(Nomination, Nomination.round_id == Round.id)
        .join(Book, Book.id == Nomination.book_id)
        .where(Round.settled_at.is_(None), Book.id.in_(book_ids))
        .order_by(Round.id)
    )
    row = db.session.execute(statement.limit(1)).first()
    return (row[0], row[1]) if row else None


def hold_books(book_ids: Collection[int]) -> None:
    """Hold the rows of books, so that nothing comes to point to one of them until the transaction ends."""
    held = select(Book.id).where(Book.id.in_(book_ids)).order_by(Book.id).with_for_update()
    db.session.execute(held).all()


def mergers_not_between(earliest: datetime, latest: datetime) -> Sequence[int]:
    """The mergers that still have steps, and were made at no moment between these."""
    has_steps = Merger.id.in_(select(MergerStep.merger_id))
    is_over = or_(Merger.merged_at <= earliest, Merger.merged_at >= latest)
    statement = select(Merger.id).where(has_steps, is_over)
    return db.session.execute(statement.order_by(Merger.id)).scalars().all()


def mergers_undone() -> Sequence[int]:
    """The mergers that are undone and still have steps."""
    has_steps = Merger.id.in_(select(MergerStep.merger_id))
    statement = select(Merger.id).where(has_steps, Merger.undone_at.is_not(None))
    return db.session.execute(statement.order_by(Merger.id)).scalars().all()


def _about(now: datetime, condition: ColumnElement[bool]) -> Log:
    statement = select(Merger).where(condition).options(*_PARTS).order_by(Merger.id.desc())
    found = db.session.execute(statement).scalars().all()
    return Log(found, frozenset(one.id for one in found if can_undo(one.merged_at, one.undone_at, now)))


_PARTS = (
    joinedload(Merger.member),
    joinedload(Merger.undone_by),
    joinedload(Merger.book),
    joinedload(Merger.author),
    joinedload(Merger.made_book),
    joinedload(Merger.made_author),
)
