"""Queries on comments, with only as much text as a reader may see, and on which of them are unread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any, TypeVarTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import aliased, joinedload

from ..extensions import db, shared_alias
from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..members.models import Member
from ..readings.models import Reveal
from ..readings.visibility_queries import MY_READING, MY_REVEAL, anyone_like, asked_by, text_for, visible_to
from . import rules
from .models import Bookmark, Comment, Thread
from .rules import CommentRow, PageOfIds

Column = ColumnElement[Any] | Any

# The alias lets the statement around it use the same table for something else.
BOOKMARK = shared_alias(Bookmark, "my_bookmark")


def has_wish(viewer: Viewer, *, book_id: Column, thread_id: Column) -> ColumnElement[bool]:
    """Return the condition that the viewer chose to see everything in a thread, or about its book."""
    if viewer.revealer_id is None:
        return false()
    return exists().where(
        MY_REVEAL.member_id == viewer.revealer_id,
        or_(MY_REVEAL.thread_id == thread_id, MY_REVEAL.book_id == book_id),
    )


def unlocked_for(
    viewer: Viewer,
    *,
    horizon: Column,
    author_id: Column,
    created_at: Column,
    deleted_at: Column,
    book_id: Column,
    thread_id: Column,
) -> ColumnElement[bool]:
    """Return the condition that a member's own reading has unlocked a text that they have not seen yet.

    All of this holds for such a text:

    - It lies beyond the mark of the member's bookmark in its thread, and beyond their seen mark.
    - It existed when they last changed their reading; otherwise it would simply be new.
    - Someone else wrote it, and its words are still there.
    - No wish of the member reveals it anyway.
    """
    if viewer.id is None:
        return literal(False)
    reached = exists().where(
        MY_READING.member_id == viewer.id,
        MY_READING.book_id == book_id,
        MY_READING.mark >= horizon,
        MY_READING.seen_mark < horizon,
        MY_READING.changed_at >= created_at,
    )
    seen = exists().where(
        BOOKMARK.member_id == viewer.id, BOOKMARK.thread_id == thread_id, BOOKMARK.mark >= horizon
    )
    return and_(
        # What was safe for everybody was never locked, so it cannot unlock.
        horizon > START,
        author_id != viewer.id,
        deleted_at.is_(None),
        reached,
        ~seen,
        ~has_wish(viewer, book_id=book_id, thread_id=thread_id),
    )


def comment_unlocked(viewer: Viewer) -> ColumnElement[bool]:
    """Return ``unlocked_for()`` for rows of Comment joined with their Thread; sent with ``asked_by()``."""
    return _comment_unlocked(anyone_like(viewer))


@cache
def _comment_unlocked(viewer: Viewer) -> ColumnElement[bool]:
    return unlocked_for(
        viewer,
        horizon=Comment.horizon,
        author_id=Comment.member_id,
        created_at=Comment.created_at,
        deleted_at=Comment.deleted_at,
        book_id=Thread.book_id,
        thread_id=Comment.thread_id,
    )


def is_newer(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a Comment is newer than the reader's bookmark; sent with ``asked_by()``."""
    return _is_newer(anyone_like(viewer))


