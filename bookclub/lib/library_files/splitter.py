"""Splitting of a row into cells, with repair of wrong quotation marks and delimiters."""

from __future__ import annotations

import csv
import re

from ..text.remarks import Remark, remark
from .entries import MAX_COLUMNS, MAX_FIELD

# Quotation marks in a quoted cell that are not doubled. Each costs as much time as a hundred other signs.
MOST_STRAYS = 1_000
# Delimiters in a line; most of them are commas in its texts.
MOST_COMMAS = 20_000

TOO_MANY_CELLS = remark("This row has more than %(limit)s cells, so it is not one book.", limit=MAX_COLUMNS)
TOO_MANY_STRAYS = remark("This row has too many quotation marks within its texts.")


class CostlyRowError(ValueError):
    """A row that costs more time to split than any book; ``why`` says why the row is skipped."""

    def __init__(self, why: Remark) -> None:
        super().__init__(why)
        self.why = why


class Splitter:
    """The cells of one row, fed line by line.

    A quoted cell ends at a quotation mark before a delimiter or the end of the line. Any other mark in it
    that is not doubled is taken literally and counted in ``strays``. Raises CostlyRowError before it builds a
    list of too many cells.
    """

    def __init__(self, delimiter: str) -> None:
        self.delimiter = delimiter
        self.found: list[str] = []
        self.is_open = False
        self.strays = 0
        self.size = 0
        self.opened_at = 0
        self.strays_from: tuple[int, int] | None = None
        self._parts: list[str] = []
        self._part_size = 0
        sign = re.escape(delimiter)
        # Possessive quantifiers (*+) do not backtrack, so that a long cell takes linear time.
        self._text = re.compile(r'[^"]*+(?:""[^"]*+)*+')
        self._closing = re.compile(rf'"(?= *(?:{sign}|[\r\n]|\Z))')
        self._opening = re.compile(r' *"' if delimiter != "\t" else '"')

    def feed(self, line: str) -> None:
        """Read one line, with its line end."""
        self.size += len(line)
        position = self._quoted(line, 0) if self.is_open else 0
        while not self.is_open and position >= 0:
            if len(self.found) > MAX_COLUMNS:
                raise CostlyRowError(TOO_MANY_CELLS)
            if opening := self._opening.match(line, position):
                self.opened_at = opening.end()
                position = self._quoted(line, opening.end())
                continue
            end = line.find(self.delimiter, position)
            self.found.append(line[position:end] if end >= 0 else line[position:].rstrip("\r\n"))
            position = end + 1 if end >= 0 else -1

    def _quoted(self, line: str, start: int) -> int:
        """Read on in a quoted cell; return the place after it, or -1 at the end of the line."""
        self.is_open = True
        position = self._end_of_text(line, start)
        while position < len(line) and not self._closing.match(line, position):
            self.strays += 1
            if self.strays > MOST_STRAYS:
                raise CostlyRowError(TOO_MANY_STRAYS)
            position = self._end_of_text(line, position + 1)
        self._keep(line[start:position])
        if position == len(line):
            return -1
        if self.strays and self.strays_from is None:
            self.strays_from = len(self.found), self.opened_at
        self.found.append("".join(self._parts))
        self._parts, self._part_size, self.is_open = [], 0, False
        end = line.find(self.delimiter, position + 1)
        return end + 1 if end >= 0 and not line[position + 1 : end].strip(" ") else -1

    def _end_of_text(self, line: str, start: int) -> int:
        """Return the place of the next mark that is not doubled, or the end of the line."""
        found = self._text.match(line, start)
        return found.end() if found else start

    def _keep(self, text: str) -> None:
        # One character more than a cell may have shows that it was longer.
        part = text.replace('""', '"')[: MAX_FIELD + 1 - self._part_size]
        self._parts.append(part)
        self._part_size += len(part)

    def close(self) -> None:
        """End the row, also within a quoted cell."""
        if self.is_open:
            self.found.append("".join(self._parts))
            self.is_open = False


def well_formed(line: str, delimiter: str) -> list[str]:
    """Return the cells of a well-formed line, [] for any other line; much faster than a Splitter."""
    # The csv module would build a list of all cells first, so a line with too many goes to the Splitter.
    if line.count(delimiter) > MOST_COMMAS or re.search(rf'(?:^|{re.escape(delimiter)}) +"', line):
        return []
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
    if len(cells) > MAX_COLUMNS:
        raise CostlyRowError(TOO_MANY_CELLS)
    return cells


def split_line(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line without quotation marks. Raises CostlyRowError before it splits too many."""
    if line.count(delimiter) >= MAX_COLUMNS:
        raise CostlyRowError(TOO_MANY_CELLS)
    return line.rstrip("\r\n").split(delimiter)


def split_plainly(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line whose last quotation mark is never closed, without that mark."""
    cells = Splitter(delimiter)
    cells.feed(line)
    return cells.found + split_line(line[cells.opened_at :], delimiter)
