"""Series of a book and its number there, parsed from what members type and written out again."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..text.messages import gettext as _
from .field_values import MAX_TITLE, FieldError, public_line_from, shorten

_NUMBERED = re.compile(r"(?P<name>.*?)(?:\s*[,#]\s*#?\s*|\s+#\s*)(?P<number>[^,#]*)", re.DOTALL)
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,2})?")


class Series(NamedTuple):
    """The name of a series, "" for none, and the number of the book in it (2.5 is between two books)."""

    name: str = ""
    number: float | None = None


NO_SERIES = Series()


def series_from(text: str) -> Series:
    """Read a series as members type it: "Earthsea, 2", "Earthsea #2" or "Earthsea"; nothing is no series.

    Raises FieldError for a number without a name, and for a wrong number after "#". Without "#" a wrong
    number belongs to the name, which may contain a comma.
    """
    line = public_line_from(text, MAX_TITLE, _("A series"))
    found = _NUMBERED.fullmatch(line)
    if not found:
        return Series(line)
    name, number = found["name"].strip(), found["number"].strip()
    if not name:
        raise FieldError(_("Name the series before the number of the part."))
    if not _NUMBER.fullmatch(number):
        if "#" in line:
            raise FieldError(
                _(
                    "“%(number)s” is not the number of a part. Write it as Earthsea, 2.",
                    number=shorten(number),
                )
            )
        return Series(line)
    return Series(name, float(number))


def series_text(series: Series) -> str:
    """Return the line that ``series_from`` reads as this series."""
    if not series.name or series.number is None:
        return series.name
    return f"{series.name}, {series.number:g}"
