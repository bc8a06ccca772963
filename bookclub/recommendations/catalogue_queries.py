"""Arrays of books and of the neighbour pack, read from the database.

The books are the whole catalogue, those that matter in a large one, or a few for one page. The database joins
many rows into one text, which it does without holding up other threads.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    union,
)

from ..asks.models import Endorsement
from ..books.models import Author, Book, BookAuthor, BookTag, Edition
from ..extensions import db
from ..lib.recommender import weights
from ..lib.recommender.co_reads import NeighbourTable
from ..lib.recommender.library import NO_SERIES, Library
from ..lib.recommender.sparse import Ints
from ..lib.text.keys import key_of
from ..readings.models import Reading
from ..readings.queries import is_counted, is_present
from .models import NeighbourPack, PackNeighbour, PackReadership
from .number_lists import ids_parameter, is_listed, numbers_in, rows_of, text_of

# A catalogue of up to MOST books is held whole. Of a larger one the arrays hold the books that someone has
# read, and at least ROOM more.
MOST, ROOM = 50_000, 10_000
BOOKS_AT_ONCE = 1000


def finished_in_public(reading: type[Reading]) -> ColumnElement[bool]:
    """Condition that a present member has finished a book, and lets others see it."""
    return and_(reading.status == "finished", is_counted(reading))


FINISHED_IN_PUBLIC = finished_in_public(Reading)


class Books(NamedTuple):
    """Sorted book ids, which of them may be recommended to anyone, and a flag for the whole catalogue.

    The others are there for the members who have read them, which nobody else may learn.
    """

    ids: Ints
    is_open: NDArray[np.bool_]
    is_whole: bool


@dataclass(frozen=True)
class TagSpread:
    """Number of books per tag id in the whole catalogue, and the number of all books."""

    counts: Mapping[int, int]
    of_books: int


class SeriesNames:
    """Numbers for series, regardless of spelling. ``names`` has the first spelling of each."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._unused = count(1)

    def number(self, name: str) -> int:
        """Return the number of a series."""
        key = key_of(name)
        if key not in self._numbers:
            self._numbers[key] = next(self._unused)
            self.names[self._numbers[key]] = name
        return self._numbers[key]


def tag_spread() -> TagSpread:
    """Count the books per tag over the whole catalogue."""
    rows = db.session.execute(select(BookTag.tag_id, func.count()).group_by(BookTag.tag_id))
    return TagSpread(
        {row[0]: row[1] for row in rows},
        db.session.execute(select(func.count()).select_from(Book)).scalar_one(),
    )


def books_that_matter() -> Books:
    """All books of a small catalogue; of a large one those that someone in the club or the pack has read.

    With them come parts of the same series and other books by the same authors, then the best-known books, up
    to the limit. Books that members have read but do not show are included, too, and are open to nobody else.
    """
    # Counting stops at one more than fits, since the number of all others does not matter.
    most = max(MOST, _count(_PUBLIC) + ROOM)
    if _count(select(Book.id).limit(most + 1)) <= most:
        ids = _ids(select(Book.id))
        return Books(ids, np.ones(len(ids), dtype=np.bool_), True)
    is_open = _ids(_rank_books(_PUBLIC).limit(most))
    own = _ids(_rank_books(_HIDDEN, is_near=True).limit(_count(_HIDDEN) + ROOM))
    ids = np.union1d(is_open, own)
    return Books(ids, np.isin(ids, is_open), False)


def library_of(
    ids: Collection[int] | Ints,
    spread: TagSpread,
    pause: Callable[[], None] = lambda: None,
    *,
    without_tags: Collection[int] = (),
) -> tuple[Library, Mapping[int, str]]:
    """Library of these books as they are in the catalogue now, and the names of their series by number.

    The tags of the books in ``without_tags`` are not read. ``pause`` is called between chunks of books.
    """
    wanted = np.unique(np.fromiter(ids, dtype=np.int64))
    series = SeriesNames()
    books, authors, tags = [np.zeros((0, 6))], [np.zeros((0, 2), np.int32)], [np.zeros((0, 3), np.int32)]
    for start in range(0, len(wanted), BOOKS_AT_ONCE):
        chunk = wanted[start : start + BOOKS_AT_ONCE].tolist()
        named = ids_parameter(chunk)
        table = rows_of(_LISTED, named, 6, np.float64)
        parts = table[:, 1] > 0
        if parts.any():
            rows = db.session.execute(_SERIES, ids_parameter(table[parts, 0].astype(np.int64).tolist()))
            numbers = {row[0]: series.number(row[1]) for row in rows}
            table[parts, 1] = [numbers.get(int(book), NO_SERIES) for book in table[parts, 0]]
        books.append(table)
        authors.append(rows_of(_AUTHORS, named, 2, np.int32))
        tagged = ids_parameter(book for book in chunk if book not in without_tags)
        tags.append(rows_of(_TAGS, tagged, 3, np.int32))
        pause()
    library = Library.build(
        _join(books),
        _join(authors),
        _join(tags),
        tag_counts=spread.counts,
        of_books=spread.of_books,
    )
    return library, series.names


