"""Queries on who follows or mutes which threads."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ..extensions import db
from ..lib.positions.visibility import Viewer
from .models import Subscription, Thread


def subscription_states(thread_id: int) -> dict[int, str]:
    """Return what the members who said so want to hear of a thread, by member id."""
    statement = select(Subscription.member_id, Subscription.state).where(Subscription.thread_id == thread_id)
    return dict(db.session.execute(statement).all())


def subscription_of(viewer: Viewer, thread_id: int) -> Subscription | None:
    """Return what the viewer wants to hear of a thread; None if they never said."""
    if viewer.id is None:
        return None
    return db.session.get(Subscription, (viewer.id, thread_id))


def subscriptions(viewer: Viewer) -> Sequence[tuple[Subscription, Thread]]:
    """Return the titled threads that the viewer follows or mutes, the latest choice first."""
    statement = (
        select(Subscription, Thread)
        .join(Thread, Thread.id == Subscription.thread_id)
        .where(Subscription.member_id == viewer.id)
        .options(joinedload(Thread.book))
        .order_by(Subscription.since_at.desc(), Thread.id.desc())
    )
    return [(subscription, thread) for subscription, thread in db.session.execute(statement)]
