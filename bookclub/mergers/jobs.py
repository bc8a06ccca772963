"""Nightly job that forgets the steps of mergers that cannot be undone any more."""

from __future__ import annotations

from sqlalchemy import and_, delete, not_

from ..extensions import db, utcnow
from ..jobs import enqueue, job, next_night
from . import queries
from .models import MergerStep
from .rules import UNDO_FOR

# Rows that exist nowhere else: chapters of a book that had its own, and advice that named both books.
ONLY_HERE = ("section", "section_start", "endorsement")


@job("mergers", nightly=True)
def forget() -> None:
    """Delete the steps of mergers that are older than a week, or undone.

    A row that only a step holds stays there for good, so that nothing is lost.
    """
    now = utcnow()
    # A merger dated more than a week ahead, by a wrong clock, cannot be undone either.
    over = queries.mergers_not_between(now - UNDO_FOR, now + UNDO_FOR)
    only_here = and_(MergerStep.kind == "folded", MergerStep.table_name.in_(ONLY_HERE))
    db.session.execute(delete(MergerStep).where(MergerStep.merger_id.in_(over), not_(only_here)))
    # Undoing has put the rows back, so here even the steps of ONLY_HERE hold nothing any more.
    db.session.execute(delete(MergerStep).where(MergerStep.merger_id.in_(queries.mergers_undone())))
    enqueue("mergers", key="mergers", due_at=next_night(now))