def _join(chunks: list[NDArray[Any]]) -> NDArray[Any]:
    """Join arrays and empty their list, since a second copy would count at the peak of a rebuild."""
    joined = np.concatenate(chunks)
    chunks.clear()
    return joined


def library_for_reasons(
    books: Collection[int],
    read: Collection[int],
    liked: Collection[int],
    telling: Collection[str],
    spread: TagSpread,
) -> tuple[Library, Mapping[int, str]]:
    """Library of what the reasons for some books name, as it is now, and the names of their series by number.

    ``read`` and ``liked`` are all that their reader has read and has liked. Only what the ``telling`` signals
    speak of is read, and of the tags of liked books only those that one of the ``books`` has, too. Readers
    elsewhere, printings and years are in no reason.
    """
    series, ids = SeriesNames(), sorted({*books, *read})
    table = np.full((len(ids), 6), np.nan)
    table[:, 0], table[:, 1] = ids, NO_SERIES
    authors, tags = _NO_AUTHORS, _NO_TAGS
    if weights.NEXT_IN_SERIES in telling:
        rows = db.session.execute(_PARTS, ids_parameter(ids)).all()
        places = np.searchsorted(table[:, 0], np.array([row[0] for row in rows]))
        table[places, 1] = [series.number(row[1]) for row in rows]
        table[places, 2] = [np.nan if row[2] is None else row[2] for row in rows]
    if weights.SAME_AUTHOR in telling:
        authors = rows_of(_AUTHORS, ids_parameter({*books, *liked}), 2)
    if weights.TAG_PROFILE in telling:
        theirs = rows_of(_TAGS, ids_parameter(books), 3)
        named = ids_parameter(set(liked) - set(books))
        shared = rows_of(_SHARED_TAGS, {**named, **ids_parameter(set(theirs[:, 1].tolist()), "tags")}, 3)
        tags = np.concatenate([theirs, shared])
    library = Library.build(table, authors, tags, tag_counts=spread.counts, of_books=spread.of_books)
    return library, series.names


def books_of_author(author_id: int) -> Ints:
    """Ids of an author's books."""
    return _ids(select(BookAuthor.book_id.label("id")).where(BookAuthor.author_id == author_id))


_printings = select(func.count()).where(Edition.book_id == Book.id).correlate(Book).scalar_subquery()
# library_of() puts the series' number in place of the 1: the database has only its name.
_LISTED = select(
    text_of(
        Book.id,
        case((Book.series != "", 1), else_=0),
        Book.series_number,
        Book.known_readers,
        _printings,
        Book.first_published,
    )
).where(is_listed(Book.id))
_SERIES = select(Book.id, Book.series).where(is_listed(Book.id)).order_by(Book.id)
_PARTS = (
    select(Book.id, Book.series, Book.series_number)
    .where(is_listed(Book.id), Book.series != "")
    .order_by(Book.id)
)
_AUTHORS = select(text_of(BookAuthor.book_id, BookAuthor.author_id)).where(is_listed(BookAuthor.book_id))
_TAGS = select(text_of(BookTag.book_id, BookTag.tag_id, BookTag.place)).where(is_listed(BookTag.book_id))
# SQLite would look each pair of a book and a tag up, and a sum keeps it from that.
_SHARED_TAGS = _TAGS.where(is_listed(BookTag.tag_id + 0, "tags"))
_NO_AUTHORS: Ints = np.zeros((0, 2), dtype=np.int64)
_NO_TAGS: Ints = np.zeros((0, 3), dtype=np.int64)

# Books that someone has read in public, here or in the pack, or recommends.
_PUBLIC = union(
    select(Reading.book_id.label("id")).where(FINISHED_IN_PUBLIC),
    select(PackReadership.book_id),
    select(Endorsement.other_id).where(Endorsement.deleted_at.is_(None), is_present(Endorsement.member_id)),
)
# Books that someone has read in private, or gave up.
_HIDDEN = union(
    select(Reading.book_id.label("id")).where(
        Reading.status.in_(("finished", "did_not_finish")), not_(FINISHED_IN_PUBLIC)
    )
)


