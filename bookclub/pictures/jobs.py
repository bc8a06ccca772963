"""Job that deletes pictures which nobody used."""

from __future__ import annotations

from ..extensions import utcnow
from ..jobs import enqueue, job, next_night
from . import actions, queries
from .rules import LOOSE_FOR

KIND = "stale_pictures"


@job(KIND, nightly=True)
def delete_stale_pictures() -> None:
    """Delete the pictures that have belonged to nothing for a day.

    It comes back when the next one has, or else the next night: it sees all of a day before they are stale.
    """
    now = utcnow()
    actions.delete_stale(now)
    loose_at = queries.oldest_loose_at()
    due_at = next_night(now)
    enqueue(KIND, key=KIND, due_at=min(due_at, loose_at + LOOSE_FOR) if loose_at else due_at)
