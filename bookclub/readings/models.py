"""One member's relation to one book, and what they chose to see ahead of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from .rules import START, Progress


class Reading(Base):
    """What one member has read of one book.

    ``rating`` is in half stars (1 to 10). ``position`` is where the reader says they are, ``mark`` the
    furthest they have been; ``position`` is None where they never said. The entry as it was typed is
    kept, so that a corrected length can recompute the position.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("member_id", "book_id"),
        Index("ix_reading_book_id_rating", "book_id", "rating"),
        CheckConstraint("status IN ('to_read', 'reading', 'finished', 'did_not_finish')", name="status"),
        CheckConstraint("rating BETWEEN 1 AND 10", name="rating"),
        CheckConstraint("position BETWEEN 0 AND 10000", name="position"),
        CheckConstraint("mark BETWEEN 0 AND 10000", name="mark"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(14))
    rating: Mapped[int | None]
    position: Mapped[int | None]
    mark: Mapped[int] = mapped_column(default=0)
    entry: Mapped[str | None] = mapped_column(String(20))
    entry_unit: Mapped[str | None] = mapped_column(String(7))
    changed_at: Mapped[datetime] = mapped_column(default=utcnow)

    @property
    def progress(self) -> Progress:
        return Progress(self.status, self.position, self.mark)

    @property
    def known_mark(self) -> int | None:
        """How far the reader has been; None where they never recorded a place."""
        return None if self.position is None and self.mark == START else self.mark

    def move(self, progress: Progress, now: datetime) -> None:
        self.status, self.position, self.mark = progress.status, progress.position, progress.mark
        self.changed_at = now


class Reveal(Base):
    """A member's wish not to be spared: for one thread, or for everything about one book."""

    __tablename__ = "reveal"
    __table_args__ = (
        UniqueConstraint("member_id", "book_id"),
        UniqueConstraint("member_id", "thread_id"),
        CheckConstraint("(book_id IS NULL) <> (thread_id IS NULL)", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    revealed_at: Mapped[datetime] = mapped_column(default=utcnow)
