"""Texts of an import's report: the outcome of a row, what was kept, and the counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

OUTCOMES = {
    "taken": "Taken",
    "merged": "Merged",
    "kept": "Yours kept",
    "same": "Nothing new",
    "skipped": "Skipped",
}
STATUS_WORDS = {
    "to_read": "to read",
    "reading": "reading",
    "finished": "finished",
    "did_not_finish": "not finished",
}
FIELD_WORDS = {
    "status": "your status",
    "rating": "your rating",
    "started_on": "the day on which you began",
    "finished_on": "the day on which you finished",
    "times_read": "how often you have read it",
    "earlier": "earlier times",
    "notes": "your notes",
    "tags": "your tags",
    "review": "your review as a draft",
}
# A spreadsheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Counts:
    """Number of rows per outcome."""

    total: int
    taken: int
    merged: int
    kept: int
    same: int
    skipped: int

    @property
    def done(self) -> int:
        """Number of rows that are done."""
        return self.taken + self.merged + self.kept + self.same + self.skipped

    @property
    def percent(self) -> int:
        """Percentage of rows that are done, rounded down."""
        # Rounded up, 100 would be shown while rows still wait.
        return 100 * self.done // self.total if self.total else 100

    def of(self, outcome: str) -> int:
        """Return the number of rows with this outcome."""
        return int(getattr(self, outcome))

    def say(self) -> str:
        """List all outcomes in a line: "87 taken, 3 merged, 2 skipped"."""
        words = {"kept": "where yours was kept", "same": "with nothing new"}
        parts = [f"{self.of(key)} {words.get(key, key)}" for key in OUTCOMES if self.of(key)]
        return ", ".join(parts) or "nothing yet"


def kept_text(name: str, here: Any, file: Any) -> str:
    """Sentence that says a value of the member's own stays: "your rating here is 4, the file says 3"."""
    if name == "tags":
        return f"you have taken the tag “{file}” off here"
    if name == "notes":
        return "your notes here are others than the file’s"
    if name == "review":
        return "what you have made of the review here stays, the file’s is another"
    if not here:
        return f"{FIELD_WORDS[name]} is not given here any more, the file says {value_text(name, file)}"
    return f"{FIELD_WORDS[name]} here is {value_text(name, here)}, the file says {value_text(name, file)}"


def other_row_text(name: str, here: Any, file: Any, *, fits: bool = True) -> str:
    """Sentence that says what happens to another rating, review or note in a later row about the same book.

    ``fits`` says that its words have room in the private notes.
    """
    if name in ("review", "notes") and not fits:
        return f"the {name} of this row were left out, since your private notes have no room for them"
    if name == "notes":
        return "the notes of this row stand below those of an earlier row"
    if name == "review":
        return "the review of an earlier row is your draft, and the one of this row is in your private notes"
    first, second = value_text(name, here), value_text(name, file)
    return f"an earlier row gives this book {first} and this one {second}: {first} is your rating"


def value_text(name: str, value: Any) -> str:
    """Return one value in words: "4.5", "finished", "7 March 2019"."""
    if name == "rating":
        return f"{value / 2:g}"
    if name == "status":
        return STATUS_WORDS[value]
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    return str(value)


def taken_text(status: str, rating: int | None, tags: int, has_review: bool, is_new: bool) -> str:
    """List what was taken from a row: "finished, 4 stars, 2 tags, the review as a draft"."""
    parts = [STATUS_WORDS[status]] if status else []
    if rating:
        # Ratings are half stars, so 2 is one star.
        parts.append("1 star" if rating == 2 else f"{rating / 2:g} stars")
    if tags:
        parts.append("a tag" if tags == 1 else f"{tags} tags")
    if has_review:
        parts.append("the review as a draft")
    said = ", ".join(parts)
    added = " The book is new in the catalogue." if is_new else ""
    return f"{said[:1].upper()}{said[1:]}.{added}"


def merged_text(changed: Iterable[str]) -> str:
    """List what the file changed in a reading: "New from the file: your rating, your tags"."""
    return f"New from the file: {', '.join(FIELD_WORDS[name] for name in changed)}."


def all_kept_text(kept: Iterable[str]) -> str:
    """Sentence that lists what stays as it is here."""
    said = "; ".join(kept)
    return f"Kept: {said}."


def report_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Lines of a report as CSV, with no cell that a spreadsheet would take for a formula."""
    yield _line(("Row", "Title", "Authors", "Outcome", "Why", "Book"))
    for number, title, authors, outcome, why, address in rows:
        yield _line((number, title, authors, OUTCOMES.get(outcome, "Not yet"), why, address))


def _line(cells: Iterable[Any]) -> str:
    # A report of 50 000 rows is sent line by line, so no buffer holds more than one.
    file = io.StringIO()
    csv.writer(file).writerow([safe_cell(cell) for cell in cells])
    return file.getvalue()


def safe_cell(cell: Any) -> Any:
    """Return the cell, with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
