"""The table of the word from the organisers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base, utcnow
from ..members.models import Member
from ..text_columns import PublicText, Rendered, stored_html


class Word(Rendered, Base):
    """A word from the organisers to all members: row 1, once there was one; "" if it is taken down.

    ``number`` goes up with every change, so that a member dismisses the word that they have seen and no
    later one. ``said_at`` is the moment of the last change.
    """

    __tablename__ = "word"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    number: Mapped[int] = mapped_column(default=0)
    body: Mapped[str] = mapped_column(PublicText, default="")
    _body_html: Mapped[str] = mapped_column("body_html", Text, default="")
    body_html = stored_html("body_html", source="body", with_mentions=True)
    said_at: Mapped[datetime] = mapped_column(default=utcnow)

    def is_shown_to(self, member: Member) -> bool:
        """Return whether it says something that this member has not dismissed."""
        return bool(self.body) and self.number != member.dismissed_word
