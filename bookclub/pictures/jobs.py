"""Job that deletes pictures which nobody used."""

from __future__ import annotations

from ..extensions import utcnow
from ..jobs import enqueue, job, next_night
from . import actions

KIND = "stale_pictures"


@job(KIND, nightly=True)
def delete_stale_pictures() -> None:
    """Delete the pictures that have belonged to nothing for a day, and come back the next night."""
    now = utcnow()
    actions.delete_stale(now)
    enqueue(KIND, key=KIND, due_at=next_night(now))
