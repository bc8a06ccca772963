"""To say something in a thread, to change it, and to take it away."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..readings.rules import in_force
from . import queries, rules
from .models import Comment, Thread, Wording


def open_thread(book_id: int, member_id: int, title: str | None, floor: int, now: datetime) -> Thread:
    """A new thread on a book, with nothing in it yet. A review's thread has no title of its own."""
    thread = Thread(
        book_id=book_id,
        member_id=member_id,
        title=title,
        floor=floor,
        created_at=now,
        version=1,
        comment_count=0,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def add_comment(
    thread: Thread,
    parent: Comment | None,
    member_id: int,
    words: Wording,
    now: datetime,
    submission: str | None = None,
) -> Comment:
    """Add a comment to a thread whose row is held, as a reply to ``parent`` or at the top."""
    comment = Comment(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        member_id=member_id,
        own_horizon=words.horizon,
        horizon=in_force(words.horizon, parent.horizon if parent else None, thread.floor),
        author_mark=words.author_mark,
        submission=submission,
        created_at=now,
    )
    comment.write(words)
    db.session.add(comment)
    db.session.flush()
    comment.path = rules.path_of(comment.id, parent.path if parent else "")
    thread.comment_count += 1
    thread.version += 1
    return comment


def edit_comment(thread: Thread, comment: Comment, words: Wording, now: datetime) -> None:
    """Change the words of a comment, and what it and all below it give away."""
    moves = comment.own_horizon != words.horizon
    comment.write(words)
    comment.own_horizon = words.horizon
    # It may never be below its own, and recompute() asks the database in between.
    comment.horizon = max(comment.horizon, words.horizon)
    comment.edited_at = now
    thread.version += 1
    if moves:
        recompute(thread, opened_with=comment)


def take_away(
    thread: Thread,
    comment: Comment,
    now: datetime,
    *,
    moderator_id: int | None = None,
    reason: str | None = None,
) -> None:
    """Take the words of a comment away, for good; its place stays for the replies that hang on it."""
    comment.wipe(now, moderator_id, reason)
    thread.comment_count -= 1
    thread.version += 1


def recompute(thread: Thread, opened_with: Comment | None = None) -> None:
    """Bring the horizons in force of a whole thread in step with its floor and its comments' own.

    A titled thread's floor is what its opening words give away: it follows where ``opened_with``, the
    comment that changed, is those.
    """
    comments = queries.tree(thread.id)
    if thread.title is not None and opened_with is comments[0]:
        thread.floor = comments[0].own_horizon
    horizons: dict[int, int] = {}
    for comment in comments:
        parent = horizons[comment.parent_id] if comment.parent_id else None
        horizons[comment.id] = in_force(comment.own_horizon, parent, thread.floor)
        comment.horizon = horizons[comment.id]
    thread.version += 1
