"""The index of the search: one row for each way in which readers see the words of something.

On SQLite its tables are of FTS5, on PostgreSQL ordinary ones with a ``tsvector``; they have no models.
Comments stand apart: in one table FTS5 would look through all of them for whatever else has the same words,
which took seconds for a million.

The number of a row says what it is of, so that the rows of one kind stand together, in the order of their
ids. It stores no horizon: the statement that searches decides by the living rows which way a reader sees
each.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    TableClause,
    Text,
    cast,
    column,
    literal,
    table,
)

from ..extensions import SEARCH_INDEX
from ..searchable import Searchable
from ..threads.models import Comment


def _table(name: str) -> TableClause:
    numbers, words = column("rowid", BigInteger), (column("title", Text), column("words", Text))
    return table(name, numbers, *words, column("places"))


INDEX, COMMENT_INDEX = _table(SEARCH_INDEX), _table(f"{SEARCH_INDEX}_comments")
INDEXES = INDEX, COMMENT_INDEX
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


def index_of(kind: Searchable) -> TableClause:
    """Return the table in which rows of this kind are indexed."""
    return COMMENT_INDEX if kind.model is Comment else INDEX


def row_id_of(kind: Searchable) -> ColumnElement[int]:
    """Return the id of a row of this kind, as SQL on its index."""
    # A shift, since what a division of whole numbers gives differs between databases.
    number = index_of(kind).c.rowid - literal(kind.number * KIND, BigInteger)
    return cast(number.bitwise_rshift(literal(2, Integer)), Integer)


def view_in(index: TableClause) -> ColumnElement[Any]:
    """Return the View that a row of an index holds, as SQL."""
    return index.c.rowid.bitwise_and(literal(ROW - 1, BigInteger))
