"""Changes to what a member hears of a thread."""

from __future__ import annotations

from datetime import datetime

from ..extensions import db
from ..members.models import Member
from .models import Subscription, Thread


def subscribe(member: Member, thread: Thread, state: str, now: datetime) -> None:
    """Let a member follow a thread or mute it; with "" they hear of replies and mentions alone.

    The thread's row is locked, so two tabs of a member take turns.
    """
    found = db.session.get(Subscription, (member.id, thread.id))
    if found is not None:
        if found.state == state:
            return
        db.session.delete(found)
        db.session.flush()
    if state:
        db.session.add(Subscription(member_id=member.id, thread_id=thread.id, state=state, since_at=now))
