"""The model of spoiler reports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Base, utcnow
from ..members.models import Member
from ..reviews.models import Review
from ..threads.models import Comment


class SpoilerReport(Base):
    """A member's report that a post gives away more than it admits: up to ``horizon``.

    It holds until the author or a moderator decides. Both sides are kept: who reported it and when, who
    decided and how (``upheld`` is None until then). A decision is about the post as it was: editing the post
    does not change it, and allows a dismissed report to be made again. A report that names a section follows
    its end forwards and never back, as posts do.
    """

    __tablename__ = "spoiler_report"
    __table_args__ = (
        # One report for each member and post. NULL equals nothing, so each of the two looks at one kind of
        # post.
        UniqueConstraint("member_id", "comment_id"),
        UniqueConstraint("member_id", "review_id"),
        # The constraints above begin with the member, so they are no help in finding the reports on a post.
        Index("ix_spoiler_report_comment_id", "comment_id"),
        Index("ix_spoiler_report_review_id", "review_id"),
        CheckConstraint("(comment_id IS NULL) <> (review_id IS NULL)", name="one_subject"),
        # A report up to the start would raise nothing.
        CheckConstraint("horizon BETWEEN 1 AND 10000", name="horizon"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"))
    review_id: Mapped[int | None] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    horizon: Mapped[int]
    # A value such as section-7 is kept, so that the report can follow its section.
    horizon_choice: Mapped[str] = mapped_column(String(20))
    horizon_before: Mapped[int]
    reported_at: Mapped[datetime] = mapped_column(default=utcnow)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    upheld: Mapped[bool | None]

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    decided_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    comment: Mapped[Comment | None] = relationship(lazy="raise")
    review: Mapped[Review | None] = relationship(lazy="raise")

    @property
    def holds(self) -> bool:
        """Return whether it still raises the horizon, because no decision dismissed it."""
        return self.upheld is not False

    @property
    def post(self) -> Comment | Review:
        """The comment or review that it is about."""
        post = self.comment or self.review
        assert post is not None
        return post

    @property
    def author_id(self) -> int:
        """The id of the author of that post."""
        return self.post.member_id
