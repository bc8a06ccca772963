"""Queries on questions, with only as much text as a reader may see, and on the open ones about a book."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload

from ..books.catalogue_queries import Page
from ..books.models import Book
from ..extensions import db, shared_alias
from ..lib.positions.visibility import Viewer
from ..meetings.events import on_withdrawal
from ..meetings.models import Meeting, MeetingBook
from ..members.models import IS_ABSENT, Member
from ..passages.models import Passage
from ..permissions import loads
from ..readings.models import Reading
from ..readings.visibility_queries import anyone_like, asked_by, text_for, visible_to
from ..threads.comment_queries import comment_rows, readable
from ..threads.models import Comment, Thread
from ..threads.rules import CommentRow
from .models import Question, QuestionSupport
from .rules import OpenCount, QuestionRow, SupportRow


@on_withdrawal
def meetings_with_questions(meeting_ids: Collection[int]) -> set[int]:
    """The ids of those of these meetings on whose agenda a question stands."""
    statement = select(Question.meeting_id).where(
        Question.meeting_id.in_(meeting_ids), Question.deleted_at.is_(None)
    )
    return set(db.session.execute(statement).scalars())


# So many open questions of each kind are on one page of a book, and proposed for the agenda of a meeting.
ENTRIES_PER_PAGE = 50
MOST_PROPOSED = 20
# A book is read for one meeting, or for a few.
MOST_MEETINGS = 5

# Up to two members have a part in one question, and it may stand for a comment about another book.
AUTHOR = shared_alias(Member, "question_author")
PUT_BY = shared_alias(Member, "question_put_by")


# A reference has nothing of its own: its author, horizon and book are its post's. The thread is a column
# and not NULL where there is no post, since "= NULL" as "IS NULL" would match wishes about whole books.
AUTHOR_ID = func.coalesce(Comment.member_id, Passage.member_id, Question.member_id)
HORIZON = func.coalesce(Comment.horizon, Passage.horizon, Question.horizon)
BOOK_ID = func.coalesce(Thread.book_id, Passage.book_id, Question.book_id)
THREAD_ID = func.coalesce(Comment.thread_id, Passage.thread_id)
PLACE: dict[str, Any] = {"author_id": AUTHOR_ID, "book_id": BOOK_ID, "thread_id": THREAD_ID}


def is_listed() -> ColumnElement[bool]:
    """Return the condition that a Question, joined with its Comment and Passage, stands on its agenda.

    A comment does while it has its words and is marked as an open question, and a passage while it has its
    words. A question does unless its author deleted it; one that a moderator removed stays with the reason.
    """
    return case(
        (
            Question.comment_id.is_not(None),
            and_(Comment.deleted_at.is_(None), Comment.open_question_at.is_not(None)),
        ),
        (Question.passage_id.is_not(None), Passage.deleted_at.is_(None)),
        else_=or_(Question.deleted_at.is_(None), Question.removed_by_id.is_not(None)),
    )


def question_rows(viewer: Viewer, *, revealed: bool = False) -> Select[Any]:
    """Select the columns of a QuestionRow; locked text is not among them. Sent with ``asked_by()``."""
    return _question_rows(anyone_like(viewer), revealed)


@cache
def _question_rows(viewer: Viewer, revealed: bool) -> Select[Any]:
    full, safe = (
        case(
            (Question.comment_id.is_not(None), of_comment),
            (Question.passage_id.is_not(None), of_passage),
            else_=own,
        )
        for of_comment, of_passage, own in (
            (Comment.body_html, Passage.body_html, Question.body_html),
            (Comment.safe_html, Passage.safe_html, Question.safe_html),
        )
    )
    # The words from a book have no bars: who reached them sees all of them.
    is_seen = literal(True) if revealed else visible_to(viewer, horizon=HORIZON, **PLACE)
    # A reveal shows this one text in full, with its bars open, and opens nothing else.
    text = full if revealed else text_for(viewer, full=full, safe=safe, horizon=HORIZON, **PLACE)
    is_ahead = ~visible_to(viewer, horizon=HORIZON, **PLACE) if revealed else literal(False)
    author_id = AUTHOR_ID
    # For a visitor the comparison would be NULL and not false.
    is_mine = author_id == viewer.id if viewer.id is not None else literal(False)
    return (
        select(
            Question.id,
            Question.meeting_id,
            Question.comment_id,
            Question.passage_id,
            AUTHOR_ID.label("member_id"),
            AUTHOR.display_name.label("author"),
            # A removed member has no page to link to.
            case((AUTHOR.removed_at.is_(None), AUTHOR.username)).label("username"),
            Question.member_id.label("put_by_id"),
            PUT_BY.display_name.label("put_by"),
            Question.created_at,
            Question.edited_at,
            Question.deleted_at,
            Question.removed_by_id,
            Question.removal_reason,
            HORIZON.label("horizon"),
            case((Question.deleted_at.is_(None), text)).label("html"),
            case((is_seen, Passage.text)).label("quotation"),
            is_mine.label("is_mine"),
            BOOK_ID.label("book_id"),
            Book.title.label("book_title"),
            Book.slug.label("book_slug"),
            is_ahead.label("is_revealed"),
        )
        .outerjoin(Comment, Comment.id == Question.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Passage, Passage.id == Question.passage_id)
        .join(AUTHOR, AUTHOR.id == AUTHOR_ID)
        .join(PUT_BY, PUT_BY.id == Question.member_id)
        .outerjoin(Book, Book.id == BOOK_ID)
        .where(is_listed())
    )


def questions_of(viewer: Viewer, meeting_id: int) -> list[QuestionRow]:
    """Return the questions on the agenda of a meeting as this reader sees them, the oldest first."""
    statement = question_rows(viewer).where(Question.meeting_id == meeting_id).order_by(Question.id)
    return [QuestionRow(**row) for row in db.session.execute(statement, asked_by(viewer)).mappings()]


def question_row(viewer: Viewer, question_id: int, *, revealed: bool = False) -> QuestionRow | None:
    """Return one question as this reader sees it; with ``revealed``, in full. None if it is not listed."""
    statement = question_rows(viewer, revealed=revealed).where(Question.id == question_id)
    row = db.session.execute(statement, asked_by(viewer)).mappings().one_or_none()
    return QuestionRow(**row) if row else None


def supports_of(questions: Sequence[QuestionRow]) -> list[SupportRow]:
    """Return who cares about these questions, the earliest first, of the members who are here.

    Who may know of them is for the rules to say.
    """
    if not questions:
        return []
    statement = (
        select(
            QuestionSupport.question_id,
            QuestionSupport.member_id,
            Member.display_name.label("name"),
            # A member without a reading of the book has none to hide.
            func.coalesce(Reading.is_private, False).label("is_private"),
        )
        .join(Member, Member.id == QuestionSupport.member_id)
        .join(Question, Question.id == QuestionSupport.question_id)
        .outerjoin(Comment, Comment.id == Question.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Passage, Passage.id == Question.passage_id)
        .outerjoin(Reading, and_(Reading.member_id == QuestionSupport.member_id, Reading.book_id == BOOK_ID))
        .where(~IS_ABSENT, QuestionSupport.question_id.in_([one.id for one in questions]))
        .order_by(QuestionSupport.supported_at, QuestionSupport.member_id)
    )
    return [
        SupportRow(row.question_id, row.member_id, row.name, bool(row.is_private))
        for row in db.session.execute(statement)
    ]


@loads(Question)
def question_to_act_on(question_id: int, *, lock: bool) -> Question | None:
    """Return a question with its meeting and book, locked where the request writes; None if not listed."""
    statement = (
        select(Question)
        .outerjoin(Question.comment)
        .outerjoin(Question.passage)
        .where(Question.id == question_id, is_listed())
        .options(
            contains_eager(Question.comment),
            contains_eager(Question.passage),
            joinedload(Question.meeting),
            joinedload(Question.book),
            joinedload(Question.member),
        )
    )
    if lock:
        # PostgreSQL refuses to lock the rows on the optional side of an outer join.
        statement = statement.with_for_update(key_share=True, of=Question)
    return db.session.execute(statement).scalar_one_or_none()


def question_sent(viewer: Viewer, submission: str | None) -> Question | None:
    """Return the question that this form of the viewer has already made, or None."""
    if submission is None:
        return None
    statement = select(Question).where(Question.member_id == viewer.id, Question.submission == submission)
    return db.session.execute(statement).scalar_one_or_none()


def open_comment(viewer: Viewer, comment_id: int | None) -> Comment | None:
    """Return a comment that is an open question and that this reader may see, or None."""
    if comment_id is None:
        return None
    statement = (
        select(Comment)
        .join(Comment.thread)
        .where(Comment.id == comment_id, _is_open(), readable(viewer))
        .options(contains_eager(Comment.thread))
    )
    return db.session.execute(statement, asked_by(viewer)).scalar_one_or_none()


def reference_to(
    meeting_id: int, *, comment_id: int | None = None, passage_id: int | None = None
) -> Question | None:
    """Return the place of a comment or a passage on the agenda of a meeting, or None."""
    statement = select(Question).where(
        Question.meeting_id == meeting_id,
        # None is compared with IS NULL.
        Question.comment_id == comment_id,
        Question.passage_id == passage_id,
    )
    return db.session.execute(statement).scalar_one_or_none()


def comments_to_propose(viewer: Viewer, meeting: Meeting) -> list[CommentRow]:
    """Return open questions from conversations that fit a meeting and are not on its agenda.

    They are about a book of the meeting, or from its own conversation; the newest first. Those that lie ahead
    of the reader are left out.
    """
    on_agenda = select(Question.comment_id).where(
        Question.meeting_id == meeting.id, Question.comment_id.is_not(None)
    )
    statement = comment_rows(viewer).where(
        or_(
            Thread.book_id.in_([each.book_id for each in meeting.books]),
            Thread.id.in_([thread.id for thread in meeting.threads]),
        ),
        _is_open(),
        readable(viewer),
        Comment.id.not_in(on_agenda),
    )
    statement = statement.order_by(Comment.open_question_at.desc(), Comment.id.desc()).limit(MOST_PROPOSED)
    return [CommentRow(**row) for row in db.session.execute(statement, asked_by(viewer)).mappings()]


def count_open(viewer: Viewer, book_id: int) -> OpenCount:
    """Count the open questions about a book: in its conversations, and asked for meetings."""
    rows = db.session.execute(_open_counts(anyone_like(viewer)), {"book_id": book_id, **asked_by(viewer)})
    counted = [(int(total), int(here)) for total, here in rows]
    return OpenCount(sum(total for total, _ in counted), sum(here for _, here in counted))


@cache
def _open_counts(viewer: Viewer) -> CompoundSelect[Any]:
    comments = (
        select(func.count(), func.coalesce(func.sum(case((readable(viewer), 1), else_=0)), 0))
        .select_from(Comment)
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Thread.book_id == bindparam("book_id"), _is_open())
    )
    seen = visible_to(viewer, horizon=HORIZON, **PLACE)
    questions = (
        select(func.count(), func.coalesce(func.sum(case((seen, 1), else_=0)), 0))
        .select_from(Question)
        .outerjoin(Comment, Comment.id == Question.comment_id)
        .outerjoin(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Passage, Passage.id == Question.passage_id)
        .where(Question.book_id == bindparam("book_id"), Question.deleted_at.is_(None))
    )
    return union_all(comments, questions)


def open_comments(viewer: Viewer, book_id: int, after: int | None = None) -> Page[CommentRow]:
    """Return a page of the open questions in the conversations about a book, the newest comment first."""
    statement = comment_rows(viewer).where(Thread.book_id == book_id, _is_open())
    if after is not None:
        statement = statement.where(Comment.id < after)
    statement = statement.order_by(Comment.id.desc()).limit(ENTRIES_PER_PAGE + 1)
    found = [CommentRow(**row) for row in db.session.execute(statement, asked_by(viewer)).mappings()]
    page = found[:ENTRIES_PER_PAGE]
    return Page(page, str(page[-1].id) if len(found) > len(page) else "")


def questions_about(viewer: Viewer, book_id: int, after: int | None = None) -> Page[QuestionRow]:
    """Return a page of the questions asked for meetings about a book, the newest first.

    Comments on an agenda are not among them: they are open questions of their conversations.
    """
    statement = question_rows(viewer).where(Question.book_id == book_id, Question.deleted_at.is_(None))
    if after is not None:
        statement = statement.where(Question.id < after)
    statement = statement.order_by(Question.id.desc()).limit(ENTRIES_PER_PAGE + 1)
    found = [QuestionRow(**row) for row in db.session.execute(statement, asked_by(viewer)).mappings()]
    page = found[:ENTRIES_PER_PAGE]
    return Page(page, str(page[-1].id) if len(found) > len(page) else "")


def meetings_about(book_id: int, now: datetime) -> Sequence[Meeting]:
    """Return the meetings about a book which still take questions, the next one first."""
    statement = (
        select(Meeting)
        .join(MeetingBook, MeetingBook.meeting_id == Meeting.id)
        .where(MeetingBook.book_id == book_id, Meeting.ends_at > now, Meeting.cancelled_at.is_(None))
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MOST_MEETINGS)
    )
    return db.session.execute(statement).scalars().all()


def next_meeting_about(book_id: int, now: datetime) -> Meeting | None:
    """Return the next meeting about a book, which still takes questions, or None."""
    return next(iter(meetings_about(book_id, now)), None)


def meetings_with_passage(passage_id: int) -> set[int]:
    """Return the ids of the meetings on whose agendas a passage stands."""
    statement = select(Question.meeting_id).where(Question.passage_id == passage_id)
    return set(db.session.execute(statement).scalars())


def meetings_with(comment_ids: Collection[int]) -> dict[int, set[int]]:
    """Return the ids of the meetings on whose agendas each of these comments stands."""
    found: dict[int, set[int]] = {comment_id: set() for comment_id in comment_ids}
    statement = select(Question).where(Question.comment_id.in_(found))
    for question in db.session.execute(statement).scalars():
        found[question.comment_id or 0].add(question.meeting_id)
    return found


def horizons_to_remap(book_id: int, member_ids: Collection[int]) -> Sequence[Question]:
    """Lock and return questions on a book that follow a section or one of these members' places."""
    follows = or_(
        Question.horizon_choice.startswith("section-"),
        and_(Question.horizon_choice == "mine", Question.member_id.in_(member_ids)),
    )
    # Otherwise an edit in between could be overwritten with a horizon that was computed from the old choice.
    statement = select(Question).where(Question.book_id == book_id, follows).order_by(Question.id)
    return db.session.execute(statement.with_for_update(key_share=True)).scalars().all()


def _is_open() -> ColumnElement[bool]:
    return and_(Comment.deleted_at.is_(None), Comment.open_question_at.is_not(None))
