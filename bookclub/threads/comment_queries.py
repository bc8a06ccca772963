"""The rows of comments, with as much of their text as a reader may see."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, null, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload

from ..books.models import Book
from ..extensions import db, write_if_free
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..readings.models import Reading, Reveal
from ..readings.queries import MINE, WISH, measures_of, reading_of, text_for, visible_to
from . import rules
from .composer import Writer
from .models import Comment, Thread, ThreadVisit
from .rules import CommentRow, Page

Column = ColumnElement[Any] | Any

VISIT = aliased(ThreadVisit, name="my_visit")


def wished(viewer_id: int, *, book_id: Column, thread_id: Column) -> ColumnElement[bool]:
    """Whether a member chose to see everything in a thread, or about its book."""
    return exists().where(
        WISH.member_id == viewer_id, or_(WISH.thread_id == thread_id, WISH.book_id == book_id)
    )


def unlocked_for(
    viewer_id: int | None,
    *,
    horizon: Column,
    author_id: Column,
    created_at: Column,
    deleted_at: Column,
    book_id: Column,
    thread_id: Column,
) -> ColumnElement[bool]:
    """Whether a member's own reading has opened a text to them that they have not seen yet.

    It lies beyond where they were when they last saw its thread, and beyond what they said they had
    looked at; it was there when they last said something of their reading, for else it would be plainly
    new; it is somebody else's, still has its words, and was not to be seen by a wish anyway.
    """
    if viewer_id is None:
        return literal(False)
    reached = exists().where(
        MINE.member_id == viewer_id,
        MINE.book_id == book_id,
        MINE.mark >= horizon,
        MINE.seen_mark < horizon,
        MINE.changed_at >= created_at,
    )
    seen = exists().where(VISIT.member_id == viewer_id, VISIT.thread_id == thread_id, VISIT.mark >= horizon)
    return and_(
        horizon > START,
        author_id != viewer_id,
        deleted_at.is_(None),
        reached,
        ~seen,
        ~wished(viewer_id, book_id=book_id, thread_id=thread_id),
    )


def comment_unlocked(viewer_id: int | None) -> ColumnElement[bool]:
    """The same of rows of Comment joined with their Thread."""
    return unlocked_for(
        viewer_id,
        horizon=Comment.horizon,
        author_id=Comment.member_id,
        created_at=Comment.created_at,
        deleted_at=Comment.deleted_at,
        book_id=Thread.book_id,
        thread_id=Comment.thread_id,
    )


def is_all_shown(
    viewer_id: int, thread_id: int, rows: Sequence[CommentRow], *, is_continued: bool, otherwise: bool
) -> bool:
    """Whether a page of a thread with these rows shows the last of what is unlocked in it.

    A page that continues another (``is_continued``) is read after that. Where no comment of the thread is
    unlocked at all, the answer is ``otherwise``.
    """
    statement = (
        select(func.min(Comment.path), func.max(Comment.path))
        .join(Thread, Thread.id == Comment.thread_id)
        .where(Comment.thread_id == thread_id, comment_unlocked(viewer_id))
    )
    # There may be none, whatever the types of the two columns say.
    first, last = cast(tuple[str | None, str | None], db.session.execute(statement).one())
    if first is None or last is None:
        return otherwise
    if not rows or last > rows[-1].path:
        return False
    return bool(is_continued or first >= rows[0].path)


def note_thread_visit(member_id: int, thread_id: int, mark: int) -> None:
    """Note how far a member had read when they saw a thread, unless somebody is writing just now.

    Besides the three things that a GET may write, this is a fourth: only what was really shown stops
    being new, and nothing else tells the server that it was. What is lost is noted by the next look. A
    mark that was corrected downwards in the meantime takes nothing back.
    """
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    note = insert(ThreadVisit).values(member_id=member_id, thread_id=thread_id, mark=mark)
    write_if_free(
        note.on_conflict_do_update(
            index_elements=[ThreadVisit.member_id, ThreadVisit.thread_id],
            set_={"mark": note.excluded.mark},
            where=ThreadVisit.mark < note.excluded.mark,
        )
    )


def visits_behind(member_id: int, book_id: int, mark: int) -> Sequence[ThreadVisit]:
    """What was noted of a member's visits to a book's threads that says no more than this mark does."""
    statement = (
        select(ThreadVisit)
        .join(Thread, Thread.id == ThreadVisit.thread_id)
        .where(ThreadVisit.member_id == member_id, Thread.book_id == book_id, ThreadVisit.mark <= mark)
    )
    return db.session.execute(statement.order_by(ThreadVisit.thread_id)).scalars().all()


Columns = TypeVarTuple("Columns")


def comments(viewer: Viewer, thread_id: int, *, after: int | None = None, at: int | None = None) -> Page:
    """A page of a thread in tree order, beginning behind the comment ``after`` or with the comment ``at``.

    Where it begins in the middle of a conversation, the comments above it come first, as context.
    """
    found = db.session.execute(page_of(comment_rows(viewer), thread_id, after=after, at=at))
    rows = [CommentRow(**row) for row in found.mappings()]
    page, rest = rows[: rules.PAGE_SIZE], rows[rules.PAGE_SIZE :]
    is_continued = after is not None or at is not None
    context = _context(rules.ancestors_of(page[0].path)) if page and is_continued else []
    return Page([*context, *page], page[-1].id if rest else None)


def page_of(
    columns: Select[*Columns], thread_id: int, *, after: int | None = None, at: int | None = None
) -> Select[*Columns]:
    """The rows that a page of a thread counts, and the one behind them: withdrawn ones, too."""
    statement = columns.where(Comment.thread_id == thread_id).order_by(Comment.path)
    start = after if after is not None else at
    if start is not None:
        path = (
            select(Comment.path).where(Comment.id == start, Comment.thread_id == thread_id).scalar_subquery()
        )
        statement = statement.where(Comment.path > path if after is not None else Comment.path >= path)
    return statement.limit(rules.PAGE_SIZE + 1)


def comment_row(viewer: Viewer, comment_id: int, *, revealed: bool = False) -> CommentRow | None:
    """One comment as this reader sees it; with ``revealed``, as it is."""
    statement = comment_rows(viewer, revealed=revealed).where(Comment.id == comment_id)
    row = db.session.execute(statement).mappings().one_or_none()
    return CommentRow(**row) if row else None


def _place() -> dict[str, Any]:
    return {"author_id": Comment.member_id, "book_id": Thread.book_id, "thread_id": Comment.thread_id}


def readable(viewer_id: int | None) -> ColumnElement[bool]:
    """The predicate on rows of Comment joined with their Thread."""
    return visible_to(viewer_id, horizon=Comment.horizon, **_place())


def comment_rows(viewer: Viewer, *, revealed: bool = False) -> Select[Any]:
    """The columns of a CommentRow; locked text is not among them."""
    text = (
        Comment.body_html
        if revealed
        else text_for(
            viewer.id, full=Comment.body_html, safe=Comment.safe_html, horizon=Comment.horizon, **_place()
        )
    )
    is_mine = Comment.member_id == viewer.id if viewer.id is not None else literal(False)
    is_young = (
        (Comment.created_at > viewer.new_since) & (Comment.member_id != viewer.id)
        if viewer.new_since is not None
        else literal(False)
    )
    is_unlocked = comment_unlocked(viewer.id)
    gone = Comment.deleted_at.is_not(None)
    return (
        select(
            Comment.id,
            Comment.thread_id,
            Comment.parent_id,
            Comment.path,
            Comment.member_id,
            Member.display_name.label("author"),
            case((Member.removed_at.is_(None), Member.username)).label("username"),
            Comment.created_at,
            Comment.edited_at,
            Comment.deleted_at,
            Comment.removed_by_id,
            Comment.removal_reason,
            Comment.horizon,
            case((gone, None), else_=text).label("html"),
            is_mine.label("is_mine"),
            or_(is_young, is_unlocked).label("is_new"),
            is_unlocked.label("is_unlocked"),
            (~readable(viewer.id) if revealed else literal(False)).label("is_revealed"),
        )
        .join(Member, Member.id == Comment.member_id)
        .join(Thread, Thread.id == Comment.thread_id)
    )


def _context(ids: Sequence[int]) -> list[CommentRow]:
    """The comments above a page's first, saying no more than whose they are."""
    if not ids:
        return []
    statement = comment_rows(Viewer()).where(Comment.id.in_(ids)).order_by(Comment.path)
    return [
        CommentRow(**{**row, "html": None, "context": True})
        for row in db.session.execute(statement).mappings()
    ]


