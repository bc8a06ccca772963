"""Rounds, nominations, ballots and the electorate."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload, raiseload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ..books.catalogue_queries import Page
from ..books.models import Author, Book, BookAuthor
from ..extensions import UTCDateTime, db
from ..lib.positions.visibility import Viewer
from ..lib.tally import states
from ..members.models import Member
from ..permissions import loads
from . import rules
from .models import Ballot, Nomination, Round, RoundEvent, Tally


@dataclass(frozen=True)
class MemberPresence:
    """A member's presence as the electorate needs it. ``removed_at`` is when an organiser removed them."""

    member_id: int
    presence: states.Presence
    removed_at: datetime | None


def presences() -> Sequence[MemberPresence]:
    """Presences of everybody who is or was a member."""
    # Former members are among them: the electorate is that of a moment that may be weeks ago.
    rows = db.session.execute(
        select(
            Member.id, Member.joined_at, Member.removed_at, Member.suspended_at, Member.removed_by_id
        ).order_by(Member.id)
    )
    return [
        MemberPresence(
            row.id,
            states.Presence(
                # A member who was suspended first and removed later left when they were suspended.
                row.joined_at,
                min(filter(None, (row.removed_at, row.suspended_at)), default=None),
            ),
            # A member who leaves of their own accord was not removed, and their ballot stands.
            row.removed_at if row.removed_by_id else None,
        )
        for row in rows
    ]


def electorate_of(voting_round: Round) -> Sequence[MemberPresence]:
    """Members who may vote in a round, or could have."""
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
    """Members who joined while voting was open, including those who have left since, first ones first."""
    if voting_round.voting_opened_at is None:
        return []
    # A round without nominations is settled before its deadline, one that nobody looked at after it. Whoever
    # joined after the earlier of the two never saw an open vote.
    until = min(voting_round.settled_at or voting_round.voting_until_at, voting_round.voting_until_at)
    statement = select(Member).where(
        Member.joined_at > voting_round.voting_opened_at, Member.joined_at < until
    )
    return db.session.execute(statement.order_by(Member.joined_at, Member.id)).scalars().all()


