"""A library that a member brings, row by row, and what was taken from one before."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from ..lib.library_files.entries import Form
from ..text_columns import PublicText
from .report_text import Counts
from .rules import MAX_STOP_REASON, STOPPERS, say_stopped
from .shelf_mapping import ShelfChoice

# The outcomes that a row can have are columns of Import, too: what a list of imports shows needs no counting.
STATES = "state IN ('waiting', 'taken', 'merged', 'kept', 'same', 'skipped')"


class Import(Base):
    """One file that a member brought: first to be looked at, then taken in bit by bit.

    ``shelves`` are the file's shelves and tags with what each becomes (ShelfChoice). ``total`` is how many
    rows there are, ``looked`` how many of them the catalogue has been searched for, ``known`` how many of
    those it had. The next five count the rows by what came of them. ``ratings``, ``reviews``, ``notes``
    and ``descriptions`` are how many rows bring one; ``gives_descriptions`` is the member's choice whether
    books without a description get theirs. ``stopped_by`` is one of STOPPERS, and ``stop_reason`` what an
    organiser who stopped it told its member. ``submission`` is the mark of the form that brought it, so that
    a form sent twice brings one.
    """

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint("state IN ('staged', 'running', 'stopped', 'finished')", name="state"),
        CheckConstraint(f"stopped_by IN {STOPPERS}", name="stopped_by"),
        Index("ix_import_member_id_id", "member_id", "id"),
        Index("uq_import_member_id_submission", "member_id", "submission", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    form: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(8), default="staged")
    shelves: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    total: Mapped[int]
    looked: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    merged: Mapped[int] = mapped_column(default=0)
    kept: Mapped[int] = mapped_column(default=0)
    same: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    ratings: Mapped[int] = mapped_column(default=0)
    reviews: Mapped[int] = mapped_column(default=0)
    notes: Mapped[int] = mapped_column(default=0)
    descriptions: Mapped[int] = mapped_column(default=0, server_default="0")
    gives_descriptions: Mapped[bool] = mapped_column(default=True, server_default=true())
    submission: Mapped[str | None] = mapped_column(String(64))
    brought_at: Mapped[datetime] = mapped_column(default=utcnow)
    stopped_by: Mapped[str] = mapped_column(String(10), default="")
    stop_reason: Mapped[str] = mapped_column(PublicText(MAX_STOP_REASON), default="")

    @property
    def form_title(self) -> str:
        """What people call the form of the file."""
        return Form(self.form).title

    @property
    def is_booklist(self) -> bool:
        """Whether it brings books for the club, rather than somebody's reading."""
        return self.form == Form.BOOKLIST.value

    @property
    def choices(self) -> tuple[ShelfChoice, ...]:
        """What the shelves of the file become."""
        return tuple(ShelfChoice(**shelf) for shelf in self.shelves)

    @property
    def counts(self) -> Counts:
        """How many rows came out how."""
        return Counts(self.total, self.taken, self.merged, self.kept, self.same, self.skipped)

    @property
    def stop_words(self) -> str:
        """Sentences for its member that say who stopped it and why; "" if they did so themselves."""
        return say_stopped(self.stopped_by, self.stop_reason)


class ImportRow(Base):
    """One row of such a file, and what came of it.

    ``number`` is where it stands in the file. ``entry`` is what the row says, as the rules keep it; once it
    has been seen to, that is forgotten, and ``why`` says in words what came of it. ``book_id`` is the book
    that it is about, as soon as that is known.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        Index("ix_import_row_import_id_state_number", "import_id", "state", "number"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(7))
    title: Mapped[str] = mapped_column(String(200), default="")
    authors: Mapped[str] = mapped_column(String(800), default="")
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text, default="")
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="SET NULL"), index=True)


class ImportedReading(Base):
    """What files have said of a member's reading of a book so far, to tell what the member changed since.

    ``import_id`` is the last import that spoke of it: a second row of the same file only fills gaps.
    """

    __tablename__ = "imported_reading"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    book_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
