"""Tables of chapters and parts of a book, and of their starts in editions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from ..lib.matches import field_values


class Section(Base):
    """A chapter or part of a Book, in its place.

    ``typed_start`` is the position that a member gave for it, if any; ``start`` is the position where it
    starts as far as is known, which may follow from a page of an edition instead.
    """

    __tablename__ = "section"
    __table_args__ = (
        Index("ix_section_book_id_place", "book_id", "place"),
        CheckConstraint("start BETWEEN 0 AND 10000", name="start"),
        CheckConstraint("typed_start BETWEEN 0 AND 10000", name="typed_start"),
        # Posts still say "section-7" when that chapter is gone, so no other chapter may ever get its id.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(field_values.MAX_TITLE), default="")
    typed_start: Mapped[int | None]
    start: Mapped[int | None]


class SectionStart(Base):
    """A member's note that a Section starts on this page, or at this minute, of an Edition."""

    __tablename__ = "section_start"
    __table_args__ = (
        UniqueConstraint("edition_id", "section_id", "unit"),
        CheckConstraint("unit IN ('page', 'minute')", name="unit"),
        # A chapter in the front matter, on page xii, starts on page 0.
        CheckConstraint("start >= 0", name="start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(6))
    start: Mapped[int]
    # The note is about the edition, so it stays when the member who made it is gone.
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
