"""What an export is made of, read in pieces, so that no club is too large for the memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from ...extensions import db

# So many rows are held at a time.
AT_ONCE = 500


def hold_still() -> None:
    """Let all that is read until the transaction ends be of one moment, whoever writes meanwhile.

    On SQLite it is anyway. Must come before the transaction's first statement.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def rows_of(statement: Select[*tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """The rows of a statement by the names of their columns, fetched a few at a time."""
    for row in db.session.execute(statement.execution_options(yield_per=AT_ONCE)).mappings():
        yield dict(row)