@dataclass(frozen=True)
class ToldComment:
    """A comment as one reader sees it, and where it stands: in which thread on which book.

    ``thread_title`` is None under a review, and under an ask (``of_ask``). ``mark`` is how far the reader
    has been in the book, None where they never said.
    """

    row: CommentRow
    thread_title: str | None
    of_ask: bool
    book_id: int | None
    book_title: str | None
    mark: int | None


def comments_told_of(viewer: Viewer, comment_ids: Collection[int]) -> dict[int, ToldComment]:
    """Those of these comments that are still there, by their ids."""
    if not comment_ids:
        return {}
    statement = comment_rows(viewer).where(Comment.id.in_(comment_ids))
    rows = {row["id"]: CommentRow(**row) for row in db.session.execute(statement).mappings()}
    never_said = or_(Reading.id.is_(None), and_(Reading.position.is_(None), Reading.mark == START))
    places = db.session.execute(
        select(
            Comment.id,
            Thread.title.label("thread_title"),
            Thread.of_ask,
            Thread.book_id,
            Book.title.label("book_title"),
            case((never_said, null()), else_=Reading.mark).label("mark"),
        )
        .join(Thread, Thread.id == Comment.thread_id)
        .outerjoin(Book, Book.id == Thread.book_id)
        .outerjoin(Reading, and_(Reading.member_id == viewer.id, Reading.book_id == Thread.book_id))
        .where(Comment.id.in_(comment_ids))
    )
    return {
        place.id: ToldComment(
            rows[place.id],
            place.thread_title,
            place.of_ask,
            place.book_id,
            place.book_title,
            place.mark,
        )
        for place in places
        if place.id in rows
    }


