"""Rounds with their nominations, the ballots in them, and who may vote (``electorate``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ..books.catalogue_queries import Page
from ..books.models import Author, Book, BookAuthor, Edition
from ..extensions import db
from ..lib.tally import states
from ..members.models import Member
from ..permissions import loads
from ..readings.models import Reading
from . import rules
from .models import Ballot, Nomination, Round, RoundEvent, Tally


@dataclass(frozen=True)
class Presence:
    """A member as the electorate wants to know them; ``removed_at`` is when an organiser removed them."""

    member_id: int
    presence: states.Presence
    removed_at: datetime | None


def presences() -> Sequence[Presence]:
    """Everybody who is or was a member."""
    rows = db.session.execute(
        select(
            Member.id, Member.joined_at, Member.removed_at, Member.suspended_at, Member.removed_by_id
        ).order_by(Member.id)
    )
    return [
        Presence(
            row.id,
            states.Presence(
                row.joined_at, min(filter(None, (row.removed_at, row.suspended_at)), default=None)
            ),
            row.removed_at if row.removed_by_id else None,
        )
        for row in rows
    ]


def electorate_of(voting_round: Round) -> Sequence[Presence]:
    """Those who may vote in a round, or might have."""
    return [
        who
        for who in presences()
        if states.is_elector(
            who.presence,
            voting_round.voting_opened_at,
            voting_round.voting_until_at,
            late_joiners=voting_round.lets_late_join,
        )
    ]


def joined_during(voting_round: Round) -> Sequence[Member]:
    """The members who joined while voting was open, those who have left since included, the first first."""
    if voting_round.voting_opened_at is None:
        return []
    until = min(voting_round.settled_at or voting_round.voting_until_at, voting_round.voting_until_at)
    statement = select(Member).where(
        Member.joined_at > voting_round.voting_opened_at, Member.joined_at < until
    )
    return db.session.execute(statement.order_by(Member.joined_at, Member.id)).scalars().all()


def takes_nominations(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a round takes nominations at a moment."""
    return and_(
        Round.settled_at.is_(None), Round.voting_opened_at.is_(None), Round.nominations_until_at > now
    )


_ROUND_TO_NOMINATE_FOR = (
    select(Round.id).where(takes_nominations(bindparam("now"))).order_by(Round.nominations_until_at).limit(1)
)
_CHOSEN = (
    select(Nomination.book_id)
    .join(Tally, Tally.winner_id == Nomination.id)
    .where(Nomination.withdrawn_at.is_(None))
    .distinct()
)


def round_to_nominate_for(now: datetime) -> int | None:
    """The round that takes nominations for the shortest time yet, by its id."""
    return db.session.execute(_ROUND_TO_NOMINATE_FOR, {"now": now}).scalar_one_or_none()


def books_chosen() -> Sequence[int]:
    """The books that the club has chosen by vote so far."""
    return db.session.execute(_CHOSEN).scalars().all()


ROUNDS_PER_PAGE = 30
# Readers and wishes are those of members who are here; the electorate follows rules.is_elector().
IS_HERE = and_(Member.removed_at.is_(None), Member.suspended_at.is_(None))


@loads(Round)
def round_to_act_on(round_id: int, *, lock: bool) -> Round | None:
    """A round with its nominations and tallies. Held, it is held before anything in it is read."""
    statement = whole_rounds().where(Round.id == round_id)
    if lock:
        statement = statement.with_for_update(key_share=True, of=Round)
    return db.session.execute(statement).scalar_one_or_none()


@loads(Nomination)
def nomination_to_act_on(nomination_id: int, *, lock: bool) -> Nomination | None:
    """A nomination with its round, which is held first, and all of that."""
    of_nomination = select(Nomination.round_id).where(Nomination.id == nomination_id).scalar_subquery()
    statement = whole_rounds().where(Round.id == of_nomination)
    if lock:
        statement = statement.with_for_update(key_share=True, of=Round)
    voting_round = db.session.execute(statement).scalar_one_or_none()
    if voting_round is None:
        return None
    nomination = next(each for each in voting_round.nominations if each.id == nomination_id)
    # The identity map alone would let go of the round as soon as this function ends.
    set_committed_value(nomination, "voting_round", voting_round)
    return nomination


def due_rounds(now: datetime) -> Sequence[int]:
    """The rounds of which something is to be written that the clock alone has brought about."""
    statement = select(Round.id).where(
        Round.settled_at.is_(None),
        or_(
            Round.voting_until_at <= now,
            and_(Round.voting_opened_at.is_(None), Round.nominations_until_at <= now),
        ),
    )
    return db.session.execute(statement.order_by(Round.id)).scalars().all()


def rounds_under_way() -> Sequence[Round]:
    """The rounds that are not settled, that which closes first first."""
    statement = whole_rounds().where(Round.settled_at.is_(None)).order_by(Round.voting_until_at, Round.id)
    return db.session.execute(statement).scalars().all()


def rounds_settled(after: int | None = None) -> Page[Round]:
    """A page of the rounds that are over, the latest first, keyed by id."""
    statement = whole_rounds().where(Round.settled_at.is_not(None)).order_by(Round.id.desc())
    if after is not None:
        statement = statement.where(Round.id < after)
    rounds = db.session.execute(statement.limit(ROUNDS_PER_PAGE + 1)).scalars().all()
    page = rounds[:ROUNDS_PER_PAGE]
    return Page(page, str(page[-1].id) if len(rounds) > len(page) else "")


