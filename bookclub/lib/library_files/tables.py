"""Rows of a table, read from lines of text, with repair of rows that a stray quotation mark swallowed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from ..text.messages import gettext as _
from ..text.messages import number_text
from ..text.remarks import Remark, remark
from .encodings import LONGEST_LINE
from .entries import MAX_ROWS, LibraryFileError
from .splitter import CostlyRowError, Splitter, split_line, split_plainly, well_formed

DELIMITERS = (",", "\t", ";", "|")
# A longer row has lost a quotation mark somewhere, or is not a row of a library.
LONGEST_ROW = 1_000_000
# The club shows no longer reviews (lib.text.markdown.MOST_LINES).
MOST_LINES_OF_ROW = 5_000
# Empty lines cost time too. A line that is read twice counts twice.
MOST_LINES = 20 * MAX_ROWS
# This is 50 000 books in the 60 columns of LibraryThing.
MOST_CELLS = 3_000_000
# If more rows than this swallow the rest of the file, guessing cannot repair it.
MOST_UNCLOSED = 200
# Nor can it if more rows than this cannot be split into cells.
MOST_UNREADABLE = 200

# A narrower table may have been typed by hand, with the last cells left out.
MIN_WIDTH = 4

TOO_LONG = remark("This row is too long to be one book.")
UNCLOSED = remark("A quotation mark in this row is never closed.")
CUT_OFF = remark("The file ends in the middle of this row.")

# A line that is quoted as a whole may end with the delimiters of the empty cells beside it.
_TAILS = {
    delimiter: re.compile(
        rf'(?<=")[{re.escape("".join(other for other in DELIMITERS if other != delimiter))}]+(?=\s*\Z)'
    )
    for delimiter in DELIMITERS
}
_EMPTY_OR_NUMBER = re.compile(r'="[^"]*"|[\d./:\- ]*')


class Row(NamedTuple):
    """One row of a table. ``why`` says why it cannot be read at all, ``doubt`` what was guessed."""

    number: int
    cells: list[str]
    why: Remark | None = None
    doubt: Remark | None = None


def rows_of(
    lines: Iterator[str], delimiter: str, width: int = 0, *, is_wrapped: bool = False
) -> Iterator[Row]:
    """Yield the rows, numbered as in a spreadsheet; empty ones are counted but left out.

    ``width`` is the number of columns if it is known; with it, a row is recognised that an unclosed quotation
    mark has swallowed. ``is_wrapped`` says that the header is quoted as a whole. Raises LibraryFileError for
    more rows, lines or cells than a library has, or more errors than can be repaired.
    """
    source = _Lines(lines)
    number = taken = cells = unclosed = unreadable = 0
    while line := source.take():
        number += 1
        if source.taken > MOST_LINES:
            raise LibraryFileError(
                _(
                    "Row %(row)s: This file has more lines than a library. Split it, and send its parts.",
                    row=number,
                )
            )
        if line.isspace():
            continue
        row = _row(number, line, source, delimiter, width)
        if is_wrapped and len(row.cells) == 1:
            row = row._replace(cells=unwrap_line(row.cells[0], delimiter))
        if not row.why and not any(map(str.strip, row.cells)):
            continue
        taken += 1
        cells += len(row.cells)
        unclosed += row.doubt == UNCLOSED
        unreadable += bool(row.why)
        if taken > MAX_ROWS + 1:
            raise LibraryFileError(
                _(
                    "This file has more than %(limit)s rows. Split it, and send the parts.",
                    limit=number_text(MAX_ROWS),
                )
            )
        if cells > MOST_CELLS:
            raise LibraryFileError(
                _(
                    "Row %(row)s: This file has more than %(limit)s cells. Split it, and send the parts.",
                    row=number,
                    limit=number_text(MOST_CELLS),
                )
            )
        if unclosed > MOST_UNCLOSED:
            raise LibraryFileError(
                _(
                    "Row %(row)s: A quotation mark is never closed, here and in many other rows. This file "
                    "cannot be read.",
                    row=number,
                )
            )
        if unreadable > MOST_UNREADABLE:
            raise LibraryFileError(
                _(
                    "Row %(row)s: %(problem)s Too many rows are like it for this file to be a library.",
                    row=number,
                    problem=str(row.why or UNCLOSED),
                )
            )
        yield row


class _Lines:
    """Lines that can be given back, to be read again."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._back: deque[str] = deque()
        self.taken = 0

    def take(self) -> str:
        self.taken += 1
        return self._back.popleft() if self._back else next(self._lines, "")

    def give_back(self, lines: list[str]) -> None:
        self._back.extendleft(reversed(lines))

    def skip_rest_of(self, line: str) -> None:
        while len(line) >= LONGEST_LINE and not line.endswith(("\n", "\r")):
            line = self.take()


