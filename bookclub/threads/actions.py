"""To say something in a thread, to change it, and to take it away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..extensions import db
from ..prose import Prose
from ..readings.rules import in_force
from . import queries, rules
from .models import Comment, Thread


@dataclass(frozen=True)
class Words:
    """What somebody typed: the source, what became of it, and what it gives away.

    ``choice`` is the horizon as it was chosen, ``horizon`` the position which that means, and
    ``author_mark`` how far its author was (None: never said).
    """

    body: str
    prose: Prose
    choice: str
    horizon: int
    author_mark: int | None


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
    words: Words,
    now: datetime,
    submission: str | None = None,
) -> Comment:
    """Add a comment to a thread whose row is held, as a reply to ``parent`` or at the top."""
    comment = Comment(
        thread_id=thread.id,
        parent_id=parent.id if parent else None,
        member_id=member_id,
        body=words.body,
        body_html=words.prose.html,
        safe_html=words.prose.safe_html,
        has_spoilers=words.prose.has_spoilers,
        own_horizon=words.horizon,
        horizon=in_force(words.horizon, parent.horizon if parent else None, thread.floor),
        horizon_choice=words.choice,
        author_mark=words.author_mark,
        submission=submission,
        created_at=now,
    )
    db.session.add(comment)
    db.session.flush()
    comment.path = rules.path_of(comment.id, parent.path if parent else "")
    thread.comment_count += 1
    thread.version += 1
    return comment


def edit_comment(thread: Thread, comment: Comment, words: Words, now: datetime) -> None:
    """Change the words of a comment, and what it and all below it give away."""
    comment.body, comment.body_html, comment.safe_html = words.body, words.prose.html, words.prose.safe_html
    comment.has_spoilers = words.prose.has_spoilers
    comment.own_horizon, comment.horizon_choice = words.horizon, words.choice
    # It may never be below its own, and recompute() asks the database in between.
    comment.horizon = max(comment.horizon, words.horizon)
    comment.edited_at = now
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
    comment.body = comment.body_html = comment.safe_html = ""
    comment.has_spoilers = False
    comment.deleted_at, comment.removed_by_id, comment.removal_reason = now, moderator_id, reason
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