@cache
def _is_newer(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.id is None:
        return literal(False)
    bookmarked = (
        select(BOOKMARK.comment_id)
        .where(BOOKMARK.member_id == viewer.id, BOOKMARK.thread_id == Comment.thread_id)
        .scalar_subquery()
    )
    newer: ColumnElement[bool] = Comment.id > func.coalesce(bookmarked, caught_up_id(viewer.id), 0)
    return newer


def caught_up_id(member_id: int) -> ColumnElement[int | None]:
    """Select the newest comment that counts as read where a member has no bookmark; NULL if there is none."""
    earlier = aliased(Comment)
    moment = (
        select(func.coalesce(Member.caught_up_at, Member.joined_at))
        .where(Member.id == member_id)
        .correlate(None)
        .scalar_subquery()
    )
    return (
        select(earlier.id)
        .where(earlier.created_at <= moment)
        .order_by(earlier.created_at.desc(), earlier.id.desc())
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )


def comment_unread(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that a Comment, joined with its Thread, is unread and visible to this reader.

    Its statement is sent with ``asked_by()``.
    """
    return _comment_unread(anyone_like(viewer))


@cache
def _comment_unread(viewer: Viewer) -> ColumnElement[bool]:
    if viewer.id is None:
        return literal(False)
    return and_(
        Comment.member_id != viewer.id,
        Comment.deleted_at.is_(None),
        or_(is_newer(viewer), comment_unlocked(viewer)),
        # A mark at a thread must not tell that somebody wrote what this reader may not see yet.
        readable(viewer),
    )


Columns = TypeVarTuple("Columns")


def comments(viewer: Viewer, thread_id: int, *, after: int | None = None, at: int | None = None) -> PageOfIds:
    """Return a page of a thread in tree order, after the comment ``after`` or from the comment ``at``.

    If the page starts in the middle of a conversation, the comments above it come first, as context.
    """
    sent = {"thread_id": thread_id, "start": at if after is None else after, **asked_by(viewer)}
    statement = _page(anyone_like(viewer), after is not None, at is not None)
    rows = [CommentRow(**row) for row in db.session.execute(statement, sent).mappings()]
    page, rest = rows[: rules.PAGE_SIZE], rows[rules.PAGE_SIZE :]
    is_continued = after is not None or at is not None
    # A path names all comments above it, so nothing has to climb the tree.
    context = _context(rules.ancestors_of(page[0].path)) if page and is_continued else []
    return PageOfIds([*context, *page], page[-1].id if rest else None)


@cache
def _page(viewer: Viewer, is_after: bool, is_at: bool) -> Select[Any]:
    start = bindparam("start", type_=Integer)
    return page_of(
        comment_rows(viewer),
        bindparam("thread_id", type_=Integer),
        after=start if is_after else None,
        at=start if is_at else None,
    )


def page_of(
    columns: Select[*Columns],
    thread_id: int | BindParameter[int],
    *,
    after: int | BindParameter[int] | None = None,
    at: int | BindParameter[int] | None = None,
) -> Select[*Columns]:
    """Return the rows that a page of a thread counts, withdrawn ones too, and the one after them.

    The extra row tells whether there is another page.
    """
    statement = columns.where(Comment.thread_id == thread_id).order_by(Comment.path)
    start = after if after is not None else at
    if start is not None:
        path = (
            # A comment of another thread has no path here: compared with NULL, the page is empty.
            select(Comment.path).where(Comment.id == start, Comment.thread_id == thread_id).scalar_subquery()
        )
        statement = statement.where(Comment.path > path if after is not None else Comment.path >= path)
    return statement.limit(rules.PAGE_SIZE + 1)


def rows_by_id(viewer: Viewer, comment_ids: Collection[int]) -> dict[int, CommentRow]:
    """Return those of these comments that still exist as this reader sees them, by id."""
    sent = {"comment_ids": list(comment_ids), **asked_by(viewer)}
    found = db.session.execute(_rows_by_id(anyone_like(viewer)), sent).mappings()
    return {row["id"]: CommentRow(**row) for row in found}


@cache
def _rows_by_id(viewer: Viewer) -> Select[Any]:
    return comment_rows(viewer).where(Comment.id.in_(bindparam("comment_ids", expanding=True)))


def comment_row(viewer: Viewer, comment_id: int, *, revealed: bool = False) -> CommentRow | None:
    """Return one comment as this reader sees it; with ``revealed``, in full. None if there is none."""
    statement = comment_rows(viewer, revealed=revealed).where(Comment.id == comment_id)
    row = db.session.execute(statement, asked_by(viewer)).mappings().one_or_none()
    return CommentRow(**row) if row else None


def _place() -> dict[str, Any]:
    return {"author_id": Comment.member_id, "book_id": Thread.book_id, "thread_id": Comment.thread_id}


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the visibility condition for rows of Comment with their Thread; sent with ``asked_by()``."""
    return _readable(anyone_like(viewer))


@cache
def _readable(viewer: Viewer) -> ColumnElement[bool]:
    return visible_to(viewer, horizon=Comment.horizon, **_place())


def comment_html(viewer: Viewer, comment_id: int) -> str:
    """Return as much of a comment as a reader may see; "" if that is nothing."""
    statement = (
        select(_text(viewer)).select_from(Comment).join(Comment.thread).where(Comment.id == comment_id)
    )
    return db.session.execute(statement).scalar_one_or_none() or ""


def _text(viewer: Viewer) -> ColumnElement[str | None]:
    return text_for(
        viewer, full=Comment.body_html, safe=Comment.safe_html, horizon=Comment.horizon, **_place()
    )


def comment_rows(viewer: Viewer, *, revealed: bool = False) -> Select[Any]:
    """Select the columns of a CommentRow; locked text is not among them. Sent with ``asked_by()``."""
    return _comment_rows(anyone_like(viewer), revealed)


@cache
def _comment_rows(viewer: Viewer, revealed: bool) -> Select[Any]:
    # A reveal shows this one text in full, with its bars open, and opens nothing else.
    text = Comment.body_html if revealed else _text(viewer)
    # For a visitor the comparison would be NULL and not false.
    is_mine = Comment.member_id == viewer.id if viewer.id is not None else literal(False)
    is_young = and_(is_newer(viewer), Comment.member_id != viewer.id)
    is_unlocked = comment_unlocked(viewer)
    gone = Comment.deleted_at.is_not(None)
    return (
        select(
            Comment.id,
            Comment.thread_id,
            Comment.parent_id,
            Comment.path,
            Comment.member_id,
            Member.display_name.label("author"),
            # A removed member has no page to link to.
            case((Member.removed_at.is_(None), Member.username)).label("username"),
            (Member.portrait_id if viewer.is_member else null()).label("portrait_id"),
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
            # Only what really lies ahead is marked as revealed, and not the rest of what its reader may see.
            (~readable(viewer) if revealed else literal(False)).label("is_revealed"),
            Comment.open_question_at.is_not(None).label("is_open_question"),
        )
        .join(Member, Member.id == Comment.member_id)
        .join(Thread, Thread.id == Comment.thread_id)
    )


def _context(ids: Sequence[int]) -> list[CommentRow]:
    """Return the comments above a page's first, without their words."""
    if not ids:
        return []
    # A visitor's view is enough here, because the words are dropped.
    statement = comment_rows(Viewer()).where(Comment.id.in_(ids)).order_by(Comment.path)
    return [
        CommentRow(**{**row, "html": None, "context": True})
        for row in db.session.execute(statement).mappings()
    ]


def opens_thread(comment: Comment) -> bool:
    """Return whether a comment opens a titled thread whose title its author gave."""
    thread = comment.thread
    # The title of a round's thread follows the round, whose own form changes it, and so for a meeting's.
    has_own_title = thread.title is not None and not thread.of_round and not thread.of_meeting
    is_theirs = has_own_title and thread.member_id == comment.member_id
    return is_theirs and comment.id == opening_id(thread.id)


def comment_above(comment: Comment) -> Comment | None:
    """Return the comment that this one replies to, or None."""
    return db.session.get(Comment, comment.parent_id) if comment.parent_id else None


def opening_id(thread_id: int) -> int | None:
    """Return the id of the first comment of a thread; None if it never had one."""
    return db.session.execute(select(func.min(Comment.id)).where(Comment.thread_id == thread_id)).scalar_one()


def threads_revealed(viewer: Viewer) -> Sequence[Thread]:
    """Return the threads in which the viewer does not mind spoilers, with their books and openers."""
    statement = (
        select(Thread)
        .join(Reveal, Reveal.thread_id == Thread.id)
        .where(Reveal.member_id == viewer.id)
        .options(joinedload(Thread.book), joinedload(Thread.member))
        .order_by(Reveal.id)
    )
    return db.session.execute(statement).scalars().all()
