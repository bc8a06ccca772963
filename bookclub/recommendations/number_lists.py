"""Lists of numbers passed to and from the database as one text.

The database joins many rows into one text, and takes many ids as one. It does so without holding up other
threads, and in a fraction of the time that Python would take.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Executable, String, bindparam, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ..extensions import db


def text_of(*columns: Any) -> ColumnElement[str]:
    """Expression that joins the numbers of many rows into one text, with "nan" for NULL."""
    joined: Any = func.coalesce(cast(columns[0], String), "nan")
    for column in columns[1:]:
        joined = joined + " " + func.coalesce(cast(column, String), "nan")
    return func.aggregate_strings(joined, " ")


def numbers_in(words: str | None, kind: Any = np.int64) -> NDArray[Any]:
    """Array of the numbers in a text made by text_of()."""
    return np.fromstring(words or "", dtype=kind, sep=" ")


def rows_of(
    statement: Executable, named: Mapping[str, Any] | None, width: int, kind: Any = np.int64
) -> NDArray[Any]:
    """Array of rows of ``width`` numbers, from a statement that yields a text made by text_of()."""
    return numbers_in(db.session.execute(statement, named).scalar(), kind).reshape(-1, width)


class ListedIds(FunctionElement[int]):
    """Ids in a JSON array.

    A parameter for each of hundreds of ids would cost more than finding their rows.
    """

    inherit_cache = True


@compiles(ListedIds, "sqlite")
def _listed_on_sqlite(listed: ListedIds, compiler: SQLCompiler, **named: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(listed.clauses, **named)}))"


@compiles(ListedIds, "postgresql")
def _listed_on_postgresql(listed: ListedIds, compiler: SQLCompiler, **named: Any) -> str:
    array = f"CAST({compiler.process(listed.clauses, **named)} AS JSON)"
    return f"(SELECT CAST(value AS INTEGER) FROM json_array_elements_text({array}))"


def is_listed(column: Any, name: str = "ids") -> ColumnElement[bool]:
    """Condition that an id is among those given as ``ids_parameter(ids, name)``."""
    condition: ColumnElement[bool] = column.bool_op("IN")(ListedIds(bindparam(name, type_=String)))
    return condition


def ids_parameter(ids: Iterable[int], name: str = "ids") -> dict[str, str]:
    """Parameter for is_listed()."""
    return {name: json.dumps(list(ids))}
