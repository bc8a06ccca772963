"""What was done to a round, written down for everybody to see."""

from __future__ import annotations

from datetime import datetime

from ...extensions import db
from ..models import Round, RoundEvent


def note(voting_round: Round, kind: str, member_id: int, now: datetime, **more: datetime | int) -> None:
    """Write down that a member did something to a round, with what belongs to that kind of event."""
    db.session.add(
        RoundEvent(round_id=voting_round.id, kind=kind, member_id=member_id, happened_at=now, **more)
    )
