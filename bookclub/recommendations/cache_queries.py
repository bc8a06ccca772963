"""Per-process cache of the books that matter and of the club's readings, as arrays for one database.

When readings have changed, the shelves of the members who changed something are read again at once. When the
catalogue or the pack has changed, or a book of a large catalogue has lost its last reader, everything is
rebuilt in a thread beside the requests, which use the old arrays meanwhile: so the order of books may be a
moment behind. The facts in a reason are read in the request that shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Engine, Executable, String, bindparam, cast, func, or_, select

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

# Positions in the state of the stock. Before these are the newest book, edit and edition, then the newest and
# the number of former books and spellings: a merger takes ids away, and undoing it brings them back, so the
# newest id alone would not show it.
PACK_LOADED, ABSENT_MEMBERS, LAST_CHANGE, LAST_READING, READING_COUNT = range(7, 12)
CATALOGUE, READINGS = slice(ABSENT_MEMBERS), slice(ABSENT_MEMBERS, None)
PACK = slice(PACK_LOADED, ABSENT_MEMBERS)
# A transaction may commit this long after the time that it wrote as its change.
LATE_COMMIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Stock:
    """The books that matter, the club's public readings and the pack, as arrays. ``key`` is their state.

    Books that are not ``is_open`` are there for members who have read them in private. ``is_whole`` says that
    no book of the catalogue is missing. ``spread`` has the frequency of each tag, ``pack_source`` the source
    of the pack.
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
        """Return True if any of these books is missing from the arrays."""
        return not self.is_whole and not self.library.find(np.fromiter(books, dtype=np.int64))[1].all()


_STOCKS: WeakKeyDictionary[Engine, Stock] = WeakKeyDictionary()
_REBUILDS: WeakKeyDictionary[Engine, Rebuilds] = WeakKeyDictionary()
# Guards both dictionaries, which several threads of a process write to.
_LOCK = Lock()


def stock(key: tuple[Any, ...]) -> Stock | None:
    """Arrays with the readings of this state, and with its catalogue or an earlier one.

    ``key`` comes from state_of_stock(). None as long as there are no arrays: the first ones of a large
    catalogue take a while after a start.
    """
    kept = _STOCKS.get(db.engine)
    # The catalogue may be a moment behind, but readings may not: someone may have made theirs private.
    if kept is None or kept.key[CATALOGUE] != key[CATALOGUE]:
        rebuild()
        kept = _STOCKS.get(db.engine)
    if kept is None or kept.key[READINGS] == key[READINGS]:
        return kept
    newer = _reread_shelves(kept, (*kept.key[CATALOGUE], *key[READINGS]))
    # In a large catalogue a book may be open only because somebody had read it. Nobody may learn that from
    # now on, and the rebuild finds out if it is open for another reason.
    is_left = kept.readerships.is_read & ~newer.readerships.is_read
    is_closed = not kept.is_whole and bool(is_left.any())
    if is_closed:
        newer = replace(newer, is_open=kept.is_open & ~is_left)
    with _LOCK:
        # Another thread may have stored a newer one meanwhile.
        if _STOCKS.get(db.engine) is kept:
            _STOCKS[db.engine] = newer
    if is_closed:
        rebuild()
        return _STOCKS.get(db.engine, newer)
    return newer


def rebuild() -> None:
    """Rebuild the arrays in a thread, and wait for it if that takes only a moment."""
    rebuilds().ask(_remake)


def rebuilds() -> Rebuilds:
    """Rebuilds of the arrays of the current database."""
    with _LOCK:
        return _REBUILDS.setdefault(db.engine, Rebuilds())


def state_of_stock() -> tuple[Any, ...]:
    """State that differs once a book, a reading or the pack does.

    Each part of it is read from the end of an index.
    """
    return _limit_to_present(db.session.execute(_STATE).one())


def state_of_opinions() -> tuple[Any, ...]:
    """State that differs once anything does that the choices for some members depend on."""
    return _limit_to_present(db.session.execute(_STATE_OF_OPINIONS).one())


