"""To choose what the shelves become, to start an import, to stop it, and to forget it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete

from ...extensions import db
from ...jobs import enqueue
from .. import queries
from ..models import Import, ImportRow


def choose(brought: Import, choices: Mapping[str, str], *, gives_descriptions: bool = True) -> None:
    """Note what the shelves of a file become; those that are not named stay as they were.

    ``gives_descriptions`` says whether books of the club without a description get the file's.
    """
    brought.gives_descriptions = gives_descriptions
    brought.shelves = [
        {**shelf, "becomes": choices.get(shelf["name"], shelf["becomes"])} for shelf in brought.shelves
    ]


def start(brought: Import) -> None:
    """Take the file in from now on, or go on with it where it was stopped."""
    if brought.state == "finished":
        return
    brought.state, brought.stopped_by, brought.stop_reason = "running", "", ""
    if not queries.is_at_work(brought.id):
        enqueue("import", key=queries.key_of_job(brought.id), import_id=brought.id)


def stop(brought: Import, by: str = "member", reason: str = "") -> None:
    """Take no more of the file in until its member starts it again; what was taken stays.

    ``by`` is one of STOPPERS, and ``reason`` is what an organiser tells the member.
    """
    if brought.state == "running":
        brought.state, brought.stopped_by, brought.stop_reason = "stopped", by, reason


def stop_all(member_id: int) -> None:
    """Stop every running import of a member who is suspended now."""
    for brought in queries.imports_of(member_id, lock=True):
        stop(brought, "suspension")


def look_again(member_id: int) -> None:
    """Go on looking for the books of a member's files where the suspension, now lifted, ended that."""
    for brought in queries.imports_of(member_id, lock=True):
        if brought.state == "staged" and brought.looked < brought.total - brought.skipped:
            after = queries.last_looked_at(brought)
            enqueue("look", key=f"look {brought.id}", import_id=brought.id, after=after)


def forget(brought: Import) -> None:
    """Forget a file and its report. What was taken from it stays, and is known as such by the next file."""
    db.session.execute(delete(ImportRow).where(ImportRow.import_id == brought.id))
    db.session.delete(brought)
