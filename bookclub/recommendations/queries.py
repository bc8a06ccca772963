"""A reader's own books, recommendations by members, and the facts that reasons cite.

The catalogue and its readers as arrays come from cache_queries.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Row, Select, String, and_, bindparam, cast, exists, func, or_, select

from ..asks.models import Endorsement
from ..asks.models import Endorsement as EndorsementRow
from ..books.catalogue_queries import book_list
from ..books.models import Author, Book, BookAuthor, Tag
from ..extensions import db
from ..lib.positions.places import START
from ..lib.recommender.reason_text import Names
from ..lib.recommender.reasons import Facts
from ..lib.recommender.signals import EndorsementSignal
from ..lib.recommender.taste import LIKED, RatedRead
from ..members.models import Member
from ..members.rules import fold_name
from ..readings.models import OwnTag, Promise, Reading
from ..readings.queries import is_present
from .cache_queries import number_pairs
from .catalogue_queries import FINISHED_IN_PUBLIC
from .models import Mute, PackNeighbour, PackReadership
from .number_lists import ids_parameter, is_listed


@dataclass(frozen=True)
class Shelf:
    """One reader's books.

    ``reads`` are those they have finished or given up, earliest first. ``taken`` are all that they have at
    least begun, and ``muted`` those that they do not want recommended.
    """

    reads: tuple[RatedRead, ...]
    taken: frozenset[int]
    muted: frozenset[int] = frozenset()


def shelf_of(member_id: int, *, public: bool = False) -> Shelf:
    """A reader's own books; with ``public`` only those that others may see."""
    return shelves_of([member_id], public=public)[member_id]


def shelves_of(member_ids: Collection[int], *, public: bool) -> dict[int, Shelf]:
    """Books of several readers by member id; with ``public`` private readings are left out."""
    statement = _PUBLIC_SHELVES if public else _SHELVES
    named = {"members": list(member_ids)}
    reads: dict[int, list[RatedRead]] = {member_id: [] for member_id in member_ids}
    begun, muted = (defaultdict[int, list[int]](list) for _ in range(2))
    for member_id, book_id, rating, status in db.session.execute(statement, named).all():
        if status == "reading":
            begun[member_id].append(book_id)
        else:
            # Stars without a status are as good a witness of a reader's taste.
            reads[member_id].append(RatedRead(book_id, rating, status != "did_not_finish"))
    for member_id, book_id in number_pairs(_MUTED, named):
        muted[member_id].append(book_id)
    return {
        member_id: Shelf(
            tuple(theirs),
            frozenset([*begun[member_id], *(read.book for read in theirs)]),
            frozenset(muted[member_id]),
        )
        for member_id, theirs in reads.items()
    }


_MEMBERS: BindParameter[Any] = bindparam("members", expanding=True)
# Columns of the table, since the mapper would inspect each of thousands of rows.
_READING = Reading.__table__.c
_IS_KNOWN = or_(_READING.status != "to_read", and_(_READING.status.is_(None), _READING.rating.is_not(None)))
_SHELVES = (
    select(_READING.member_id, _READING.book_id, _READING.rating, _READING.status)
    .where(_READING.member_id.in_(_MEMBERS), _IS_KNOWN)
    .order_by(
        func.coalesce(_READING.finished_on, func.date(_READING.changed_at)), _READING.changed_at, _READING.id
    )
)
_PUBLIC_SHELVES = _SHELVES.where(_READING.is_private.is_(False))
_MUTED = select(Mute.member_id, Mute.book_id).where(Mute.member_id.in_(_MEMBERS))
_ENDORSEMENTS = (
    select(EndorsementRow.id, EndorsementRow.member_id, EndorsementRow.book_id, EndorsementRow.other_id)
    .where(
        is_listed(EndorsementRow.book_id),
        EndorsementRow.deleted_at.is_(None),
        is_present(EndorsementRow.member_id),
    )
    .order_by(EndorsementRow.id)
)


