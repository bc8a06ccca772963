"""Tables of date polls, of their proposed times, and of the answers."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ..extensions import Base, utcnow
from ..meetings import rules as meeting_rules
from ..members.models import Member
from ..text_columns import PublicText
from . import rules


class Availability(Base):
    """A member's answer to a proposed time. It goes when its member leaves."""

    __tablename__ = "availability"
    __table_args__ = (CheckConstraint(f"answer IN {rules.ANSWERS}", name="answer"),)

    option_id: Mapped[int] = mapped_column(ForeignKey("date_option.id", ondelete="CASCADE"), primary_key=True)
    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    answer: Mapped[str] = mapped_column(String(5))
    answered_at: Mapped[datetime] = mapped_column(default=utcnow)


class DateOption(Base):
    """A time that a poll proposes: a local time in its zone, and the moment ``starts_at`` that it means."""

    __tablename__ = "date_option"
    __table_args__ = (UniqueConstraint("poll_id", "starts_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("date_poll.id", ondelete="CASCADE"))
    starts_on: Mapped[date]
    clock: Mapped[time]
    starts_at: Mapped[datetime]


class DatePoll(Base):
    """The question when to meet. Choosing one of its times makes the meeting with the id ``meeting_id``."""

    __tablename__ = "date_poll"
    __table_args__ = (
        # A form that is sent twice makes one poll.
        UniqueConstraint("created_by_id", "submission"),
        UniqueConstraint("meeting_id"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name="withdrawn"),
        CheckConstraint("meeting_id IS NULL OR withdrawn_at IS NULL", name="decided"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(PublicText(meeting_rules.LONGEST_TITLE))
    time_zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    submission: Mapped[str | None] = mapped_column(String(64))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    withdraw_reason: Mapped[str | None] = mapped_column(PublicText(meeting_rules.LONGEST_REASON))

    created_by: Mapped[Member] = relationship(lazy="raise", foreign_keys=[created_by_id])
    withdrawn_by: Mapped[Member | None] = relationship(lazy="raise", foreign_keys=[withdrawn_by_id])
    options: Mapped[list[DateOption]] = relationship(
        lazy="raise", order_by=DateOption.starts_at, cascade="all, delete-orphan"
    )

    def state(self, now: datetime) -> str:
        """Return the state of the poll at this moment."""
        return rules.state_of(
            is_chosen=self.meeting_id is not None,
            is_withdrawn=self.withdrawn_at is not None,
            starts=[each.starts_at for each in self.options],
            now=now,
        )

    def withdraw(self, member_id: int, reason: str, now: datetime) -> None:
        self.withdrawn_at, self.withdrawn_by_id, self.withdraw_reason = now, member_id, reason
