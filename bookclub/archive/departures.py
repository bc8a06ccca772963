"""Departure and suspension of a member: their rows, words, imports, and the ratings of books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from ..asks.models import AnswerEndorsement
from ..books.models import Book
from ..extensions import Base, db, utcnow
from ..imports import actions as imports
from ..jobs import enqueue, job
from ..lib.matches.ratings import rating_rank
from ..lib.text.messages import gettext as _
from ..members import actions as member_actions
from ..members.events import on_departure, on_readmission, on_suspension
from ..members.models import Acceptance, Invitation, Member
from ..passages.actions import delete_passage as take_passage_away
from ..questions.actions import delete_question as take_question_away
from ..reviews.actions import delete_review as take_review_away
from ..rounds.models import Nomination
from ..threads.actions import delete_comment as take_comment_away
from ..threads.models import Thread
from ..threads.queries import lock_threads
from . import departure_queries

# Every request that began before a suspension has ended by then.
RECOUNT_DELAY = timedelta(minutes=2)


@dataclass(frozen=True)
class CountedBooks:
    """Ids of the books that a member rated in public."""

    rated: Sequence[int]

    @classmethod
    def of(cls, member_id: int) -> CountedBooks:
        """Return the books of a member. Call this before their readings are deleted."""
        return cls(departure_queries.books_rated_in_public(member_id))

    def recount(self) -> None:
        """Count the ratings of these books again, for those who are members now.

        They are counted from the readings, and not changed by a difference, so that doing it twice does no
        harm: a member may be removed while they are suspended.
        """
        db.session.flush()
        for sums in departure_queries.rating_sums_held(self.rated):
            # One statement for many books: a library of 20 000 books must not block everybody.
            db.session.execute(
                update(Book),
                [
                    {
                        "id": one.book_id,
                        "rating_count": one.rating_count,
                        "rating_sum": one.rating_sum,
                        "rating_rank": rating_rank(one.rating_sum, one.rating_count),
                    }
                    for one in sums
                ],
            )


def recount_afterwards(member_id: int) -> None:
    """Schedule another count: a rating sent before the suspension may be saved after it."""
    enqueue("counters", key=f"counters {member_id}", due_at=utcnow() + RECOUNT_DELAY, member_id=member_id)


@job("counters")
def recount_of(member_id: int) -> None:
    """Count the ratings of a member's books again, for those who are members now."""
    CountedBooks.of(member_id).recount()


# Rows in these tables stay when their member leaves: a used invitation says how others joined.
KEPT = {Invitation.__tablename__, Acceptance.__tablename__}


@on_departure
def leave(member: Member, now: datetime, *, words_too: bool = False, by_id: int | None = None) -> None:
    """End a membership, and delete everything that belongs to the member alone.

    That is readings, ratings, drafts, notes, imports, sessions and links, at once.

    ``by_id`` is the organiser who removes them, None if they leave by themselves. With ``words_too`` all that
    they wrote is deleted as well, as if they had deleted each piece: its place stays if others answered.
    Otherwise it stays, under "a former member". Ballots in rounds stay counted, without a name.
    """
    if words_too:
        _delete_words(member, now)
    # Asked for before the readings are deleted.
    books = CountedBooks.of(member.id)
    member_actions.remove(member, by_id)
    for table, column in _private_columns():
        db.session.execute(delete(table).where(column == member.id))
    # Only members endorse answers, so this is no longer anyone's endorsement.
    db.session.execute(delete(AnswerEndorsement).where(AnswerEndorsement.member_id == member.id))
    books.recount()
    recount_afterwards(member.id)


def _private_columns() -> list[tuple[Any, Any]]:
    """Tables whose rows belong to one member alone, each with the column of the member's id.

    The models declare this themselves: by a foreign key that cascades when the member is deleted.
    """
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in KEPT
        for key in sorted(table.foreign_keys, key=str)
        if key.column.table.name == Member.__tablename__ and key.ondelete == "CASCADE"
    ]


def _delete_words(member: Member, now: datetime) -> None:
    threads = {thread.id: thread for thread in lock_threads(departure_queries.threads_written_in(member.id))}
    reviews = departure_queries.reviews_of(member.id)
    # No review's statement depends on another, so nothing needs to be written in between.
    with db.session.no_autoflush:
        for review in reviews:
            take_review_away(review, now)
    for comment in departure_queries.comments_of(member.id):
        take_comment_away(threads[comment.thread_id], comment, now)
    for question in departure_queries.questions_of(member.id):
        take_question_away(question, now)
    for passage in departure_queries.passages_of(member.id):
        take_passage_away(passage, now)
    for advice in departure_queries.advice_of(member.id):
        advice.wipe(now)
    db.session.flush()
    # A nomination stays, since others voted on it; only its words are the member’s.
    db.session.execute(update(Nomination).where(Nomination.member_id == member.id).values(pitch=""))
    # The titles of rounds and meetings are the club's.
    own = Thread.of_round.is_(False), Thread.of_meeting.is_(False)
    titled = Thread.member_id == member.id, Thread.title.is_not(None), *own
    db.session.execute(
        update(Thread).where(*titled).values(title=_("A conversation whose title was deleted"))
    )


@on_suspension
def suspend(member: Member) -> None:
    """Suspend a member: sessions, links, invitations and imports stop, and their ratings do not count."""
    member_actions.suspend(member)
    imports.stop_all(member.id)
    CountedBooks.of(member.id).recount()
    recount_afterwards(member.id)


@on_readmission
def lift_suspension(member: Member) -> None:
    """Lift a member's suspension, and count their ratings again. Stopped imports wait for the member."""
    member_actions.lift_suspension(member)
    imports.resume_matching(member.id)
    CountedBooks.of(member.id).recount()