def endorsements_for(loved: Mapping[int, Collection[int]]) -> dict[int, list[EndorsementSignal]]:
    """Members' recommendations for each reader, based on the books that they have read.

    ``loved`` maps readers to books. The words of a former or suspended member stay on the book's page, but
    are no member's recommendation. Each comes with the number of books that both reader and adviser rated
    four or more in public.
    """
    books = list({book for each in loved.values() for book in each})
    rows = db.session.execute(_ENDORSEMENTS, ids_parameter(books)).all()
    if not rows:
        return {reader: [] for reader in loved}
    liked: dict[int, set[int]] = defaultdict(set)
    involved = {row.member_id for row in rows} | loved.keys()
    for member_id, book_id in number_pairs(
        select(Reading.member_id, Reading.book_id).where(
            Reading.member_id.in_(involved), Reading.rating >= LIKED, FINISHED_IN_PUBLIC
        )
    ):
        liked[member_id].add(book_id)
    return {
        reader: [
            EndorsementSignal(
                row.id, row.member_id, row.book_id, row.other_id, len(liked[reader] & liked[row.member_id])
            )
            for row in rows
            # Members' own recommendations are no news to them.
            if row.book_id in own and row.member_id != reader
        ]
        for reader, own in loved.items()
    }


@dataclass(frozen=True)
class OwnReading:
    """A reader's status and rating of a book."""

    status: str
    rating: int | None


def books_by(author_id: int) -> Sequence[Book]:
    """An author's books as lists show them."""
    return db.session.execute(_BOOKS_BY_AUTHOR, {"author": author_id}).scalars().all()


_BOOKS_BY_AUTHOR = book_list().where(
    Book.id.in_(select(BookAuthor.book_id).where(BookAuthor.author_id == bindparam("author")))
)


def own_readings(shelf: Shelf) -> dict[int, OwnReading]:
    """The reader's status and rating per book that they have begun, finished or given up."""
    begun = {book: OwnReading("reading", None) for book in shelf.taken}
    ended = {
        read.book: OwnReading("finished" if read.is_finished else "did_not_finish", read.rating)
        for read in shelf.reads
    }
    return begun | ended


def muted_by(member_id: int) -> Sequence[Book]:
    """Books that a member does not want recommended, latest first."""
    return db.session.execute(_MUTED_BOOKS, {"member": member_id}).scalars().all()


_MUTED_BOOKS = (
    book_list()
    .join(Mute, Mute.book_id == Book.id)
    .where(Mute.member_id == bindparam("member"))
    .order_by(Mute.muted_at.desc(), Book.id)
)


class Participant(NamedTuple):
    """A member who can take part in a choice for the club."""

    id: int
    username: str
    display_name: str


# So many members can be ticked; in a larger club the others are typed.
MEMBERS_LISTED = 60
_PARTICIPANTS = select(Member.id, Member.username, Member.display_name).where(
    Member.removed_at.is_(None), Member.suspended_at.is_(None)
)
_RECENTLY_SEEN = _PARTICIPANTS.order_by(Member.seen_at.desc(), Member.id).limit(bindparam("most"))


def members_here_last(most: int) -> Sequence[Participant]:
    """Up to ``most`` members, most recently seen first."""
    return [Participant(*row) for row in db.session.execute(_RECENTLY_SEEN, {"most": most})]


def members_to_choose(usernames: Collection[str]) -> tuple[Sequence[Participant], bool]:
    """Members who can take part in a choice for the club, and True if there are more.

    They are the most recently seen members, latest first, and any that have one of these usernames.
    """
    members = list(members_here_last(MEMBERS_LISTED + 1))
    has_others = len(members) > MEMBERS_LISTED
    members = members[:MEMBERS_LISTED]
    missing = {fold_name(name) for name in usernames} - {fold_name(member.username) for member in members}
    if missing:
        named = _PARTICIPANTS.where(Member.username_key.in_(missing)).order_by(Member.id)
        members += [Participant(*row) for row in db.session.execute(named)]
    return members, has_others


class Wish(NamedTuple):
    """A book that a member wants to read: for which month, and whether that is all that they said of it."""

    planned_month: str | None
    can_undo: bool


def wishes_by(member_id: int) -> dict[int, Wish]:
    """The books that a member wants to read."""
    rows = db.session.execute(_WISHES, {"member": member_id})
    return {row[0]: Wish(row[1], bool(row[2])) for row in rows}


def wish_for(member_id: int, book_id: int) -> Wish | None:
    """A member's wish to read a book, or None."""
    named = {"member": member_id, "book": book_id}
    row = db.session.execute(_WISHES.where(_READING.book_id == bindparam("book")), named).one_or_none()
    return Wish(row[1], bool(row[2])) if row else None


