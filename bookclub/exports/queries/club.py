"""The whole club as rows, a kind at a time: what members may see of each other, and no text that is locked.

Every text goes through the predicate of a reader who has read nothing, unless all is asked for. E-mail
addresses, passwords, sessions, private readings, notes, own tags, drafts and private ballots are in no row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, literal, select

from ...accounts.models import Club, Member
from ...books.models import Tag
from ...extensions import db
from ...readings.models import Reading
from ...readings.queries import visible_to
from ...recommendations.models import Answer, AnswerEndorsement, Ask, Endorsement
from ...reviews.models import Review, ReviewRevision
from ...threads.models import Comment, Thread
from ..rules import closed
from . import rows_of
from .catalogue import Rows, authors, books, editions, sections
from .rounds import rounds


def club(_everything: bool) -> Rows:
    """The club itself."""
    row = db.session.execute(select(Club)).scalar_one()
    yield {
        "name": row.name,
        "words": row.words,
        "time_zone": row.time_zone,
        "current_book_id": row.current_book_id,
        "current_from": row.current_from,
        "current_until": row.current_until,
    }


def members(_everything: bool) -> Rows:
    """Everybody who is or was a member, by the names that the others know."""
    is_here = Member.removed_at.is_(None)
    yield from rows_of(
        select(
            Member.id, case((is_here, Member.username)).label("username"), Member.display_name,
            case((is_here, Member.role)).label("role"), Member.about,
            case((is_here, Member.joined_at)).label("joined_at"), Member.removed_at.label("left_at"),
        ).order_by(Member.id)
    )  # fmt: skip


def readings(_everything: bool) -> Rows:
    """What members read and say so in public."""
    yield from (
        {**row, "rating": row["rating"] / 2 if row["rating"] else None}
        for row in rows_of(
            select(
                Reading.member_id, Reading.book_id, Reading.status, Reading.rating, Reading.position,
                Reading.started_on, Reading.finished_on, Reading.times_read, Reading.planned_month,
                Reading.changed_at,
            )
            .where(Reading.is_private.is_(False))
            .order_by(Reading.id)
        )
    )  # fmt: skip


def reviews(everything: bool) -> Rows:
    """The reviews; those that were taken away keep their place for what was said under them."""
    place = {"author_id": Review.member_id, "book_id": Review.book_id, "thread_id": Review.thread_id}
    yield from _closed(
        everything,
        select(
            Review.id, Review.book_id, Review.member_id, Review.thread_id, Review.title, Review.summary,
            _text(everything, Review.body, Review.horizon, place).label("body"), Review.has_spoilers,
            Review.horizon, Review.created_at, Review.edited_at, Review.deleted_at, Review.removal_reason,
        ).order_by(Review.id),
    )  # fmt: skip


def revisions(everything: bool) -> Rows:
    """What reviews said before they were edited, under the greater of that and the present horizon."""
    place = {"author_id": Review.member_id, "book_id": Review.book_id, "thread_id": Review.thread_id}
    horizon = case((ReviewRevision.horizon > Review.horizon, ReviewRevision.horizon), else_=Review.horizon)
    yield from _closed(
        everything,
        select(
            ReviewRevision.id, ReviewRevision.review_id, ReviewRevision.title, ReviewRevision.summary,
            _text(everything, ReviewRevision.body, horizon, place).label("body"), ReviewRevision.has_spoilers,
            horizon.label("horizon"), ReviewRevision.replaced_at,
        )
        .join(ReviewRevision.review)
        .order_by(ReviewRevision.id),
    )  # fmt: skip


def threads(_everything: bool) -> Rows:
    """The threads: titled ones, and those under reviews, asks and rounds."""
    yield from rows_of(
        select(
            Thread.id, Thread.book_id, Thread.member_id, Thread.title, Thread.floor, Thread.created_at,
            Thread.locked_at, Thread.lock_reason,
        ).order_by(Thread.id)
    )  # fmt: skip


def comments(everything: bool) -> Rows:
    """What was said in all threads, in the order in which it was."""
    place = {"author_id": Comment.member_id, "book_id": Thread.book_id, "thread_id": Comment.thread_id}
    yield from _closed(
        everything,
        select(
            Comment.id, Comment.thread_id, Comment.parent_id, Comment.member_id,
            _text(everything, Comment.body, Comment.horizon, place).label("body"), Comment.has_spoilers,
            Comment.horizon, Comment.created_at, Comment.edited_at, Comment.deleted_at,
            Comment.removal_reason,
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .order_by(Comment.id),
    )  # fmt: skip


def asks(_everything: bool) -> Rows:
    """The questions, which are safe for everybody."""
    yield from rows_of(
        select(
            Ask.id, Ask.member_id, Ask.question, Ask.author_id, Ask.book_id, Tag.name.label("theme"),
            Ask.thread_id, Ask.asked_at, Ask.deleted_at, Ask.removal_reason,
        )
        .outerjoin(Tag, Tag.id == Ask.tag_id)
        .order_by(Ask.id)
    )  # fmt: skip


def answers(_everything: bool) -> Rows:
    """The books that were proposed to whoever asked."""
    yield from rows_of(
        select(
            Answer.id, Answer.ask_id, Answer.book_id, Answer.member_id, Answer.named_as, Answer.reason,
            Answer.answered_at, Answer.taken_at, Answer.deleted_at, Answer.removal_reason,
        ).order_by(Answer.id)
    )  # fmt: skip


def answer_endorsements(_everything: bool) -> Rows:
    """Who would have answered the same."""
    one = AnswerEndorsement
    yield from rows_of(
        select(one.answer_id, one.member_id, one.endorsed_at).order_by(one.answer_id, one.member_id)
    )


def endorsements(_everything: bool) -> Rows:
    """What members recommend to whoever loved another book."""
    yield from rows_of(
        select(
            Endorsement.id, Endorsement.member_id, Endorsement.book_id, Endorsement.other_id,
            Endorsement.book_named_as, Endorsement.other_named_as, Endorsement.reason,
            Endorsement.endorsed_at, Endorsement.deleted_at, Endorsement.removal_reason,
        ).order_by(Endorsement.id)
    )  # fmt: skip


KINDS: Mapping[str, Callable[[bool], Rows]] = {
    "club": club,
    "members": members,
    "authors": authors,
    "books": books,
    "editions": editions,
    "sections": sections,
    "readings": readings,
    "reviews": reviews,
    "revisions": revisions,
    "threads": threads,
    "comments": comments,
    "asks": asks,
    "answers": answers,
    "answer_endorsements": answer_endorsements,
    "endorsements": endorsements,
    "rounds": rounds,
}


def _text(everything: bool, body: Any, horizon: Any, place: Mapping[str, Any]) -> ColumnElement[Any]:
    """A text as far as it leaves: locked text stays in the database."""
    may_leave = literal(True) if everything else visible_to(None, horizon=horizon, **place)
    return case((may_leave, body))


def _closed(everything: bool, statement: Any) -> Rows:
    """Rows whose inline spoilers are closed, unless all is asked for."""
    for row in rows_of(statement):
        body = row["body"]
        if body is None:
            yield row
            continue
        shown = closed(body)
        yield {**row, "body": body if everything else shown, "has_spoilers": shown != body}
