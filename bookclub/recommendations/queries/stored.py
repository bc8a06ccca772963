"""Evidence in a large catalogue: the few hundred books that matter to a reader, from stored neighbours.

The whole catalogue is kept in memory up to LIVE books (queries/stock.py); beyond that, a request looks at
the reader's own books, those that go with them in the club and in the pack, what members recommend to whoever
loved them, and the rest by the same authors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Engine, func, select

from ...books.models import Book
from ...extensions import db
from ..rules import CoReads, Endorsement, Evidence, Library, Read
from ..rules.library import Floats, summed
from ..rules.reading import faded, heaviest
from ..rules.scoring import TELLING
from .described import (
    club_neighbours,
    club_neighbours_among,
    described,
    pack_neighbours,
    readers_of,
    tag_spread,
    works_of,
)
from .evidence import Shelf
from .kept import Kept, kept
from .stock import NEWEST_BOOK, PackSource

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
class Near:
    """What goes with a reader's books, in rows of such a book, another and their co-readers."""

    club: Floats
    pack: Floats


@dataclass(frozen=True)
class Around:
    """What surrounds some readers: their books and the candidates as arrays, and the series' names.

    ``near`` is by the readers' ids; ``readers`` says how many members have finished each book in public, and
    ``pack_readers`` the same of the pack.
    """

    library: Library
    series: Mapping[int, str]
    pack_source: PackSource | None
    near: Mapping[int, Near]
    readers: Mapping[int, int]
    pack_readers: Sequence[tuple[int, int]]


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


def around(
    shelves: Mapping[int, Shelf],
    words: Mapping[int, Sequence[Endorsement]],
    author_id: int | None,
    state: tuple[Any, ...],
) -> Around:
    """The books that matter to these readers, or of those by one author, as state_of_stock() finds them.

    ``words`` are what members recommend to each reader.
    """
    known = kept(state)
    each = max(1, SHARED // max(1, len(shelves)))
    own = {reader: shelf.reads[-min(OWN, each) :] for reader, shelf in shelves.items()}
    wanted = {read.book for reads in own.values() for read in reads}
    if author_id is not None:
        written = {work.book for work in works_of([author_id], known)[author_id]}
        near = {reader: _near_among(reads, written, known) for reader, reads in own.items()}
        return _about(wanted | written, near, known)
    near = {}
    for reader, reads in own.items():
        taken = shelves[reader].taken
        near[reader] = _near(reads, known)
        wanted.update(_nearest(reads, near[reader].club, taken)[:each])
        wanted.update(_nearest(reads, near[reader].pack, taken)[:each])
        wanted.update(_recommended(reads, words[reader], taken)[:each])
        wanted.update(_by_their_authors(reads[-LATEST:], taken, known)[:each])
    return _about(wanted, near, known)


def _about(wanted: Collection[int], near: Mapping[int, Near], known: Kept) -> Around:
    """What is known of these books."""
    found = described(wanted, known).values()
    tags = np.concatenate([np.zeros((0, 3), np.int64), *(each.tags for each in found)])
    listings = [each.listing for each in found]
    library = Library.build(
        listings,
        np.concatenate([np.zeros((0, 2), np.int64), *(each.authors for each in found)]),
        tags,
        tag_counts=tag_spread(np.unique(tags[:, 1]).tolist(), known),
        # Near enough, and known without counting a million rows.
        of_books=max(len(listings), known.state[NEWEST_BOOK] or 0),
    )
    in_pack = [(each.listing.book, each.pack_readers) for each in found]
    return Around(library, known.series.names, known.pack, near, readers_of(wanted, known), in_pack)


def evidence_for(stock: Around, words: Sequence[Endorsement], member_id: int, shelf: Shelf) -> Evidence:
    """What the stored neighbours say to one reader, whose own readings do not count.

    Who shares the reader's taste is not counted: that would take everybody's shelves.
    """
    near = stock.near[member_id]
    # What was counted may be a moment older than the shelf.
    others = [(book, max(0, readers - (book in shelf.told))) for book, readers in stock.readers.items()]
    club = CoReads.of(stock.library, near.club, others)
    if stock.pack_source is None:
        return Evidence(club, None, None, words)
    return Evidence(club, CoReads.of(stock.library, near.pack, stock.pack_readers), None, words)


def _near(reads: Sequence[Read], known: Kept) -> Near:
    """What goes with the books of a reader that say most of what is next."""
    mine = [reads[at].book for at in heaviest(faded(reads), TELLING).tolist()]
    return Near(club_neighbours(mine), pack_neighbours(mine if known.pack else (), known))


def _near_among(reads: Sequence[Read], written: set[int], known: Kept) -> Near:
    """Which of an author's books go with all of a reader's: they are few, and no others need be known."""
    mine = {read.book for read in reads}
    pack = pack_neighbours(mine if known.pack else (), known)
    return Near(club_neighbours_among(mine, written - mine), pack)


def _nearest(reads: Sequence[Read], rows: Floats, taken: Collection[int]) -> list[int]:
    """The books that go most with a reader's own, but none that is taken."""
    mine = np.array([read.book for read in reads], dtype=np.float64)
    order = np.argsort(mine)
    weights = faded(reads)[order][np.searchsorted(mine[order], rows[:, 0])]
    others, which = np.unique(rows[:, 1], return_inverse=True)
    totals = summed(which, weights * rows[:, 2], len(others))
    free = np.flatnonzero(~np.isin(others, np.array(list(taken), dtype=np.float64)))
    nearest = free[np.argsort(-totals[free], kind="stable")][:NEAREST]
    return [int(other) for other in others[nearest]]


def _recommended(
    reads: Iterable[Read], words: Iterable[Endorsement], taken: Collection[int]
) -> Sequence[int]:
    """What members recommend after these books, the latest first, but nothing that is taken."""
    own = {read.book for read in reads}
    told = sorted((one for one in words if one.loved in own), key=lambda one: -one.id)
    return [one.book for one in told if one.book not in taken][:RECOMMENDED]


def _by_their_authors(reads: Iterable[Read], taken: Collection[int], known: Kept) -> Sequence[int]:
    """More by the authors of these books: first of the series that they are in, then what is best known."""
    own = described([read.book for read in reads], known).values()
    begun = {each.listing.series for each in own} - {None}
    authors = {author for each in own for author in each.authors[:, 1].tolist()}
    works = {work for each in works_of(authors, known).values() for work in each if work.book not in taken}
    first = sorted(works, key=lambda work: (work.series not in begun, -work.known_readers, work.book))
    return [work.book for work in first[:BY_AUTHORS]]
