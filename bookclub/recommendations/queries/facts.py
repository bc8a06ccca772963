"""The numbers and names that reasons cite, counted in the request that shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Row, Select, String, bindparam, cast, func, select

from ...accounts.models import Member
from ...books.models import Author, Book, Tag
from ...books.queries.catalogue import listed
from ...extensions import db
from ...readings.models import Reading
from ..models import Endorsement, PackNeighbour, PackReadership
from ..rules import Facts, Names
from .catalogue import FINISHED_IN_PUBLIC


def facts_about(cited: Mapping[int, Collection[int]], author_id: int | None) -> dict[int, Facts]:
    """Of each book how many public readers it has, and how many it shares with each that is cited for it.

    Counts are of members whose readings everybody in the club may see, whoever asks among them.
    """
    loved = {one for each in cited.values() for one in each}
    readers = _readers_of({*cited, *loved})
    elsewhere = _in_pack(cited.keys(), loved)
    return {
        book: Facts(
            finished=Together(readers, book, mine),
            elsewhere={one: elsewhere[one, book] for one in mine if (one, book) in elsewhere},
            members=readers.count(book),
            author=author_id,
        )
        for book, mine in cited.items()
    }


class Readers:
    """Who has finished each of some books in public, out of rows of a book and its readers' ids as text."""

    def __init__(self, rows: Iterable[Row[int, str]]) -> None:
        self._told = {row[0]: row[1] for row in rows}
        self._sets: dict[int, frozenset[str]] = {}

    def count(self, book: int) -> int:
        """How many have finished one book."""
        told = self._told.get(book)
        return told.count(",") + 1 if told else 0

    def of(self, book: int) -> frozenset[str]:
        """The readers of one book, by their ids as text."""
        found = self._sets.get(book)
        if found is None:
            told = self._told.get(book)
            self._sets[book] = found = frozenset(told.split(",") if told else ())
        return found


class Together(Mapping[int, tuple[int, int]]):
    """How many finished both a book and one that is cited for it, and how many that one, by the one cited.

    Counted when it is asked for: of the books that could be cited most are not.
    """

    def __init__(self, readers: Readers, book: int, cited: Collection[int]) -> None:
        self._readers, self._book, self._cited = readers, book, cited

    def __getitem__(self, one: int) -> tuple[int, int]:
        if one not in self._cited:
            raise KeyError(one)
        theirs = self._readers.of(one)
        return len(theirs & self._readers.of(self._book)), len(theirs)

    def __iter__(self) -> Iterator[int]:
        return iter(self._cited)

    def __len__(self) -> int:
        return len(self._cited)


# A row for each book: thousands of rows, one for each of its readers, would take their time.
_READERS = (
    select(Reading.book_id, func.aggregate_strings(cast(Reading.member_id, String), ","))
    .where(Reading.book_id.in_(bindparam("books", expanding=True)), FINISHED_IN_PUBLIC)
    .group_by(Reading.book_id)
)
_TOGETHER = (
    select(
        PackNeighbour.book_id,
        PackNeighbour.other_id,
        PackNeighbour.together,
        func.coalesce(PackReadership.readers, 0),
    )
    .outerjoin(PackReadership, PackReadership.book_id == PackNeighbour.book_id)
    .where(
        PackNeighbour.book_id.in_(bindparam("loved", expanding=True)),
        PackNeighbour.other_id.in_(bindparam("books", expanding=True)),
    )
)


def _readers_of(books: Collection[int]) -> Readers:
    return Readers(db.session.execute(_READERS, {"books": list(books)}))


def _in_pack(books: Collection[int], loved: Collection[int]) -> Mapping[tuple[int, int], tuple[int, int]]:
    """How many readers of the pack have both a loved book and another, and how many the loved one."""
    rows = db.session.execute(_TOGETHER, {"loved": list(loved), "books": list(books)})
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


@dataclass(frozen=True)
class Cited:
    """The ids of all that some reasons name."""

    books: frozenset[int]
    tags: frozenset[int]
    authors: frozenset[int]
    endorsements: frozenset[int]


def names_of(cited: Cited, series: Mapping[int, str], pack: str | None) -> Names:
    """What the things that reasons name are called."""
    told = _rows(_WORDS, cited.endorsements)
    titles = _rows(_TITLES, cited.books)
    tags = _rows(_TAGS, cited.tags)
    authors = _rows(_AUTHORS, cited.authors)
    return Names(
        titles={row[0]: row[1] for row in titles},
        tags={row[0]: row[1] for row in tags},
        members={row.member_id: row.display_name for row in told},
        authors={row[0]: row[1] for row in authors},
        series=series,
        endorsements={row.id: row.reason for row in told},
        pack=pack or "elsewhere",
    )


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_WORDS = (
    select(Endorsement.id, Endorsement.reason, Endorsement.member_id, Member.display_name)
    .join(Member, Member.id == Endorsement.member_id)
    .where(Endorsement.id.in_(_IDS))
)
_TITLES = select(Book.id, Book.title).where(Book.id.in_(_IDS))
_TAGS = select(Tag.id, Tag.name).where(Tag.id.in_(_IDS))
_AUTHORS = select(Author.id, Author.name).where(Author.id.in_(_IDS))


def _rows(statement: Select[*tuple[Any, ...]], ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a statement about these ids yields; nothing of nothing is known without asking."""
    return db.session.execute(statement, {"ids": list(ids)}).all() if ids else ()


def books_by_id(ids: Collection[int], known: Iterable[Book] = ()) -> dict[int, Book]:
    """These books as lists show them; those that are ``known`` are not loaded again."""
    books = {book.id: book for book in known if book.id in ids}
    missing = set(ids) - books.keys()
    if missing:
        found = db.session.execute(_BY_ID, {"ids": list(missing)}).scalars()
        books.update((book.id, book) for book in found)
    return books


_BY_ID = listed().where(Book.id.in_(_IDS))
