"""Reader of an uploaded file as a library: it finds the table and the header and reads the rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import BinaryIO, NamedTuple

from ..matches.field_values import shorten
from ..text.messages import gettext as _
from ..text.remarks import Remark
from .clippings import clippings_from, is_clippings
from .columns import Columns, columns_without_header, known_columns
from .days import is_day_first
from .encodings import encoding_of, lines_of
from .entries import MAX_COLUMNS, ForeignLibrary, Form, LibraryEntry, LibraryFileError, Skipped
from .rows import entry_from
from .splitter import TOO_MANY_CELLS, CostlyRowError
from .tables import DELIMITERS, Row, rows_of, unwrap_line
from .uploads import Opener, tables_of

# A sign for the code below, which nobody reads: all of the header is quoted as one text.
WRAPPED = Remark("wrapped")
# The header may follow a title or empty lines, but must be within so many rows and lines.
HIGHEST_ROWS = 10
HIGHEST_LINES = 1000
# Turning this much markup into Markdown takes two or three seconds. A library of 20 000 books with a review
# each has about half as much.
MOST_MARKUP = 2_000_000
# So many rows are searched for a day that shows whether the month comes first.
ROWS_FOR_DAYS = 2000


class Table(NamedTuple):
    """A table that is a library: its encoding, delimiter and columns, and the row of its header."""

    opener: Opener
    encoding: str
    delimiter: str
    header: int
    columns: Columns
    is_wrapped: bool

    def rows(self) -> Iterator[Row]:
        """Return the rows below the header."""
        lines = lines_of(self.opener, self.encoding)
        rows = rows_of(lines, self.delimiter, self.columns.width, is_wrapped=self.is_wrapped)
        return (row for row in rows if row.number > self.header)


def open_library(file: BinaryIO, *, name: str = "") -> ForeignLibrary:
    """Open a seekable file as a library, whose columns decide its form.

    ``name`` is the name of the file, for the message of a refusal. The file is neither read as a whole nor
    closed; its rows come in order. Raises LibraryFileError, also while the rows are read.
    """
    refusals: list[str] = []
    for opener in tables_of(file):
        try:
            encoding = encoding_of(opener)
            if is_clippings(lines_of(opener, encoding)):
                return ForeignLibrary(Form.KINDLE, clippings_from(lines_of(opener, encoding)))
            table = _find_table(opener, encoding)
            return ForeignLibrary(table.columns.form, _entries(table, _writes_day_first(table)))
        except LibraryFileError as refusal:
            refusals.append(str(refusal))
    # With several tables no single refusal explains why none of them could be read.
    problem = (
        refusals[0]
        if len(refusals) == 1
        else _("None of the tables in this zip is the export of a library that we know.")
    )
    raise LibraryFileError(
        _("“%(file)s”: %(problem)s", file=shorten(name), problem=problem) if name else problem
    )


def _find_table(opener: Opener, encoding: str) -> Table:
    headers = {delimiter: _find_header(opener, encoding, delimiter) for delimiter in DELIMITERS}
    known = {delimiter: known_columns(row.cells) for delimiter, row in headers.items() if row}
    if not known:
        raise LibraryFileError(_("This file has no rows."))
    # The right delimiter splits the header into the most known names.
    delimiter = max(known, key=lambda delimiter: known[delimiter])
    header = headers[delimiter]
    assert header is not None
    if header.why == TOO_MANY_CELLS:
        raise LibraryFileError(
            _(
                "This file has more than %(limit)s columns in row %(row)s, so it is not a library.",
                limit=MAX_COLUMNS, row=header.number,
            )
        )  # fmt: skip
    is_wrapped = header.doubt == WRAPPED
    return Table(opener, encoding, delimiter, header.number, Columns(header.cells), is_wrapped)


def _find_header(opener: Opener, encoding: str, delimiter: str) -> Row | None:
    """Return the first of the top rows that names columns; else the very first, which is then refused."""
    lines = islice(lines_of(opener, encoding), HIGHEST_LINES)
    rows = list(islice(rows_of(lines, delimiter), HIGHEST_ROWS))
    telling = (row for row in map(partial(_unwrap_row, delimiter), rows) if known_columns(row.cells) >= 2)
    found = next(telling, None)
    if found is None and rows and (names := columns_without_header(rows[0].cells)):
        return Row(0, list(names))
    return found or (rows[0] if rows else None)


def _unwrap_row(delimiter: str, row: Row) -> Row:
    """Return a row, or the cells inside it if the whole row is quoted as one text."""
    if not row.cells or any(row.cells[1:]) or delimiter not in row.cells[0]:
        return row
    try:
        return row._replace(cells=unwrap_line(row.cells[0], delimiter), doubt=WRAPPED)
    except CostlyRowError as problem:
        return Row(row.number, [], why=problem.why)


def markup_in(text: str) -> int:
    """Count the markup signs in a text; a sign that may begin a tag costs as much as five others."""
    return sum(text.count(sign) for sign in "&*_`|\\~>]") + 5 * (text.count("<") + text.count("["))


def _writes_day_first(table: Table) -> bool:
    columns = table.columns.numbers
    numbers = [
        number for role in ("finished", "started", "times", "added") for number in columns.get(role, ())
    ]
    return is_day_first(
        row.cells[number]
        for row in islice(table.rows(), ROWS_FOR_DAYS)
        for number in numbers
        if number < len(row.cells)
    )


def _entries(table: Table, day_first: bool) -> Iterator[LibraryEntry | Skipped]:
    markup = 0
    for row in table.rows():
        markup += markup_in("".join(row.cells))
        if markup > MOST_MARKUP:
            raise LibraryFileError(
                _(
                    "Row %(row)s: The texts of this file have too much markup. Split it, and send the parts.",
                    row=row.number,
                )
            )
        yield entry_from(row, table.columns, day_first)
