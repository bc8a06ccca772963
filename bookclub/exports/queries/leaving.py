"""What has to be changed when a member leaves, held in the order in which everybody holds it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import joinedload

from ...extensions import db
from ...recommendations.models import Answer, Ask, Endorsement
from ...reviews.models import Review
from ...threads.models import Comment, Thread


def threads_written_in(member_id: int) -> list[int]:
    """The threads that change where all this member's words go."""
    comments = select(Comment.thread_id).where(Comment.member_id == member_id)
    reviews = select(Review.thread_id).where(Review.member_id == member_id)
    opened = select(Thread.id).where(Thread.member_id == member_id)
    return sorted(db.session.execute(union(comments, reviews, opened)).scalars())


def reviews_of(member_id: int) -> Sequence[Review]:
    """Their reviews that have their words, with their threads."""
    statement = select(Review).where(Review.member_id == member_id, Review.deleted_at.is_(None))
    return (
        db.session.execute(statement.options(joinedload(Review.thread)).order_by(Review.id)).scalars().all()
    )


def comments_of(member_id: int) -> Sequence[Comment]:
    """Their comments that have their words."""
    statement = select(Comment).where(Comment.member_id == member_id, Comment.deleted_at.is_(None))
    return db.session.execute(statement.order_by(Comment.id)).scalars().all()


def advice_of(member_id: int) -> list[Ask | Answer | Endorsement]:
    """What they asked, answered and recommended, as far as its words are there."""
    found: list[Any] = []
    for model in (Ask, Answer, Endorsement):
        theirs = select(model).where(model.member_id == member_id, model.deleted_at.is_(None))
        found += db.session.execute(theirs).scalars()
    return found
