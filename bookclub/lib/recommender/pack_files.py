"""Files of neighbour packs: tables of ratings to build them from, and the pack file itself."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from typing import IO, TextIO

import numpy as np

from ..matches.author_names import identity_key
from ..matches.editions import bare_isbn
from ..text.keys import title_key
from ..text.messages import gettext as _
from ..text.messages import list_text, number_text
from .packs import BookName, Pack
from .sparse import SparseTable

FIRST_LINE = "bookclub neighbour pack 1"
READER = ("reader", "reader_id", "user", "user_id", "member", "member_id")
BOOK = ("book", "book_id", "work", "work_id")
RATING = ("rating", "stars")
TITLE, AUTHOR, ISBN = ("title",), ("author", "authors"), ("isbn13", "isbn")
_SERIES = re.compile(r"\s*\([^()]*#[^()]*\)\s*$")


class PackFileError(ValueError):
    """A file that is not what it should be; str() says what is wrong and in which line."""


def read_ratings(table: TextIO) -> Iterator[tuple[str, str, float]]:
    """Yield rows (reader, book, rating) of a CSV file with such columns.

    Without a column for the book, its ISBN or its title and author identify it. A missing rating is 0. Raises
    PackFileError if a column is missing or a rating is not a number from 0 to 5.
    """
    rows = csv.DictReader(table)
    columns = rows.fieldnames or []
    reader, rating = (
        _require_column(columns, READER, _("There is no column for the reader: call it %(names)s.")),
        _find_column(columns, RATING),
    )
    book = _book_columns(columns)
    for row in rows:
        rating_text = (row[rating] or "").strip() if rating else ""
        try:
            stars = float(rating_text or 0)
        except ValueError:
            stars = -1.0
        if not 0 <= stars <= 5:
            line = number_text(rows.line_num)
            said = _(
                "Line %(line)s: a rating is a number from 0 to 5, not “%(rating)s”.",
                line=line,
                rating=rating_text,
            )
            raise PackFileError(said)
        yield row[reader] or "", _book_key(row, book), stars


def read_names(table: TextIO) -> dict[str, BookName]:
    """Return the names of books in a CSV file with columns for title and author, by its column for the book.

    The file may be the table of ratings itself. Raises PackFileError if a column is missing.
    """
    rows = csv.DictReader(table)
    columns = rows.fieldnames or []
    book, isbn = _book_columns(columns), _find_column(columns, ISBN)
    title, author = (
        _require_column(columns, TITLE, _("There is no column for the title: call it %(names)s.")),
        _require_column(columns, AUTHOR, _("There is no column for the author: call it %(names)s.")),
    )
    names: dict[str, BookName] = {}
    for row in rows:
        key = _book_key(row, book)
        if key and key not in names and row[title]:
            first = (row[author] or "").replace(";", ",").split(",")[0].strip()
            names[key] = BookName(row[title].strip(), first, (row[isbn] or "").strip() if isbn else "")
    return names


def write_pack(pack: Pack, file: IO[bytes]) -> None:
    """Write a pack as a gzipped CSV file, the same bytes for the same pack.

    The first lines are remarks: the format, source, licence and number of readers. Then comes one row for
    each book: its readers, title, first author, ISBN and neighbours. A neighbour is "row:co-readers:weight",
    with rows counted from 0 and spaces between neighbours.
    """
    # A time or a file name in the header would make the bytes differ.
    with (
        gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed,
        TextIOWrapper(packed, "utf-8", newline="") as text,
    ):
        for line in (FIRST_LINE, f"source: {pack.source}", f"licence: {pack.licence}", f"readers: {pack.of}"):
            text.write(f"# {' '.join(line.split())}\n")
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(("readers", "title", "author", "isbn", "neighbours"))
        table = pack.together
        for place, book in enumerate(pack.books):
            row = slice(int(table.starts[place]), int(table.starts[place + 1]))
            entries = zip(
                table.columns[row].tolist(),
                table.values[row].tolist(),
                pack.weights[row].tolist(),
                strict=True,
            )
            neighbours = " ".join(f"{other}:{count:.0f}:{weight:g}" for other, count, weight in entries)
            rows.writerow((int(pack.readers[place]), book.title, book.author, book.isbn, neighbours))


def read_pack(file: IO[bytes]) -> Pack:
    """Read the pack in a file that write_pack() wrote. Raises PackFileError, which names the line."""
    try:
        with gzip.GzipFile(fileobj=file) as packed, TextIOWrapper(packed, "utf-8", newline="") as text:
            return _read_pack(text)
    except (OSError, EOFError, UnicodeDecodeError) as broken:
        raise PackFileError(
            _("This is not a neighbour pack: it is no gzipped text, or it is cut short.")
        ) from broken


def _read_pack(text: TextIO) -> Pack:
    remarks = [text.readline().removeprefix("# ").strip() for _ in range(4)]
    remark_values = dict(remark.partition(": ")[::2] for remark in remarks[1:])
    if remarks[0] != FIRST_LINE or not {"source", "licence", "readers"} <= {
        name.rstrip(":") for name in remark_values
    }:
        raise PackFileError(
            _("This is not a neighbour pack: its first line is not “# %(line)s”.", line=FIRST_LINE)
        )
    # The neighbours of a book are one cell, which is longer than the csv module allows by default.
    csv.field_size_limit(10_000_000)
    books, readers, starts = [], [], [0]
    columns: list[int] = []
    counts: list[float] = []
    weights: list[float] = []
    rows = csv.reader(text)
    next(rows, None)
    for row in rows:
        try:
            total, title, author, isbn, cell = row
            neighbours = [one.split(":") for one in cell.split()]
            readers.append(int(total))
            columns += [int(other) for other, unused, unused in neighbours]
            counts += [float(count) for unused, count, unused in neighbours]
            weights += [float(weight) for unused, unused, weight in neighbours]
        except ValueError as broken:
            # The four remarks before the table are not counted.
            line = number_text(rows.line_num + 4)
            raise PackFileError(
                _("Line %(line)s: this is no book of a neighbour pack.", line=line)
            ) from broken
        books.append(BookName(title, author, isbn))
        starts.append(len(columns))
    if columns and not 0 <= min(columns) <= max(columns) < len(books):
        raise PackFileError(_("This neighbour pack is cut short: a neighbour is missing."))
    together = SparseTable(
        np.array(starts, np.int64), np.array(columns, np.int64), np.array(counts, np.float64)
    )
    return Pack(
        remark_values.get("source", ""),
        remark_values.get("licence", ""),
        int(remark_values["readers"]),
        tuple(books),
        np.array(readers, np.int64),
        together,
        np.array(weights, np.float64),
    )


def match_pack(pack: Pack, catalogue: Iterable[tuple[int, str, str, Iterable[str]]]) -> dict[int, int]:
    """Match the books of a pack to a catalogue: the result maps positions in the pack to ids.

    ``catalogue`` has rows (id, title, first author, ISBNs). An ISBN decides. Otherwise title and first author
    must agree, apart from case, accents, articles and a series in brackets after the title; if several books
    agree, none is taken. Each book is matched once, and the most read book of the pack comes first.
    """
    by_isbn: dict[str, int] = {}
    by_name: dict[tuple[str, str], set[int]] = {}
    for book, title, author, isbns in catalogue:
        by_isbn.update((_digits(isbn), book) for isbn in isbns)
        by_name.setdefault(_name_key(title, author), set()).add(book)
    found: dict[int, int] = {}
    taken: set[int] = set()
    for place in np.argsort(-pack.readers, kind="stable").tolist():
        name = pack.books[place]
        candidates = by_name.get(_name_key(name.title, name.author), set())
        isbn = by_isbn.get(_digits(name.isbn)) if name.isbn else None
        matched = isbn if isbn is not None else next(iter(candidates)) if len(candidates) == 1 else None
        if matched is not None and matched not in taken:
            taken.add(matched)
            found[place] = matched
    return found


def _name_key(title: str, author: str) -> tuple[str, str]:
    return title_key(_SERIES.sub("", title)), identity_key(author)


def _digits(isbn: str) -> str:
    """Return an ISBN as 12 digits without check digit, the same for both forms of an ISBN."""
    # The check digit is left out, because the two forms compute it differently.
    plain = re.sub(r"[^0-9Xx]", "", bare_isbn(isbn))
    return f"978{plain[:9]}" if len(plain) == 10 else plain[:12]


def _find_column(columns: Iterable[str], names: Iterable[str]) -> str | None:
    folded = {column.strip().casefold(): column for column in columns}
    return next((folded[name] for name in names if name in folded), None)


def _require_column(columns: Iterable[str], names: tuple[str, ...], said: str) -> str:
    found = _find_column(columns, names)
    if found is None:
        raise PackFileError(said % {"names": list_text(names, "or")})
    return found


def _book_columns(columns: Iterable[str]) -> tuple[str, ...]:
    single = _find_column(columns, BOOK) or _find_column(columns, ISBN)
    if single:
        return (single,)
    return _require_column(
        tuple(columns), TITLE, _("There is no column for the book: call it %(names)s.")
    ), _require_column(tuple(columns), AUTHOR, _("There is no column for the author: call it %(names)s."))


def _book_key(row: Mapping[str, str | None], columns: tuple[str, ...]) -> str:
    return "\n".join((row[column] or "").strip() for column in columns)
