"""Table of reactions: one row for each member, post and kind."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from .rules import KINDS


class Reaction(Base):
    """A member's reaction to a comment or to a review. It goes when its member leaves."""

    __tablename__ = "reaction"
    __table_args__ = (
        # NULL equals nothing, so each of these looks at the reactions to one kind of post.
        UniqueConstraint("member_id", "comment_id", "kind"),
        UniqueConstraint("member_id", "review_id", "kind"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        CheckConstraint("(comment_id IS NULL) <> (review_id IS NULL)", name="subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), index=True)
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    reacted_at: Mapped[datetime] = mapped_column(default=utcnow)
