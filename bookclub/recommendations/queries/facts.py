"""The numbers and names that reasons cite, counted in the request that shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, String, cast, func, select

from ...accounts.models import Member
from ...books.models import Author, Book, Tag
from ...books.queries.catalogue import listed
from ...extensions import db
from ...readings.models import Reading
from ..models import Endorsement, PackNeighbour, PackReadership
from ..rules import Facts, Names
from .stock import FINISHED_IN_PUBLIC


def facts_about(cited: Mapping[int, Collection[int]], author_id: int | None) -> dict[int, Facts]:
    """Of each book how many public readers it has, and how many it shares with each that is cited for it.

    Counts are of members whose readings everybody in the club may see, whoever asks among them.
    """
    loved = {one for each in cited.values() for one in each}
    readers_of = _readers_of({*cited, *loved})
    elsewhere, readers = _in_pack(cited.keys(), loved)
    return {
        book: Facts(
            finished={one: (len(readers_of[one] & readers_of[book]), len(readers_of[one])) for one in mine},
            elsewhere={
                one: (elsewhere[one, book], readers.get(one, 0)) for one in mine if (one, book) in elsewhere
            },
            members=len(readers_of[book]),
            author=author_id,
        )
        for book, mine in cited.items()
    }


def _readers_of(books: Collection[int]) -> Mapping[int, set[str]]:
    """Who has finished each of these books in public, by their ids as text.

    A row for each book: thousands of rows, one for each of its readers, would take their time.
    """
    readers = func.aggregate_strings(cast(Reading.member_id, String), ",")
    statement = (
        select(Reading.book_id, readers)
        .where(Reading.book_id.in_(books), FINISHED_IN_PUBLIC)
        .group_by(Reading.book_id)
    )
    return defaultdict(set, {row[0]: set(row[1].split(",")) for row in db.session.execute(statement)})


def _in_pack(
    books: Collection[int], loved: Collection[int]
) -> tuple[Mapping[tuple[int, int], int], Mapping[int, int]]:
    """How many readers of the pack have both of two books, and how many have one."""
    together = db.session.execute(
        select(PackNeighbour.book_id, PackNeighbour.other_id, PackNeighbour.together).where(
            PackNeighbour.book_id.in_(loved), PackNeighbour.other_id.in_(books)
        )
    )
    readers = db.session.execute(
        select(PackReadership.book_id, PackReadership.readers).where(PackReadership.book_id.in_(loved))
    )
    return {(row[0], row[1]): row[2] for row in together}, {row[0]: row[1] for row in readers}


@dataclass(frozen=True)
class Cited:
    """The ids of all that some reasons name."""

    books: frozenset[int]
    tags: frozenset[int]
    authors: frozenset[int]
    endorsements: frozenset[int]


def names_of(cited: Cited, series: Mapping[int, str], pack: str | None) -> Names:
    """What the things that reasons name are called."""
    told = _rows(
        select(Endorsement.id, Endorsement.reason, Endorsement.member_id, Member.display_name)
        .join(Member, Member.id == Endorsement.member_id)
        .where(Endorsement.id.in_(cited.endorsements)),
        cited.endorsements,
    )
    titles = _rows(select(Book.id, Book.title).where(Book.id.in_(cited.books)), cited.books)
    tags = _rows(select(Tag.id, Tag.name).where(Tag.id.in_(cited.tags)), cited.tags)
    authors = _rows(select(Author.id, Author.name).where(Author.id.in_(cited.authors)), cited.authors)
    return Names(
        titles={row[0]: row[1] for row in titles},
        tags={row[0]: row[1] for row in tags},
        members={row.member_id: row.display_name for row in told},
        authors={row[0]: row[1] for row in authors},
        series=series,
        endorsements={row.id: row.reason for row in told},
        pack=pack or "elsewhere",
    )


def _rows(statement: Select[*tuple[Any, ...]], ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a statement about these ids yields; nothing of nothing is known without asking."""
    return db.session.execute(statement).all() if ids else ()


def books_by_id(ids: Collection[int], known: Iterable[Book] = ()) -> dict[int, Book]:
    """These books as lists show them; those that are ``known`` are not loaded again."""
    books = {book.id: book for book in known if book.id in ids}
    missing = set(ids) - books.keys()
    if missing:
        found = db.session.execute(listed().where(Book.id.in_(missing))).scalars()
        books.update((book.id, book) for book in found)
    return books
