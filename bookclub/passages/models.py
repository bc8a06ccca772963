"""The table of passages."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base
from ..members.models import Member
from ..threads.models import Writing


class Passage(Writing, Base):
    """A quotation from a book with its place, kept by a member with a note.

    ``text`` is the author's own, plain, with its line breaks; the note is the ``body``, which may be empty.
    Both are hidden as far as the place, which is the horizon. The place is kept as it was typed, so that it
    can be computed again from corrected lengths and chapters: in ``edition_id``, or in a printing of the
    member's own that has ``length`` pages or minutes. ``thread_id`` is the conversation about it.
    """

    __tablename__ = "passage"
    __table_args__ = (
        UniqueConstraint("member_id", "submission"),
        UniqueConstraint("thread_id"),
        # A book lists its passages in its own order, a page at a time.
        Index("ix_passage_book_id_horizon_id", "book_id", "horizon", "id"),
        CheckConstraint("own_horizon BETWEEN 0 AND 10000", name="own_horizon"),
        # No code can show a passage to more readers than its place allows: the database refuses it.
        CheckConstraint("horizon BETWEEN own_horizon AND 10000", name="horizon"),
        CheckConstraint("lifted_horizon BETWEEN 0 AND horizon", name="lifted_horizon"),
        CheckConstraint("entry_unit IN ('percent', 'page', 'minute', 'section')", name="entry_unit"),
        CheckConstraint("length > 0", name="length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    text: Mapped[str] = mapped_column(Text)
    entry: Mapped[str] = mapped_column(String(30))
    entry_unit: Mapped[str] = mapped_column(String(7))
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"))
    length: Mapped[int | None]

    book: Mapped[Book] = relationship(lazy="raise")
    member: Mapped[Member] = relationship(lazy="raise", foreign_keys="Passage.member_id")
