"""To choose what the shelves become, to start an import, to stop it, and to forget it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from ...extensions import db
from ...jobs import enqueue
from .. import queries
from ..models import Import, ImportRow


def choose(brought: Import, choices: Mapping[str, str]) -> None:
    """Note what the shelves of a file become; those that are not named stay as they were."""
    brought.shelves = [
        {**shelf, "becomes": choices.get(shelf["name"], shelf["becomes"])} for shelf in brought.shelves
    ]


def start(brought: Import) -> None:
    """Take the file in from now on, or go on with it where it was stopped."""
    if brought.state == "finished":
        return
    brought.state = "running"
    if not queries.is_at_work(brought.id):
        enqueue("import", key=queries.key_of_job(brought.id), import_id=brought.id)


def stop(brought: Import) -> None:
    """Take no more of the file in until it is started again; what was taken stays."""
    if brought.state == "running":
        brought.state = "stopped"


def forget(brought: Import) -> None:
    """Forget a file and its report. What was taken from it stays, and is known as such by the next file."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == brought.id))
    db.session.delete(brought)
