"""The electorate of a round: who may vote in it, and who joined while it was being voted in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ...accounts.models import Member
from ...extensions import db
from .. import rules
from ..models import Round


@dataclass(frozen=True)
class Presence:
    """A member as the electorate wants to know them; ``removed_at`` is when an organiser removed them."""

    member_id: int
    presence: rules.Presence
    removed_at: datetime | None


def presences() -> Sequence[Presence]:
    """Everybody who is or was a member."""
    rows = db.session.execute(
        select(
            Member.id, Member.joined_at, Member.removed_at, Member.suspended_at, Member.removed_by_id
        ).order_by(Member.id)
    )
    return [
        Presence(
            row.id,
            rules.Presence(
                row.joined_at, min(filter(None, (row.removed_at, row.suspended_at)), default=None)
            ),
            row.removed_at if row.removed_by_id else None,
        )
        for row in rows
    ]


def electorate_of(voting_round: Round) -> Sequence[Presence]:
    """Those who may vote in a round, or might have."""
    return [
        who
        for who in presences()
        if rules.is_elector(
            who.presence,
            voting_round.voting_opened_at,
            voting_round.voting_until_at,
            late_joiners=voting_round.lets_late_join,
        )
    ]


def joined_during(voting_round: Round) -> Sequence[Member]:
    """The members who joined while voting was open, those who have left since included, the first first."""
    if voting_round.voting_opened_at is None:
        return []
    until = min(voting_round.settled_at or voting_round.voting_until_at, voting_round.voting_until_at)
    statement = select(Member).where(
        Member.joined_at > voting_round.voting_opened_at, Member.joined_at < until
    )
    return db.session.execute(statement.order_by(Member.joined_at, Member.id)).scalars().all()
