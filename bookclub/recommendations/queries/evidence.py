"""What recommendations go by around one reader: their own books, and what members recommend to them.

The catalogue and who has read what come from queries/stock.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select

from ...extensions import db
from ...readings.models import Reading
from ...readings.queries.presence import is_present
from ..models import Endorsement as EndorsementRow
from ..models import Mute
from ..rules import Endorsement, Read
from ..rules.reading import LIKED
from .catalogue import FINISHED_IN_PUBLIC
from .numbers import is_listed, listed
from .stock import couples


@dataclass(frozen=True)
class Shelf:
    """One reader's books: what they have ended with, the earliest first, and what is not to be proposed."""

    reads: tuple[Read, ...]
    taken: frozenset[int]
    muted: frozenset[int] = frozenset()


def shelf_of(member_id: int, *, public: bool = False) -> Shelf:
    """A reader's own books; with ``public`` only what they let others see."""
    return shelves_of([member_id], public=public)[member_id]


def shelves_of(member_ids: Collection[int], *, public: bool) -> dict[int, Shelf]:
    """The books of several readers; those that are private are left out where ``public``."""
    statement = _PUBLIC_SHELVES if public else _SHELVES
    reads, taken, muted = (defaultdict(list) for _ in range(3))
    rows = db.session.execute(statement, {"members": list(member_ids)}).all()
    for member_id, book_id, rating, status in rows:
        taken[member_id].append(book_id)
        if status != "reading":
            reads[member_id].append(Read(book_id, rating, status == "finished"))
    for member_id, book_id in couples(_MUTED, {"members": list(member_ids)}):
        muted[member_id].append(book_id)
    return {
        member_id: Shelf(tuple(reads[member_id]), frozenset(taken[member_id]), frozenset(muted[member_id]))
        for member_id in member_ids
    }


_MEMBERS: BindParameter[Any] = bindparam("members", expanding=True)
# Columns of the table, since the mapper would look at each of thousands of rows.
_READING = Reading.__table__.c
_SHELVES = (
    select(_READING.member_id, _READING.book_id, _READING.rating, _READING.status)
    .where(_READING.member_id.in_(_MEMBERS), _READING.status != "to_read")
    .order_by(
        func.coalesce(_READING.finished_on, func.date(_READING.changed_at)), _READING.changed_at, _READING.id
    )
)
_PUBLIC_SHELVES = _SHELVES.where(_READING.is_private.is_(False))
_MUTED = select(Mute.member_id, Mute.book_id).where(Mute.member_id.in_(_MEMBERS))
_SAID_OF = (
    select(EndorsementRow.id, EndorsementRow.member_id, EndorsementRow.book_id, EndorsementRow.other_id)
    .where(
        is_listed(EndorsementRow.book_id),
        EndorsementRow.deleted_at.is_(None),
        is_present(EndorsementRow.member_id),
    )
    .order_by(EndorsementRow.id)
)


def endorsements_for(loved: Mapping[int, Collection[int]]) -> dict[int, list[Endorsement]]:
    """Members' recommendations for each of these readers, by the books that they have read.

    Words of a former or suspended member stay on the book's page, but are no member's recommendation.
    Each comes with how many books both, reader and adviser, rated four or more in public.
    """
    books = list({book for each in loved.values() for book in each})
    rows = db.session.execute(_SAID_OF, listed(books)).all()
    if not rows:
        return {reader: [] for reader in loved}
    liked: dict[int, set[int]] = defaultdict(set)
    involved = {row.member_id for row in rows} | loved.keys()
    for member_id, book_id in couples(
        select(Reading.member_id, Reading.book_id).where(
            Reading.member_id.in_(involved), Reading.rating >= LIKED, FINISHED_IN_PUBLIC
        )
    ):
        liked[member_id].add(book_id)
    return {
        reader: [
            Endorsement(
                row.id, row.member_id, row.book_id, row.other_id, len(liked[reader] & liked[row.member_id])
            )
            for row in rows
            if row.book_id in own and row.member_id != reader
        ]
        for reader, own in loved.items()
    }
