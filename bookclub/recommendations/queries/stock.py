"""The catalogue and the club's readings as arrays, kept in memory between requests, for one database.

They are kept as long as nothing that they are made of has changed; where only readings have, the shelves of
those who changed something are read anew. Every number that a page shows is counted in queries/facts.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import ColumnElement, Engine, Executable, Row, String, and_, cast, func, or_, select

from ...accounts.models import IS_ABSENT, Member
from ...books.models import AuthorSpelling, Book, BookAuthor, BookEdit, BookTag, Edition, FormerBook
from ...books.rules import key_of
from ...extensions import db, utcnow
from ...readings.models import Reading
from ...readings.queries.presence import is_counted
from ..models import Endorsement, Mute, NeighbourPack, PackNeighbour, PackReadership
from ..rules import Library, Listing, Neighbours, Readerships
from ..rules.library import Ints

# What the state of the stock says of the catalogue and the pack, and of readings.
NEWEST_BOOK, NEWEST_EDIT, NEWEST_EDITION, PACK_LOADED = range(4)
# Books and authors that were merged, or came apart again: an id may be nobody's by now.
MERGED = slice(4, 8)
ABSENT_MEMBERS, LAST_CHANGE, LAST_READING = range(8, 11)
CATALOGUE = slice(ABSENT_MEMBERS)
LATE_COMMIT = timedelta(minutes=1)


def finished_in_public(reading: type[Reading]) -> ColumnElement[bool]:
    """Condition that a member who is here has finished a book, and lets others see it."""
    return and_(reading.status == "finished", is_counted(reading))


FINISHED_IN_PUBLIC = finished_in_public(Reading)


@dataclass(frozen=True)
class PackSource:
    """Where a neighbour pack comes from, and under which licence."""

    source: str
    licence: str


@dataclass(frozen=True)
class Stock:
    """The catalogue, the club's public readings and the pack as arrays; ``key`` says of which state.

    ``series`` names the series that the library knows by numbers, ``pack_source`` where the pack comes from.
    """

    key: tuple[Any, ...]
    library: Library
    readerships: Readerships
    pack: Neighbours | None
    pack_source: PackSource | None
    series: dict[int, str]


_STOCKS: WeakKeyDictionary[Engine, Stock] = WeakKeyDictionary()


def stock(key: tuple[Any, ...]) -> Stock:
    """The arrays as they are now, by state_of_stock(), made anew only where something has changed."""
    kept = _STOCKS.get(db.engine)
    if kept is None or kept.key != key:
        if kept is not None and kept.key[CATALOGUE] == key[CATALOGUE]:
            _STOCKS[db.engine] = kept = _with_new_readings(kept, key)
        else:
            _STOCKS[db.engine] = kept = _made(key)
    return kept


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
    func.max(NeighbourPack.loaded_at),
    func.max(FormerBook.id),
    func.count(FormerBook.id),
    func.max(AuthorSpelling.id),
    func.count(AuthorSpelling.id),
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


class SeriesNumbers:
    """Series numbered as they come; ``names`` has what each was first called."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._unused = count(1)

    def number(self, name: str) -> int | None:
        """The number of a series, None where there is none. Two threads may ask at once."""
        if not name:
            return None
        found = self._numbers.setdefault(key_of(name), next(self._unused))
        self.names.setdefault(found, name)
        return found


def listing_of(row: Row[Any], series: SeriesNumbers) -> Listing:
    """A row of LISTED as a library lists its books."""
    number = series.number(row.series)
    return Listing(row.id, number, row.series_number, row.known_readers, row.printings, row.year)


_printings = select(func.count()).where(Edition.book_id == Book.id).correlate(Book).scalar_subquery()
LISTED = (
    Book.id,
    Book.series,
    Book.series_number,
    Book.known_readers,
    Book.first_published.label("year"),
    _printings.label("printings"),
)


def _made(key: tuple[Any, ...]) -> Stock:
    series = SeriesNumbers()
    books = [listing_of(row, series) for row in db.session.execute(select(*LISTED))]
    tags = select(BookTag.book_id, BookTag.tag_id, BookTag.place)
    library = Library.build(
        books,
        couples(select(BookAuthor.book_id, BookAuthor.author_id)),
        ((row[0], row[1], row[2]) for row in db.session.execute(tags)),
    )
    return Stock(
        key,
        library,
        Readerships.of(library, _readings()),
        _pack(library) if key[PACK_LOADED] is not None else None,
        pack_source() if key[PACK_LOADED] is not None else None,
        series.names,
    )


def _with_new_readings(kept: Stock, key: tuple[Any, ...]) -> Stock:
    """The same catalogue, with the shelves anew of those members who have changed something.

    Where somebody has left, is suspended or has come back, or the clock was put back, all are read again.
    """
    is_later = kept.key[:LAST_CHANGE] == key[:LAST_CHANGE] and not was_put_back(kept.key, key)
    if kept.key[LAST_CHANGE] is None or not is_later:
        return replace(kept, key=key, readerships=Readerships.of(kept.library, _readings()))
    # Whoever wrote earlier may have committed later.
    since = Reading.changed_at >= kept.key[LAST_CHANGE] - LATE_COMMIT
    recent = or_(since, Reading.id > kept.key[LAST_READING])
    members = set(db.session.execute(select(Reading.member_id).where(recent)).scalars())
    theirs = _readings(Reading.member_id.in_(members))
    return replace(kept, key=key, readerships=kept.readerships.with_shelves(kept.library, members, theirs))


def _readings(*which: ColumnElement[bool]) -> Ints:
    rows = couples(select(Reading.member_id, Reading.book_id).where(FINISHED_IN_PUBLIC, *which))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def pack_source() -> PackSource | None:
    """Where the pack that an organiser has loaded comes from; None where there is none."""
    row = db.session.execute(select(NeighbourPack.source, NeighbourPack.licence)).one_or_none()
    return None if row is None else PackSource(row.source, row.licence)


def _pack(library: Library) -> Neighbours:
    rows = db.session.execute(select(PackNeighbour.book_id, PackNeighbour.other_id, PackNeighbour.weight))
    return Neighbours.of(
        library,
        ((row[0], row[1], row[2]) for row in rows),
        couples(select(PackReadership.book_id, PackReadership.readers)),
    )


def couples(statement: Executable, named: Mapping[str, Any] | None = None) -> list[tuple[int, int]]:
    """The rows of a statement that yields two numbers in each, with what it leaves to be ``named``."""
    return [(row[0], row[1]) for row in db.session.execute(statement, named)]
