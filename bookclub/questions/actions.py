"""Put questions on an agenda, change and delete them, and note who cares about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from ..extensions import db
from ..lib.positions.contents import Contents
from ..meetings.models import Meeting
from ..members.models import Member
from ..notices.actions import notify_of_meeting
from ..passages.models import Passage
from ..readings.actions import Advanced
from ..threads.actions import has_words, keep_choice, remapped_horizon
from ..threads.models import Comment, Wording
from . import queries
from .models import Question, QuestionSupport


def ask(
    meeting: Meeting,
    book_id: int | None,
    member: Member,
    words: Wording,
    now: datetime,
    submission: str | None = None,
) -> Question:
    """Put a member's question about a book, or about none, on the agenda of a meeting."""
    question = Question(
        meeting_id=meeting.id,
        book_id=book_id,
        member_id=member.id,
        own_horizon=words.horizon,
        lifted_horizon=0,
        horizon=words.horizon,
        submission=submission,
        created_at=now,
    )
    question.write(words)
    db.session.add(question)
    db.session.flush()
    return question


def put_on_agenda(meeting: Meeting, post: Comment | Passage, member: Member, now: datetime) -> Question:
    """Put a comment or a passage on the agenda of a meeting, whose row is locked; it stands there once."""
    name = "passage_id" if isinstance(post, Passage) else "comment_id"
    question = queries.reference_to(meeting.id, **{name: post.id})
    if question is None:
        question = Question(meeting_id=meeting.id, member_id=member.id, lifted_horizon=0, created_at=now)
        question.refer_to(**{name: post.id})
        db.session.add(question)
        db.session.flush()
    return question


def edit(question: Question, words: Wording, now: datetime) -> None:
    """Change a question's words and its horizon. If nothing differs, write nothing."""
    words = keep_choice(question, words)
    if has_words(question, words):
        return
    question.write(words)
    question.own_horizon = words.horizon
    question.horizon = max(words.horizon, question.lifted_horizon)
    question.edited_at = now


def delete_question(
    question: Question, now: datetime, *, moderator: Member | None = None, reason: str | None = None
) -> None:
    """Take a question off the agenda: delete its words for good, or the reference to a post."""
    if question.is_reference:
        db.session.delete(question)
        return
    question.wipe(now, moderator.id if moderator else None, reason)
    if moderator is not None:
        notify_of_meeting([question.member_id], "question_removed", question.meeting_id, moderator.id, now)
    # Nobody cares about words that are gone.
    db.session.execute(delete(QuestionSupport).where(QuestionSupport.question_id == question.id))


def support(question: Question, member: Member, now: datetime, *, on: bool) -> None:
    """Note that a member cares about a question, or not any more; doing so twice changes nothing."""
    if on:
        # Two tabs may send it at once, and the primary key decides between them.
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        values = {"question_id": question.id, "member_id": member.id, "supported_at": now}
        db.session.execute(insert(QuestionSupport).values(values).on_conflict_do_nothing())
        return
    db.session.execute(
        delete(QuestionSupport).where(
            QuestionSupport.question_id == question.id, QuestionSupport.member_id == member.id
        )
    )


def remap(book_id: int, contents: Contents, advanced: Sequence[Advanced]) -> None:
    """Recompute the horizons of questions on a book after its sections or its readers' places changed.

    As those of comments they move forwards, never back.
    """
    readers = {reader.member_id: reader for reader in advanced}
    for question in queries.horizons_to_remap(book_id, readers):
        question.own_horizon = remapped_horizon(question, contents, readers)
        question.horizon = max(question.own_horizon, question.lifted_horizon)
