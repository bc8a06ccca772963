"""Head of a published paper: its lines ``# key: value``, also after a spreadsheet has saved them."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence

from ..text.characters import clean_line
from ..text.messages import gettext as _
from ..text.messages import list_text, number_text

# Spreadsheets may separate cells by any of these when they save the file again.
SEPARATORS = ",;\t"


class PaperError(ValueError):
    """Error for a file that is no paper of a round; its message is a sentence that names the line, if any."""

    def __init__(self, sentence: str, line: int | None = None) -> None:
        super().__init__(
            sentence
            if line is None
            else _("Line %(line)s: %(sentence)s", line=number_text(line), sentence=sentence)
        )
        self.line = line


def clean_value(text: str) -> str:
    """Return a text as one clean line without separators at its end.

    A spreadsheet fills lines up with separators, which could not be distinguished from separators at the end
    of a title.
    """
    return clean_line(text).rstrip(f"{SEPARATORS} ")


def read_head_line(line: str, number: int) -> tuple[str, str]:
    """Read key and value of a line ``# key: value``, also if it was quoted. Raises PaperError."""
    # A spreadsheet quotes a cell that holds a separator or a quotation mark, so the cells are joined again.
    if line.startswith('"'):
        line = ",".join(row(line.rstrip(f"{SEPARATORS} "), number, ","))
    found = re.fullmatch("#([^:]*):(.*)", clean_value(line))
    if not found:
        raise PaperError(_("Lines that start with # look like “# key: value”."), number)
    return found[1].strip().casefold(), found[2].strip()


def row(line: str, number: int, separator: str) -> list[str]:
    """Split a line of CSV into cells. Raises PaperError."""
    try:
        cells = next(csv.reader([line], delimiter=separator, strict=True))
    except csv.Error:
        raise PaperError(_("The cells of this line cannot be told apart."), number) from None
    return [cell.strip(" ") for cell in cells]


class Head:
    """Values of the lines that start with #, each with its line number."""

    def __init__(self, values: Mapping[str, tuple[str, int]]) -> None:
        self._values = values

    def optional(self, key: str) -> str | None:
        return self._values[key][0] if key in self._values else None

    def text(self, key: str) -> str:
        if key not in self._values:
            raise PaperError(_("There is no line that starts with “# %(key)s:”.", key=key))
        return self._values[key][0]

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise PaperError(
                _("“%(key)s” must be %(values)s.", key=key, values=list_text(allowed, style="or")),
                self._values[key][1],
            )
        return value

    def number(self, key: str) -> int:
        """Read a whole number; a quorum may end in %."""
        value = self.text(key)
        if not re.fullmatch("[0-9]{1,9}%?", value):
            raise PaperError(_("“%(key)s” must be a whole number.", key=key), self._values[key][1])
        return int(value.removesuffix("%"))

    def nominations(self) -> tuple[int, ...]:
        """Return the ids of the nominations that have a title here."""
        found = []
        for key in self._values:
            if key.startswith("nomination "):
                # Eighteen digits fit a 64-bit integer; a leading zero would name one nomination in two ways.
                if not re.fullmatch("nomination [1-9][0-9]{0,17}", key):
                    raise PaperError(
                        _("A nomination has a number, as in “# nomination 5: …”."), self._values[key][1]
                    )
                found.append(int(key.removeprefix("nomination ")))
        return tuple(sorted(found))

    def those(self, key: str, nominations: Sequence[int]) -> tuple[int, ...]:
        """Return the nominations that a line names; none if the line is missing."""
        ids = {str(nomination): nomination for nomination in nominations}
        named = (self.optional(key) or "").split()
        if any(name not in ids for name in named):
            raise PaperError(
                _("“%(key)s” names something that is not a nomination.", key=key), self._values[key][1]
            )
        return tuple(sorted(ids[name] for name in named))