# Undoing a wish deletes the reading, which must lose nothing that the member said besides.
_SAYS_NOTHING_ELSE = and_(
    _READING.rating.is_(None),
    _READING.position.is_(None),
    _READING.mark == START,
    _READING.times_read == 0,
    _READING.notes == "",
    _READING.edition_id.is_(None),
    _READING.length.is_(None),
    _READING.started_on.is_(None),
    _READING.is_private.is_(False),
    _READING.moved_from.is_(None),
    ~exists().where(OwnTag.reading_id == _READING.id),
    ~exists().where(Promise.reading_id == _READING.id),
)
_WISHES = select(_READING.book_id, _READING.planned_month, _SAYS_NOTHING_ELSE).where(
    _READING.member_id == bindparam("member"), _READING.status == "to_read"
)


def facts_about(cited: Mapping[int, Collection[int]], author_id: int | None) -> dict[int, Facts]:
    """Public reader counts per book, and per book how many readers it shares with each book cited for it.

    Only members whose readings everybody in the club may see are counted, including the member who asks.
    """
    loved = {one for each in cited.values() for one in each}
    readers = _readers_of({*cited, *loved})
    elsewhere = _shared_pack_readers(cited.keys(), loved)
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
    """Public readers per book, from rows of a book and its readers' ids as text."""

    def __init__(self, rows: Iterable[Row[int, str]]) -> None:
        self._texts = {row[0]: row[1] for row in rows}
        self._sets: dict[int, frozenset[str]] = {}

    def count(self, book: int) -> int:
        """Number of readers of a book."""
        text = self._texts.get(book)
        return text.count(",") + 1 if text else 0

    def of(self, book: int) -> frozenset[str]:
        """Readers of a book, by their ids as text."""
        found = self._sets.get(book)
        if found is None:
            text = self._texts.get(book)
            self._sets[book] = found = frozenset(text.split(",") if text else ())
        return found


class Together(Mapping[int, tuple[int, int]]):
    """Shared reader counts of a book, per book cited for it: (readers of both, readers of the cited one).

    They are counted when asked for, since most of the books that could be cited are not.
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


# One row per book: thousands of rows, one per reader, would take their time.
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


def _shared_pack_readers(
    books: Collection[int], loved: Collection[int]
) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Readers in the pack of both books, and of the loved one, per pair of a loved book and another."""
    rows = db.session.execute(_TOGETHER, {"loved": list(loved), "books": list(books)})
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}


@dataclass(frozen=True)
class Cited:
    """Ids of everything that some reasons name."""

    books: frozenset[int]
    tags: frozenset[int]
    authors: frozenset[int]
    endorsements: frozenset[int]


def names_of(cited: Cited, series: Mapping[int, str], pack: str | None) -> Names:
    """Names of everything that reasons name."""
    endorsements = _rows(_REASONS, cited.endorsements)
    titles = _rows(_TITLES, cited.books)
    tags = _rows(_TAGS, cited.tags)
    authors = _rows(_AUTHORS, cited.authors)
    return Names(
        titles={row[0]: row[1] for row in titles},
        tags={row[0]: row[1] for row in tags},
        members={row.member_id: row.display_name for row in endorsements},
        authors={row[0]: row[1] for row in authors},
        series=series,
        endorsements={row.id: row.reason for row in endorsements},
        pack=pack or "",
    )


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_REASONS = (
    select(Endorsement.id, Endorsement.reason, Endorsement.member_id, Member.display_name)
    .join(Member, Member.id == Endorsement.member_id)
    .where(Endorsement.id.in_(_IDS))
)
_TITLES = select(Book.id, Book.title).where(Book.id.in_(_IDS))
_TAGS = select(Tag.id, Tag.name).where(Tag.id.in_(_IDS))
_AUTHORS = select(Author.id, Author.name).where(Author.id.in_(_IDS))


def _rows(statement: Select[*tuple[Any, ...]], ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Rows of a statement about these ids; none, without a statement, if there are no ids."""
    return db.session.execute(statement, {"ids": list(ids)}).all() if ids else ()


def books_by_id(ids: Collection[int], known: Iterable[Book] = ()) -> dict[int, Book]:
    """Books by id, as lists show them; books in ``known`` are not loaded again."""
    books = {book.id: book for book in known if book.id in ids}
    missing = set(ids) - books.keys()
    if missing:
        found = db.session.execute(_BOOKS_BY_ID, {"ids": list(missing)}).scalars()
        books.update((book.id, book) for book in found)
    return books


_BOOKS_BY_ID = book_list().where(Book.id.in_(_IDS))
