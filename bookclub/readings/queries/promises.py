"""Who wants to hear when a reader has finished, and what a notice of that says."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select

from ...accounts.models import Member
from ...accounts.rules import USERNAME, fold
from ...books.models import Book
from ...extensions import db
from ..models import Promise, Reading


def reading_by(username: str, book_id: int | None) -> Reading | None:
    """What the member of this name has read of a book, unless they keep that to themselves."""
    if not USERNAME.fullmatch(username):
        return None
    statement = (
        select(Reading)
        .join(Member, Member.id == Reading.member_id)
        .where(
            Member.username_key == fold(username),
            Member.removed_at.is_(None),
            Reading.book_id == book_id,
            Reading.is_private.is_(False),
        )
    )
    return db.session.execute(statement).scalar_one_or_none()


def promise_of(member_id: int, reading_id: int) -> Promise | None:
    """The promise that a member was given about a reading."""
    return db.session.execute(
        select(Promise).where(Promise.member_id == member_id, Promise.reading_id == reading_id)
    ).scalar_one_or_none()


def promises_on(reading_id: int) -> Sequence[Promise]:
    """The promises about a reading that are still to be kept, the oldest first."""
    statement = select(Promise).where(Promise.reading_id == reading_id, Promise.kept_at.is_(None))
    return db.session.execute(statement.order_by(Promise.id)).scalars().all()


def promised(member_id: int | None, reading_ids: Collection[int]) -> set[int]:
    """Those of these readings about which a member is still to hear."""
    if member_id is None or not reading_ids:
        return set()
    statement = select(Promise.reading_id).where(
        Promise.member_id == member_id, Promise.reading_id.in_(reading_ids), Promise.kept_at.is_(None)
    )
    return set(db.session.execute(statement).scalars())


def readings_told_of(ids: Collection[int]) -> dict[int, tuple[Reading, Book, Member]]:
    """These readings with their books and their readers, for notices."""
    if not ids:
        return {}
    rows = db.session.execute(
        select(Reading, Book, Member)
        .join(Book, Book.id == Reading.book_id)
        .join(Member, Member.id == Reading.member_id)
        .where(Reading.id.in_(ids))
    )
    return {reading.id: (reading, book, member) for reading, book, member in rows}
