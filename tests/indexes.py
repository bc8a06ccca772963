"""The index of the search, compared with what it would be if it were written anew."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from bookclub.extensions import begin_write, db
from bookclub.search.actions import index_batch
from bookclub.search.models import INDEXES
from bookclub.searchable import KINDS


def read_index() -> dict[int, tuple[str, str]]:
    """Return all rows of the index, by their numbers."""
    tables = (select(each.c.rowid, each.c.title, each.c.words) for each in INDEXES)
    return {row.rowid: (row.title, row.words) for each in tables for row in db.session.execute(each)}


def wrong_rows(app: Flask) -> dict[int, tuple[object, object]]:
    """Return each row of the index that is not as it should be, and as it should be."""
    with app.app_context():
        begin_write()
        held = read_index()
        for kind in KINDS.values():
            after: int | None = 0
            while after is not None:
                after = index_batch(kind, after)
        right = read_index()
        db.session.rollback()
    numbers = held.keys() | right.keys()
    return {
        number: (held.get(number), right.get(number))
        for number in sorted(numbers)
        if held.get(number) != right.get(number)
    }
