"""To publish a review, to change it, and to take it away."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..threads.actions import open_thread, recompute
from ..threads.models import Wording
from . import queries
from .models import Review, ReviewRevision


def add_review(
    book_id: int,
    member_id: int,
    title: str,
    summary: str,
    words: Wording,
    now: datetime,
    submission: str | None = None,
) -> Review:
    """A member's review of a book, with a thread under it that gives away at least as much.

    Raises IntegrityError where the member has one already.
    """
    thread = open_thread(book_id, member_id, None, words.horizon, now)
    review = Review(
        book_id=book_id,
        member_id=member_id,
        thread_id=thread.id,
        thread=thread,
        title=title,
        summary=summary,
        horizon=words.horizon,
        author_mark=words.author_mark,
        submission=submission,
        created_at=now,
    )
    review.write(words)
    db.session.add(review)
    db.session.flush()
    return review


def edit_review(review: Review, title: str, summary: str, words: Wording, now: datetime) -> None:
    """Change a review, keeping what it said before, and what all under it give away."""
    said = (review.title, review.summary, review.body)
    if said != (title, summary, words.body):
        db.session.add(
            ReviewRevision(
                review_id=review.id,
                title=review.title,
                summary=review.summary,
                body=review.body,
                body_html=review.body_html,
                safe_html=review.safe_html,
                has_spoilers=review.has_spoilers,
                horizon=review.horizon,
                replaced_at=now,
            )
        )
        review.edited_at = now
    review.write(words)
    review.title, review.summary, review.horizon = title, summary, words.horizon
    review.thread.version += 1
    if review.thread.floor != words.horizon:
        review.thread.floor = words.horizon
        recompute(review.thread)


def take_away(
    review: Review, now: datetime, *, moderator_id: int | None = None, reason: str | None = None
) -> None:
    """Take a review's words away for good, with its revisions; its thread stays."""
    review.wipe(now, moderator_id, reason)
    review.title = review.summary = ""
    review.thread.version += 1
    for revision in queries.revisions_of(review.id):
        db.session.delete(revision)
