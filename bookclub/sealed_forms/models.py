"""Table of sealed forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base


class SealedForm(Base):
    """A form that was sent after its member's session had ended.

    Only the hash of the token in its address is stored. ``path`` and ``query`` are the address it was sent
    to; ``page`` is the page it stood on, if known. ``fields`` is JSON: pairs of name and text in their
    order, without passwords and tokens. ``has_files`` says that files were sent with it, which are not kept.
    """

    __tablename__ = "sealed_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(Text)
    query: Mapped[str] = mapped_column(Text)
    page: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[str] = mapped_column(Text)
    has_files: Mapped[bool] = mapped_column(default=False)
    # The sweep looks for what has expired.
    expires_at: Mapped[datetime] = mapped_column(index=True)
