"""Members who have finished a book in public, by name and by number."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from ..extensions import db
from ..members.models import Member
from ..readings.models import Reading
from .queries import IS_HERE


def readers_of(book_ids: Collection[int]) -> dict[int, list[str]]:
    """Names of the present members who have finished each book in public, by name."""
    statement = (
        select(Reading.book_id, Member.display_name)
        .join(Member, Member.id == Reading.member_id)
        .where(
            Reading.book_id.in_(book_ids),
            Reading.status == "finished",
            Reading.is_private.is_(False),
            IS_HERE,
        )
        .order_by(Member.display_name, Member.id)
    )
    readers: dict[int, list[str]] = {book_id: [] for book_id in book_ids}
    for book_id, name in db.session.execute(statement):
        readers[book_id].append(name)
    return readers


def readers_here(book_id: int) -> int:
    """Number of present members who have finished a book in public."""
    statement = (
        select(func.count())
        .select_from(Reading)
        .join(Member, Member.id == Reading.member_id)
        .where(
            Reading.book_id == book_id,
            Reading.status == "finished",
            Reading.is_private.is_(False),
            IS_HERE,
        )
    )
    return db.session.execute(statement).scalar_one()
