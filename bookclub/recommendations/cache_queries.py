"""The books that matter and the club's readings as arrays, kept in memory between requests, for one database.

Where readings have changed, the shelves of those who changed something are read again at once. Where the
catalogue or the pack has, all is made anew beside the requests, which go by what there was meanwhile: so the
order of books may be a moment behind. What a reason says is read in the request that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Engine, Executable, Row, String, bindparam, cast, func, or_, select

from ..asks.models import Endorsement
from ..books.models import AuthorSpelling, Book, BookEdit, Edition, FormerBook
from ..extensions import db, utcnow
from ..lib.recommender.co_reads import Neighbours
from ..lib.recommender.library import Library
from ..lib.recommender.readerships import Readerships
from ..lib.recommender.sparse import Ints
from ..members.models import IS_ABSENT, Member
from ..readings.models import Reading
from .catalogue_queries import (
    FINISHED_IN_PUBLIC,
    PackSource,
    TagSpread,
    books_that_matter,
    library_of,
    pack_source,
    pack_table,
    tag_spread,
)
from .models import Mute, NeighbourPack
from .number_lists import numbers_in, text_of
from .rebuilds import Rebuilds

# Places in the state of the stock. Before these stand the newest book, edit and edition, then the newest and
# the number of former books and spellings: a merger takes ids away, and undoing it brings them back.
PACK_LOADED, ABSENT_MEMBERS, LAST_CHANGE, LAST_READING = range(7, 11)
CATALOGUE, READINGS = slice(ABSENT_MEMBERS), slice(ABSENT_MEMBERS, None)
PACK = slice(PACK_LOADED, ABSENT_MEMBERS)
LATE_COMMIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Stock:
    """The books that matter, the club's public readings and the pack as arrays; ``key`` says of which state.

    Books that are not ``is_open`` are there for those who have read them in private. ``is_whole`` where no
    book of the catalogue is missing. ``spread`` says how common tags are, ``pack_source`` where the pack
    comes from.
    """

    key: tuple[Any, ...]
    library: Library
    is_open: NDArray[np.bool_]
    is_whole: bool
    spread: TagSpread
    readerships: Readerships
    pack: Neighbours | None
    pack_source: PackSource | None

    def lacks(self, books: Mapping[int, Any] | set[int] | frozenset[int]) -> bool:
        """Whether one of these books is not among those that matter."""
        return not self.is_whole and not self.library.find(np.fromiter(books, dtype=np.int64))[1].all()


_STOCKS: WeakKeyDictionary[Engine, Stock] = WeakKeyDictionary()
_REBUILDS: WeakKeyDictionary[Engine, Rebuilds] = WeakKeyDictionary()
_LOCK = Lock()


def stock(key: tuple[Any, ...]) -> Stock | None:
    """The arrays, with the readings of state_of_stock() and its catalogue or an earlier one.

    None as long as there are none: the first ones of a large catalogue take a while after a start.
    """
    kept = _STOCKS.get(db.engine)
    if kept is None or kept.key[CATALOGUE] != key[CATALOGUE]:
        rebuild()
        kept = _STOCKS.get(db.engine)
    if kept is None or kept.key[READINGS] == key[READINGS]:
        return kept
    newer = _with_new_readings(kept, (*kept.key[CATALOGUE], *key[READINGS]))
    with _LOCK:
        # Another one may have been made meanwhile.
        if _STOCKS.get(db.engine) is kept:
            _STOCKS[db.engine] = newer
    return newer


def rebuild() -> None:
    """Have the arrays made anew, and wait for that where it is a matter of a moment."""
    rebuilds().ask(_remake)


def rebuilds() -> Rebuilds:
    """The rebuilds of the arrays of the present database."""
    with _LOCK:
        return _REBUILDS.setdefault(db.engine, Rebuilds())


def state_of_stock() -> tuple[Any, ...]:
    """What is different once a book, a reading or the pack is; each part is the end of an index."""
    return _with_clock(db.session.execute(_STATE).one())


def state_of_opinions() -> tuple[Any, ...]:
    """What is different once anything is by which books are chosen for some members."""
    return _with_clock(db.session.execute(_STATE_OF_OPINIONS).one())


def was_put_back(before: tuple[Any, ...], state: tuple[Any, ...]) -> bool:
    """Return whether the clock was put back between two states, so that times of changes mean nothing."""
    last, now = before[LAST_CHANGE], state[LAST_CHANGE]
    return last is not None and now is not None and now < last - LATE_COMMIT


def _with_clock(state: Row[Any]) -> tuple[Any, ...]:
    """The state, with the present in place of a last change that is still to come.

    A clock that ran ahead when a reading was changed, or is behind now, would hide every change until it has
    caught up, also that somebody keeps a reading to themselves. So long what has changed is looked up again
    each time.
    """
    last, now = state[LAST_CHANGE], utcnow()
    is_ahead = last is not None and last > now + LATE_COMMIT
    return (*state[:LAST_CHANGE], now, *state[LAST_CHANGE + 1 :]) if is_ahead else tuple(state)


# A member who leaves or is suspended takes their readings along, and brings them back with them.
_absent = select(cast(Member.id, String).label("id")).where(IS_ABSENT).order_by(Member.id).subquery()
_NEWEST = (
    func.max(Book.id),
    func.max(BookEdit.id),
    func.max(Edition.id),
    func.max(FormerBook.id),
    func.count(FormerBook.id),
    func.max(AuthorSpelling.id),
    func.count(AuthorSpelling.id),
    func.max(NeighbourPack.loaded_at),
    func.aggregate_strings(_absent.c.id, " "),
    func.max(Reading.changed_at),
    func.max(Reading.id),
)
_SAID = (
    func.max(Endorsement.id),
    func.max(Endorsement.deleted_at),
    func.count(Endorsement.deleted_at),
    func.max(Mute.muted_at),
    # One that is taken back leaves no other trace.
    func.count(Mute.muted_at),
)


_STATE = select(*(select(each).scalar_subquery() for each in _NEWEST))
_STATE_OF_OPINIONS = select(*(select(each).scalar_subquery() for each in _NEWEST + _SAID))


def _remake(pause: Callable[[], None]) -> None:
    """Make the arrays of what the database holds now."""
    before, key = _STOCKS.get(db.engine), state_of_stock()
    books, spread = books_that_matter(), tag_spread()
    pause()
    library, _ = library_of(books.ids, spread, pause)
    is_same_pack = before is not None and before.key[PACK] == key[PACK]
    pack = before.pack.table if is_same_pack and before and before.pack else pack_table(pause)
    made = Stock(
        key,
        library,
        np.isin(library.ids, books.ids[books.is_open]),
        books.is_whole,
        spread,
        Readerships.of(library, _readings()),
        pack.beside(library) if pack else None,
        pack_source() if pack else None,
    )
    # What everybody would wait for in the first request that goes by it.
    library.prepare()
    with _LOCK:
        _STOCKS[db.engine] = made


def _with_new_readings(kept: Stock, key: tuple[Any, ...]) -> Stock:
    """The same books, with the shelves anew of those who have changed something, left or come back.

    Where the clock was put back, or a reading has gone for which nobody can be asked, all are read again.
    """
    last, now = kept.key[LAST_READING] or 0, key[LAST_READING] or 0
    if kept.key[LAST_CHANGE] is None or was_put_back(kept.key, key) or now < last:
        return replace(kept, key=key, readerships=Readerships.of(kept.library, _readings()))
    # Whoever wrote earlier may have committed later.
    since = kept.key[LAST_CHANGE] - LATE_COMMIT
    members = set(db.session.execute(_RECENT, {"since": since, "last": last}).scalars())
    members |= _absent_in(kept.key) ^ _absent_in(key)
    theirs = _readings(Reading.member_id.in_(members))
    return replace(kept, key=key, readerships=kept.readerships.with_shelves(kept.library, members, theirs))


# Each end of an index: DISTINCT would go through every reading.
_RECENT = select(Reading.member_id).where(
    or_(Reading.changed_at >= bindparam("since"), Reading.id > bindparam("last"))
)


def _absent_in(state: tuple[Any, ...]) -> set[int]:
    return set(map(int, (state[ABSENT_MEMBERS] or "").split()))


def _readings(*which: ColumnElement[bool]) -> Ints:
    """Rows of a member and a book that they have finished for all to see."""
    statement = select(Reading.member_id, text_of(Reading.book_id))
    shelves = [
        (member, numbers_in(books))
        for member, books in db.session.execute(
            statement.where(FINISHED_IN_PUBLIC, *which).group_by(Reading.member_id)
        )
    ]
    members = np.repeat([member for member, _ in shelves], [len(books) for _, books in shelves])
    books = np.concatenate([np.zeros(0, dtype=np.int64), *(books for _, books in shelves)])
    return np.stack([members.astype(np.int64), books], axis=1)


def couples(statement: Executable, named: Mapping[str, Any] | None = None) -> list[tuple[int, int]]:
    """The rows of a statement that yields two numbers in each, with what it leaves to be ``named``."""
    return [(row[0], row[1]) for row in db.session.execute(statement, named)]
