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

from sqlalchemy import ColumnElement, Engine, Select, String, cast, func, select

from ...books.models import Book, BookAuthor, BookTag
from ...extensions import db
from ...readings.models import Reading
from ..models import Endorsement as EndorsementRow
from ..models import Neighbour, PackNeighbour, PackReadership, TagSpread
from ..rules import CoReads, Endorsement, Evidence, Library, Read, Taste
from .evidence import Shelf
from .stock import LISTED, NEWEST_BOOK, PackSource, couples, finished_in_public, listings, pack_source

# Up to so many books everything is counted live.
LIVE = 5000
# Of a reader's own books so many of the latest are gone by, the neighbours of so many, and the authors of
# so many: what was read long ago hardly weighs.
OWN, WITH_NEIGHBOURS, LATEST = 60, 12, 20
# Of each road to a book so many are followed.
NEAREST, BY_AUTHORS, RECOMMENDED = 60, 40, 40
# Many readers share so many on each road, so that a statement names no more books than a database takes.
SHARED = 4000

Pair = tuple[int, int, float]
Table = type[Neighbour] | type[PackNeighbour]


@dataclass(frozen=True)
class Around:
    """What surrounds some readers: their books and the candidates as arrays, and the series' names.

    ``near`` are the neighbours that were looked up on the way, by table and books.
    """

    library: Library
    series: dict[int, str]
    pack_source: PackSource | None
    near: Mapping[tuple[str, tuple[int, ...]], Sequence[Pair]]


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


