"""Table of the outbox: one row for each mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from .rules import LONGEST_ERROR, STATES, retry_at


class Mail(Base):
    """One mail, without its words, which are composed when it is sent.

    ``address`` is the recipient's at the time when it was posted; a guest has no ``member_id``. ``site`` is
    where its links lead. It is claimed before it is sent: a claim that a crash left behind may have gone out,
    so it becomes unknown.
    """

    __tablename__ = "mail"
    __table_args__ = (
        # A tuple of strings, printed by Python, is a list in SQL.
        CheckConstraint(f"state IN {STATES}", name="state"),
        Index("ix_mail_state_next_at", "state", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    # One cause makes one mail.
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    site: Mapped[str] = mapped_column(String(300))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    message_id: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default=utcnow)
    next_at: Mapped[datetime] = mapped_column(default=utcnow)
    claimed_at: Mapped[datetime | None] = mapped_column(index=True)
    # When it was claimed, or could not be, as the server was out of reach.
    tried_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    # What was held against its address when a server took it. It may still come back.
    refusals_before: Mapped[int] = mapped_column(default=0, server_default="0")

    def claim(self, now: datetime) -> None:
        self.state, self.attempts = "claimed", self.attempts + 1
        self.claimed_at = self.tried_at = now

    def put_off(self, problem: str, now: datetime) -> None:
        """Let it wait for the next attempt, or fail after two days of them."""
        again_at = retry_at(self.created_at, max(self.attempts, 1), now)
        if again_at is None:
            self.end("failed", now, problem)
        else:
            self.state, self.next_at, self.last_error = "waiting", again_at, problem[:LONGEST_ERROR]

    def end(self, state: str, now: datetime, problem: str = "") -> None:
        self.state, self.ended_at, self.last_error = state, now, problem[:LONGEST_ERROR]
