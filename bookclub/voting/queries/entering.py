"""What decides which books come into a round: the rounds before it, and who has read what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from ...accounts.models import Member
from ...books.models import Author, Book, BookAuthor
from ...extensions import db
from ...readings.models import Reading
from .. import rules
from ..models import Nomination, Round, Tally
from . import IS_HERE, whole_rounds


def round_to_carry_from() -> Round | None:
    """The round whose runners-up the next one takes over: the latest that says so and came to something,
    unless another came to something, or is under way, that was opened after it was over."""
    found = db.session.execute(
        whole_rounds()
        .where(Round.carries_over > 0, Round.settled_at.is_not(None), Round.outcome != rules.VOID)
        .order_by(Round.settled_at.desc(), Round.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        return None
    later = select(Round.id).where(
        Round.opened_at > found.settled_at, or_(Round.outcome.is_(None), Round.outcome != rules.VOID)
    )
    return None if db.session.execute(later.limit(1)).first() else found


def books_that_won() -> Collection[int]:
    """The books that any count of any round elected."""
    statement = select(Nomination.book_id).join(Tally, Tally.winner_id == Nomination.id)
    return set(db.session.execute(statement).scalars())


def readers_here(book_id: int) -> int:
    """How many of those who are members now have finished a book, as far as they say so in public."""
    statement = (
        select(func.count())
        .select_from(Reading)
        .join(Member, Member.id == Reading.member_id)
        .where(
            Reading.book_id == book_id,
            Reading.status == "finished",
            Reading.is_private.is_(False),
            IS_HERE,
        )
    )
    return db.session.execute(statement).scalar_one()


@dataclass(frozen=True)
class Won:
    """A book that won a round, and the one of its authors in whose name that matters."""

    author: str
    title: str


def won_by_authors_of(book_id: int, since: datetime) -> Won | None:
    """The latest winner of a round settled after a moment that shares an author with this book, if any.

    A winner that was withdrawn has not won. It is called as it was voted on; its authors are those whom
    the catalogue names by now, so that a credit that was set right counts.
    """
    authors = select(BookAuthor.author_id).where(BookAuthor.book_id == book_id)
    statement = (
        select(Author.name, Nomination)
        .select_from(Tally)
        .join(Nomination, Nomination.id == Tally.winner_id)
        .join(Round, Round.id == Nomination.round_id)
        .join(Book, Book.id == Nomination.book_id)
        .join(BookAuthor, BookAuthor.book_id == Book.id)
        .join(Author, Author.id == BookAuthor.author_id)
        .options(contains_eager(Nomination.book).raiseload("*"))
        .where(Round.settled_at > since, Nomination.withdrawn_at.is_(None), Author.id.in_(authors))
        .order_by(Round.settled_at.desc(), BookAuthor.place)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return Won(row.name, row.Nomination.title) if row else None
