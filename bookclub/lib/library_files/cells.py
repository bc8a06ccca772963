"""One row of a table by what its cells mean, and what of it cannot be taken."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from ..matches.field_values import LONGEST_ENTRY, line_from, short
from .columns import Columns
from .days import MOST_TIMES, NoDay, Time, day_from, pieces_of, range_from
from .entries import MAX_FIELD, Form
from .mojibake import put_right
from .review_markdown import plain
from .values import NoValue

Value = TypeVar("Value")

_FORMULA_TEXT = re.compile(r'="([^"]*)"')
# Goodreads' old line break, as programs on its way have spelt it, and how rules.markdown knows it.
_HAML = re.compile(
    r"(?:<|&lt;)\s?/?haml:newline\s{0,9}/?(?:>|&gt;)(?:(?:<|&lt;)/haml:newline\s?(?:>|&gt;))?", re.IGNORECASE
)
_LINE_BREAK = "<haml:newline/>"
# Bookclub's export guards a text that a spreadsheet would take for a formula with an apostrophe.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
# No number and no list of days is longer; those who read them remember what they have read.
LONGEST_VALUE = 3000


class Cells:
    """The cells of one row, asked by role. ``problems`` gathers in words what was left out."""

    def __init__(self, columns: Columns, cells: Sequence[str], day_first: bool) -> None:
        self._columns = columns
        self._cells = cells
        self._day_first = day_first
        self.is_own = columns.form is Form.BOOKCLUB
        self.problems: list[str] = []

    def has_column(self, role: str) -> bool:
        """Return whether the table has a column for this."""
        return role in self._columns.numbers

    def all_of(self, role: str) -> list[str]:
        """All cells of a role that hold something, the surest first."""
        numbers = self._columns.numbers.get(role, ())
        cells = (self._bare(self._cells[number]) for number in numbers if number < len(self._cells))
        return [cell for cell in cells if cell.strip()]

    def text(self, role: str) -> str:
        """The first cell of a role that holds something, "" where none does; without a text too long."""
        text = self._first(role)
        if len(text) > MAX_FIELD:
            self.problems.append(f"The {role} is longer than {MAX_FIELD:,} characters, so it was left out.")
            return ""
        return plain(text)

    def _first(self, role: str) -> str:
        for number in self._columns.numbers.get(role, ()):
            cell = self._cells[number] if number < len(self._cells) else ""
            if cell and (bare := self._bare(cell)).strip():
                return bare
        return ""

    def own_text(self, role: str) -> str:
        """The cell of a role's first column alone, where the others hold something else."""
        numbers = self._columns.numbers.get(role, ())
        return plain(self._bare(self._cells[numbers[0]]) if numbers and numbers[0] < len(self._cells) else "")

    def line(self, role: str) -> str:
        """A text as one line, its HTML entities read; "" where there is nothing to see."""
        return self.as_line(self.text(role))

    def as_line(self, text: str) -> str:
        """Any text as one line."""
        if "&" in text and not self.is_own:
            text = plain(html.unescape(text))
        text = " ".join(text.replace(_LINE_BREAK, " ").split())
        if text.isprintable() and text[:1].isalnum() and len(text) <= LONGEST_ENTRY:
            return text
        return line_from(text[:LONGEST_ENTRY], LONGEST_ENTRY, "A line")

    def value(self, role: str, read: Callable[[str], Value], nothing: Value, what: str) -> Value:
        """What ``read`` makes of the first cell; ``nothing``, and a problem, where that is nonsense."""
        text = self.text(role)
        return self.read(text, read, nothing, what) if text else nothing

    def read(self, text: str, read: Callable[[str], Value], nothing: Value, what: str) -> Value:
        """What ``read`` makes of a text; ``nothing``, and a problem, where that is nonsense."""
        try:
            if len(text) > LONGEST_VALUE:
                raise NoValue
            return read(text)
        except (NoDay, NoValue):
            self.problems.append(f"The {what} “{short(' '.join(text.split()))}” is none, so it was left out.")
            return nothing

    def day(self, role: str) -> date | None:
        """The day in the first cell of a role."""
        return self.value(role, lambda text: day_from(text, self._day_first), None, "date")

    def days(self, role: str) -> list[date | None]:
        """The days of a role, whose cell may hold several."""
        return [end for _, end in self.times(role)]

    def times(self, role: str) -> list[Time]:
        """The times of a role, whose cell may hold several: ranges of days, or days of finishing alone."""
        unknown: Time = (None, None)
        pieces = pieces_of(self.text(role)[:LONGEST_VALUE])[:MOST_TIMES]
        return [self.read(piece, lambda text: range_from(text, self._day_first), unknown, "date")
                for piece in pieces]  # fmt: skip

    def _bare(self, cell: str) -> str:
        if self.is_own:
            return cell[1:] if _GUARDED.match(cell) else cell
        cell = put_right(cell).strip()
        if "haml:" in cell.lower():
            cell = _HAML.sub(_LINE_BREAK, cell)
        found = _FORMULA_TEXT.fullmatch(cell)
        return found[1] if found else cell
