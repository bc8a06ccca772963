"""Tables of meetings, their books, their history, and the answers to them."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..books.models import Book
from ..extensions import Base, utcnow
from ..members.models import Member
from ..text_columns import PublicText, Rendered, stored_html
from ..threads.models import Thread
from . import rsvp_rules, rules, series_rules


class MeetingBook(Base):
    """A book of a meeting, ``horizon`` being the position up to which to have read it, and its thread."""

    __tablename__ = "meeting_book"
    __table_args__ = (
        UniqueConstraint("thread_id"),
        CheckConstraint("horizon BETWEEN 0 AND 10000", name="horizon"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("book.id"), primary_key=True, index=True)
    number: Mapped[int]
    horizon: Mapped[int]
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id"))

    book: Mapped[Book] = relationship(lazy="raise")
    thread: Mapped[Thread] = relationship(lazy="raise")


class MeetingEvent(Base):
    """Something that was done to a meeting, for members to see.

    ``was_at`` and ``now_at`` are the start before and after it was moved; ``host_id`` is the new host.
    """

    __tablename__ = "meeting_event"
    __table_args__ = (CheckConstraint(f"kind IN {rules.EVENTS}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    happened_at: Mapped[datetime] = mapped_column(default=utcnow)
    was_at: Mapped[datetime | None]
    now_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise", foreign_keys=[member_id])
    host: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[host_id])


class Rsvp(Base):
    """A member's answer to a meeting. It goes when its member leaves.

    ``number`` is the place in the order in which members said yes, 0 for other answers. ``has_seat`` says
    that there is room for them; otherwise they are on the waiting list.
    """

    __tablename__ = "rsvp"
    __table_args__ = (
        CheckConstraint(f"answer IN {rsvp_rules.ANSWERS}", name="answer"),
        CheckConstraint("guests >= 0", name="guests"),
        CheckConstraint("answer = 'yes' OR NOT has_seat", name="seat"),
    )

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[str] = mapped_column(String(5))
    guests: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(PublicText(rsvp_rules.LONGEST_NOTE), default="")
    number: Mapped[int] = mapped_column(default=0)
    has_seat: Mapped[bool] = mapped_column(default=False)
    answered_at: Mapped[datetime] = mapped_column(default=utcnow)

    member: Mapped[Member] = relationship(lazy="raise")


class Attendance(Base):
    """A member who was at a meeting, as they or the host noted afterwards. It goes when they leave."""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )

    member: Mapped[Member] = relationship(lazy="raise")


class CalendarAddress(Base):
    """The private address of a member's calendar, which opens without a password.

    The token in it is made from ``code`` and the secret key, so the database alone opens nothing.
    """

    __tablename__ = "calendar_address"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)


class MeetingSeries(Base):
    """A rule by which the club meets again and again.

    ``rule`` is the text of an RRULE (RFC 5545) that counts its days from ``begins_on``. The meetings have all
    else: a new one is a copy of one before it. Once it has ended, no meeting is made any more.
    """

    __tablename__ = "meeting_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    rule: Mapped[str] = mapped_column(String(series_rules.LONGEST_RULE))
    begins_on: Mapped[date]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    ended_at: Mapped[datetime | None]

    @property
    def rule_text(self) -> str:
        """The rule in words: "every second Thursday"; "" once it has ended."""
        return "" if self.ended_at else series_rules.rule_text(self.rule, self.begins_on)


class Meeting(Rendered, Base):
    """A meeting of the club.

    What was agreed is the local start, ``starts_on`` and ``clock`` in ``time_zone``. The moment
    ``starts_at`` follows from it, and is computed again when the rules of a zone change. ``read_until`` is
    how far to have read, as it was typed; the positions that it means are with the books. Each book has its
    own thread; ``thread`` is that of a meeting about no book. ``revision`` counts the changes that a calendar
    has to hear of.

    A meeting of a series stands for one day of its rule, ``series_on``, also when it was moved or cancelled.
    ``is_apart`` says that it was changed alone, so that no further meeting becomes a copy of it.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        # A form that is sent twice makes one meeting.
        UniqueConstraint("created_by_id", "submission"),
        UniqueConstraint("thread_id"),
        # Two jobs at once make one meeting for each day.
        UniqueConstraint("series_id", "series_on"),
        CheckConstraint("(series_id IS NULL) = (series_on IS NULL)", name="series"),
        Index("ix_meeting_starts_at_id", "starts_at", "id"),
        Index("ix_meeting_ends_at", "ends_at"),
        CheckConstraint("seats > 0", name="seats"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_by_id IS NULL)", name="cancelled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(PublicText(rules.LONGEST_TITLE))
    starts_on: Mapped[date]
    clock: Mapped[time]
    time_zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(PublicText(rules.LONGEST_PLACE), default="")
    link: Mapped[str] = mapped_column(String(rules.LONGEST_LINK), default="")
    access: Mapped[str] = mapped_column(PublicText(rules.LONGEST_ACCESS), default="")
    read_until_unit: Mapped[str] = mapped_column(String(8), default="percent")
    read_until: Mapped[str] = mapped_column(String(100), default="")
    notes: Mapped[str] = mapped_column(PublicText, default="")
    _notes_html: Mapped[str] = mapped_column("notes_html", Text, default="")
    notes_html = stored_html("notes_html", source="notes")
    # The most people who can come, and the last day on which to say so.
    seats: Mapped[int | None]
    answer_until: Mapped[date | None]
    host_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id"))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    changed_at: Mapped[datetime | None]
    # Place, link and access are on the site only, and in no calendar.
    hides_place: Mapped[bool] = mapped_column(default=False, server_default=false())
    submission: Mapped[str | None] = mapped_column(String(64))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("meeting_series.id"))
    series_on: Mapped[date | None]
    is_apart: Mapped[bool] = mapped_column(default=False, server_default=false())
    revision: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    cancel_reason: Mapped[str | None] = mapped_column(PublicText(rules.LONGEST_REASON))

    host: Mapped[Member] = relationship(lazy="raise", foreign_keys=[host_id])
    cancelled_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[cancelled_by_id])
    thread: Mapped[Thread | None] = relationship(lazy="raise")
    series: Mapped[MeetingSeries | None] = relationship(lazy="raise")
    books: Mapped[list[MeetingBook]] = relationship(
        lazy="raise", order_by=MeetingBook.number, cascade="all, delete-orphan"
    )

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @property
    def threads(self) -> list[Thread]:
        """The conversations about the meeting: one for each book, and one about none."""
        return [each.thread for each in self.books] + ([self.thread] if self.thread else [])

    def cancel(self, member_id: int, reason: str, now: datetime) -> None:
        self.cancelled_at, self.cancelled_by_id, self.cancel_reason = now, member_id, reason
        self.changed_at = now
        self.revision += 1
