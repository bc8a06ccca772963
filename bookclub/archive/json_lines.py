"""The club's export as JSON lines, one file per kind of row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..text_columns import typed
from .club_queries import KINDS
from .rules import json_lines

README = """A copy of a book club: a file of JSON lines for each kind of thing, and the same to be read, from
site/index.html on.

Ids tie them together: "book_id" in reviews.jsonl is "id" in books.jsonl. Moments are in UTC, ratings in
stars. "horizon" says how much a text gives away of its book: 0 is safe for everybody, 10000 is for those
who have finished. {texts}

Never in it: e-mail addresses, passwords, sessions, private readings, notes and tags that members keep for
themselves, drafts, and private ballots.
"""
SAFE = "Texts above 0 and inline spoilers are left out: their body is null, or says (spoiler)."
ALL = "All texts are in it: do not give it to anybody who still wants to read these books."


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
    text = README.format(texts=ALL if everything else SAFE)
    (folder / "README.txt").write_text(text, encoding="utf-8")


def _as_typed(value: Any) -> Any:
    """Return a row with its public texts as they were typed."""
    if isinstance(value, dict):
        return {name: _as_typed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_as_typed(part) for part in value]
    return typed(value) if isinstance(value, str) else value
