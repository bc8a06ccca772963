"""Imports, their rows, and the values that files have recorded for a member's readings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, true
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from ..lib.library_files.entries import Form
from ..lib.text.remarks import Remark, remarks_text, store_remarks
from ..text_columns import PublicText
from .report_text import Counts
from .rules import MAX_STOP_REASON, STOPPERS, stopped_text
from .shelf_choices import ShelfChoice

# Import has a column for each outcome of a row, so that a list of imports needs no counting.
STATES = "state IN ('waiting', 'taken', 'merged', 'kept', 'same', 'skipped')"


class Import(Base):
    """One file that a member uploaded, first staged for review, then taken in bit by bit.

    ``shelves`` are the file's shelves and tags with what each becomes (ShelfChoice). ``total`` is the number
    of rows, ``looked`` the number of those that the catalogue has been searched for, ``known`` the number of
    those that it had. The next five columns count the rows by outcome. ``ratings``, ``reviews``, ``notes``
    and ``descriptions`` are the numbers of rows that bring one; ``gives_descriptions`` is the member's choice
    if books without a description get theirs. ``stopped_by`` is one of STOPPERS, and ``stop_reason`` what an
    organiser who stopped it told its member. ``submission`` is the mark of the form, so that a form sent
    twice makes one import.
    """

    __tablename__ = "import"
    __table_args__ = (
        CheckConstraint("state IN ('staged', 'running', 'stopped', 'finished')", name="state"),
        CheckConstraint(f"stopped_by IN {STOPPERS}", name="stopped_by"),
        Index("ix_import_member_id_id", "member_id", "id"),
        # Files brought by the command line have no mark, and NULLs are never equal.
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
        """Name of the file's format."""
        return Form(self.form).title

    @property
    def is_booklist(self) -> bool:
        """Return True if the file brings books for the club, and nobody's reading."""
        return self.form == Form.BOOKLIST.value

    @property
    def choices(self) -> tuple[ShelfChoice, ...]:
        """Shelves of the file with what each becomes."""
        return tuple(ShelfChoice(**shelf) for shelf in self.shelves)

    @property
    def counts(self) -> Counts:
        """Number of rows per outcome."""
        return Counts(self.total, self.taken, self.merged, self.kept, self.same, self.skipped)

    @property
    def stop_words(self) -> str:
        """Sentences that tell its member who stopped it and why; "" if they did so themselves."""
        return stopped_text(self.stopped_by, self.stop_reason)


class ImportRow(Base):
    """One row of an imported file, and its outcome.

    ``number`` is its place in the file. ``entry`` is the content of the row as JSON; it is emptied once the
    row is done, and ``why`` explains the outcome, as store_remarks() writes it.
    ``book_id`` is the row's book, as soon as it is known.
    """

    __tablename__ = "import_row"
    __table_args__ = (
        CheckConstraint(STATES, name="state"),
        # For the next waiting rows, and for the part of a report with one outcome.
        Index("ix_import_row_import_id_state_number", "import_id", "state", "number"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    state: Mapped[str] = mapped_column(String(7))
    title: Mapped[str] = mapped_column(String(200), default="")
    authors: Mapped[str] = mapped_column(String(800), default="")
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(Text, default="")
    # Indexed, since a merger of two books moves the rows about one of them.
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="SET NULL"), index=True)

    @property
    def reason(self) -> str:
        """Sentences that explain the outcome, in the reader's language."""
        return remarks_text(self.why)

    def settle(self, state: str, why: Iterable[Remark], book_id: int | None = None) -> None:
        """Note the outcome, and delete the content, which is stored where it belongs."""
        self.state, self.why, self.book_id, self.entry = state, store_remarks(why), book_id, {}


class ImportedReading(Base):
    """Values that files have recorded for a reading, to recognise what its member changed since.

    ``import_id`` is the last import that mentioned it: a second row of the same file only fills gaps.
    """

    __tablename__ = "imported_reading"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    book_id: Mapped[int] = mapped_column(
        ForeignKey("book.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id", ondelete="SET NULL"), index=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
