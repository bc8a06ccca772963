"""Set a member's reaction to a post, or take it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from ..extensions import db
from ..members.models import Member
from .models import Reaction


def react(
    member: Member,
    kind: str,
    now: datetime,
    *,
    on: bool,
    comment_id: int | None = None,
    review_id: int | None = None,
) -> None:
    """Add a member's reaction of this kind to a post, or take it back; doing so twice changes nothing."""
    if on:
        # Two tabs may send it at once, and the unique constraint decides between them.
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        values = {
            "member_id": member.id,
            "comment_id": comment_id,
            "review_id": review_id,
            "kind": kind,
            "reacted_at": now,
        }
        db.session.execute(insert(Reaction).values(values).on_conflict_do_nothing())
        return
    db.session.execute(
        delete(Reaction).where(
            Reaction.member_id == member.id,
            Reaction.kind == kind,
            # None is compared with IS NULL.
            Reaction.comment_id == comment_id,
            Reaction.review_id == review_id,
        )
    )