def _row(number: int, line: str, source: _Lines, delimiter: str, width: int) -> Row:
    try:
        return _read_row(number, line, source, delimiter, width)
    except CostlyRowError as problem:
        return Row(number, [], why=problem.why)


def _read_row(number: int, line: str, source: _Lines, delimiter: str, width: int) -> Row:
    if len(line) >= LONGEST_LINE:
        source.skip_rest_of(line)
        return Row(number, [], why=TOO_LONG)
    if '"' not in line:
        return _complete_row(number, split_line(line, delimiter), line, width)
    if line.startswith('"'):
        line = _TAILS[delimiter].sub("", line)
    if quick := well_formed(line, delimiter):
        return _complete_row(number, _unwrap_if_quoted(quick, delimiter, width), line, width)
    cells = Splitter(delimiter)
    cells.feed(line)
    swallowed: list[str] = []
    while cells.is_open:
        more = source.take()
        is_long = cells.size > LONGEST_ROW or len(swallowed) >= MOST_LINES_OF_ROW
        if len(more) >= LONGEST_LINE or is_long:
            source.skip_rest_of(more)
            return Row(number, [], why=TOO_LONG)
        if not more:
            cells.close()
            return Row(number, _unwrap_if_quoted(cells.found, delimiter, width), doubt=CUT_OFF)
        swallowed.append(more)
        if _is_next_row(more, cells, delimiter, width):
            # The lines up to here belong to rows of their own and are read again.
            source.give_back(swallowed)
            return Row(number, split_plainly(line, delimiter), doubt=UNCLOSED)
        cells.feed(more)
    # The mark that opened the cell with the strays may be a stray itself: read on from there without it.
    if not swallowed and cells.strays_from and width and len(cells.found) != width:
        before, opened_at = cells.strays_from
        again = Splitter(delimiter)
        again.feed(line[opened_at:])
        if not again.is_open and before + len(again.found) == width:
            return Row(number, cells.found[:before] + again.found, doubt=UNCLOSED)
    return _complete_row(
        number, _unwrap_if_quoted(cells.found, delimiter, width), (swallowed or [line])[-1], width
    )


def _complete_row(number: int, cells: list[str], last_line: str, width: int) -> Row:
    """Return a row that ends with this line; in doubt if the file ends there too, before its last column."""
    is_cut = MIN_WIDTH <= width > len(cells) and not last_line.endswith(("\n", "\r"))
    return Row(number, cells, doubt=CUT_OFF if is_cut else None)


def _is_next_row(line: str, so_far: Splitter, delimiter: str, width: int) -> bool:
    """Return whether a line within quotation marks is really the next row, as the marks are never closed.

    Such a line has as many cells as the header, and a third of them are empty or numbers, which no paragraph
    of a review has. A line that closes the marks properly and completes the row is not a row itself.
    """
    if width < 4 or line.count(delimiter) < width - 1:
        return False
    cells = Splitter(delimiter)
    cells.feed(line)
    if len(cells.found) + cells.is_open != width and not (cells.is_open and len(cells.found) < width):
        return False
    if delimiter != "\t" and 3 * sum(bool(_EMPTY_OR_NUMBER.fullmatch(cell)) for cell in cells.found) < width:
        return False
    rest = Splitter(delimiter)
    rest.is_open = True
    rest.feed(line)
    completes = not rest.is_open and len(so_far.found) + len(rest.found) == width
    return not (completes and not rest.strays)


def _unwrap_if_quoted(cells: list[str], delimiter: str, width: int) -> list[str]:
    if width < MIN_WIDTH or any(cells[1:]) or delimiter not in cells[0]:
        return cells
    return unwrap_line(cells[0], delimiter)


def unwrap_line(line: str, delimiter: str) -> list[str]:
    """Return the cells in a line that a spreadsheet took for one text and quoted as a whole."""
    inner = Splitter(delimiter)
    inner.feed(line)
    inner.close()
    return inner.found