def around(shelves: Collection[Shelf], author_id: int | None) -> Around:
    """The books that matter to these readers, or of those by one author."""
    source = pack_source()
    near: dict[tuple[str, tuple[int, ...]], Sequence[Pair]] = {}
    wanted: set[int] = set()
    each = max(1, SHARED // max(1, len(shelves)))
    for shelf in shelves:
        own = [read.book for read in shelf.reads[-OWN:]][-each:]
        wanted.update(own)
        if author_id is None:
            rows = {
                (model.__tablename__, mine): found
                for model, mine, found in _pairs_of(shelf, source is not None)
            }
            for pairs in rows.values():
                wanted.update(_nearest(shelf, pairs)[:each])
            wanted.update(_recommended(own)[:each], _by_their_authors(own[-LATEST:])[:each])
            if each >= OWN:
                near.update(rows)
    if author_id is not None:
        wanted.update(
            row[0]
            for row in db.session.execute(select(BookAuthor.book_id).where(BookAuthor.author_id == author_id))
        )
    return _about(wanted, source, near)


# All of a book in one row: the rows of its tags and authors by themselves would take several times as long.
_writers = (
    select(func.aggregate_strings(cast(BookAuthor.author_id, String), " "))
    .where(BookAuthor.book_id == Book.id)
    .correlate(Book)
    .scalar_subquery()
)
_tagging = [cast(each, String) for each in (BookTag.tag_id, BookTag.place, func.coalesce(TagSpread.books, 0))]
_tags = (
    select(func.aggregate_strings(_tagging[0] + " " + _tagging[1] + " " + _tagging[2], " "))
    .select_from(BookTag)
    .outerjoin(TagSpread, TagSpread.tag_id == BookTag.tag_id)
    .where(BookTag.book_id == Book.id)
    .correlate(Book)
    .scalar_subquery()
)
_DESCRIBED = select(*LISTED, _writers.label("authors"), _tags.label("tags"))


def _about(
    wanted: Collection[int],
    source: PackSource | None,
    near: Mapping[tuple[str, tuple[int, ...]], Sequence[Pair]],
) -> Around:
    """What is known of these books."""
    rows = db.session.execute(_DESCRIBED.where(Book.id.in_(wanted))).all()
    books, series = listings(rows)
    authors = [(row.id, int(author)) for row in rows for author in (row.authors or "").split()]
    taggings = [
        (row.id, int(tag), int(place), int(spread))
        for row in rows
        for tag, place, spread in _threes((row.tags or "").split())
    ]
    library = Library.build(
        books,
        authors,
        ((book, tag, place) for book, tag, place, _ in taggings),
        tag_counts={tag: spread for _, tag, _, spread in taggings},
        # Near enough, and known without counting a million rows.
        of_books=max(len(books), db.session.execute(select(func.max(Book.id))).scalar() or 0),
    )
    return Around(library, series, source, near)


def _threes(words: Sequence[str]) -> Iterable[tuple[str, str, str]]:
    return zip(words[::3], words[1::3], words[2::3], strict=True)


def evidence_for(
    stock: Around, taste: Taste, words: Sequence[Endorsement], member_id: int, author_id: int | None
) -> Evidence:
    """What the stored neighbours say to one reader, whose own readings do not count.

    Who shares the reader's taste is not counted: that would take everybody's shelves.
    """
    library = stock.library
    here = [int(book) for book in library.ids]
    readers = couples(
        select(Reading.book_id, func.count())
        .where(Reading.book_id.in_(here), finished_in_public(Reading), Reading.member_id != member_id)
        .group_by(Reading.book_id)
    )
    mine = _weightiest(taste.reads, author_id)
    # An author's are few: nobody needs to know what else goes with the reader's books.
    theirs = None if author_id is None else set(here) - {read.book for read in taste.reads}

    def pairs(model: Table) -> Sequence[Pair]:
        found = stock.near.get((model.__tablename__, tuple(mine)))
        return _neighbours(model, mine, theirs) if found is None else found

    club = CoReads.of(library, pairs(Neighbour), readers)
    if stock.pack_source is None:
        return Evidence(club, None, None, words)
    known = couples(
        select(PackReadership.book_id, PackReadership.readers).where(PackReadership.book_id.in_(here))
    )
    return Evidence(club, CoReads.of(library, pairs(PackNeighbour), known), None, words)


def _weightiest(reads: Sequence[Read], author_id: int | None) -> list[int]:
    """The books of a reader that say most of what is next, or all that say something of an author."""
    if author_id is not None:
        return [read.book for read in reads]
    latest = list(enumerate(reversed(reads), 1))
    latest.sort(key=lambda entry: -abs(entry[1].weight) / entry[0])
    return [read.book for _, read in latest[:WITH_NEIGHBOURS]]


def _neighbours(model: Table, mine: Collection[int], others: Collection[int] | None) -> Sequence[Pair]:
    count = PackNeighbour.weight if model is PackNeighbour else Neighbour.together
    statement = select(model.book_id, model.other_id, count).where(model.book_id.in_(mine))
    if others is not None:
        statement = statement.where(model.other_id.in_(others))
    return [(row[0], row[1], row[2]) for row in db.session.execute(statement)]


def _pairs_of(shelf: Shelf, has_pack: bool) -> Iterable[tuple[Table, tuple[int, ...], Sequence[Pair]]]:
    """The neighbours of a reader's weightiest books in the club, and in the pack."""
    mine = _weightiest(shelf.reads[-OWN:], None)
    for model in (Neighbour, PackNeighbour) if has_pack else (Neighbour,):
        yield model, tuple(mine), _neighbours(model, mine, None)


def _nearest(shelf: Shelf, pairs: Sequence[Pair]) -> list[int]:
    """The books that go most with a reader's own."""
    weights = {read.book: read.weight / age for age, read in enumerate(reversed(shelf.reads), 1)}
    sums: dict[int, float] = {}
    for book, other, together in pairs:
        sums[other] = sums.get(other, 0.0) + weights[book] * together
    return sorted(sums.keys() - shelf.taken, key=lambda book: (-sums[book], book))[:NEAREST]


def _recommended(own: Collection[int]) -> Sequence[int]:
    return _ids(
        select(EndorsementRow.other_id)
        .where(EndorsementRow.book_id.in_(own), EndorsementRow.deleted_at.is_(None))
        .order_by(EndorsementRow.id.desc())
        .limit(RECOMMENDED)
    )


def _by_their_authors(own: Collection[int]) -> Sequence[int]:
    """More by the authors of these books: first of the series that they are in, then what is best known."""
    authors = select(BookAuthor.author_id).where(BookAuthor.book_id.in_(own))
    theirs = select(BookAuthor.book_id).where(BookAuthor.author_id.in_(authors))
    series = select(Book.series).where(Book.id.in_(own), Book.series != "")
    in_series: ColumnElement[bool] = Book.series.in_(series)
    return _ids(
        select(Book.id)
        .where(Book.id.in_(theirs))
        .order_by(in_series.desc(), Book.known_readers.desc(), Book.id)
        .limit(BY_AUTHORS)
    )


def _ids(statement: Select[int]) -> Sequence[int]:
    return db.session.execute(statement).scalars().all()
