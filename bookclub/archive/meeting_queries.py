"""A member's own meetings, answers to meetings, and questions for them."""

from __future__ import annotations

from sqlalchemy import select

from ..books.models import Book
from ..meetings.models import Attendance, Meeting, MeetingSeries, Rsvp
from ..questions.models import Question, QuestionSupport
from ..text_columns import as_typed
from .queries import Rows, rows_of


def meetings_by(member_id: int) -> Rows:
    """Meetings that a member hosts."""
    one = Meeting
    yield from rows_of(
        select(
            one.id, as_typed(one.title), one.starts_at, one.time_zone, one.minutes, as_typed(one.place),
            one.link, as_typed(one.access), as_typed(one.notes), one.cancelled_at,
            MeetingSeries.rule.label("repeats"),
        )
        .outerjoin(MeetingSeries, MeetingSeries.id == one.series_id)
        .where(one.host_id == member_id)
        .order_by(one.id)
    )  # fmt: skip


def rsvps_by(member_id: int) -> Rows:
    """A member's answers to meetings."""
    columns = (
        Rsvp.meeting_id,
        Meeting.title,
        Rsvp.answer,
        Rsvp.guests,
        as_typed(Rsvp.note),
        Rsvp.answered_at,
    )
    joined = select(*columns).join(Meeting, Meeting.id == Rsvp.meeting_id)
    yield from rows_of(joined.where(Rsvp.member_id == member_id).order_by(Rsvp.meeting_id))


def attendances_by(member_id: int) -> Rows:
    """Meetings at which a member was."""
    statement = select(Attendance.meeting_id, Meeting.title, Meeting.starts_at)
    joined = statement.join(Meeting, Meeting.id == Attendance.meeting_id)
    yield from rows_of(joined.where(Attendance.member_id == member_id).order_by(Attendance.meeting_id))


def questions_by(member_id: int) -> Rows:
    """A member's questions for meetings, and the comments and passages that they put on an agenda."""
    yield from rows_of(
        select(
            Question.id, Question.meeting_id, Meeting.title.label("meeting"), Book.title.label("book"),
            Question.comment_id, Question.passage_id, Question.body, Question.horizon,
            Question.created_at, Question.edited_at,
        )
        .join(Meeting, Meeting.id == Question.meeting_id)
        .outerjoin(Book, Book.id == Question.book_id)
        .where(Question.member_id == member_id, Question.deleted_at.is_(None))
        .order_by(Question.id)
    )  # fmt: skip


def questions_supported_by(member_id: int) -> Rows:
    """The questions that a member cares about."""
    one = QuestionSupport
    yield from rows_of(
        select(one.question_id, Question.meeting_id, one.supported_at)
        .join(Question, Question.id == one.question_id)
        .where(one.member_id == member_id)
        .order_by(one.question_id)
    )
