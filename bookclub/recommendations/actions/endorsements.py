"""To recommend one book to whoever loved another."""

from __future__ import annotations

from datetime import datetime

from ...extensions import db
from ..models import Endorsement


def endorse_book(member_id: int, book_id: int, other_id: int, reason: str, now: datetime) -> Endorsement:
    """Say that whoever loved the one book should read the other."""
    endorsement = Endorsement(
        member_id=member_id, book_id=book_id, other_id=other_id, reason=reason, endorsed_at=now
    )
    db.session.add(endorsement)
    db.session.flush()
    return endorsement
