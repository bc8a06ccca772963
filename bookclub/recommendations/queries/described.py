"""What is known of single books of a large catalogue, the latest that were asked for kept in memory.

Readers of one club ask for much the same books. What is kept is forgotten once the catalogue or the pack is
another, as state_of_stock() says, and every hour, since how common tags are is counted at night.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import BindParameter, Engine, Row, String, bindparam, cast, func, select

from ...books.models import Book, BookAuthor, BookTag
from ...extensions import db, utcnow
from ..models import PackNeighbour, PackReadership, TagSpread
from ..rules import pairs_from
from ..rules.library import Floats
from .stock import CATALOGUE, LISTED

Value = TypeVar("Value")

# As many as are counted live.
BOOKS_KEPT = 5000


class Described(NamedTuple):
    """A book: its row of LISTED, its authors, its tags with their places, and its readers in the pack."""

    listed: Row[Any]
    authors: tuple[int, ...]
    tags: tuple[tuple[int, int], ...]
    pack_readers: int


@dataclass
class Kept:
    """What is known of books, of what goes with them in the pack, and how many carry a tag, by their ids."""

    state: tuple[Any, ...]
    hour: datetime
    books: dict[int, Described] = field(default_factory=dict)
    in_pack: dict[int, Floats] = field(default_factory=dict)
    spread: dict[int, int] = field(default_factory=dict)


_KEPT: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()


def kept(state: tuple[Any, ...]) -> Kept:
    """What is kept for the catalogue and the pack as state_of_stock() finds them."""
    found, hour = _KEPT.get(db.engine), utcnow().replace(minute=0, second=0, microsecond=0)
    if found is None or (found.state, found.hour) != (state[CATALOGUE], hour):
        found = _KEPT[db.engine] = Kept(state[CATALOGUE], hour)
    return found


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
# All of a book in one row: the rows of its tags and authors by themselves would take several times as long.
_writers = (
    select(func.aggregate_strings(cast(BookAuthor.author_id, String), " "))
    .where(BookAuthor.book_id == Book.id)
    .correlate(Book)
    .scalar_subquery()
)
_tags = (
    select(func.aggregate_strings(cast(BookTag.tag_id, String) + " " + cast(BookTag.place, String), " "))
    .where(BookTag.book_id == Book.id)
    .correlate(Book)
    .scalar_subquery()
)
_DESCRIBED = (
    select(*LISTED, _writers.label("authors"), _tags.label("tags"), PackReadership.readers)
    .outerjoin(PackReadership, PackReadership.book_id == Book.id)
    .where(Book.id.in_(_IDS))
)
_SPREAD = select(TagSpread.tag_id, TagSpread.books).where(TagSpread.tag_id.in_(_IDS))
_IN_PACK = select(PackNeighbour.book_id, PackNeighbour.other_id, PackNeighbour.weight).where(
    PackNeighbour.book_id.in_(_IDS)
)


def described(ids: Collection[int], known: Kept) -> Sequence[Described]:
    """These books, without those that are not in the catalogue."""
    here = _kept_of(known.books, ids)
    missing = [book for book in ids if book not in here]
    if missing:
        rows = db.session.execute(_DESCRIBED, {"ids": missing})
        found = {row.id: _described(row) for row in rows}
        _keep(known.books, found)
        here.update(found)
    return list(here.values())


def _described(row: Row[Any]) -> Described:
    tags = [int(word) for word in (row.tags or "").split()]
    return Described(
        row,
        tuple(int(author) for author in (row.authors or "").split()),
        tuple(zip(tags[::2], tags[1::2], strict=True)),
        row.readers or 0,
    )


def pack_neighbours(ids: Collection[int], known: Kept) -> Floats:
    """What goes with these books in the pack: rows of book, other book and weighed co-readers."""
    here = _kept_of(known.in_pack, ids)
    missing = [book for book in ids if book not in here]
    if missing:
        rows = pairs_from(db.session.execute(_IN_PACK, {"ids": missing}))
        found = {book: rows[rows[:, 0] == book] for book in missing}
        _keep(known.in_pack, found)
        here.update(found)
    return np.concatenate([np.zeros((0, 3)), *here.values()])


def tag_spread(tags: Collection[int], known: Kept) -> dict[int, int]:
    """How many books carry each of these tags, as it was counted last night; 0 where it was not."""
    missing = [tag for tag in tags if tag not in known.spread]
    if missing:
        rows = db.session.execute(_SPREAD, {"ids": missing})
        known.spread.update(dict.fromkeys(missing, 0) | {row[0]: row[1] for row in rows})
    return {tag: known.spread[tag] for tag in tags}


def _kept_of(told: dict[int, Value], ids: Collection[int]) -> dict[int, Value]:
    """What is kept of these. Another thread may be forgetting it all, so each is looked up but once."""
    found = ((book, told.get(book)) for book in ids)
    return {book: value for book, value in found if value is not None}


def _keep(told: dict[int, Value], found: dict[int, Value]) -> None:
    if len(told) + len(found) > BOOKS_KEPT:
        told.clear()
    told.update(found)
