"""What a process remembers of a large catalogue between requests, and when it forgets what of it.

A book is forgotten once it was edited, how many have read it once one of its readers has changed something,
and how common tags are every hour, since that is counted at night.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, Executable, bindparam, or_, select, union_all

from ...books.models import Book, BookAuthor, BookEdit, Edition
from ...extensions import db, utcnow
from ...readings.models import Reading
from ..rules import Listing
from ..rules.library import Floats, Ints
from .stock import (
    ABSENT_MEMBERS,
    CATALOGUE,
    LAST_CHANGE,
    LAST_READING,
    LATE_COMMIT,
    MERGED,
    NEWEST_BOOK,
    NEWEST_EDIT,
    NEWEST_EDITION,
    PACK_LOADED,
    PackSource,
    SeriesNumbers,
    pack_source,
    was_put_back,
)

Value = TypeVar("Value")

# Of each kind so many: what all readers of a large club have read and could read. That is 14 MB of books, and
# at most 30 MB each of what goes with them and of what else their authors wrote.
MOST_KEPT = 20_000


class Described(NamedTuple):
    """A book, and how many readers of the pack have it.

    ``authors`` are rows of it and an author, ``tags`` rows of it, a tag and the tag's place.
    """

    listing: Listing
    authors: Ints
    tags: Ints
    pack_readers: int


class Work(NamedTuple):
    """A book as one of its author's: how many readers it is known to have, and the number of its series."""

    book: int
    known_readers: int
    series: int | None


@dataclass(frozen=True)
class Kept:
    """What is known in one state of a database, by the ids of books, authors and tags.

    ``in_pack`` are rows of a book, another and their weighed co-readers; ``readers`` how many members have
    finished a book in public; ``by_author`` an author's books, the best known first; ``spread`` how many
    books carry a tag. ``pack`` is where the pack comes from.
    """

    state: tuple[Any, ...]
    hour: datetime
    pack: PackSource | None
    series: SeriesNumbers = field(default_factory=SeriesNumbers)
    books: dict[int, Described] = field(default_factory=dict)
    by_author: dict[int, tuple[Work, ...]] = field(default_factory=dict)
    in_pack: dict[int, Floats] = field(default_factory=dict)
    readers: dict[int, int] = field(default_factory=dict)
    spread: dict[int, int] = field(default_factory=dict)


_KEPT: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()


def kept(state: tuple[Any, ...]) -> Kept:
    """What is kept of the database as state_of_stock() finds it, less what is not true of it any more."""
    known, hour = _KEPT.get(db.engine), utcnow().replace(minute=0, second=0, microsecond=0)
    if known is None or known.state != state:
        known = _in_step(known, state, hour) if known else _nothing(state, hour)
    if known.hour != hour:
        known = replace(known, hour=hour, spread={})
    _KEPT[db.engine] = known
    return known


def looked_up(
    told: dict[int, Value], ids: Collection[int], load: Callable[[list[int]], Mapping[int, Value]]
) -> dict[int, Value]:
    """What is known of these; what is not kept is loaded, and then kept.

    Another thread may be forgetting it all meanwhile, so each is looked up but once.
    """
    looked = ((one, told.get(one)) for one in ids)
    found = {one: value for one, value in looked if value is not None}
    missing = [one for one in ids if one not in found]
    if missing:
        new = load(missing)
        if len(told) + len(new) > MOST_KEPT:
            told.clear()
        told.update(new)
        found.update(new)
    return found


def _nothing(state: tuple[Any, ...], hour: datetime) -> Kept:
    return Kept(state, hour, pack_source() if state[PACK_LOADED] is not None else None)


def _in_step(known: Kept, state: tuple[Any, ...], hour: datetime) -> Kept:
    """What was known of an earlier state, without what has changed since.

    A request that still sees the earlier one goes on with what was known of that.
    """
    edited = _edited_since(known.state, state)
    if edited is None:
        return _nothing(state, hour)
    if edited:
        authors = set(db.session.execute(_WRITERS, {"books": list(edited)}).scalars())
        before = (known.books[book] for book in edited if book in known.books)
        authors.update(author for each in before for author in each.authors[:, 1].tolist())
        known = replace(
            known, books=_without(known.books, edited), by_author=_without(known.by_author, authors)
        )
    read = _read_since(known.state, state)
    readers = {} if read is None else _without(known.readers, read)
    return replace(known, state=state, readers=readers)


_EDITED = union_all(
    select(Book.id).where(Book.id > bindparam("book")),
    select(BookEdit.book_id).where(BookEdit.id > bindparam("edit")),
    select(Edition.book_id).where(Edition.id > bindparam("edition")),
).limit(MOST_KEPT)
_WRITERS = select(BookAuthor.author_id).where(BookAuthor.book_id.in_(bindparam("books", expanding=True)))
_READ = (
    select(Reading.book_id)
    .where(or_(Reading.changed_at >= bindparam("since"), Reading.id > bindparam("last")))
    .limit(MOST_KEPT)
)


def _edited_since(before: tuple[Any, ...], state: tuple[Any, ...]) -> set[int] | None:
    """The books that are new or edited; None where nobody can tell, some were merged, or the pack is new."""
    if before[CATALOGUE] == state[CATALOGUE]:
        return set()
    newest = [before[at] or 0 for at in (NEWEST_BOOK, NEWEST_EDIT, NEWEST_EDITION)]
    now = [state[at] or 0 for at in (NEWEST_BOOK, NEWEST_EDIT, NEWEST_EDITION)]
    is_other = before[PACK_LOADED] != state[PACK_LOADED] or before[MERGED] != state[MERGED]
    if is_other or any(map(int.__lt__, now, newest)):
        return None
    last = dict(zip(("book", "edit", "edition"), newest, strict=True))
    return _told_by(_EDITED, last)


def _read_since(before: tuple[Any, ...], state: tuple[Any, ...]) -> set[int] | None:
    """The books of readings that have changed; None where nobody can tell, as after a member has left."""
    if before[ABSENT_MEMBERS:] == state[ABSENT_MEMBERS:]:
        return set()
    is_other = before[ABSENT_MEMBERS] != state[ABSENT_MEMBERS] or was_put_back(before, state)
    if is_other or before[LAST_CHANGE] is None:
        return None
    # Whoever wrote earlier may have committed later.
    since = {"since": before[LAST_CHANGE] - LATE_COMMIT, "last": before[LAST_READING]}
    return _told_by(_READ, since)


def _told_by(statement: Executable, named: Mapping[str, Any]) -> set[int] | None:
    """The books that it yields, None where there may be more: DISTINCT would go through every reading."""
    books = db.session.execute(statement, named).scalars().all()
    return None if len(books) == MOST_KEPT else set(books)


def _without(told: dict[int, Value], gone: Collection[int]) -> dict[int, Value]:
    # Another request may be adding to it.
    left = told.copy()
    for one in gone:
        left.pop(one, None)
    return left
