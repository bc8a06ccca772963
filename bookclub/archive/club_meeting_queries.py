"""Rows of the club's export: meetings, the answers to them, their agendas and recaps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import exists, func, or_, select

from ..extensions import db
from ..lib.positions.places import START
from ..meetings.models import Attendance, Meeting, MeetingBook, MeetingSeries, Rsvp
from ..passages.models import Passage
from ..questions.models import Question, QuestionSupport
from ..readings.models import Reading
from ..recaps.models import Recap
from ..threads.models import Comment, Thread
from .exported_text_queries import Rows, hide_spoilers, text_of
from .queries import rows_of

WHERE = {"place", "link", "access"}


def meetings(everything: bool) -> Rows:
    """Rows of the meetings with their books; where they were only with ``everything``."""
    books: dict[int, list[dict[str, Any]]] = {}
    about = select(MeetingBook).order_by(MeetingBook.meeting_id, MeetingBook.number)
    for each in db.session.execute(about).scalars():
        entry = {"book_id": each.book_id, "horizon": each.horizon, "thread_id": each.thread_id}
        books.setdefault(each.meeting_id, []).append(entry)
    one = Meeting
    rows = rows_of(
        select(
            one.id, one.title, one.starts_on, one.clock, one.time_zone, one.starts_at, one.minutes, one.place,
            one.link, one.access, one.notes, one.host_id, one.thread_id, one.created_by_id, one.created_at,
            one.cancelled_at, one.cancel_reason, one.series_id, one.series_on,
        ).order_by(one.id)
    )  # fmt: skip
    for row in rows:
        # Where they were may be somebody's home.
        told = {name: value for name, value in row.items() if everything or name not in WHERE}
        yield {**told, "clock": f"{row['clock']:%H:%M}", "books": books.get(row["id"], [])}


def rsvps(_everything: bool) -> Rows:
    """Rows of the answers to meetings."""
    columns = (Rsvp.meeting_id, Rsvp.member_id, Rsvp.answer, Rsvp.guests, Rsvp.note, Rsvp.answered_at)
    yield from rows_of(select(*columns).order_by(Rsvp.meeting_id, Rsvp.member_id))


def meeting_series(_everything: bool) -> Rows:
    """Rows of the rules by which meetings repeat."""
    one = MeetingSeries
    columns = (one.id, one.rule, one.begins_on, one.created_by_id, one.created_at, one.ended_at)
    yield from rows_of(select(*columns).order_by(one.id))


def attendances(_everything: bool) -> Rows:
    """Rows of who was at which meeting."""
    columns = (Attendance.meeting_id, Attendance.member_id)
    yield from rows_of(select(*columns).order_by(*columns))


def recaps(_everything: bool) -> Rows:
    """Rows of the comments that are recaps of meetings."""
    columns = (Recap.meeting_id, Recap.comment_id)
    yield from rows_of(select(*columns).order_by(*columns))


def questions(everything: bool) -> Rows:
    """Rows of the questions of meetings. The words of comments and passages are with these."""
    # The thread of no comment is NULL, as a column.
    place = {"author_id": Question.member_id, "book_id": Question.book_id, "thread_id": Comment.thread_id}
    yield from hide_spoilers(
        everything,
        select(
            Question.id, Question.meeting_id, Question.book_id, Question.comment_id, Question.passage_id,
            Question.member_id, text_of(everything, Question.body, Question.horizon, place).label("body"),
            Question.has_spoilers,
            func.coalesce(Comment.horizon, Passage.horizon, Question.horizon).label("horizon"),
            Question.created_at, Question.edited_at, Question.deleted_at, Question.removal_reason,
        )
        .outerjoin(Comment, Comment.id == Question.comment_id)
        .outerjoin(Passage, Passage.id == Question.passage_id)
        .order_by(Question.id),
    )  # fmt: skip


def question_supports(_everything: bool) -> Rows:
    """Rows of who cares about which question, without those that would tell of a private reading."""
    one = QuestionSupport
    is_private = exists().where(
        Reading.member_id == one.member_id,
        Reading.is_private.is_(True),
        Reading.book_id == func.coalesce(Thread.book_id, Passage.book_id, Question.book_id),
    )
    is_safe = func.coalesce(Comment.horizon, Passage.horizon, Question.horizon) <= START
    yield from rows_of(
        select(one.question_id, one.member_id, one.supported_at)
        .join(Question, Question.id == one.question_id)
        .outerjoin(Comment, Comment.id == Question.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Passage, Passage.id == Question.passage_id)
        .where(or_(is_safe, ~is_private))
        .order_by(one.question_id, one.member_id)
    )
