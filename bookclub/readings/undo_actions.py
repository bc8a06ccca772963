"""Actions that take back the last change of a reader's progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ..books.models import Book
from ..extensions import db
from ..members.models import Member
from ..notices.actions import retract_promises
from . import queries, undo_queries
from .models import Reading

# The columns that a change of progress writes.
PLACE = (
    "status",
    "position",
    "mark",
    "is_again",
    "held_mark",
    "seen_mark",
    "entry",
    "entry_unit",
    "times_read",
    "moved_from",
)
DAYS = ("started_on", "finished_on")
# Before a member touches a book.
NOWHERE: Mapping[str, Any] = {
    **dict.fromkeys((*PLACE, *DAYS)),
    **dict.fromkeys(("mark", "seen_mark", "times_read"), 0),
    "is_again": False,
}


def place_of(reading: Reading | None) -> dict[str, Any]:
    """Return a reader's place as JSON, to be restored by ``undo()``."""
    if reading is None:
        return dict(NOWHERE)
    days = {name: day.isoformat() if (day := getattr(reading, name)) else None for name in DAYS}
    return {name: getattr(reading, name) for name in PLACE} | days


def undo(member: Member, book: Book, was: Mapping[str, Any], moved_at: datetime, now: datetime) -> None:
    """Restore the place that a reader had before their change of ``moved_at``, and lock what it opened.

    Notices that were sent because they had finished are taken back, and the promises wait again. A rating,
    notes and tags stay. A reading that holds nothing else goes.
    """
    queries.lock_ratings(book)
    reading = queries.reading_of(member.id, book.id, lock=True)
    if reading is None:
        return
    if reading.status == "finished" != was["status"]:
        retract_promises(reading.id, moved_at)
        for promised in undo_queries.promises_kept_at(reading.id, moved_at):
            promised.kept_at = None
    days = {name: date.fromisoformat(was[name]) if was[name] else None for name in DAYS}
    if was["status"] == "finished" and reading.is_again:
        # The time before had moved into a row of its own, which would count twice.
        for through in undo_queries.times_like(reading.id, days["started_on"], days["finished_on"]):
            db.session.delete(through)
    for name, value in {**was, **days}.items():
        setattr(reading, name, value)
    reading.changed_at = now
    db.session.flush()
    if reading.status is None and undo_queries.holds_nothing(reading):
        db.session.delete(reading)
        db.session.flush()
