"""What is asked of a large catalogue about single books, most of which is then kept for whoever asks next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BindParameter, ColumnElement, Row, String, bindparam, cast, func, select

from ...books.models import Book, BookAuthor, BookTag
from ...extensions import db
from ...readings.models import Reading
from ..models import Neighbour, PackNeighbour, PackReadership, TagSpread
from ..rules import pairs_from
from ..rules.library import Floats, Ints
from .kept import Described, Kept, Work, looked_up
from .stock import FINISHED_IN_PUBLIC, LISTED, couples, listing_of

# An author of more books is known by those that have most readers.
WORKS = 500


def described(ids: Collection[int], known: Kept) -> Mapping[int, Described]:
    """These books, without those that are not in the catalogue."""

    def load(missing: list[int]) -> Mapping[int, Described]:
        rows = db.session.execute(_DESCRIBED, {"ids": missing})
        return {row.id: _described(row, known) for row in rows}

    return looked_up(known.books, ids, load)


def works_of(authors: Collection[int], known: Kept) -> Mapping[int, tuple[Work, ...]]:
    """What each of these authors has written, the best known first."""

    def load(missing: list[int]) -> Mapping[int, tuple[Work, ...]]:
        found = defaultdict(list)
        for author, book, readers, series in db.session.execute(_WORKS, {"ids": missing}):
            found[author].append(Work(book, readers, known.series.number(series)))
        return {author: tuple(found[author]) for author in missing}

    return looked_up(known.by_author, authors, load)


def readers_of(ids: Collection[int], known: Kept) -> Mapping[int, int]:
    """How many members have finished each of these books in public."""

    def load(missing: list[int]) -> Mapping[int, int]:
        return dict.fromkeys(missing, 0) | dict(couples(_READERS, {"ids": missing}))

    return looked_up(known.readers, ids, load)


def pack_neighbours(ids: Collection[int], known: Kept) -> Floats:
    """What goes with these books in the pack: rows of book, other book and weighed co-readers."""

    def load(missing: list[int]) -> Mapping[int, Floats]:
        rows = pairs_from(db.session.execute(_IN_PACK, {"ids": missing}))
        return {book: rows[rows[:, 0] == book] for book in missing}

    return np.concatenate([np.zeros((0, 3)), *looked_up(known.in_pack, ids, load).values()])


def club_neighbours(ids: Collection[int]) -> Floats:
    """The same in the club, as its jobs have counted it: rows of book, other book and co-readers.

    Not kept: it is another one as soon as anybody finishes a book, or lets nobody see any more that they did.
    """
    rows = db.session.execute(_IN_CLUB, {"ids": list(ids)}).all()
    found = [_numbers(row[1], 2, np.float64) for row in rows]
    mine = np.repeat([float(row[0]) for row in rows], [len(each) for each in found])
    return np.column_stack([mine, np.concatenate([np.zeros((0, 2)), *found])])


def club_neighbours_among(ids: Collection[int], others: Collection[int]) -> Floats:
    """Which of ``others`` go with these books in the club, in such rows."""
    return pairs_from(db.session.execute(_IN_CLUB_AMONG, {"ids": list(ids), "others": list(others)}))


def tag_spread(tags: Collection[int], known: Kept) -> Mapping[int, int]:
    """How many books carry each of these tags, as it was counted last night; 0 where it was not."""

    def load(missing: list[int]) -> Mapping[int, int]:
        return dict.fromkeys(missing, 0) | dict(couples(_SPREAD, {"ids": missing}))

    return looked_up(known.spread, tags, load)


def _words(*columns: Any) -> ColumnElement[str]:
    """The numbers of many rows as one text: by themselves those rows would take several times as long."""
    told: Any = cast(columns[0], String)
    for column in columns[1:]:
        told = told + " " + cast(column, String)
    return func.aggregate_strings(told, " ")


def _numbers(words: str | None, width: int, kind: Any = np.int64) -> NDArray[Any]:
    """Such a text as rows of so many numbers."""
    return np.fromstring(words or "", dtype=kind, sep=" ").reshape(-1, width)


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_writers = select(_words(BookAuthor.author_id)).where(BookAuthor.book_id == Book.id).correlate(Book)
_tags = select(_words(BookTag.tag_id, BookTag.place)).where(BookTag.book_id == Book.id).correlate(Book)
_DESCRIBED = (
    select(
        *LISTED,
        _writers.scalar_subquery().label("authors"),
        _tags.scalar_subquery().label("tags"),
        PackReadership.readers,
    )
    .outerjoin(PackReadership, PackReadership.book_id == Book.id)
    .where(Book.id.in_(_IDS))
)
_best_known = (
    select(
        BookAuthor.author_id,
        BookAuthor.book_id,
        Book.known_readers,
        Book.series,
        func.row_number()
        .over(partition_by=BookAuthor.author_id, order_by=(Book.known_readers.desc(), Book.id))
        .label("place"),
    )
    .join(Book, Book.id == BookAuthor.book_id)
    .where(BookAuthor.author_id.in_(_IDS))
    .subquery()
)
_WORKS = (
    select(_best_known.c.author_id, _best_known.c.book_id, _best_known.c.known_readers, _best_known.c.series)
    .where(_best_known.c.place <= WORKS)
    .order_by(_best_known.c.author_id, _best_known.c.place)
)
_READERS = (
    select(Reading.book_id, func.count())
    .where(Reading.book_id.in_(_IDS), FINISHED_IN_PUBLIC)
    .group_by(Reading.book_id)
)
_IN_PACK = select(PackNeighbour.book_id, PackNeighbour.other_id, PackNeighbour.weight).where(
    PackNeighbour.book_id.in_(_IDS)
)
_IN_CLUB = (
    select(Neighbour.book_id, _words(Neighbour.other_id, Neighbour.together))
    .where(Neighbour.book_id.in_(_IDS))
    .group_by(Neighbour.book_id)
)
_IN_CLUB_AMONG = select(Neighbour.book_id, Neighbour.other_id, Neighbour.together).where(
    Neighbour.book_id.in_(_IDS), Neighbour.other_id.in_(bindparam("others", expanding=True))
)
_SPREAD = select(TagSpread.tag_id, TagSpread.books).where(TagSpread.tag_id.in_(_IDS))


def _described(row: Row[Any], known: Kept) -> Described:
    authors, tags = _numbers(row.authors, 1), _numbers(row.tags, 2)
    return Described(listing_of(row, known.series), _of(row.id, authors), _of(row.id, tags), row.readers or 0)


def _of(book: int, rows: Ints) -> Ints:
    """The rows with the book in front of each."""
    told = np.empty((len(rows), rows.shape[1] + 1), dtype=np.int64)
    told[:, 0], told[:, 1:] = book, rows
    return told
