"""Table of members' private addresses of feeds."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow


class FeedAddress(Base):
    """The private address of a member's feed, which opens without a password.

    The token in it is made from ``code`` and the secret key, so the database alone opens nothing.
    """

    __tablename__ = "feed_address"

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime] = mapped_column(default=utcnow)
