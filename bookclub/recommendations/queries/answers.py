"""Answers to asks: each by itself, on the page of its ask, and as notices tell of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from ...accounts.models import Member
from ...books.models import Book
from ...extensions import db
from ...permissions import loads
from ...readings.queries.presence import is_present
from ..models import Answer, AnswerEndorsement, Ask
from ..rules.asking import say_endorsers
from .endorsements import AS_A_CARD


@dataclass(frozen=True)
class AnswerEntry:
    """An answer on the page of its ask: which members endorse it, and whether the viewer does."""

    answer: Answer
    endorsers: Sequence[str]
    is_endorsed: bool

    @property
    def endorsed(self) -> str:
        """Who endorses it, in words; "" where nobody does."""
        return say_endorsers(self.endorsers)

    @property
    def pages(self) -> int | None:
        """How many pages the book has, by the first of its editions that says so."""
        return next((edition.pages for edition in self.answer.book.editions if edition.pages), None)


@dataclass(frozen=True)
class ToldAnswer:
    """The latest answer of one member to one ask that still stands, for notices."""

    question: str
    book_title: str
    reason: str


@loads(Answer)
def answer_to_act_on(answer_id: int, *, lock: bool) -> Answer | None:
    """An answer with its book, its author and its ask, whose row is held first."""
    if lock:
        of_answer = select(Answer.ask_id).where(Answer.id == answer_id).scalar_subquery()
        db.session.execute(select(Ask.id).where(Ask.id == of_answer).with_for_update(key_share=True))
    return db.session.execute(_answers().where(Answer.id == answer_id)).scalar_one_or_none()


def answers_to(ask_id: int, viewer_id: int) -> Sequence[AnswerEntry]:
    """The answers to an ask: those that were taken first, then the most endorsed, then the oldest.

    One that a moderator removed keeps its place and the reason of that; one taken back is gone.
    """
    shown = or_(Answer.deleted_at.is_(None), Answer.removed_by_id.is_not(None))
    answers = db.session.execute(_answers().where(Answer.ask_id == ask_id, shown)).scalars().all()
    entries = _answer_entries(answers, viewer_id)
    return sorted(
        entries, key=lambda each: (each.answer.taken_at is None, -len(each.endorsers), each.answer.id)
    )


def answer_entry(answer: Answer, viewer_id: int) -> AnswerEntry:
    """One answer as its ask's page shows it."""
    return _answer_entries([answer], viewer_id)[0]


def answers_by(member_id: int, ask_id: int) -> dict[int, Answer]:
    """A member's answers to an ask that stand, by the ids of the books that they name."""
    statement = select(Answer).where(
        Answer.member_id == member_id, Answer.ask_id == ask_id, Answer.deleted_at.is_(None)
    )
    return {answer.book_id: answer for answer in db.session.execute(statement).scalars()}


def endorsement_of(answer_id: int, member_id: int) -> AnswerEndorsement | None:
    """A member's endorsement of an answer."""
    return db.session.get(AnswerEndorsement, (answer_id, member_id))


def answers_told_of(ask_ids: Collection[int]) -> dict[tuple[int | None, int | None], ToldAnswer]:
    """For each of these asks and each member who answered it the latest answer that stands."""
    if not ask_ids:
        return {}
    rows = db.session.execute(
        select(Answer.ask_id, Answer.member_id, Ask.question, Book.title, Answer.reason)
        .join(Ask, Ask.id == Answer.ask_id)
        .join(Book, Book.id == Answer.book_id)
        .where(Answer.ask_id.in_(ask_ids), Answer.deleted_at.is_(None))
        .order_by(Answer.id)
    )
    return {(ask_id, member_id): ToldAnswer(*told) for ask_id, member_id, *told in rows}


def _answers() -> Select[Answer]:
    return (
        select(Answer)
        .join(Answer.ask)
        .options(
            contains_eager(Answer.ask),
            joinedload(Answer.member),
            joinedload(Answer.book).load_only(*AS_A_CARD).selectinload(Book.editions),
        )
        .order_by(Answer.id)
    )


def _answer_entries(answers: Sequence[Answer], viewer_id: int) -> list[AnswerEntry]:
    names: dict[int, list[str]] = defaultdict(list)
    mine: set[int] = set()
    rows = db.session.execute(
        select(AnswerEndorsement.answer_id, AnswerEndorsement.member_id, Member.display_name)
        .join(Member, Member.id == AnswerEndorsement.member_id)
        .where(AnswerEndorsement.answer_id.in_([answer.id for answer in answers]), is_present(Member.id))
        .order_by(AnswerEndorsement.endorsed_at, AnswerEndorsement.member_id)
    )
    for answer_id, member_id, name in rows:
        names[answer_id].append(name)
        if member_id == viewer_id:
            mine.add(answer_id)
    return [AnswerEntry(answer, names[answer.id], answer.id in mine) for answer in answers]
