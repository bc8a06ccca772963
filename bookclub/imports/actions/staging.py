"""To read a file that a member brings, and to keep its rows until they are taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO

from ...accounts.queries import member_by_id
from ...books.rules import Wanted, called_alike
from ...bulk import write_rows
from ...extensions import db
from ...jobs import enqueue
from ..models import Import, ImportRow
from ..rules import (
    Entry,
    Form,
    Refused,
    ShelfCount,
    Skipped,
    kept_entry,
    one_line,
    open_library,
    shown_title,
)
from .looking import look_on, wanted_of

LONGEST_NAME, LONGEST_WHY = 200, 1000
# So many rows are written with one statement.
ROWS_AT_ONCE = 500


@dataclass
class Spooled:
    """A file that has been read to its end: its form, what was counted, and its rows in a file of our own.

    ``alike`` are the numbers of the rows whose titles are nearly those of other books in the file.
    """

    form: Form
    name: str
    rows: IO[str]
    shelves: ShelfCount
    total: int = 0
    skipped: int = 0
    ratings: int = 0
    reviews: int = 0
    notes: int = 0
    descriptions: int = 0
    numbers: list[int] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    alike: set[int] = field(default_factory=set)

    def take(self, row: Entry | Skipped) -> None:
        """Write one row down, and count what it brings."""
        self.total += 1
        if isinstance(row, Skipped):
            self.skipped += 1
            kept: dict[str, Any] = {"title": one_line(row.title, LONGEST_NAME), "authors": "", "entry": {}}
            kept |= {"number": row.number, "state": "skipped", "why": one_line(row.why, LONGEST_WHY)}
        else:
            self.shelves.add(row)
            self.numbers.append(row.number)
            self.wanted.append(wanted_of(row))
            self.ratings += row.rating is not None
            self.reviews += bool(row.review)
            self.notes += bool(row.notes)
            self.descriptions += bool(row.description)
            title, authors = shown_title(row)
            kept = {"title": title, "authors": authors, "entry": kept_entry(row)}
            kept |= {"number": row.number, "state": "waiting", "why": ""}
        self.rows.write(json.dumps(kept, ensure_ascii=False) + "\n")


def is_same(brought: Import, read: Spooled) -> bool:
    """Return whether a file is the one that was brought, as far as its name and its rows tell."""
    known = (brought.form, brought.name, brought.total, brought.skipped, brought.reviews, brought.notes)
    return known == (read.form.value, read.name, read.total, read.skipped, read.reviews, read.notes)


@contextmanager
def spooled(file: BinaryIO, name: str) -> Iterator[Spooled]:
    """Read a whole file, row by row, before any transaction begins; raises Refused where it cannot be taken.

    Its rows wait in a temporary file: a library may be larger than what a small machine has in memory.
    """
    foreign = open_library(file, name=name)
    with TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="\n") as rows:
        read = Spooled(foreign.form, one_line(name, LONGEST_NAME), rows, ShelfCount())
        for row in foreign.rows:
            read.take(row)
        if not read.total:
            raise Refused("There are no books in this file.")
        rows.seek(0)
        read.alike = {read.numbers[place] for place in called_alike(read.wanted)}
        yield read


def stage(member_id: int, read: Spooled, now: datetime, submission: str | None = None) -> Import:
    """Keep the rows of a file, to be looked at before anything is taken from them.

    Raises Refused where the member was suspended or removed while the file was read.
    """
    member = member_by_id(member_id)
    if member is None or not member.is_active:
        raise Refused("A suspended member cannot import files.")
    brought = Import(
        member_id=member_id,
        form=read.form.value,
        name=read.name,
        shelves=read.shelves.kept(),
        total=read.total,
        skipped=read.skipped,
        ratings=read.ratings,
        reviews=read.reviews,
        notes=read.notes,
        descriptions=read.descriptions,
        brought_at=now,
        looked=0,
        known=0,
        submission=submission,
    )
    db.session.add(brought)
    db.session.flush()
    while lines := list(islice(read.rows, ROWS_AT_ONCE)):
        rows = [{**json.loads(line), "import_id": brought.id} for line in lines]
        for row in rows:
            if row["number"] in read.alike:
                row["entry"]["is_exact"] = True
        write_rows(ImportRow, rows)
    last = look_on(brought.id)
    if last is not None:
        enqueue("look", key=f"look {brought.id}", import_id=brought.id, after=last)
    return brought
