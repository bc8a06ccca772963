"""The files of an export: Markdown with a head, JSON that is written row by row, and what they are called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

Row = Mapping[str, Any]


def markdown(head: Row, body: str) -> str:
    """A text under a head of "key: value" lines, which are YAML, its values spelt as JSON.

    What is unknown or empty is left out of the head.
    """
    lines = [f"{key}: {_json(value)}" for key, value in head.items() if value not in (None, "", [], ())]
    return "\n".join(["---", *lines, "---", "", body.replace("\r\n", "\n"), ""])


def json_array(rows: Iterable[Row]) -> Iterator[str]:
    """A JSON array, an object a line, piece by piece."""
    before = "[\n"
    for row in rows:
        yield f"{before}{_json(row)}"
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """JSON lines, an object each."""
    for row in rows:
        yield f"{_json(row)}\n"


def json_object(row: Row) -> str:
    """One object, spread over lines for whoever reads it."""
    return json.dumps(row, ensure_ascii=False, indent=2, default=_spelt) + "\n"


def _json(value: Any) -> str:
    # The line separators of Unicode would end a line for some who read line by line.
    text = json.dumps(value, ensure_ascii=False, default=_spelt)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029").replace("\x85", "\\u0085")


def _spelt(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no spelling in JSON")
