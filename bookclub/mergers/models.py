"""Mergers and splits, and the steps that undo them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Author, Book
from ..extensions import Base, utcnow
from ..members.models import Member

KINDS = ("book merger", "author merger", "book split", "author split")


class Merger(Base):
    """Two books or authors that became one, or one that became two.

    ``book_id`` or ``author_id`` is the one that was kept, or that was split; it follows if that one is merged
    into another later. ``made_book_id`` and ``made_author_id`` are what a split made. ``title`` and ``slug``
    are the title or name, and the address, of what is gone or of what a split made. ``member_id`` is None for
    the command line. ``submission`` is the mark of the form, so that a form sent twice merges once.
    """

    __tablename__ = "merger"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(13))
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="SET NULL"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("author.id", ondelete="SET NULL"), index=True)
    made_book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="SET NULL"), index=True)
    made_author_id: Mapped[int | None] = mapped_column(
        ForeignKey("author.id", ondelete="SET NULL"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    # The slug is no key: its book or author is gone, and undoing finds the restored row by it.
    slug: Mapped[str] = mapped_column(String(80))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    merged_at: Mapped[datetime] = mapped_column(default=utcnow)
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    submission: Mapped[str | None] = mapped_column(String(64))

    member: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[member_id])
    undone_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[undone_by_id])
    book: Mapped[Book | None] = relationship(lazy="raise", foreign_keys=[book_id])
    author: Mapped[Author | None] = relationship(lazy="raise", foreign_keys=[author_id])
    made_book: Mapped[Book | None] = relationship(lazy="raise", foreign_keys=[made_book_id])
    made_author: Mapped[Author | None] = relationship(lazy="raise", foreign_keys=[made_author_id])

    @property
    def is_split(self) -> bool:
        return self.kind.endswith("split")


class MergerStep(Base):
    """One change by a merger: rows moved, changed, folded into another, joined, or made.

    ``details`` names the rows by their keys, and has the values of columns before and after. It holds no
    words of a review, comment, draft or note: those stay in rows of their own, which are deleted as their
    author wants. A step about one member's private row has their id, and is deleted with them.
    """

    __tablename__ = "merger_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    merger_id: Mapped[int] = mapped_column(ForeignKey("merger.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(7))
    table_name: Mapped[str] = mapped_column(String(40))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
