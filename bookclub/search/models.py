"""The index of the search: one row for each way in which readers see the words of something.

On SQLite it is a table of FTS5, on PostgreSQL an ordinary one with a ``tsvector``; neither has a model. The
number of a row says what it is of, so that the rows of one kind stand together, in the order of their ids.
It stores no horizon: the statement that searches decides by the living rows which way a reader sees each.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Text, cast, column, literal, table

from ..extensions import SEARCH_INDEX

INDEX = table(
    SEARCH_INDEX,
    column("rowid", BigInteger),
    column("title", Text),
    column("words", Text),
    column("places"),
)
# Each kind has room for so many numbers, four for each row.
KIND, ROW = 2**40, 4


class View(IntEnum):
    """The ways in which readers see the words of a row: all, with inline spoilers closed, or public ones."""

    FULL = 0
    CLOSED = 1
    PUBLIC = 2


def number_of(kind: int, row_id: int, view: View = View.FULL) -> int:
    """Return the number that a row of this kind has in the index."""
    return kind * KIND + row_id * ROW + view


def row_id_of(kind: int) -> ColumnElement[int]:
    """Return the id of a row of this kind, as SQL on the index."""
    # A shift, since what a division of whole numbers gives differs between databases.
    return cast(
        (INDEX.c.rowid - literal(kind * KIND, BigInteger)).bitwise_rshift(literal(2, Integer)), Integer
    )


def view_of_row() -> ColumnElement[Any]:
    """Return the View that a row of the index holds, as SQL."""
    return INDEX.c.rowid.bitwise_and(literal(ROW - 1, BigInteger))
