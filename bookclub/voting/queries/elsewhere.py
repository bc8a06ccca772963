"""What other rooms ask of the votes: where a book could be nominated, and what was chosen before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, select

from ...extensions import db
from ..models import Nomination, Round, Tally


def takes_nominations(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Whether a round takes nominations at a moment."""
    return and_(
        Round.settled_at.is_(None), Round.voting_opened_at.is_(None), Round.nominations_until_at > now
    )


_ROUND_TO_NOMINATE_FOR = (
    select(Round.id).where(takes_nominations(bindparam("now"))).order_by(Round.nominations_until_at).limit(1)
)
_CHOSEN = (
    select(Nomination.book_id)
    .join(Tally, Tally.winner_id == Nomination.id)
    .where(Nomination.withdrawn_at.is_(None))
    .distinct()
)


def round_to_nominate_for(now: datetime) -> int | None:
    """The round that takes nominations for the shortest time yet, by its id."""
    return db.session.execute(_ROUND_TO_NOMINATE_FOR, {"now": now}).scalar_one_or_none()


def books_chosen() -> Sequence[int]:
    """The books that the club has chosen by vote so far."""
    return db.session.execute(_CHOSEN).scalars().all()
