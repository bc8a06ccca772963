"""One member's relation to one book, and what they chose to see ahead of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from ..books.models import NameKey
from ..extensions import Base, utcnow
from ..lib.matches.field_values import MAX_TITLE
from ..lib.positions.places import START
from ..lib.positions.progress import Progress, Times, say_reading
from ..lib.text.keys import key_of
from .rules import MAX_OWN_TAG


def _key_of_name(context: DefaultExecutionContext) -> str:
    """What a tag is compared by, for whoever adds a row without saying so."""
    return key_of(context.get_current_parameters()["name"])  # type: ignore[no-untyped-call]


class Reading(Base):
    """What one member has read of one book.

    ``rating`` is in half stars (1 to 10). ``position`` is where the reader says they are, ``mark`` the
    furthest they have been; ``position`` is None where they never said. The entry as it was typed is
    kept, so that a corrected length can recompute the position: it counts in ``edition_id``, or in a
    printing of ``length`` pages or minutes (``length_unit``) of the reader's own. ``is_again`` and
    ``held_mark`` are what Progress calls ``again`` and ``held``. ``seen_mark`` is up to where the reader
    has looked at what their reading unlocked. ``moved_from`` is the title of the book of which this was a
    reading, until the reader has said how far they are in this one, of which that is a part now. A private
    reading feeds no page, count or average that others see.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("member_id", "book_id"),
        Index("ix_reading_book_id_rating", "book_id", "rating"),
        # Who has finished a book in public is counted from the index alone.
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
    status: Mapped[str] = mapped_column(String(14))
    rating: Mapped[int | None]
    position: Mapped[int | None]
    mark: Mapped[int] = mapped_column(default=0)
    entry: Mapped[str | None] = mapped_column(String(20))
    entry_unit: Mapped[str | None] = mapped_column(String(7))
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
        return Progress(self.status, self.position, self.mark, bool(self.is_again), self.held_mark)

    @property
    def can_promise(self) -> bool:
        """Whether others may ask to hear when it is finished: they can see it, and it is not yet."""
        return self.status in ("to_read", "reading") and not self.is_private

    @property
    def times(self) -> Times:
        return Times(self.started_on, self.finished_on, self.times_read or 0)

    @property
    def known_mark(self) -> int | None:
        """How far the reader has been; None where they never recorded a place."""
        return None if self.position is None and self.mark == START else self.mark

    @property
    def public_rating(self) -> int | None:
        """The rating as far as it counts for others: a private reading feeds no average."""
        return None if self.is_private else self.rating

    def own_length(self, unit: str) -> int | None:
        """How many of these units the reader's own printing has, where they said so in them."""
        return self.length if unit == (self.length_unit or self.entry_unit) else None

    def note(self, this_year: int) -> str:
        """The book on a shelf in a few words."""
        return say_reading(
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
        # What locks again was not seen: it is news once more when the reader comes to it.
        self.seen_mark = min(self.seen_mark or START, self.mark)
        self.changed_at = now

    def date(self, times: Times) -> None:
        self.started_on, self.finished_on = times.started_on, times.finished_on
        self.times_read = times.times_read


class ReadThrough(Base):
    """A time that a member read a book before the last one, of which the Reading itself tells.

    Days of their own calendar; at least one of them is known. While a member reads a book again, the end
    of the time before stands here, and as ``finished_on`` in the Reading until they finish anew.
    """

    __tablename__ = "read_through"
    __table_args__ = (CheckConstraint("started_on IS NOT NULL OR finished_on IS NOT NULL", name="dated"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"), index=True)
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]


class OwnTag(Base):
    """A tag that a member gave a book for themselves: nobody else ever sees it."""

    __tablename__ = "own_tag"
    __table_args__ = (UniqueConstraint("reading_id", "name_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(MAX_OWN_TAG))
    name_key: Mapped[str] = mapped_column(NameKey, default=_key_of_name)


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


class Promise(Base):
    """A member wants to hear when a reader has finished: kept once they have, by a notice to both."""

    __tablename__ = "promise"
    __table_args__ = (UniqueConstraint("member_id", "reading_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime] = mapped_column(default=utcnow)
    kept_at: Mapped[datetime | None]
