"""Model of recaps."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base


class Recap(Base):
    """A comment in a conversation of a meeting that says what was talked about there.

    It is a comment so that it is locked, edited, removed, reported and answered as one: it gives away at
    least what was to be read, which is the floor of its thread.
    """

    __tablename__ = "recap"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id", ondelete="CASCADE"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
