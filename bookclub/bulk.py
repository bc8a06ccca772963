"""Inserts of many rows with one statement, for which the unit of work would be too slow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Table, insert

from .extensions import Base, db

# A driver keeps the last hundred statements that it has prepared. Small batches of one size keep these
# statements few and short.
AT_ONCE = {"insertmanyvalues_page_size": 25}

Rows = Iterable[Mapping[str, Any]]


def table_of(model: type[Base]) -> Table:
    """Return the table of a model."""
    return cast(Table, model.__table__)


def write_rows(model: type[Base], rows: Rows) -> None:
    """Insert rows that all have the same columns. Columns that are not named get their defaults."""
    if found := list(rows):
        db.session.execute(insert(table_of(model)), found)


def write_numbered(model: type[Base], rows: Rows) -> list[int]:
    """Insert rows as ``write_rows()`` does, and return their ids in the same order."""
    found, table = list(rows), table_of(model)
    if not found:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.execute(statement, found, execution_options=AT_ONCE).scalars())
