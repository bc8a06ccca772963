"""To write many rows with one statement, where the unit of work would take most of the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from sqlalchemy import Table, insert

from .extensions import Base, db

# A statement of many rows is long, and a driver keeps the last hundred that it has prepared: so there are
# few different ones, and none is large.
AT_ONCE = {"insertmanyvalues_page_size": 25}

Rows = Iterable[Mapping[str, Any]]


def table_of(model: type[Base]) -> Table:
    """The table of a model."""
    return cast(Table, model.__table__)


def write_rows(model: type[Base], rows: Rows) -> None:
    """Write rows down, all of the same columns; those that are not named take their defaults."""
    if found := list(rows):
        db.session.execute(insert(table_of(model)), found)


def write_numbered(model: type[Base], rows: Rows) -> list[int]:
    """The same; their ids, in their order."""
    found, table = list(rows), table_of(model)
    if not found:
        return []
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.execute(statement, found, execution_options=AT_ONCE).scalars())
