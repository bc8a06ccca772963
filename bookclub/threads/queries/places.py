"""The place of a comment in its thread: on which page it is read, beside which element."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from ...extensions import db
from .. import rules
from ..models import Comment
from .rows import page_of


@dataclass(frozen=True)
class Place:
    """The page that begins with the comment ``at`` (None: the thread's first), and there ``comment_id``.

    That is None where nothing is left to point to.
    """

    at: int | None
    comment_id: int | None


def place_in_thread(comment: Comment) -> Place:
    """The page of its thread that shows a comment: the first, or else one that begins with the comment.

    One that is withdrawn shows as long as something hangs on it; else what stands before it takes its place.
    """
    within = Comment.thread_id == comment.thread_id
    behind = select(func.count()).select_from(Comment).where(within, Comment.path < comment.path)
    is_on_first = db.session.execute(behind).scalar_one() < rules.PAGE_SIZE
    for at in (None, comment.id) if is_on_first else (comment.id,):
        if not comment.withdrawn or comment.id in _shown(comment.thread_id, at):
            return Place(at, comment.id)
    stays = Comment.deleted_at.is_(None) | Comment.removed_by_id.is_not(None)
    before = select(Comment).where(within, Comment.path < comment.path, stays)
    nearest = db.session.execute(before.order_by(Comment.path.desc()).limit(1)).scalar_one_or_none()
    return place_in_thread(nearest) if nearest else Place(None, None)


def _shown(thread_id: int, at: int | None) -> set[int]:
    """The comments that a page of a thread shows, of those that it counts."""
    withdrawn = Comment.deleted_at.is_not(None) & Comment.removed_by_id.is_(None)
    columns = select(Comment.id, Comment.parent_id, withdrawn.label("withdrawn"))
    rows = db.session.execute(page_of(columns, thread_id, at=at)).all()
    return {row.id for row in rules.prune(rows[: rules.PAGE_SIZE])}
