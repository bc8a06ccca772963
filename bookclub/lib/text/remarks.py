"""Sentences that are stored now and worded when they are read, in the language of whoever reads them then.

A job that takes a library in cannot know in which language its report will be read, so it stores messages of
gettext with the values of their placeholders.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Union

from . import messages
from .dates import date_text

# A tuple of remarks is worded as a list: "your rating, your notes and your tags".
Value = Union[str, int, float, date, "Remark", tuple["Remark", ...]]


@dataclass(frozen=True, slots=True)
class Remark:
    """A message of gettext in English, with its plural form and number if it has any, and its values."""

    message: str
    plural: str = ""
    count: int = 0
    values: tuple[tuple[str, Value], ...] = ()

    def fill(self, **values: Value) -> Remark:
        """Return the remark with these values for its placeholders."""
        return replace(self, values=tuple(values.items()))

    def __str__(self) -> str:
        """Word the remark in the language of the moment."""
        texts = {name: _value_text(value) for name, value in self.values}
        if self.plural:
            return messages.ngettext(self.message, self.plural, self.count, **texts)
        return messages.gettext(self.message, **texts)

    def to_json(self) -> Any:
        """Return the remark as JSON stores it: the bare message if there is nothing more."""
        return _to_json(self) if self.plural or self.values else self.message

    @classmethod
    def from_json(cls, stored: Any) -> Remark:
        """Return the remark that to_json() stored.

        A sentence that was stored as text is a message that no catalogue has, and is shown as it is.
        """
        if isinstance(stored, str):
            return cls(stored)
        values = tuple((name, _from_json(value)) for name, value in stored["values"].items())
        return cls(stored["message"], stored.get("plural", ""), stored.get("count", 0), values)


def remark(message: str, /, **values: Value) -> Remark:
    """Return a remark. Babel finds its message by the name of this function."""
    return Remark(message, values=tuple(values.items()))


def nremark(singular: str, plural: str, count: int, /, **values: Value) -> Remark:
    """Return a remark with two forms; ``%(num)s`` is the number."""
    return Remark(singular, plural, count, tuple(values.items()))


def store_remarks(remarks: Iterable[Remark]) -> str:
    """Return remarks as a column of text stores them; "" for none."""
    stored = [each.to_json() for each in remarks]
    return json.dumps(stored, ensure_ascii=False) if stored else ""


def remarks_text(stored: str) -> str:
    """Word what store_remarks() returned. Other text, which was worded when it was stored, stays."""
    if not stored.startswith("["):
        return stored
    return " ".join(str(Remark.from_json(each)) for each in json.loads(stored))


def _value_text(value: Value) -> str:
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, int | float):
        return messages.number_text(value)
    return messages.list_text(map(str, value)) if isinstance(value, tuple) else str(value)


def _to_json(value: Value) -> Any:
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, tuple):
        return [_to_json(each) for each in value]
    if not isinstance(value, Remark):
        return value
    values = {name: _to_json(each) for name, each in value.values}
    kept: dict[str, Any] = {"message": value.message, "values": values}
    return kept | ({"plural": value.plural, "count": value.count} if value.plural else {})


def _from_json(stored: Any) -> Value:
    if isinstance(stored, list):
        return tuple(Remark.from_json(each) for each in stored)
    if not isinstance(stored, dict):
        return stored  # type: ignore[no-any-return]
    return date.fromisoformat(stored["day"]) if "day" in stored else Remark.from_json(stored)
