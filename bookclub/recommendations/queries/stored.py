"""Evidence in a large catalogue: the few hundred books that matter to a reader, from stored neighbours.

The whole catalogue is kept in memory up to LIVE books (queries/stock.py); beyond that, a request looks at
the reader's own books, those that go with them in the club and in the pack, what members recommend to whoever
loved them, and the rest by the same authors.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import BindParameter, Engine, bindparam, func, select

from ...books.models import Book, BookAuthor
from ...extensions import db
from ...readings.models import Reading
from ..models import Endorsement as EndorsementRow
from ..models import Neighbour
from ..rules import CoReads, Endorsement, Evidence, Library, Read, Taste, pairs_from
from ..rules.library import Floats
from ..rules.reading import faded, heaviest
from ..rules.scoring import TELLING
from .described import Kept, described, kept, pack_neighbours, tag_spread
from .evidence import Shelf
from .stock import (
    NEWEST_BOOK,
    PACK_LOADED,
    PackSource,
    couples,
    finished_in_public,
    listings,
    pack_source,
)

# Up to so many books everything is counted live.
LIVE = 5000
# Of a reader's own books so many of the latest are gone by, and the authors of so many: what was read long
# ago hardly weighs.
OWN, LATEST = 60, 12
# Of each road to a book so many are followed.
NEAREST, BY_AUTHORS, RECOMMENDED = 40, 24, 24
# Many readers share so many on each road, so that a statement names no more books than a database takes.
SHARED = 4000


@dataclass(frozen=True)
class Around:
    """What surrounds some readers: their books and the candidates as arrays, and the series' names.

    ``pack_readers`` says how many readers of the pack have each book, ``known`` is what is kept of books, and
    ``club`` the rows of neighbours that were looked up on the way, by the books that they go with.
    """

    library: Library
    series: dict[int, str]
    pack_source: PackSource | None
    pack_readers: Sequence[tuple[int, int]]
    known: Kept
    club: dict[tuple[int, ...], Floats]


def is_live(state: tuple[Any, ...]) -> bool:
    """Whether the catalogue is small enough to be counted whole, as state_of_stock() says."""
    newest = state[NEWEST_BOOK] or 0
    if newest <= LIVE:
        return True
    counted = _COUNTED.get(db.engine)
    if counted is None or counted[0] != newest:
        few = select(Book.id).limit(LIVE + 1).subquery()
        books = db.session.execute(select(func.count()).select_from(few)).scalar() or 0
        counted = _COUNTED[db.engine] = (newest, books)
    return counted[1] <= LIVE


# The newest book when they were counted, and how many there were; LIVE and one more are many.
_COUNTED: WeakKeyDictionary[Engine, tuple[int, int]] = WeakKeyDictionary()


def around(shelves: Collection[Shelf], author_id: int | None, state: tuple[Any, ...]) -> Around:
    """The books that matter to these readers, or of those by one author, as state_of_stock() finds them."""
    source = pack_source() if state[PACK_LOADED] is not None else None
    known = kept(state)
    club: dict[tuple[int, ...], Floats] = {}
    wanted: set[int] = set()
    each = max(1, SHARED // max(1, len(shelves)))
    for shelf in shelves:
        own = [read.book for read in shelf.reads[-OWN:]][-each:]
        wanted.update(own)
        if author_id is None:
            mine = _weightiest(shelf.reads[-OWN:], None)
            club[mine] = _neighbours(mine)
            wanted.update(_nearest(shelf, club[mine])[:each])
            if source is not None:
                wanted.update(_nearest(shelf, pack_neighbours(mine, known))[:each])
            wanted.update(_recommended(own)[:each], _by_their_authors(own[-LATEST:])[:each])
    if author_id is not None:
        wanted.update(db.session.execute(_BY, {"author": author_id}).scalars())
    return _about(wanted, source, known, club)


def _about(
    wanted: Collection[int], source: PackSource | None, known: Kept, club: dict[tuple[int, ...], Floats]
) -> Around:
    """What is known of these books."""
    found = described(wanted, known)
    books, series = listings(each.listed for each in found)
    taggings = [(each.listed.id, tag, place) for each in found for tag, place in each.tags]
    library = Library.build(
        books,
        [(each.listed.id, author) for each in found for author in each.authors],
        taggings,
        tag_counts=tag_spread({tag for _, tag, _ in taggings}, known),
        # Near enough, and known without counting a million rows.
        of_books=max(len(books), known.state[NEWEST_BOOK] or 0),
    )
    readers = [(each.listed.id, each.pack_readers) for each in found]
    return Around(library, series, source, readers, known, club)


def evidence_for(
    stock: Around, taste: Taste, words: Sequence[Endorsement], member_id: int, author_id: int | None
) -> Evidence:
    """What the stored neighbours say to one reader, whose own readings do not count.

    Who shares the reader's taste is not counted: that would take everybody's shelves.
    """
    library = stock.library
    readers = couples(_READERS, {"books": library.ids.tolist(), "member": member_id})
    mine = _weightiest(taste.reads, author_id)
    if author_id is not None:
        # An author's are few: nobody needs to know what else goes with the reader's books.
        near = _neighbours(mine, others=set(library.ids.tolist()) - set(mine))
    else:
        near = stock.club[mine] if mine in stock.club else _neighbours(mine)
    club = CoReads.of(library, near, readers)
    if stock.pack_source is None:
        return Evidence(club, None, None, words)
    pack = CoReads.of(library, pack_neighbours(mine, stock.known), stock.pack_readers)
    return Evidence(club, pack, None, words)


_BOOKS: BindParameter[Any] = bindparam("books", expanding=True)
_READERS = (
    select(Reading.book_id, func.count())
    .where(Reading.book_id.in_(_BOOKS), finished_in_public(Reading), Reading.member_id != bindparam("member"))
    .group_by(Reading.book_id)
)
_BY = select(BookAuthor.book_id).where(BookAuthor.author_id == bindparam("author"))
_NEIGHBOURS = select(Neighbour.book_id, Neighbour.other_id, Neighbour.together).where(
    Neighbour.book_id.in_(_BOOKS)
)
_SHARED_WITH = _NEIGHBOURS.where(Neighbour.other_id.in_(bindparam("others", expanding=True)))
_RECOMMENDED = (
    select(EndorsementRow.other_id)
    .where(EndorsementRow.book_id.in_(_BOOKS), EndorsementRow.deleted_at.is_(None))
    .order_by(EndorsementRow.id.desc())
    .limit(RECOMMENDED)
)
_THEIRS = select(BookAuthor.book_id).where(
    BookAuthor.author_id.in_(select(BookAuthor.author_id).where(BookAuthor.book_id.in_(_BOOKS)))
)
_BEGUN = Book.series.in_(select(Book.series).where(Book.id.in_(_BOOKS), Book.series != ""))
_BY_THEIR_AUTHORS = (
    select(Book.id)
    .where(Book.id.in_(_THEIRS))
    .order_by(_BEGUN.desc(), Book.known_readers.desc(), Book.id)
    .limit(BY_AUTHORS)
)


def _weightiest(reads: Sequence[Read], author_id: int | None) -> tuple[int, ...]:
    """The books of a reader that say most of what is next, or all that say something of an author."""
    if author_id is not None:
        return tuple(read.book for read in reads)
    return tuple(reads[at].book for at in heaviest(faded(reads), TELLING).tolist())


def _neighbours(mine: Collection[int], others: Collection[int] | None = None) -> Floats:
    """What goes with these books in the club, or which of ``others``: rows of book, other and co-readers."""
    if others is None:
        return pairs_from(db.session.execute(_NEIGHBOURS, {"books": list(mine)}))
    return pairs_from(db.session.execute(_SHARED_WITH, {"books": list(mine), "others": list(others)}))


def _nearest(shelf: Shelf, rows: Floats) -> list[int]:
    """The books that go most with a reader's own."""
    weights = dict(zip((read.book for read in shelf.reads), faded(shelf.reads).tolist(), strict=True))
    others, which = np.unique(rows[:, 1], return_inverse=True)
    terms = np.array([weights[int(book)] for book in rows[:, 0]]) * rows[:, 2]
    order = np.argsort(-np.bincount(which, terms, len(others)), kind="stable")
    found = (int(other) for other in others[order])
    return list(islice((book for book in found if book not in shelf.taken), NEAREST))


def _recommended(own: Collection[int]) -> Sequence[int]:
    """What members recommend after these books, the latest first."""
    return db.session.execute(_RECOMMENDED, {"books": list(own)}).scalars().all()


def _by_their_authors(own: Collection[int]) -> Sequence[int]:
    """More by the authors of these books: first of the series that they are in, then what is best known."""
    return db.session.execute(_BY_THEIR_AUTHORS, {"books": list(own)}).scalars().all()