def settled_since(moment: datetime) -> Sequence[Round]:
    """The rounds that were settled after a moment, the latest first."""
    statement = (
        whole_rounds().where(Round.settled_at > moment).order_by(Round.settled_at.desc(), Round.id.desc())
    )
    return db.session.execute(statement).scalars().all()


def round_sent_by(member_id: int, submission: str | None) -> Round | None:
    """The round that this form of this member has already opened."""
    return db.session.execute(
        select(Round).where(Round.opened_by_id == member_id, Round.submission == submission)
    ).scalar_one_or_none()


def rounds_nominating(now: datetime) -> Sequence[Round]:
    """The rounds that take nominations."""
    statement = whole_rounds().where(takes_nominations(now))
    return db.session.execute(statement.order_by(Round.nominations_until_at)).scalars().all()


def round_of_thread(thread_id: int) -> Round | None:
    """The round that is talked about in a thread, without what belongs to it."""
    return db.session.execute(select(Round).where(Round.thread_id == thread_id)).scalar_one_or_none()


def events_of(round_id: int) -> Sequence[RoundEvent]:
    """What organisers and nominators did to a round, in its order."""
    statement = (
        select(RoundEvent)
        .where(RoundEvent.round_id == round_id)
        .options(joinedload(RoundEvent.member), joinedload(RoundEvent.nomination).joinedload(Nomination.book))
    )
    return db.session.execute(statement.order_by(RoundEvent.id)).scalars().all()


@dataclass(frozen=True)
class Interest:
    """Numbers of present members who have finished a book or want to read it, in public."""

    readers: int = 0
    wishers: int = 0
    pages: int | None = None
    mine: str | None = None


def interest_in(book_ids: Collection[int], member_id: int | None) -> dict[int, Interest]:
    """Readers and wishes per book, the pages of its first edition, and the member's own status with it.

    Who was removed or is suspended is not counted: a tie goes to the book that fewer of the club have read.
    """
    of_books = Reading.book_id.in_(book_ids)
    public = and_(of_books, Reading.is_private.is_(False), IS_HERE)
    counted = {
        (book_id, status): number
        for book_id, status, number in db.session.execute(
            select(Reading.book_id, Reading.status, func.count())
            .join(Member, Member.id == Reading.member_id)
            .where(public, Reading.status.in_(("finished", "to_read")))
            .group_by(Reading.book_id, Reading.status)
        )
    }
    own = _mapping(select(Reading.book_id, Reading.status).where(of_books, Reading.member_id == member_id))
    first = (
        select(func.min(Edition.id))
        .where(Edition.book_id.in_(book_ids), Edition.pages.is_not(None))
        .group_by(Edition.book_id)
    )
    lengths = _mapping(select(Edition.book_id, Edition.pages).where(Edition.id.in_(first)))
    return {
        book_id: Interest(
            counted.get((book_id, "finished"), 0),
            counted.get((book_id, "to_read"), 0),
            lengths.get(book_id),
            own.get(book_id),
        )
        for book_id in book_ids
    }


def ballots_in(round_id: int) -> Sequence[Ballot]:
    """All ballots of a round by their receipts, each with its voter where it has one."""
    statement = select(Ballot).where(Ballot.round_id == round_id).options(joinedload(Ballot.member))
    return db.session.execute(statement.order_by(Ballot.receipt)).scalars().all()


def ballot_of(voting_round: Round, member: Member) -> Ballot | None:
    """The ballot that a member has cast; None also where nobody can tell any more."""
    if voting_round.ballot_key is None:
        return None
    tag = rules.voter_tag(voting_round.ballot_key, member.id)
    return db.session.execute(
        select(Ballot).where(Ballot.round_id == voting_round.id, Ballot.voter == tag)
    ).scalar_one_or_none()


def whole_rounds() -> Select[Round]:
    """Rounds with all that is shown and asked of them."""
    return select(Round).options(
        joinedload(Round.opened_by),
        joinedload(Round.thread),
        selectinload(Round.nominations).options(
            joinedload(Nomination.book).options(raiseload("*")),
            joinedload(Nomination.member),
            joinedload(Nomination.carried_from).options(raiseload("*")),
        ),
        selectinload(Round.tallies),
    )


def _mapping(statement: Select[*tuple[Any, ...]]) -> dict[Any, Any]:
    """The two columns of a statement as keys and values."""
    return {row[0]: row[1] for row in db.session.execute(statement)}


def round_to_carry_from() -> Round | None:
    """The round whose runners-up the next one takes over: the latest that says so and came to something,
    unless another came to something, or is under way, that was opened after it was over."""
    found = db.session.execute(
        whole_rounds()
        .where(Round.carries_over > 0, Round.settled_at.is_not(None), Round.outcome != states.VOID)
        .order_by(Round.settled_at.desc(), Round.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        return None
    later = select(Round.id).where(
        Round.opened_at > found.settled_at, or_(Round.outcome.is_(None), Round.outcome != states.VOID)
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
