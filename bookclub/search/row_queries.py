"""Rows that a search has found, by their ids, with all that a list of hits shows of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, load_only

from ..asks.models import Ask
from ..books.models import Author, Book
from ..extensions import db
from ..lib.positions.visibility import Viewer
from ..meetings.models import Meeting
from ..members.models import Member
from ..questions.models import Question
from ..questions.queries import question_rows
from ..questions.rules import QuestionRow
from ..readings.visibility_queries import asked_by
from ..rounds.models import Round
from ..threads.models import Thread


def rows_by_id(model: Any, ids: Collection[int]) -> dict[int, Any]:
    """Return rows of a model that everybody reads who finds them, by their ids."""
    statement = select(model).where(model.id.in_(ids)).options(*_SHOWN.get(model, ()))
    return {row.id: row for row in db.session.execute(statement).scalars()}


_SHOWN: dict[Any, Sequence[Any]] = {
    Book: (load_only(Book.slug, Book.title, Book.authors_line),),
    Author: (load_only(Author.slug, Author.name),),
    Member: (load_only(Member.username, Member._display_name, Member.shares_name),),
    Thread: (joinedload(Thread.member), joinedload(Thread.book).load_only(Book.title, Book.slug)),
    Ask: (joinedload(Ask.member), joinedload(Ask.book).load_only(Book.title, Book.slug)),
    Meeting: (load_only(Meeting.title, Meeting.starts_at, Meeting.place),),
    Round: (load_only(Round.title, Round.opened_at),),
}


def questions_by_id(viewer: Viewer, ids: Collection[int]) -> dict[int, QuestionRow]:
    """Return questions as this reader sees them, by their ids."""
    rows = db.session.execute(question_rows(viewer).where(Question.id.in_(ids)), asked_by(viewer)).mappings()
    return {row["id"]: QuestionRow(**row) for row in rows}
