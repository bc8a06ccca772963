"""Table of notices: one row for each member, kind and subject."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Base, utcnow
from ..members.models import Member
from .rules import KINDS


class Notice(Base):
    """A notice to a member, caused by ``actor_id`` (None: nobody in particular).

    Its subject is a comment, a review, a passage, a reading, an ask, a round, a meeting or a date poll. It
    stores none of their words: what its reader may see is decided again each time it is shown.
    """

    __tablename__ = "notice"
    __table_args__ = (
        # A notice has one subject. NULL equals nothing, so each of these looks at notices with that subject
        # alone.
        UniqueConstraint("member_id", "kind", "comment_id"),
        UniqueConstraint("member_id", "kind", "review_id"),
        UniqueConstraint("member_id", "kind", "reading_id"),
        UniqueConstraint("member_id", "kind", "ask_id"),
        UniqueConstraint("member_id", "kind", "round_id"),
        UniqueConstraint("member_id", "kind", "meeting_id"),
        UniqueConstraint("member_id", "kind", "date_poll_id"),
        UniqueConstraint("member_id", "kind", "passage_id"),
        # The page of notices goes through a member's own from the newest id down.
        Index("ix_notice_member_id_id", "member_id", "id"),
        # Every page counts the notices that its member has not seen.
        Index(
            "ix_notice_unseen",
            "member_id",
            sqlite_where=text("seen_at IS NULL"),
            postgresql_where=text("seen_at IS NULL"),
        ),
        Index(
            "ix_notice_mail_due_at",
            "mail_due_at",
            sqlite_where=text("mail_due_at IS NOT NULL"),
            postgresql_where=text("mail_due_at IS NOT NULL"),
        ),
        # A tuple of strings, printed by Python, is a list in SQL.
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    # A notice has no words of its own, so it goes when its subject goes.
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"))
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("ask.id", ondelete="CASCADE"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("voting_round.id", ondelete="CASCADE"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    date_poll_id: Mapped[int | None] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"))
    passage_id: Mapped[int | None] = mapped_column(ForeignKey("passage.id", ondelete="CASCADE"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    seen_at: Mapped[datetime | None]
    # When to decide whether it goes by mail; None once that is decided, and in a club that sends none.
    mail_due_at: Mapped[datetime | None]

    actor: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[actor_id])
