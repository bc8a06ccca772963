"""The numbers and names that reasons cite, counted in the request that shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select

from ...accounts.models import Member
from ...books.models import Author, Book, Tag
from ...books.queries.catalogue import listed
from ...extensions import db
from ...readings.models import Reading
from ..models import Endorsement, PackNeighbour, PackReadership
from ..rules import Facts, Names
from .stock import FINISHED_IN_PUBLIC


def facts_about(books: Collection[int], loved: Collection[int], author_id: int | None) -> dict[int, Facts]:
    """Of each of these books how many public readers it has, and how many it shares with each that was loved.

    Counts are of members whose readings everybody in the club may see, whoever asks among them.
    """
    readers_of: dict[int, set[int]] = defaultdict(set)
    for book_id, member_id in db.session.execute(
        select(Reading.book_id, Reading.member_id).where(
            Reading.book_id.in_({*books, *loved}), FINISHED_IN_PUBLIC
        )
    ):
        readers_of[book_id].add(member_id)
    elsewhere, readers = _in_pack(books, loved)
    return {
        book: Facts(
            finished={one: (len(readers_of[one] & readers_of[book]), len(readers_of[one])) for one in loved},
            elsewhere={
                one: (elsewhere[one, book], readers.get(one, 0)) for one in loved if (one, book) in elsewhere
            },
            members=len(readers_of[book]),
            author=author_id,
        )
        for book in books
    }


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


def books_by_id(ids: Collection[int]) -> dict[int, Book]:
    """These books as lists show them."""
    books = db.session.execute(listed().where(Book.id.in_(ids))).scalars()
    return {book.id: book for book in books}
