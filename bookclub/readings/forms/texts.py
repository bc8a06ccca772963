"""The words of a reading's form: its choices, its values as text, and what it said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .. import rules
from ..models import Reading
from ..rules import Contents

STATUSES = {
    "to_read": "To read",
    "reading": "Reading it",
    "finished": "Finished",
    "did_not_finish": "Did not finish",
}
RATINGS = {"": "No rating", **{f"{halves / 2:g}": f"{halves / 2:g} ★" for halves in range(10, 0, -1)}}
UNITS = {"percent": "%", "page": "page", "minute": "minutes", "section": "chapter finished"}
SECRECY = {"0": "Everybody in the club", "1": "Only you"}
NOT_PRIVATE = ("", "0", "n", "no", "false", "off")
AGAIN = "Send yours again to keep it."


@dataclass(frozen=True)
class Said:
    """The values that a form sent; None for a field that was not sent.

    ``changes`` are the columns of a Reading that it changed besides.
    """

    status: str | None = None
    position: int | None = None
    entry: str | None = None
    entry_unit: str | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    own_tags: tuple[str, ...] | None = None


def place_text(entry: str, unit: str, contents: Contents) -> str:
    """A typed place with its unit, as forms are compared by it; a chapter by its number."""
    section = contents.section(rules.section_of(entry) or 0) if unit == "section" else None
    entry = str(section.number) if section else entry.strip()
    return f"{entry} {unit}" if entry else ""


def length_text(reading: Reading) -> str:
    """A reader's own length as the form writes it: "352" pages, "7:32" hours."""
    if not reading.length:
        return ""
    if reading.own_length("minute"):
        return f"{reading.length // 60}:{reading.length % 60:02}"
    return str(reading.length)
