"""The club's interest in books, as the cards of a round show it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, select

from ..books.models import Edition
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..readings.models import Reading
from .queries import IS_HERE


@dataclass(frozen=True)
class Interest:
    """Numbers of present members who have finished a book or want to read it, in public.

    ``pages`` are of its first edition that has any, ``mine`` is the member's own status with the book.
    """

    readers: int = 0
    wishers: int = 0
    pages: int | None = None
    mine: str | None = None


def interest_in(viewer: Viewer, book_ids: Collection[int]) -> dict[int, Interest]:
    """Reader and wish counts per book, with the pages of its first edition and the viewer's own status.

    Removed and suspended members are not counted: a tie goes to the book that fewer of the club have read.
    """
    rows = db.session.execute(_public_readings(), {"book_ids": list(book_ids)})
    counted = {(book_id, status): number for book_id, status, number in rows}
    # Members see their own status even if it is private. The id of a visitor is None, which matches no
    # reading.
    mine = Reading.book_id.in_(book_ids), Reading.member_id == viewer.id
    own = _mapping(select(Reading.book_id, Reading.status).where(*mine))
    lengths = _mapping(_lengths(), book_ids=list(book_ids))
    return {
        book_id: Interest(
            counted.get((book_id, "finished"), 0),
            counted.get((book_id, "to_read"), 0),
            lengths.get(book_id),
            own.get(book_id),
        )
        for book_id in book_ids
    }


@cache
def _public_readings() -> Select[int, str | None, int]:
    # Private readings appear in no count, so that none can be found by subtraction.
    public = and_(
        Reading.book_id.in_(bindparam("book_ids", expanding=True)), Reading.is_private.is_(False), IS_HERE
    )
    return (
        select(Reading.book_id, Reading.status, func.count())
        .join(Member, Member.id == Reading.member_id)
        .where(public, Reading.status.in_(("finished", "to_read")))
        .group_by(Reading.book_id, Reading.status)
    )


@cache
def _lengths() -> Select[int, int | None]:
    first = (
        select(func.min(Edition.id))
        .where(Edition.book_id.in_(bindparam("book_ids", expanding=True)), Edition.pages.is_not(None))
        .group_by(Edition.book_id)
    )
    return select(Edition.book_id, Edition.pages).where(Edition.id.in_(first))


def _mapping(statement: Select[*tuple[Any, ...]], **sent: Any) -> dict[Any, Any]:
    """Dictionary of a statement's two columns."""
    return {row[0]: row[1] for row in db.session.execute(statement, sent)}