def takes_nominations(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Condition that a round takes nominations at a moment."""
    return and_(
        Round.settled_at.is_(None), Round.voting_opened_at.is_(None), Round.nominations_until_at > now
    )


# Pages of recommendations ask these two, so the statements are built once for each process, and only the
# moment is filled in.
_ROUND_TO_NOMINATE_FOR = (
    select(Round.id).where(takes_nominations(bindparam("now"))).order_by(Round.nominations_until_at).limit(1)
)
_CHOSEN = (
    select(Nomination.book_id)
    .join(Tally, Tally.winner_id == Nomination.id)
    # A withdrawn winner keeps its tally, and the recount adds another one.
    .where(Nomination.withdrawn_at.is_(None))
    .distinct()
)


def round_to_nominate_for(now: datetime) -> int | None:
    """Id of the round whose nominations end first, or None."""
    return db.session.execute(_ROUND_TO_NOMINATE_FOR, {"now": now}).scalar_one_or_none()


def books_chosen() -> Sequence[int]:
    """Ids of the books that the club has chosen by vote so far."""
    return db.session.execute(_CHOSEN).scalars().all()


ROUNDS_PER_PAGE = 30
# Readers and wishes are those of members who are here; the electorate follows states.is_elector().
IS_HERE = and_(Member.removed_at.is_(None), Member.suspended_at.is_(None))


@loads(Round)
def round_to_act_on(round_id: int, *, lock: bool) -> Round | None:
    """Load a round with its nominations and tallies.

    With ``lock`` the round is locked before anything in it is read.
    """
    statement = _whole_round()
    if lock:
        # PostgreSQL refuses to lock the optional side of an outer join, which loads the round's key here, so
        # only the round is named. key_share lets others insert rows that refer to the round.
        statement = statement.with_for_update(key_share=True, of=Round)
    return db.session.execute(statement, {"round_id": round_id}).scalar_one_or_none()


@cache
def _whole_round() -> Select[Round]:
    return whole_rounds().where(Round.id == bindparam("round_id"))


@loads(Nomination)
def nomination_to_act_on(nomination_id: int, *, lock: bool) -> Nomination | None:
    """Load a nomination with its whole round. With ``lock`` the round is locked first."""
    of_nomination = select(Nomination.round_id).where(Nomination.id == nomination_id).scalar_subquery()
    statement = whole_rounds().where(Round.id == of_nomination)
    if lock:
        statement = statement.with_for_update(key_share=True, of=Round)
    voting_round = db.session.execute(statement).scalar_one_or_none()
    if voting_round is None:
        return None
    nomination = next((each for each in voting_round.nominations if each.id == nomination_id), None)
    if nomination is None:
        return None  # Someone withdrew it while this request waited for the lock.
    # The identity map holds the round only weakly, and would drop it as soon as this function ends.
    set_committed_value(nomination, "voting_round", voting_round)
    return nomination


def due_rounds(now: datetime) -> Sequence[int]:
    """Ids of the rounds that the clock has something to change in."""
    return db.session.execute(_due_rounds(), {"now": now}).scalars().all()


@cache
def _due_rounds() -> Select[int]:
    now = bindparam("now", type_=UTCDateTime)
    # Past the end of the nominations a round is due even if its vote has days to go: the labels and readers
    # of its books are not frozen yet.
    statement = select(Round.id).where(
        Round.settled_at.is_(None),
        or_(
            Round.voting_until_at <= now,
            and_(Round.voting_opened_at.is_(None), Round.nominations_until_at <= now),
        ),
    )
    # An edit of a book locks all due rounds in one transaction. Two such edits would wait for each other if
    # they locked them in different orders.
    return statement.order_by(Round.id)


def rounds_under_way() -> Sequence[Round]:
    """Rounds that are not settled, soonest close first."""
    return db.session.execute(_rounds_under_way()).scalars().all()


@cache
def _rounds_under_way() -> Select[Round]:
    return whole_rounds().where(Round.settled_at.is_(None)).order_by(Round.voting_until_at, Round.id)


def rounds_settled(after: int | None = None) -> Page[Round]:
    """A page of the rounds that are over, latest first, keyed by id."""
    # Several rounds may be settled at one moment, and only the id tells the next page where to go on.
    statement = whole_rounds().where(Round.settled_at.is_not(None)).order_by(Round.id.desc())
    if after is not None:
        statement = statement.where(Round.id < after)
    # One row more than is shown tells if there is a next page.
    rounds = db.session.execute(statement.limit(ROUNDS_PER_PAGE + 1)).scalars().all()
    page = rounds[:ROUNDS_PER_PAGE]
    return Page(page, str(page[-1].id) if len(rounds) > len(page) else "")


def settled_since(moment: datetime) -> Sequence[Round]:
    """Rounds that were settled after a moment, latest first."""
    return db.session.execute(_settled_since(), {"moment": moment}).scalars().all()


@cache
def _settled_since() -> Select[Round]:
    later = Round.settled_at > bindparam("moment", type_=UTCDateTime)
    return whole_rounds().where(later).order_by(Round.settled_at.desc(), Round.id.desc())


def round_sent_by(viewer: Viewer, submission: str | None) -> Round | None:
    """The round that the viewer has already opened with this form, or None."""
    return db.session.execute(
        select(Round).where(Round.opened_by_id == viewer.id, Round.submission == submission)
    ).scalar_one_or_none()


def rounds_nominating(now: datetime) -> Sequence[Round]:
    """Rounds that take nominations, soonest end first."""
    return db.session.execute(_rounds_nominating(), {"now": now}).scalars().all()


@cache
def _rounds_nominating() -> Select[Round]:
    open_now = takes_nominations(bindparam("now", type_=UTCDateTime))
    return whole_rounds().where(open_now).order_by(Round.nominations_until_at)


def round_of_thread(thread_id: int) -> Round | None:
    """The round of a thread, without its nominations and tallies, or None."""
    return db.session.execute(select(Round).where(Round.thread_id == thread_id)).scalar_one_or_none()


def events_of(round_id: int) -> Sequence[RoundEvent]:
    """History of a round, in order."""
    statement = (
        select(RoundEvent)
        .where(RoundEvent.round_id == round_id)
        .options(joinedload(RoundEvent.member), joinedload(RoundEvent.nomination).joinedload(Nomination.book))
    )
    return db.session.execute(statement.order_by(RoundEvent.id)).scalars().all()


def ballots_in(round_id: int) -> Sequence[Ballot]:
    """All ballots of a round, sorted by receipt, with the voters of open ballots."""
    statement = select(Ballot).where(Ballot.round_id == round_id).options(joinedload(Ballot.member))
    # Receipts are random, so this order does not show who voted when.
    return db.session.execute(statement.order_by(Ballot.receipt)).scalars().all()


def ballot_of(voting_round: Round, member: Member) -> Ballot | None:
    """The ballot that a member has cast; None also once the round's key is deleted."""
    if voting_round.ballot_key is None:
        return None
    # Private ballots bear no name, so the tag is the only way to find one.
    tag = rules.voter_tag(voting_round.ballot_key, member.id)
    return db.session.execute(
        select(Ballot).where(Ballot.round_id == voting_round.id, Ballot.voter == tag)
    ).scalar_one_or_none()


def members_here() -> Sequence[int]:
    """Ids of the present members."""
    return db.session.execute(select(Member.id).where(IS_HERE).order_by(Member.id)).scalars().all()


def rounds_by_id(ids: Collection[int]) -> dict[int, Round]:
    """Whole rounds, by their ids."""
    if not ids:
        return {}
    found = db.session.execute(_rounds_by_id(), {"ids": list(ids)}).scalars()
    return {each.id: each for each in found}


@cache
def _rounds_by_id() -> Select[Round]:
    return whole_rounds().where(Round.id.in_(bindparam("ids", expanding=True)))


@cache
def whole_rounds() -> Select[Round]:
    """Statement for rounds with everything that pages show of them."""
    return select(Round).options(
        joinedload(Round.opened_by),
        joinedload(Round.thread),
        selectinload(Round.nominations).options(
            # Anything more of a book would be a statement per nomination.
            joinedload(Nomination.book).options(raiseload("*")),
            joinedload(Nomination.member),
            joinedload(Nomination.carried_from).options(raiseload("*")),
        ),
        selectinload(Round.tallies),
    )


def round_to_carry_from() -> Round | None:
    """The round whose runners-up the next round takes over, or None.

    It is the latest settled round that carries runners-up over and has a result. It passes them on once: to
    the next round that is opened, unless that one is called off.
    """
    found = db.session.execute(
        whole_rounds()
        # A round that was called off has no runners-up.
        .where(Round.carries_over > 0, Round.settled_at.is_not(None), Round.outcome != states.VOID)
        .order_by(Round.settled_at.desc(), Round.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        return None
    # A round under way has no outcome yet, and took the runners-up when it was opened. One that was called
    # off leaves them to the next.
    later = select(Round.id).where(
        Round.opened_at > found.settled_at, or_(Round.outcome.is_(None), Round.outcome != states.VOID)
    )
    return None if db.session.execute(later.limit(1)).first() else found


def books_that_won() -> Collection[int]:
    """Ids of the books that any count of any round elected."""
    # Unlike in books_chosen(), a winner that was withdrawn afterwards is among them: its first tally stays.
    statement = select(Nomination.book_id).join(Tally, Tally.winner_id == Nomination.id)
    return set(db.session.execute(statement).scalars())


@dataclass(frozen=True)
class Won:
    """The title of a book that won a round, and the author whom it shares with another book."""

    author: str
    title: str


def won_by_authors_of(book_id: int, since: datetime) -> Won | None:
    """The latest winner of a round settled after ``since`` that shares an author with this book, or None.

    A withdrawn winner has not won. The title is the one voted on; the authors are those in the catalogue now,
    so that a corrected credit counts.
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
        # If they share several authors, the sentence names the first on the winner's title page.
        .order_by(Round.settled_at.desc(), BookAuthor.place)
        .limit(1)
    )
    row = db.session.execute(statement).first()
    return Won(row.name, row.Nomination.title) if row else None
