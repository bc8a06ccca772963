"""To say that a book is not for oneself, and to take that back."""

from __future__ import annotations

from datetime import datetime

from ...extensions import db
from ..models import Mute


def mute(member_id: int, book_id: int, now: datetime) -> None:
    """Propose this book to the member no more. Said again, it changes nothing."""
    if db.session.get(Mute, (member_id, book_id)) is None:
        db.session.add(Mute(member_id=member_id, book_id=book_id, muted_at=now))


def unmute(member_id: int, book_id: int) -> None:
    """Let this book be proposed to the member again."""
    muted = db.session.get(Mute, (member_id, book_id))
    if muted is not None:
        db.session.delete(muted)
