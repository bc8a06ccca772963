"""Lines of text to the rows of a table: quotation marks, delimiters, and what goes wrong with both."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from .decoding import LONGEST_LINE
from .entries import MAX_FIELD, MAX_ROWS, Refused

DELIMITERS = (",", "\t", ";", "|")
# A row that is longer has lost a quotation mark somewhere, or is no row of a library.
LONGEST_ROW = 1_000_000
# Empty lines cost time, too.
MOST_LINES = 20 * MAX_ROWS
# A file in which more rows than these swallow the rest of it cannot be put right by guessing.
MOST_UNCLOSED = 200

# A narrower table may be typed by hand, with the last cells left out.
MIN_WIDTH = 4

TOO_LONG = "This row is too long to be one book."
UNCLOSED = "A quotation mark in this row is never closed."
CUT_OFF = "The file ends in the middle of this row."

_BARE = re.compile(r'="[^"]*"|[\d./:\- ]*')


class Row(NamedTuple):
    """One row of a table. ``why`` says that it cannot be read at all, ``doubt`` what was guessed."""

    number: int
    cells: list[str]
    why: str = ""
    doubt: str = ""


class Splitter:
    """The cells of one row, taken in line by line.

    A quoted cell ends at a mark that a delimiter or the end of the line follows; any other mark in it that
    is not doubled was meant as itself, and counts as ``strays``.
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
        self._mark = re.compile(rf'""|"(?= *(?:{sign}|[\r\n]|\Z))')
        self._opening = re.compile(r' *"' if delimiter != "\t" else '"')

    def feed(self, line: str) -> None:
        """Take in one line, with its end."""
        self.size += len(line)
        position = self._quoted(line, 0) if self.is_open else 0
        while not self.is_open and position >= 0:
            if opening := self._opening.match(line, position):
                self.opened_at = opening.end()
                position = self._quoted(line, opening.end())
                continue
            end = line.find(self.delimiter, position)
            self.found.append(line[position:end] if end >= 0 else line[position:].rstrip("\r\n"))
            position = end + 1 if end >= 0 else -1

    def _quoted(self, line: str, start: int) -> int:
        """Read on in a quoted cell; the place after it, or -1 where the line ends."""
        self.is_open = True
        position = start
        while mark := self._mark.search(line, position):
            self.strays += line.count('"', position, mark.start())
            position = mark.end()
            if mark[0] == '"':
                if self.strays and self.strays_from is None:
                    self.strays_from = len(self.found), self.opened_at
                self._keep(line[start : mark.start()])
                self.found.append("".join(self._parts))
                self._parts, self._part_size, self.is_open = [], 0, False
                end = line.find(self.delimiter, position)
                return end + 1 if end >= 0 and not line[position:end].strip(" ") else -1
        self.strays += line.count('"', position)
        self._keep(line[start:])
        return -1

    def _keep(self, text: str) -> None:
        # One sign more than a cell may have tells that it had more.
        part = text.replace('""', '"')[: MAX_FIELD + 1 - self._part_size]
        self._parts.append(part)
        self._part_size += len(part)

    def close(self) -> None:
        """End the row, also within a quoted cell."""
        if self.is_open:
            self.found.append("".join(self._parts))
            self.is_open = False


def rows_of(lines: Iterator[str], delimiter: str, width: int = 0) -> Iterator[Row]:
    """The rows, numbered as a spreadsheet does; empty ones are counted and left out.

    ``width`` is the number of columns where it is known. By it a row is recognised that a mark which is
    never closed has swallowed. Raises Refused for more rows than MAX_ROWS, or more confusion than can be
    put right.
    """
    source = _Lines(lines)
    number = taken = unclosed = 0
    while line := source.take():
        number += 1
        row = _row(number, line, source, delimiter, width)
        taken += any(cell.strip() for cell in row.cells) or bool(row.why)
        unclosed += row.doubt == UNCLOSED
        if taken > MAX_ROWS + 1 or source.taken > MOST_LINES:
            raise Refused(f"This file has more than {MAX_ROWS} rows. Split it, and send the parts.")
        if unclosed > MOST_UNCLOSED:
            raise Refused(f"Row {number}: {UNCLOSED} So many are not that this file cannot be read.")
        if row.why or any(cell.strip() for cell in row.cells):
            yield row