def writer_on(
    member_id: int, book_id: int | None, *, least: int = START, answers: bool = False, lifted: int = START
) -> Writer:
    """A member as somebody who writes about this book; the rest is as in ``Writer``."""
    if book_id is None:
        return Writer(least=least, answers=answers, lifted=lifted, has_book=False)
    reading, measures = reading_of(member_id, book_id), measures_of(book_id)
    if reading is None:
        return Writer(None, measures, least=least, answers=answers, lifted=lifted)
    return Writer(
        reading.known_mark,
        measures,
        reading.edition_id,
        reading.length,
        reading.length_unit or reading.entry_unit,
        counts_time=reading.entry_unit == "minute",
        least=least,
        answers=answers,
        lifted=lifted,
    )


def writer_in(member_id: int, thread: Thread, parent: Comment | None) -> Writer:
    """A member who adds a comment to a thread, as a reply to ``parent`` or at its top."""
    least = parent.horizon if parent else thread.floor
    return writer_on(member_id, thread.book_id, least=least, answers=parent is not None)


def writer_of(comment: Comment) -> Writer:
    """The author of a comment, who changes it.

    The opening words of a thread follow nothing but themselves.
    """
    thread, parent = comment.thread, comment_above(comment)
    opens = thread.title is not None and comment.id == opening_of(thread.id)
    least = parent.horizon if parent else START if opens else thread.floor
    return writer_on(
        comment.member_id,
        thread.book_id,
        least=least,
        answers=parent is not None,
        lifted=comment.lifted_horizon,
    )


def opens_thread(comment: Comment) -> bool:
    """Return whether these are the first words of a titled thread, whose author gave it its title."""
    thread = comment.thread
    is_theirs = thread.title is not None and not thread.of_round and thread.member_id == comment.member_id
    return is_theirs and comment.id == opening_of(thread.id)


def comment_above(comment: Comment) -> Comment | None:
    """The comment that this one answers."""
    return db.session.get(Comment, comment.parent_id) if comment.parent_id else None


def opening_of(thread_id: int) -> int | None:
    """The id of the first comment of a thread; None where nothing was ever said in it."""
    return db.session.execute(select(func.min(Comment.id)).where(Comment.thread_id == thread_id)).scalar_one()


def threads_revealed(member_id: int) -> Sequence[Thread]:
    """The threads in which a member does not mind spoilers, with their books and who began them."""
    statement = (
        select(Thread)
        .join(Reveal, Reveal.thread_id == Thread.id)
        .where(Reveal.member_id == member_id)
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Reveal.id)
    )
    return db.session.execute(statement).scalars().all()
