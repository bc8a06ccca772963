"""A member's reading of a book, its earlier times and own tags, and reveals and promises."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from ..books.models import NameKey
from ..extensions import Base, utcnow
from ..lib.matches.field_values import MAX_TITLE
from ..lib.positions.places import START
from ..lib.positions.progress import Progress, ReadingTimes, reading_text
from ..lib.text.keys import key_of
from .rules import MAX_OWN_TAG


def _key_of_name(context: DefaultExecutionContext) -> str:
    """Return the key by which a tag is compared, for code that adds a row without one."""
    return key_of(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


class Reading(Base):
    """One member's relation to one book.

    ``rating`` is in half stars (1 to 10). ``position`` is where the reader says they are, or None if they
    never said; ``mark`` is the furthest they have been. The entry is kept as it was typed, so that the
    position can be recomputed from a corrected length. The entry counts in ``edition_id``, or in a printing
    of the reader's own that has ``length`` pages or minutes (``length_unit``).

    ``is_again`` and ``held_mark`` are what Progress calls ``again`` and ``held``. ``seen_mark`` is the
    position up to which the reader has looked at what their reading unlocked. ``moved_from`` is the title of
    the book that this was a reading of before that book became part of this one; it is cleared once the
    reader says how far they are in this one.

    A private reading counts on no page, in no count and in no average that others see.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("member_id", "book_id"),
        Index("ix_reading_book_id_rating", "book_id", "rating"),
        # The index alone answers who has finished a book in public.
        Index("ix_reading_book_id_status", "book_id", "status", "is_private", "member_id"),
        CheckConstraint("status IN ('to_read', 'reading', 'finished', 'did_not_finish')", name="status"),
        CheckConstraint("rating BETWEEN 1 AND 10", name="rating"),
        CheckConstraint("position BETWEEN 0 AND 10000", name="position"),
        CheckConstraint("mark BETWEEN 0 AND 10000", name="mark"),
        CheckConstraint("seen_mark BETWEEN 0 AND 10000", name="seen_mark"),
        CheckConstraint("held_mark BETWEEN 0 AND 10000", name="held_mark"),
        CheckConstraint("length > 0", name="length"),
        CheckConstraint("length_unit IN ('page', 'minute')", name="length_unit"),
        CheckConstraint("times_read >= 0", name="times_read"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    # None while only a rating is known.
    status: Mapped[str | None] = mapped_column(String(14))
    rating: Mapped[int | None]
    position: Mapped[int | None]
    mark: Mapped[int] = mapped_column(default=0)
    entry: Mapped[str | None] = mapped_column(String(20))
    entry_unit: Mapped[str | None] = mapped_column(String(7))
    # If the edition goes, the reader keeps the position that was computed in it.
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id", ondelete="SET NULL"))
    length: Mapped[int | None]
    length_unit: Mapped[str | None] = mapped_column(String(6))
    is_again: Mapped[bool] = mapped_column(default=False)
    held_mark: Mapped[int | None]
    seen_mark: Mapped[int] = mapped_column(default=0)
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    times_read: Mapped[int] = mapped_column(default=0)
    planned_month: Mapped[str | None] = mapped_column(String(7))
    is_private: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime] = mapped_column(default=utcnow, index=True)
    moved_from: Mapped[str | None] = mapped_column(String(MAX_TITLE))

    @property
    def progress(self) -> Progress:
        # Until it is stored, a new row has None in place of its defaults.
        return Progress(self.status, self.position, self.mark, bool(self.is_again), self.held_mark)

    @property
    def can_promise(self) -> bool:
        """Return whether others can see it and may ask for a notice when it is finished."""
        return self.status in ("to_read", "reading") and not self.is_private

    @property
    def times(self) -> ReadingTimes:
        return ReadingTimes(self.started_on, self.finished_on, self.times_read or 0)

    @property
    def known_mark(self) -> int | None:
        """The furthest position of the reader; None if they never recorded a place."""
        # A mark without a position is that of a second reading, whose reader is known to have been there.
        return None if self.position is None and self.mark == START else self.mark

    @property
    def public_rating(self) -> int | None:
        """The rating that counts for others: a private reading has none."""
        return None if self.is_private else self.rating

    def own_length(self, unit: str) -> int | None:
        """Return the length of the reader's own printing in this unit, or None if they did not give it."""
        return self.length if unit == (self.length_unit or self.entry_unit) else None

    def note(self, this_year: int) -> str:
        """Return a few words about the reading, for a shelf."""
        return reading_text(
            self.progress,
            self.rating,
            times_read=self.times_read or 0,
            planned_month=self.planned_month,
            this_year=this_year,
            is_private=bool(self.is_private),
        )

    def move(self, progress: Progress, now: datetime) -> None:
        self.status, self.position, self.mark = progress.status, progress.position, progress.mark
        self.is_again, self.held_mark = progress.again, progress.held
        # A post that locks again counts as unseen: it is news when the reader reaches it again.
        self.seen_mark = min(self.seen_mark or START, self.mark)
        self.changed_at = now

    def date(self, times: ReadingTimes) -> None:
        self.started_on, self.finished_on = times.started_on, times.finished_on
        self.times_read = times.times_read


class ReadThrough(Base):
    """An earlier time that a member read a book; the latest one is in the Reading itself.

    The days are in the reader's own calendar, and at least one of them is known. While a member reads a book
    again, the end of the time before is both here and in ``finished_on`` of the Reading, until they finish
    again.
    """

    __tablename__ = "read_through"
    __table_args__ = (CheckConstraint("started_on IS NOT NULL OR finished_on IS NOT NULL", name="dated"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"), index=True)
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]


class OwnTag(Base):
    """A tag that a member gave a book for themselves. Nobody else ever sees it."""

    __tablename__ = "own_tag"
    __table_args__ = (UniqueConstraint("reading_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_OWN_TAG))
    name_key: Mapped[str] = mapped_column(NameKey, default=_key_of_name)


class Reveal(Base):
    """A member's wish to see spoilers, in one thread or about one whole book."""

    __tablename__ = "reveal"
    __table_args__ = (
        UniqueConstraint("member_id", "book_id"),
        UniqueConstraint("member_id", "thread_id"),
        # Exactly one of the two is set.
        CheckConstraint("(book_id IS NULL) <> (thread_id IS NULL)", name="one_subject"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    book_id: Mapped[int | None] = mapped_column(ForeignKey("book.id", ondelete="CASCADE"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))


class Promise(Base):
    """A promised notice to a member when a reader finishes. Keeping it sends a notice to both."""

    __tablename__ = "promise"
    __table_args__ = (UniqueConstraint("member_id", "reading_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    kept_at: Mapped[datetime | None]