class _Lines:
    """Lines that can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self.taken = 0

    def take(self) -> str:
        self.taken += 1
        return self._back.popleft() if self._back else next(self._lines, "")

    def give_back(self, lines: list[str]) -> None:
        self.taken -= len(lines)
        self._back.extendleft(reversed(lines))

    def skip_rest_of(self, line: str) -> None:
        while len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = self.take()


def _row(number: int, line: str, source: _Lines, delimiter: str, width: int) -> Row:
    if len(line) >= LONGEST_LINE:
        source.skip_rest_of(line)
        return Row(number, [], why=TOO_LONG)
    if '"' not in line:
        found = line.rstrip("\r\n").split(delimiter)
        is_cut = MIN_WIDTH <= width > len(found) and not line.endswith(("\n", "\r"))
        return Row(number, found, doubt=CUT_OFF if is_cut else "")
    cells = Splitter(delimiter)
    cells.feed(line)
    swallowed: list[str] = []
    while cells.is_open:
        more = source.take()
        if len(more) >= LONGEST_LINE or cells.size > LONGEST_ROW:
            source.skip_rest_of(more)
            return Row(number, [], why=TOO_LONG)
        if not more:
            cells.close()
            return Row(number, _unwrapped(cells.found, delimiter, width), doubt=CUT_OFF)
        swallowed.append(more)
        if _is_row_itself(more, cells, delimiter, width):
            source.give_back(swallowed)
            return Row(number, _plainly(line, delimiter), doubt=UNCLOSED)
        cells.feed(more)
    if not swallowed and cells.strays_from and width and len(cells.found) != width:
        before, opened_at = cells.strays_from
        again = Splitter(delimiter)
        again.feed(line[opened_at:])
        if not again.is_open and before + len(again.found) == width:
            return Row(number, cells.found[:before] + again.found, doubt=UNCLOSED)
    return Row(number, _unwrapped(cells.found, delimiter, width))


def _is_row_itself(line: str, so_far: Splitter, delimiter: str, width: int) -> bool:
    """Whether a line that stands within quotation marks is the next row, since they are never closed.

    It has as many cells as the header then, and a third of them are empty or numbers, which no paragraph
    of a review has. One that closes the marks neatly and completes the row is none.
    """
    if width < 4 or line.count(delimiter) < width - 1:
        return False
    cells = Splitter(delimiter)
    cells.feed(line)
    if len(cells.found) + cells.is_open != width and not (cells.is_open and len(cells.found) < width):
        return False
    if delimiter != "\t" and 3 * sum(bool(_BARE.fullmatch(cell)) for cell in cells.found) < width:
        return False
    rest = Splitter(delimiter)
    rest.is_open = True
    rest.feed(line)
    completes = not rest.is_open and len(so_far.found) + len(rest.found) == width
    return not (completes and not rest.strays)


def _plainly(line: str, delimiter: str) -> list[str]:
    """The cells of a line whose quotation mark is never closed: that mark is left out."""
    cells = Splitter(delimiter)
    cells.feed(line)
    return cells.found + line[cells.opened_at :].rstrip("\r\n").split(delimiter)


def _unwrapped(cells: list[str], delimiter: str, width: int) -> list[str]:
    if width < MIN_WIDTH or len(cells) > 1 or delimiter not in cells[0]:
        return cells
    return unwrapped(cells[0], delimiter)


def unwrapped(line: str, delimiter: str) -> list[str]:
    """The cells in a line that a spreadsheet has taken for one text and quoted as a whole."""
    inner = Splitter(delimiter)
    inner.feed(line)
    inner.close()
    return inner.found


def first_row(lines: Iterator[str], delimiter: str) -> Row | None:
    """The header: the first row that is not empty; None where there is none."""
    return next((row for row in rows_of(lines, delimiter) if row.cells), None)
