"""The rows of comments, with as much of their text as a reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, case, literal, or_, select

from ...accounts.models import Member
from ...extensions import db
from ...readings.queries import text_for, visible_to
from ...readings.rules import Viewer
from .. import rules
from ..models import Comment, Thread
from ..rules import CommentRow, Page
from .unlocked import comment_unlocked

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
