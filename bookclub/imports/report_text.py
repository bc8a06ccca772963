"""Texts of an import's report: the outcome of a row, what was kept, and the counts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..lib.text.messages import gettext as _
from ..lib.text.messages import lazy_gettext, ngettext
from ..lib.text.remarks import Remark, Value, nremark, remark, remarks_text

OUTCOMES = {
    "taken": lazy_gettext("Taken"),
    "merged": lazy_gettext("Merged"),
    "kept": lazy_gettext("Yours kept"),
    "same": lazy_gettext("Nothing new"),
    "skipped": lazy_gettext("Skipped"),
}
STATUS_REMARKS = {
    "to_read": remark("Want to read"),
    "reading": remark("Reading"),
    "finished": remark("Finished"),
    "did_not_finish": remark("Did not finish"),
}
FIELD_REMARKS = {
    "status": remark("your status"),
    "rating": remark("your rating"),
    "started_on": remark("the day you began"),
    "finished_on": remark("the day you finished"),
    "times_read": remark("how often you have read it"),
    "earlier": remark("earlier times"),
    "notes": remark("your notes"),
    "tags": remark("your tags"),
    "review": remark("your review as a draft"),
}
KEPT_REMARKS = {
    "status": remark("Your status here stays “%(here)s”; the file says “%(file)s”."),
    "rating": remark("Your rating here stays %(here)s; the file says %(file)s."),
    "started_on": remark("The day you began stays %(here)s; the file says %(file)s."),
    "finished_on": remark("The day you finished stays %(here)s; the file says %(file)s."),
    "times_read": remark("How often you have read it stays %(here)s here; the file says %(file)s."),
}
# For values that a file gave before, and that the member has removed here since.
REMOVED_REMARKS = {
    "status": remark("You have removed your status here, so “%(file)s” was left out."),
    "rating": remark("You have removed your rating here, so the file’s %(file)s was left out."),
    "started_on": remark("You have removed the day you began here, so %(file)s was left out."),
    "finished_on": remark("You have removed the day you finished here, so %(file)s was left out."),
    "times_read": remark(
        "You have removed how often you have read it here, so the file’s %(file)s was left out."
    ),
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
        words = {
            "taken": ngettext("%(num)s taken", "%(num)s taken", self.taken),
            "merged": ngettext("%(num)s merged", "%(num)s merged", self.merged),
            "kept": ngettext("%(num)s with yours kept", "%(num)s with yours kept", self.kept),
            "same": ngettext("%(num)s with nothing new", "%(num)s with nothing new", self.same),
            "skipped": ngettext("%(num)s skipped", "%(num)s skipped", self.skipped),
        }
        return ", ".join(text for key, text in words.items() if self.of(key)) or _("nothing yet")


def kept_remark(name: str, here: Any, file: Any) -> Remark:
    """Say that a value of the member's own stays: "Your rating here stays 4; the file says 3."."""
    if name == "tags":
        return remark("You have removed the tag “%(tag)s” here, so it was left out.", tag=file)
    if name == "notes":
        return remark("Your notes here stay; the file has other ones.")
    if name == "review":
        return remark("Your review here stays; the file has another one.")
    if not here:
        return REMOVED_REMARKS[name].fill(file=_shown(name, file))
    return KEPT_REMARKS[name].fill(here=_shown(name, here), file=_shown(name, file))


def other_row_remark(name: str, here: Any, file: Any, *, fits: bool = True) -> Remark:
    """Say what happens to another rating, review or note in a later row about the same book.

    ``fits`` says that its words have room in the private notes.
    """
    if name == "review":
        if fits:
            return remark(
                "Your draft is the review of an earlier row; the one of this row is in your private notes."
            )
        return remark("The review of this row was left out: your private notes have no room for it.")
    if name == "notes":
        if fits:
            return remark("The notes of this row were added below those of an earlier row.")
        return remark("The notes of this row were left out: your private notes have no room for them.")
    return remark(
        "An earlier row rates this book %(first)s, and this one %(second)s: your rating is %(first)s.",
        first=_shown(name, here), second=_shown(name, file),
    )  # fmt: skip


def _shown(name: str, value: Any) -> Value:
    """Return one value as a remark words it: 4.5, "Finished", "7 March 2019"."""
    if name == "rating":
        return float(value) / 2
    if name == "status":
        return STATUS_REMARKS[value]
    return value if isinstance(value, int | date) else str(value)


def taken_remarks(
    status: str, rating: int | None, tags: int, has_review: bool, is_new: bool
) -> tuple[Remark, ...]:
    """Say what was taken from a row: "Finished, 4 stars, 2 tags and the review as a draft."."""
    parts = [STATUS_REMARKS[status]] if status else []
    if rating:
        # Ratings are half stars, so 2 is one star, and half stars are plural: "0.5 stars".
        parts.append(nremark("%(stars)s star", "%(stars)s stars", 1 if rating == 2 else 2, stars=rating / 2))
    if tags:
        parts.append(nremark("%(num)s tag", "%(num)s tags", tags))
    if has_review:
        parts.append(remark("the review as a draft"))
    said = remark("%(parts)s.", parts=tuple(parts))
    return (said, remark("The book is new in the catalogue.")) if is_new else (said,)


def merged_remark(changed: Iterable[str]) -> Remark:
    """Say what the file changed in a reading: "New from the file: your rating and your tags."."""
    return remark("New from the file: %(parts)s.", parts=tuple(FIELD_REMARKS[name] for name in changed))


def report_lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Lines of a report as CSV, with no cell that a spreadsheet would take for a formula."""
    yield _line(("Row", "Title", "Authors", "Outcome", "Why", "Book"))
    for number, title, authors, outcome, why, address in rows:
        # Programs read the header, and people the words below it.
        yield _line(
            (number, title, authors, OUTCOMES.get(outcome) or _("Not yet"), remarks_text(why), address)
        )


def _line(cells: Iterable[Any]) -> str:
    # A report of 50 000 rows is sent line by line, so no buffer holds more than one.
    file = io.StringIO()
    csv.writer(file).writerow([safe_cell(cell) for cell in cells])
    return file.getvalue()


def safe_cell(cell: Any) -> Any:
    """Return the cell, with an apostrophe in front if a spreadsheet would take it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
