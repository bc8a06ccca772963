"""What Open Library answered, kept so that nobody asks it the same thing twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base


class OpenLibraryAnswer(Base):
    """One question and what came back. Nothing says who asked, and the question itself is only a digest.

    ``status`` is that of HTTP, or 0 where no answer came; ``answer`` holds what is used of the record.
    Rows younger than a minute say how much this club asks, whatever became of it.
    """

    __tablename__ = "open_library_answer"

    asked: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
