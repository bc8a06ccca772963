"""Texts as they leave in the club's export: without locked ones and bars, unless everything is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, case, literal

from ..lib.positions.visibility import Viewer
from ..readings.visibility_queries import visible_to
from .queries import rows_of
from .rules import without_spoilers

Rows = Iterator[Mapping[str, Any]]


def text_of(everything: bool, body: Any, horizon: Any, place: Mapping[str, Any]) -> ColumnElement[Any]:
    """Expression for a text, or NULL if the text is locked: then it stays in the database."""
    may_leave = literal(True) if everything else visible_to(Viewer(), horizon=horizon, **place)
    return case((may_leave, body))


def hide_spoilers(everything: bool, statement: Any) -> Rows:
    """Rows with their inline spoilers hidden, unless everything is exported."""
    for row in rows_of(statement):
        body = row["body"]
        # A locked text has not left the database, and its row keeps its place.
        if body is None:
            yield row
            continue
        shown = without_spoilers(body)
        yield {**row, "body": body if everything else shown, "has_spoilers": shown != body}
