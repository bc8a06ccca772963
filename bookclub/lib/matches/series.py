"""The series that a book is a part of, and which part it is."""

from __future__ import annotations

import re
from typing import NamedTuple

from .field_values import MAX_TITLE, Refused, public_line_from, short

_NUMBERED = re.compile(r"(?P<name>.*?)(?:\s*[,#]\s*#?\s*|\s+#\s*)(?P<number>[^,#]*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")


class Series(NamedTuple):
    """The name of a series, "" where a book is in none, and the number of the part (2.5: between two)."""

    name: str = ""
    number: float | None = None


NO_SERIES = Series()


def series_from(text: str) -> Series:
    """A series as it is typed: "Earthsea, 2", "Earthsea #2", or "Earthsea" alone; nothing is no series."""
    line = public_line_from(text, MAX_TITLE, "A series")
    found = _NUMBERED.fullmatch(line)
    if not found:
        return Series(line)
    name, number = found["name"].strip(), found["number"].strip()
    if not name:
        raise Refused("Name the series before the number of the part.")
    if not _NUMBER.fullmatch(number):
        if "#" in line:
            raise Refused(f"“{short(number)}” is not the number of a part. Write it as Earthsea, 2.")
        return Series(line)
    return Series(name, float(number))


def series_text(series: Series) -> str:
    """The line from which ``series_from`` reads this series."""
    if not series.name or series.number is None:
        return series.name
    return f"{series.name}, {series.number:g}"
