"""Tables of when members want mail about what, and of the letters that they were sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base
from .mail_rules import DAILY, FREQUENCIES, TOPIC_NAMES, WEEKLY

LETTERS = (DAILY, WEEKLY)


class MailPreference(Base):
    """A member's choice of when to hear of a topic by mail; without one the topic's default holds."""

    __tablename__ = "mail_preference"
    # Tuples of strings, printed by Python, are lists in SQL.
    __table_args__ = (
        CheckConstraint(f"topic IN {TOPIC_NAMES}", name="topic"),
        CheckConstraint(f"frequency IN {FREQUENCIES}", name="frequency"),
    )

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(12), primary_key=True)
    frequency: Mapped[str] = mapped_column(String(8))


class Letter(Base):
    """The last letter of this frequency to a member: it tells what happened until ``told_until_at``."""

    __tablename__ = "letter"
    __table_args__ = (CheckConstraint(f"frequency IN {LETTERS}", name="frequency"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    frequency: Mapped[str] = mapped_column(String(8), primary_key=True)
    told_until_at: Mapped[datetime]
