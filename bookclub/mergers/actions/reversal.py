"""To undo a merger or a split: whether that can be, and what has to be counted again afterwards."""

from __future__ import annotations

from datetime import datetime

from ...extensions import db
from .. import queries, rules
from ..models import Merger
from .authors import give_back, respell_books, say_on_books
from .undo import Undo


def problem_with_undo(merger: Merger, now: datetime) -> str | None:
    """Why a merger cannot be undone, in words; None if it can."""
    if merger.undone_at is not None:
        return "It is undone already."
    if not rules.can_undo(merger.merged_at, merger.undone_at, now):
        return "It was more than a week ago, and what it changed is not kept any longer."
    later = queries.later_merger(merger)
    if later is not None:
        what = "was split off" if later.is_split else "was merged"
        return f"“{later.title}” {what} later. Undo that first."
    return None


def undo(merger: Merger, member_id: int, now: datetime) -> None:
    """Put back what a merger changed. What was written since stays with the one that was kept."""
    if merger.author_id is not None:
        _undo_author(merger, member_id, now)
    merger.undone_at, merger.undone_by_id = now, member_id
    db.session.flush()


def _undo_author(merger: Merger, member_id: int, now: datetime) -> None:
    assert merger.author_id is not None
    involved = [id for id in (merger.author_id, merger.made_author_id) if id is not None]
    books = sorted({book_id for author_id in involved for book_id in queries.books_by(author_id)})
    before = queries.names_on(books)
    reversal = Undo(merger)
    if merger.made_author_id is None:
        reversal.run()
    else:
        made_id, merger.made_author_id = merger.made_author_id, None
        reversal.run(but={"made"})
        give_back(merger.author_id, made_id)
        reversal.run(only={"made"})
    respell_books(books)
    say_on_books(books, before, member_id, now)
