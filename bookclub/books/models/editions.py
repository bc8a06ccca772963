"""What a book looks like inside: its printings and recordings, its sections, and where those start."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...extensions import Base
from .. import rules
from ..rules import EditionFields


class Edition(Base):
    """One printing or recording of a Book. ISBNs are kept as ISBN-13 without hyphens.

    Its length is in pages, or in minutes, or unknown. ``format`` is None where nobody said. ``submission``
    is the mark of the form that added it, so that a form sent twice adds one. Editions stand in the order of
    ``place`` and then of their ids: those that came from another book stand behind the book's own, by the
    first of which pages without an edition are counted.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("pages > 0", name="pages"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("uq_edition_book_id_submission", "book_id", "submission", unique=True),
        CheckConstraint("format IN ('paperback', 'hardback', 'ebook', 'audiobook')", name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"), index=True)
    isbn: Mapped[str | None] = mapped_column(String(13), unique=True)
    format: Mapped[str | None] = mapped_column(String(9))
    pages: Mapped[int | None]
    minutes: Mapped[int | None]
    submission: Mapped[str | None] = mapped_column(String(64))
    place: Mapped[int] = mapped_column(default=0, server_default="0")

    @property
    def isbn_text(self) -> str:
        """The ISBN with its hyphens, or ""."""
        return rules.isbn_text(self.isbn) if self.isbn else ""

    @property
    def fields(self) -> EditionFields:
        return EditionFields(self.isbn, self.format, self.pages, self.minutes)

    @property
    def name(self) -> str:
        """What members call it: "paperback, 282 pages", "audiobook, 9 h 46 min"."""
        return rules.edition_name(self.format, self.pages, self.minutes, self.isbn_text)


class Section(Base):
    """A chapter or part of a Book, in its place.

    ``typed_start`` is the position that a member gave for it, if any; ``start`` is where it starts as far
    as anybody knows, which may follow from a page of an edition instead.
    """

    __tablename__ = "section"
    __table_args__ = (
        Index("ix_section_book_id_place", "book_id", "place"),
        CheckConstraint("start BETWEEN 0 AND 10000", name="start"),
        CheckConstraint("typed_start BETWEEN 0 AND 10000", name="typed_start"),
        # Words keep "section-7" when that chapter is gone, so that no other may ever be called so.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    place: Mapped[int]
    title: Mapped[str] = mapped_column(String(rules.MAX_TITLE), default="")
    typed_start: Mapped[int | None]
    start: Mapped[int | None]


class SectionStart(Base):
    """Somebody noted that a Section starts on this page, or at this minute, of an Edition."""

    __tablename__ = "section_start"
    __table_args__ = (
        UniqueConstraint("edition_id", "section_id", "unit"),
        CheckConstraint("unit IN ('page', 'minute')", name="unit"),
        CheckConstraint("start >= 0", name="start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id", ondelete="CASCADE"), index=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    unit: Mapped[str] = mapped_column(String(6))
    start: Mapped[int]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="SET NULL"))
