"""Actions that mark many books as read at once, and take that back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete

from ..bulk import write_rows
from ..extensions import db
from ..lib.positions import progress
from ..members.models import Member
from . import past_read_queries as queries
from .models import Reading


def mark_as_read(member: Member, book_ids: Iterable[int], now: datetime, *, is_private: bool) -> None:
    """Give a member a reading of each of these books, of which they have none: read once, who knows when.

    Nobody is notified: a book that was finished perhaps years ago is no news. Nor is what others wrote about
    it to its reader, so all of that counts as seen.
    """
    end = progress.move(None, "finished", None)
    write_rows(
        Reading,
        (
            {
                "member_id": member.id,
                "book_id": book_id,
                "status": end.status,
                "position": end.position,
                "mark": end.mark,
                "seen_mark": end.mark,
                "times_read": 1,
                "is_private": is_private,
                "changed_at": now,
            }
            for book_id in book_ids
        ),
    )


def unmark(member: Member, moment: datetime) -> int:
    """Delete the readings that a member marked at a moment and has not touched since; return their number.

    What they had opened locks again.
    """
    ids = queries.lock_marked(member.id, moment)
    if ids:
        db.session.execute(delete(Reading).where(Reading.id.in_(ids)))
    return len(ids)
