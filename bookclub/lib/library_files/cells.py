"""Cells of one row, read by their role, with the problems found in them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

from ..matches.field_values import LONGEST_ENTRY, line_from, shorten
from ..text.characters import trim_text
from ..text.remarks import Remark, remark
from .columns import Columns
from .days import MOST_TIMES, DayError, Time, day_from, pieces_of, range_from
from .entries import MAX_FIELD, Form
from .mojibake import repair_mojibake
from .values import CellError

Value = TypeVar("Value")

_FORMULA_TEXT = re.compile(r'="([^"]*)"')
# Goodreads' old line break, in the spellings of programs that rewrote it, and as review_markdown expects it.
_HAML = re.compile(
    r"(?:<|&lt;)\s?/?haml:newline\s{0,9}/?(?:>|&gt;)(?:(?:<|&lt;)/haml:newline\s?(?:>|&gt;))?", re.IGNORECASE
)
_LINE_BREAK = "<haml:newline/>"
# Bookclub's export puts an apostrophe before a text that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
# No real number or list of days is longer, and the functions that read them cache their arguments.
LONGEST_VALUE = 3000
NO_DATE = remark("“%(text)s” is not a date, so it was left out.")


class Cells:
    """The cells of one row, by role. ``problems`` says what was left out."""

    def __init__(self, columns: Columns, cells: Sequence[str], day_first: bool) -> None:
        self._columns = columns
        self._cells = cells
        self._day_first = day_first
        self.is_own = columns.form is Form.BOOKCLUB
        self.problems: list[Remark] = []

    def has_column(self, role: str) -> bool:
        """Return whether the table has a column for a role."""
        return role in self._columns.numbers

    def all_of(self, role: str) -> list[str]:
        """Return all cells of a role that are not empty, the most reliable column first."""
        numbers = self._columns.numbers.get(role, ())
        cells = (self._clean_cell(self._cells[number]) for number in numbers if number < len(self._cells))
        return [cell for cell in cells if cell.strip()]

    def text(self, role: str) -> str:
        """Return the first cell of a role that is not empty, else "".

        A text of more than MAX_FIELD characters is left out, with a problem.
        """
        text, number = self._first_cell(role)
        if len(text) > MAX_FIELD:
            self.problems.append(
                remark(
                    "The text in “%(column)s” is longer than %(limit)s characters, so it was left out.",
                    column=shorten(self._columns.header[number].strip()),
                    limit=MAX_FIELD,
                )
            )
            return ""
        return trim_text(text)

    def _first_cell(self, role: str) -> tuple[str, int]:
        for number in self._columns.numbers.get(role, ()):
            cell = self._cells[number] if number < len(self._cells) else ""
            if cell and (bare := self._clean_cell(cell)).strip():
                return bare, number
        return "", 0

    def own_text(self, role: str) -> str:
        """Return the cell of a role's first column alone, if the other columns mean something else."""
        numbers = self._columns.numbers.get(role, ())
        return trim_text(
            self._clean_cell(self._cells[numbers[0]]) if numbers and numbers[0] < len(self._cells) else ""
        )

    def line(self, role: str) -> str:
        """Return a text as one line with its HTML entities decoded; "" if nothing in it is visible."""
        return self.as_line(self.text(role))

    def as_line(self, text: str) -> str:
        """Return any text as one line, like line()."""
        if "&" in text and not self.is_own:
            text = trim_text(html.unescape(text))
        text = " ".join(text.replace(_LINE_BREAK, " ").split())
        # Most texts need no cleaning, which is slow.
        if text.isprintable() and text[:1].isalnum() and len(text) <= LONGEST_ENTRY:
            return text
        return line_from(text[:LONGEST_ENTRY], LONGEST_ENTRY, "")

    def value(self, role: str, read: Callable[[str], Value], nothing: Value, problem: Remark) -> Value:
        """Read the first cell of a role with ``read``; ``nothing`` if it is empty or not readable.

        ``problem`` is added for an unreadable cell, with its text.
        """
        text = self.text(role)
        return self.read(text, read, nothing, problem) if text else nothing

    def read(self, text: str, read: Callable[[str], Value], nothing: Value, problem: Remark) -> Value:
        """Read a text with ``read``; ``nothing``, and a problem, if it raises DayError or CellError."""
        try:
            if len(text) > LONGEST_VALUE:
                raise CellError
            return read(text)
        except (DayError, CellError):
            self.problems.append(problem.fill(text=shorten(" ".join(text.split()))))
            return nothing

    def day(self, role: str) -> date | None:
        """Return the day in the first cell of a role, None if there is none."""
        return self.value(role, lambda text: day_from(text, self._day_first), None, NO_DATE)

    def days(self, role: str) -> list[date | None]:
        """Return the days of a role, whose cell may hold several."""
        return [end for _, end in self.times(role)]

    def times(self, role: str) -> list[Time]:
        """Return the times of a role, whose cell may hold several: ranges of days, or only the last days."""
        unknown: Time = (None, None)
        pieces = pieces_of(self.text(role)[:LONGEST_VALUE])[:MOST_TIMES]
        return [self.read(piece, lambda text: range_from(text, self._day_first), unknown, NO_DATE)
                for piece in pieces]  # fmt: skip

    def _clean_cell(self, cell: str) -> str:
        if self.is_own:
            return cell[1:] if _GUARDED.match(cell) else cell
        cell = repair_mojibake(cell).strip()
        if "haml:" in cell.lower():
            cell = _HAML.sub(_LINE_BREAK, cell)
        found = _FORMULA_TEXT.fullmatch(cell)
        return found[1] if found else cell
