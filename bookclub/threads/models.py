"""Threads, and the comments in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..accounts.models import Member
from ..books.models import Book
from ..extensions import Base, utcnow
from . import rules

# PostgreSQL compares paths as bytes only when told to; SQLite does so by itself.
Path = String(rules.MAX_LEVEL * rules.SEGMENT).with_variant(
    String(rules.MAX_LEVEL * rules.SEGMENT, collation="C"), "postgresql"
)


class Thread(Base):
    """A conversation: under a review, which then has no title of its own, or titled, on a book.

    ``floor`` is the least that anything in it gives away. ``version`` rises with every write to the
    thread or its comments; ``comment_count`` counts the comments that still have their words.
    """

    __tablename__ = "thread"
    __table_args__ = (
        Index("ix_thread_book_id_id", "book_id", "id"),
        CheckConstraint("floor BETWEEN 0 AND 10000", name="floor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    title: Mapped[str | None] = mapped_column(String(rules.MAX_TITLE))
    floor: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    comment_count: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    locked_at: Mapped[datetime | None]
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    lock_reason: Mapped[str | None] = mapped_column(String(500))

    book: Mapped[Book | None] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    locked_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[locked_by_id])

    def lock(self, moderator_id: int, reason: str | None, now: datetime) -> None:
        self.locked_at, self.locked_by_id, self.lock_reason = now, moderator_id, reason
        self.version += 1

    def unlock(self) -> None:
        self.locked_at = self.locked_by_id = self.lock_reason = None
        self.version += 1


class Comment(Base):
    """One post in a thread.

    ``own_horizon`` is what its author chose (as typed, in ``horizon_choice``), ``horizon`` the one in
    force. ``author_mark`` is how far its author was when they wrote it. ``path`` orders the tree.
    ``submission`` is the key of the form that made it, so that a form sent twice makes one comment.
    """

    __tablename__ = "comment"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        Index("ix_comment_thread_id_path", "thread_id", "path"),
        Index("ix_comment_created_at_id", "created_at", "id"),
        Index("ix_comment_parent_id", "parent_id"),
        CheckConstraint("own_horizon BETWEEN 0 AND 10000", name="own_horizon"),
        CheckConstraint("horizon BETWEEN own_horizon AND 10000", name="horizon"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"))
    path: Mapped[str] = mapped_column(Path, default="")
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    safe_html: Mapped[str] = mapped_column(Text)
    has_spoilers: Mapped[bool] = mapped_column(default=False)
    own_horizon: Mapped[int]
    horizon: Mapped[int]
    horizon_choice: Mapped[str] = mapped_column(String(20))
    author_mark: Mapped[int | None]
    submission: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    removal_reason: Mapped[str | None] = mapped_column(String(500))

    thread: Mapped[Thread] = relationship(lazy="raise")
    parent: Mapped[Comment | None] = relationship(lazy="raise", remote_side=[id])
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])

    @property
    def level(self) -> int:
        return rules.level_of(self.path)

    @property
    def is_gone(self) -> bool:
        """Whether its words were taken away, by its author or by a moderator."""
        return self.deleted_at is not None
