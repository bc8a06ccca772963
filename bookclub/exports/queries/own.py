"""What one member has read, written and chosen: their own, and of others no more than safe titles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased, joinedload

from ...accounts.models import Member
from ...books.models import Author, Book, Tag
from ...extensions import db
from ...readings.models import Reading
from ...recommendations.models import Answer, AnswerEndorsement, Ask, Endorsement, Mute
from ...renderings import as_typed, typed
from ...reviews.models import Review, ReviewDraft, ReviewRevision
from ...threads.models import Comment, Thread
from ...voting.models import Ballot, Nomination, Round
from . import rows_of

Rows = Iterator[dict[str, Any]]


def reviews_by(member_id: int) -> Rows:
    """Their reviews, each with its book."""
    return rows_of(
        select(
            Review.id, as_typed(Review.title), as_typed(Review.summary), Review.body, Review.horizon,
            Review.created_at, Review.edited_at, Book.title.label("book"), Book.slug,
            Book.authors_line.label("authors"), Reading.rating,
        )
        .join(Book, Book.id == Review.book_id)
        .outerjoin(
            Reading, (Reading.member_id == Review.member_id) & (Reading.book_id == Review.book_id)
        )
        .where(Review.member_id == member_id, Review.deleted_at.is_(None))
        .order_by(Review.id)
    )  # fmt: skip


def revisions_by(member_id: int) -> Rows:
    """What those reviews said before they were edited."""
    return rows_of(
        select(
            ReviewRevision.id, ReviewRevision.review_id, as_typed(ReviewRevision.title),
            as_typed(ReviewRevision.summary), ReviewRevision.body, ReviewRevision.horizon,
            ReviewRevision.replaced_at, Book.title.label("book"),
            Book.slug,
        )
        .join(ReviewRevision.review)
        .join(Book, Book.id == Review.book_id)
        .where(Review.member_id == member_id, Review.deleted_at.is_(None))
        .order_by(ReviewRevision.id)
    )  # fmt: skip


def drafts_by(member_id: int) -> Rows:
    """Their drafts of reviews."""
    return rows_of(
        select(
            ReviewDraft.id, ReviewDraft.title, ReviewDraft.summary, ReviewDraft.body,
            ReviewDraft.has_spoilers, ReviewDraft.written_on, ReviewDraft.changed_at,
            Book.title.label("book"), Book.slug,
        )
        .join(Book, Book.id == ReviewDraft.book_id)
        .where(ReviewDraft.member_id == member_id)
        .order_by(ReviewDraft.id)
    )  # fmt: skip


def comments_by(member_id: int) -> Rows:
    """Their comments, each with the titles of what it stands under, which are safe for everybody, and with
    the name of whom it answers. Of what that says there is nothing."""
    answered, replier, reviewer = aliased(Comment), aliased(Member), aliased(Member)
    return rows_of(
        select(
            Comment.id, Comment.body, Comment.horizon, Comment.created_at, Comment.edited_at,
            Thread.id.label("thread_id"), Thread.title.label("thread"), Book.title.label("book"),
            Review.title.label("review"), reviewer.display_name.label("reviewer"), Ask.question,
            answered.id.label("parent_id"), replier.display_name.label("answers"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Review, Review.thread_id == Thread.id)
        .outerjoin(reviewer, reviewer.id == Review.member_id)
        .outerjoin(Ask, Ask.thread_id == Thread.id)
        .outerjoin(answered, answered.id == Comment.parent_id)
        .outerjoin(replier, replier.id == answered.member_id)
        .where(Comment.member_id == member_id, Comment.deleted_at.is_(None))
        .order_by(Comment.id)
    )  # fmt: skip


def threads_by(member_id: int) -> Rows:
    """The titled threads that they opened on books; the opening words are among their comments."""
    return rows_of(
        select(Thread.id, as_typed(Thread.title), Book.title.label("book"), Thread.created_at)
        .outerjoin(Book, Book.id == Thread.book_id)
        .where(Thread.member_id == member_id, Thread.title.is_not(None), Thread.of_round.is_(False))
        .order_by(Thread.id)
    )


def asks_by(member_id: int) -> Rows:
    """Their questions, and what these were about."""
    return rows_of(
        select(
            Ask.id, as_typed(Ask.question), Author.name.label("author"), Book.title.label("book"),
            Tag.name.label("theme"), Ask.asked_at,
        )
        .outerjoin(Author, Author.id == Ask.author_id)
        .outerjoin(Book, Book.id == Ask.book_id)
        .outerjoin(Tag, Tag.id == Ask.tag_id)
        .where(Ask.member_id == member_id, Ask.deleted_at.is_(None))
        .order_by(Ask.id)
    )  # fmt: skip


def answers_by(member_id: int) -> Rows:
    """The books that they proposed to whoever asked."""
    return rows_of(
        select(
            Answer.id, Answer.ask_id, Ask.question, Book.title.label("book"), as_typed(Answer.reason),
            Answer.answered_at, Answer.taken_at,
        )
        .join(Answer.ask)
        .join(Answer.book)
        .where(Answer.member_id == member_id, Answer.deleted_at.is_(None))
        .order_by(Answer.id)
    )  # fmt: skip


def answers_endorsed_by(member_id: int) -> Rows:
    """The answers of others that they endorsed: which book to which question."""
    return rows_of(
        select(
            AnswerEndorsement.answer_id, Ask.question, Book.title.label("book"), AnswerEndorsement.endorsed_at
        )
        .join(Answer, Answer.id == AnswerEndorsement.answer_id)
        .join(Ask, Ask.id == Answer.ask_id)
        .join(Book, Book.id == Answer.book_id)
        .where(AnswerEndorsement.member_id == member_id, Answer.deleted_at.is_(None))
        .order_by(AnswerEndorsement.answer_id)
    )


def endorsements_by(member_id: int) -> Rows:
    """The books that they recommend to whoever loved another."""
    other = aliased(Book)
    return rows_of(
        select(
            Endorsement.id, Book.title.label("who_loved"), other.title.label("should_read"),
            as_typed(Endorsement.reason), Endorsement.endorsed_at,
        )
        .join(Book, Book.id == Endorsement.book_id)
        .join(other, other.id == Endorsement.other_id)
        .where(Endorsement.member_id == member_id, Endorsement.deleted_at.is_(None))
        .order_by(Endorsement.id)
    )  # fmt: skip


def nominations_by(member_id: int) -> Rows:
    """The books that they nominated, called as they were voted on, or nominated where nobody has yet."""
    statement = select(Nomination).where(Nomination.member_id == member_id).order_by(Nomination.id)
    loaded = statement.options(joinedload(Nomination.book), joinedload(Nomination.voting_round))
    for each in db.session.execute(loaded).scalars().all():
        yield {
            "id": each.id,
            "round": each.voting_round.title,
            "book": each.title,
            "pitch": typed(each.pitch),
            "nominated_at": each.nominated_at,
            "withdrawn_at": each.withdrawn_at,
        }


def ballots_by(member_id: int) -> Rows:
    """Their ballots in rounds with open ballots. A private ballot is in no file, not even its voter's."""
    statement = (
        select(Ballot.ranks, Ballot.receipt, Ballot.cast_at, Round.id, Round.title, Round.method)
        .join(Round, Round.id == Ballot.round_id)
        .where(Ballot.member_id == member_id, Round.secrecy == "open")
        .order_by(Round.id)
    )
    for row in db.session.execute(statement).all():
        of_round = select(Nomination).where(Nomination.round_id == row.id)
        rows = db.session.execute(of_round.options(joinedload(Nomination.book))).scalars()
        titles = {each.id: each.title for each in rows}
        ranks = sorted((place, int(nomination)) for nomination, place in row.ranks.items())
        yield {
            "round": row.title,
            "method": row.method,
            "receipt": row.receipt,
            "cast_at": row.cast_at,
            "ballot": [{"book": titles.get(nomination), "place": place} for place, nomination in ranks],
        }


def muted_by(member_id: int) -> list[str]:
    """The titles of the books that they do not want to be recommended."""
    statement = select(Book.title).join(Mute, Mute.book_id == Book.id).where(Mute.member_id == member_id)
    return list(db.session.execute(statement.order_by(Book.title_key)).scalars())
