"""Leaving and removal: what is a member's alone goes, and their words stay without a name or go too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, update

from ...accounts import actions as accounts
from ...accounts.models import Acceptance, Invitation, Member
from ...extensions import Base, db
from ...recommendations.models import AnswerEndorsement
from ...reviews.actions import take_away as take_review_away
from ...threads.actions import take_away as take_comment_away
from ...threads.models import Thread
from ...threads.queries import threads_held
from ...voting.models import Nomination
from ..queries import leaving as queries
from .counters import CountedBooks, recount_afterwards

# Rows that go with their member, but for these: an invitation that was used says how others came here.
KEPT = {Invitation.__tablename__, Acceptance.__tablename__}
TITLE_TAKEN_AWAY = "A thread whose title was taken away"


def leave(member: Member, now: datetime, *, words_too: bool = False, by_id: int | None = None) -> None:
    """Let a member go, or remove them: readings, ratings, drafts, notes, imports, sessions and links at once.

    ``by_id`` is the organiser who removes them, None where they leave by themselves. With ``words_too`` all
    that they wrote goes as well, as if they had deleted each piece: its place stays where others answered.
    Otherwise it stays, under "a former member". Ballots in rounds stay counted, and there is no name to
    them any more.
    """
    if words_too:
        _take_words_away(member, now)
    books = CountedBooks.of(member.id)
    accounts.remove(member, by_id)
    for table, column in _personal():
        db.session.execute(delete(table).where(column == member.id))
    # Only members endorse answers, so this is no longer anybody's endorsement.
    db.session.execute(delete(AnswerEndorsement).where(AnswerEndorsement.member_id == member.id))
    books.recount()
    recount_afterwards(member.id)


def _personal() -> list[tuple[Any, Any]]:
    """The tables whose rows belong to one member alone, each with the column that says whose they are.

    The models say so themselves: a foreign key that goes with its member.
    """
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        if table.name not in KEPT
        for key in sorted(table.foreign_keys, key=str)
        if key.column.table.name == Member.__tablename__ and key.ondelete == "CASCADE"
    ]


def _take_words_away(member: Member, now: datetime) -> None:
    threads = {thread.id: thread for thread in threads_held(queries.threads_written_in(member.id))}
    reviews = queries.reviews_of(member.id)
    # What one of them asks for depends on no other: nothing need be written in between.
    with db.session.no_autoflush:
        for review in reviews:
            take_review_away(review, now)
    for comment in queries.comments_of(member.id):
        take_comment_away(threads[comment.thread_id], comment, now)
    for advice in queries.advice_of(member.id):
        advice.wipe(now)
    db.session.flush()
    db.session.execute(update(Nomination).where(Nomination.member_id == member.id).values(pitch=""))
    titled = Thread.member_id == member.id, Thread.title.is_not(None), Thread.of_round.is_(False)
    db.session.execute(update(Thread).where(*titled).values(title=TITLE_TAKEN_AWAY))
