"""A reader's own books, as pages about what to read next show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam, select

from ...accounts.models import Member
from ...accounts.rules import fold
from ...books.models import Book, BookAuthor
from ...books.queries.catalogue import listed
from ...extensions import db
from ..models import Mute
from .evidence import Shelf


@dataclass(frozen=True)
class OwnReading:
    """What a reader has said of a book."""

    status: str
    rating: int | None


def books_by(author_id: int) -> Sequence[Book]:
    """An author's books as lists show them."""
    return db.session.execute(_BY, {"author": author_id}).scalars().all()


_BY = listed().where(
    Book.id.in_(select(BookAuthor.book_id).where(BookAuthor.author_id == bindparam("author")))
)


def own_readings(shelf: Shelf) -> dict[int, OwnReading]:
    """What a reader has said of the books that they have begun or ended with, by the books' ids."""
    begun = {book: OwnReading("reading", None) for book in shelf.taken}
    ended = {
        read.book: OwnReading("finished" if read.is_finished else "did_not_finish", read.rating)
        for read in shelf.reads
    }
    return begun | ended


def muted_by(member_id: int) -> Sequence[Book]:
    """The books that a member does not want to be recommended, the latest first."""
    return db.session.execute(_MUTED, {"member": member_id}).scalars().all()


_MUTED = (
    listed()
    .join(Mute, Mute.book_id == Book.id)
    .where(Mute.member_id == bindparam("member"))
    .order_by(Mute.muted_at.desc(), Book.id)
)


class Participant(NamedTuple):
    """A member who can take part in a choice for the club."""

    id: int
    username: str
    display_name: str


# So many can be ticked; in a larger club the others are named.
MEMBERS_LISTED = 60
_TAKING_PART = select(Member.id, Member.username, Member.display_name).where(
    Member.removed_at.is_(None), Member.suspended_at.is_(None)
)
_HERE_LAST = _TAKING_PART.order_by(Member.seen_at.desc(), Member.id).limit(bindparam("most"))


def members_here_last(most: int) -> Sequence[Participant]:
    """The members who were here last, the latest first."""
    return [Participant(*row) for row in db.session.execute(_HERE_LAST, {"most": most})]


def members_to_choose(usernames: Collection[str]) -> tuple[Sequence[Participant], bool]:
    """The members who can take part in a choice for the club, and whether there are more.

    They are those who were here last, the latest first, and any that have one of these usernames.
    """
    members = list(members_here_last(MEMBERS_LISTED + 1))
    has_others = len(members) > MEMBERS_LISTED
    members = members[:MEMBERS_LISTED]
    missing = {fold(name) for name in usernames} - {fold(member.username) for member in members}
    if missing:
        named = _TAKING_PART.where(Member.username_key.in_(missing)).order_by(Member.id)
        members += [Participant(*row) for row in db.session.execute(named)]
    return members, has_others