def _rank_books(read: CompoundSelect[int], *, is_near: bool = False) -> Select[int]:
    """Rank books: those in ``read``, those near to one of them, then all others unless ``is_near``.

    Near books have the same author or series. Nearness is asked with IN and ranks are joined: so PostgreSQL
    neither expects billions of rows, if a large catalogue was just imported and has no statistics yet, nor
    looks each book up one by one.
    """
    begun: CTE = read.cte("begun")
    writers = select(BookAuthor.author_id).where(BookAuthor.book_id.in_(select(begun.c.id)))
    series = select(Book.series).where(Book.series != "", Book.id.in_(select(begun.c.id)))
    near = union(
        select(BookAuthor.book_id.label("id")).where(BookAuthor.author_id.in_(writers)),
        select(Book.id).where(Book.series.in_(series)),
    ).cte("near")
    rank = case((begun.c.id.is_not(None), 0), (near.c.id.is_not(None), 1), else_=2)
    found = select(Book.id).outerjoin(begun, begun.c.id == Book.id).outerjoin(near, near.c.id == Book.id)
    if is_near:
        found = found.where(or_(begun.c.id.is_not(None), near.c.id.is_not(None)))
    return found.order_by(rank, Book.known_readers.desc(), Book.id)


def _ids(statement: Select[Any]) -> Ints:
    """Sorted ids that a statement yields."""
    found = statement.subquery()
    ids: Ints = np.sort(numbers_in(db.session.execute(select(text_of(found.c.id))).scalar()))
    return ids


def _count(statement: Select[Any] | CompoundSelect[Any]) -> int:
    return db.session.execute(select(func.count()).select_from(statement.subquery())).scalar_one()


# The neighbours of so many books are read at once.
PACKED_AT_ONCE = 100


@dataclass(frozen=True)
class PackSource:
    """Source and licence of a neighbour pack."""

    source: str
    licence: str


def pack_source() -> PackSource | None:
    """Source and licence of the pack that an organiser has loaded, or None."""
    row = db.session.execute(select(NeighbourPack.source, NeighbourPack.licence)).one_or_none()
    return None if row is None else PackSource(row.source, row.licence)


def pack_table(pause: Callable[[], None]) -> NeighbourTable | None:
    """Table of the pack's neighbours for the club's books, or None. ``pause`` is called between steps."""
    if pack_source() is None:
        return None
    pairs = db.session.execute(select(func.count()).select_from(PackNeighbour)).scalar_one()
    # The arrays are filled bit by bit, since a second copy of a large pack would need too much memory.
    others, weights = np.empty(pairs, dtype=np.int32), np.empty(pairs, dtype=np.float32)
    ids, starts, last = [], [0], 0
    of_book = select(PackNeighbour.book_id, text_of(PackNeighbour.other_id, PackNeighbour.weight))
    of_book = of_book.group_by(PackNeighbour.book_id).order_by(PackNeighbour.book_id).limit(PACKED_AT_ONCE)
    while rows := db.session.execute(of_book.where(PackNeighbour.book_id > last)).all():
        for last, text in rows:
            table = numbers_in(text, np.float64).reshape(-1, 2)[: pairs - starts[-1]]
            ids.append(last)
            starts.append(starts[-1] + len(table))
            others[starts[-2] : starts[-1]] = table[:, 0]
            weights[starts[-2] : starts[-1]] = table[:, 1]
        pause()
    counts = select(text_of(PackReadership.book_id, PackReadership.readers))
    counted = numbers_in(db.session.execute(counts).scalar()).reshape(-1, 2)
    return NeighbourTable.of(np.array(ids, dtype=np.int64), np.array(starts), others, weights, counted)


def books_for_pack() -> list[tuple[int, str, str, list[str]]]:
    """Id, title, first author and ISBNs of every book, by which a pack is matched."""
    isbns: dict[int, list[str]] = defaultdict(list)
    for book_id, isbn in db.session.execute(
        select(Edition.book_id, Edition.isbn).where(Edition.isbn.is_not(None))
    ):
        isbns[book_id].append(str(isbn))
    rows = db.session.execute(
        select(Book.id, Book.title, Author.name)
        .join(BookAuthor, BookAuthor.book_id == Book.id)
        .join(Author, Author.id == BookAuthor.author_id)
        .where(BookAuthor.place == 0)
    )
    return [(row.id, row.title, row.name, isbns[row.id]) for row in rows]
