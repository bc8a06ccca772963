"""The club's export as JSON lines, one file per kind of row."""

from __future__ import annotations

from pathlib import Path
from textwrap import fill
from typing import Any

from ..lib.text.messages import gettext as _
from ..lib.text.shown_text import typed
from .club_queries import KINDS, pictures
from .picture_queries import widest_copy
from .rules import json_lines


def write_lines(folder: Path, *, everything: bool) -> None:
    """Write all kinds of rows into a folder, and a README that explains them. Raises OSError.

    ``everything`` includes locked texts and spoilers.
    """
    for name, rows_of_kind in KINDS.items():
        # Otherwise lines would end differently on Windows, and two copies of one club would differ.
        with (folder / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            rows = rows_of_kind(everything)
            # Words that everybody reads come out of the database with spoilers hidden, also where all are
            # wanted.
            file.writelines(json_lines(map(_as_typed, rows) if everything else rows))
    (folder / "pictures").mkdir()
    for picture in pictures(everything):
        (folder / picture["file"]).write_bytes(widest_copy(picture["id"]))
    (folder / "README.txt").write_text(readme(everything=everything), encoding="utf-8")


def readme(*, everything: bool) -> str:
    """Text that explains the folder to people who open it."""
    paragraphs = (
        _(
            "A copy of a book club, twice: as JSON lines, one file for each kind of thing, and as pages to "
            "read, which begin with site/index.html."
        ),
        _(
            "Ids connect the files: “book_id” in reviews.jsonl is “id” in books.jsonl. Times are in UTC, and "
            "ratings in stars. The value of “horizon” says how much a text gives away of its book: 0 is safe "
            "for everybody, 10000 is for those who have finished it."
        ),
        _("All texts are in it: share it only with people who do not mind spoilers.")
        if everything
        else _("Spoilers are left out: such a text is null, and a spoiler within a text is “(spoiler)”."),
        _(
            "The covers of books, the club’s picture and the pictures of these texts are in the folder "
            "“pictures”, with the ids that the texts name."
        ),
        _(
            "E-mail addresses, passwords, sessions, private readings, private notes and tags, drafts, and "
            "private ballots are never in it."
        ),
    )
    return "\n\n".join(map(fill, paragraphs)) + "\n"


def _as_typed(value: Any) -> Any:
    """Return a row with its public texts as they were typed."""
    if isinstance(value, dict):
        return {name: _as_typed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_typed(part) for part in value]
    return typed(value) if isinstance(value, str) else value