def was_put_back(before: tuple[Any, ...], state: tuple[Any, ...]) -> bool:
    """Return True if the clock was put back between two states, so that times mean nothing."""
    last, now = before[LAST_CHANGE], state[LAST_CHANGE]
    return last is not None and now is not None and now < last - LATE_COMMIT


def _limit_to_present(state: Sequence[Any]) -> tuple[Any, ...]:
    """Return the state with the present in place of a last change that lies in the future.

    If a clock ran ahead when a reading was changed, or is behind now, the last change would hide every later
    one until the clock has caught up, even that someone makes a reading private. Until then the changes are
    looked up each time.
    """
    last, now = state[LAST_CHANGE], utcnow()
    is_ahead = last is not None and last > now + LATE_COMMIT
    return (*state[:LAST_CHANGE], now, *state[LAST_CHANGE + 1 :]) if is_ahead else tuple(state)


# A member who leaves or is suspended takes their readings with them, and brings them back on return.
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
_OPINIONS = (
    func.max(Endorsement.id),
    func.max(Endorsement.deleted_at),
    func.count(Endorsement.deleted_at),
    func.max(Mute.muted_at),
    # A deleted mute leaves no other trace.
    func.count(Mute.muted_at),
)


# A deleted reading leaves no other trace. SQLite counts rows in no time, if no column is named.
_READING_COUNT = select(func.count()).select_from(Reading)
_PARTS = [*(select(each).scalar_subquery() for each in _NEWEST), _READING_COUNT.scalar_subquery()]
_STATE = select(*_PARTS)
_STATE_OF_OPINIONS = select(*_PARTS, *(select(each).scalar_subquery() for each in _OPINIONS))


def _remake(pause: Callable[[], None]) -> None:
    """Build the arrays of what the database holds now."""
    before, key = _STOCKS.get(db.engine), state_of_stock()
    # The state was read first: a change that is committed meanwhile makes it differ, and causes a rebuild.
    books, spread = books_that_matter(), tag_spread()
    pause()
    library, _ = library_of(books.ids, spread, pause)
    # An unchanged pack is large, and need not be read again.
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
    # Otherwise the first request that uses the arrays would wait for this.
    library.prepare()
    with _LOCK:
        _STOCKS[db.engine] = made


def _reread_shelves(kept: Stock, key: tuple[Any, ...]) -> Stock:
    """Same books, with the shelves read again of members who changed something, left or came back.

    All shelves are read again if the clock was put back, or if a reading is gone and its member is unknown.
    """
    last = kept.key[LAST_READING] or 0
    added = db.session.execute(_READING_COUNT.where(Reading.id > last)).scalar_one()
    is_gone = key[READING_COUNT] != kept.key[READING_COUNT] + added
    if kept.key[LAST_CHANGE] is None or was_put_back(kept.key, key) or is_gone:
        return replace(kept, key=key, readerships=Readerships.of(kept.library, _readings()))
    # A transaction that wrote earlier may have committed later.
    since = kept.key[LAST_CHANGE] - LATE_COMMIT
    members = set(db.session.execute(_RECENT, {"since": since, "last": last}).scalars())
    members |= _absent_members(kept.key) ^ _absent_members(key)
    theirs = _readings(Reading.member_id.in_(members))
    return replace(kept, key=key, readerships=kept.readerships.with_shelves(kept.library, members, theirs))


# Both conditions read the end of an index; DISTINCT would go through every reading.
_RECENT = select(Reading.member_id).where(
    or_(Reading.changed_at >= bindparam("since"), Reading.id > bindparam("last"))
)


def _absent_members(state: tuple[Any, ...]) -> set[int]:
    return set(map(int, (state[ABSENT_MEMBERS] or "").split()))


def _readings(*which: ColumnElement[bool]) -> Ints:
    """Rows of a member id and the id of a book that they have finished in public."""
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


def number_pairs(statement: Executable, named: Mapping[str, Any] | None = None) -> list[tuple[int, int]]:
    """Rows of a statement that yields two numbers in each, with ``named`` as its parameters."""
    return [(row[0], row[1]) for row in db.session.execute(statement, named)]
