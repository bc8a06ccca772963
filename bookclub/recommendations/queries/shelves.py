"""A reader's own books, as pages about what to read next show them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from ...accounts.models import Member
from ...accounts.rules import fold
from ...books.models import Book, BookAuthor
from ...books.queries.catalogue import listed
from ...extensions import db
from ...readings.models import Reading
from ..models import Mute


@dataclass(frozen=True)
class OwnReading:
    """What a reader has said of a book."""

    status: str
    rating: int | None


def books_by(author_id: int) -> Sequence[Book]:
    """An author's books as lists show them."""
    of_author = select(BookAuthor.book_id).where(BookAuthor.author_id == author_id)
    return db.session.execute(listed().where(Book.id.in_(of_author))).scalars().all()


def own_readings(member_id: int, book_ids: Collection[int]) -> dict[int, OwnReading]:
    """What a reader has said of these books."""
    rows = db.session.execute(
        select(Reading.book_id, Reading.status, Reading.rating).where(
            Reading.member_id == member_id, Reading.book_id.in_(book_ids)
        )
    )
    return {book_id: OwnReading(status, rating) for book_id, status, rating in rows}


def muted_by(member_id: int) -> Sequence[Book]:
    """The books that a member does not want to be recommended, the latest first."""
    statement = listed().join(Mute, Mute.book_id == Book.id).where(Mute.member_id == member_id)
    return db.session.execute(statement.order_by(Mute.muted_at.desc(), Book.id)).scalars().all()


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


def members_to_choose(usernames: Collection[str]) -> tuple[Sequence[Participant], bool]:
    """The members who can take part in a choice for the club, and whether there are more.

    They are those who were here last, the latest first, and any that have one of these usernames.
    """
    latest = _TAKING_PART.order_by(Member.seen_at.desc(), Member.id).limit(MEMBERS_LISTED + 1)
    members = [Participant(*row) for row in db.session.execute(latest)]
    has_others = len(members) > MEMBERS_LISTED
    members = members[:MEMBERS_LISTED]
    missing = {fold(name) for name in usernames} - {fold(member.username) for member in members}
    if missing:
        named = _TAKING_PART.where(Member.username_key.in_(missing)).order_by(Member.id)
        members += [Participant(*row) for row in db.session.execute(named)]
    return members, has_others
