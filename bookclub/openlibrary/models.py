"""Table of cached answers of Open Library, so that nothing is asked twice."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from ..extensions import Base


class OpenLibraryAnswer(Base):
    """A request and its answer. The request is stored as a digest only, and the member not at all.

    ``status`` is that of HTTP, or 0 if no answer came; ``answer`` holds the parts of the record in use.
    Rows younger than a minute count the club's requests, whatever the result.
    """

    __tablename__ = "open_library_answer"

    asked: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    fetched_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
