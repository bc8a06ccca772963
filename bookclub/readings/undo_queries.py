"""Queries for taking back a change of progress: what it wrote beside the reading."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from ..extensions import db
from .models import Promise, Reading, ReadThrough
from .queries import tags_on


def promises_kept_at(reading_id: int, moment: datetime) -> Sequence[Promise]:
    """Return the promises about a reading that were kept at this moment."""
    statement = select(Promise).where(Promise.reading_id == reading_id, Promise.kept_at == moment)
    return db.session.execute(statement).scalars().all()


def times_like(reading_id: int, started_on: date | None, finished_on: date | None) -> Sequence[ReadThrough]:
    """Return the earlier times of a reading with exactly these days, the last one at most."""
    statement = select(ReadThrough).where(
        ReadThrough.reading_id == reading_id,
        ReadThrough.started_on.is_not_distinct_from(started_on),
        ReadThrough.finished_on.is_not_distinct_from(finished_on),
    )
    return db.session.execute(statement.order_by(ReadThrough.id.desc()).limit(1)).scalars().all()


def holds_nothing(reading: Reading) -> bool:
    """Return whether a reading without a status says nothing else of its book, either."""
    says = (reading.rating, reading.notes, reading.is_private, reading.planned_month, reading.edition_id)
    return not any((*says, reading.length, tags_on(reading.id)))
