"""Changes to the index of the search. Nothing here commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import TableClause, delete, insert, text
from sqlalchemy.dialects import postgresql

from ..extensions import db, utcnow
from ..jobs import enqueue
from ..lib.text.index_expressions import tsvector
from ..lib.text.index_words import index_text
from ..searchable import KINDS, Searchable, SearchableText
from . import queries
from .models import INDEXES, View, index_of, number_of
from .queries import Indexed

# A statement takes no more numbers than this, and others can write between two batches.
AT_ONCE = 200
# The job that takes the words of deleted rows out of the file of SQLite, too. It writes the index anew, so it
# is done seldom where there are many comments: several edits make one job.
MERGE, DELAY_FOR_COMMENT = "merge search index", timedelta(milliseconds=1)
# So many pages are written in one step, while others wait.
PAGES = 500


def index_rows(changed: Mapping[Searchable, Collection[int]]) -> None:
    """Index rows as their words are now. Rows that are gone, or that nobody is to find, leave the index."""
    queries.hold_rows([number_of(kind.number, row_id) for kind, ids in changed.items() for row_id in ids])
    for kind, row_ids in changed.items():
        ordered = sorted(row_ids)
        for start in range(0, len(ordered), AT_ONCE):
            ids = ordered[start : start + AT_ONCE]
            before = {number_of(kind.number, row_id, view) for row_id in ids for view in View}
            _write(index_of(kind), _rows_of(kind, kind.load(ids)), before)


def index_batch(kind: Searchable, after: int, *, anew: bool = False) -> int | None:
    """Correct the index of the next rows of a kind, or write all of it ``anew``.

    Return the last id, or None if there are no more.
    """
    queries.hold_index()
    ids = queries.ids_after(kind, after, AT_ONCE)
    is_last = len(ids) < AT_ONCE
    # What is left of rows that are gone lies between those that are there, and behind the last one.
    end = number_of(kind.number + 1, 0) if is_last else number_of(kind.number, ids[-1] + 1)
    rows = _rows_of(kind, kind.load(ids) if ids else ())
    held = queries.indexed_between(kind, number_of(kind.number, after + 1), end - 1)
    wrong = {number: row for number, row in rows.items() if anew or held.get(number) != row}
    _write(index_of(kind), wrong, {*wrong, *(number for number in held if number not in rows)} & {*held})
    return None if is_last else ids[-1]


def merge_step(*, begins: bool) -> bool:
    """Write the next pages of SQLite's index without what was deleted. Return whether there is more to do.

    The first step ``begins`` it for all that is there by then. PostgreSQL cleans up by itself.
    """
    if not _is_sqlite():
        return False
    before = queries.count_changes()
    for index in INDEXES:
        step = text(f"INSERT INTO {index.name} ({index.name}, rank) VALUES ('merge', :pages)")
        db.session.execute(step, {"pages": -PAGES if begins else PAGES})
    # Each command itself counts as one.
    return queries.count_changes() - before > len(INDEXES)


def _rows_of(kind: Searchable, found: Iterable[SearchableText]) -> dict[int, Indexed]:
    return {
        number_of(kind.number, words.row_id, view): Indexed(index_text(words.title), index_text(shown))
        for words in found
        for view, shown in _views_of(words)
    }


def _views_of(words: SearchableText) -> Iterator[tuple[View, str]]:
    for view, shown in ((View.FULL, words.text), (View.CLOSED, words.closed), (View.PUBLIC, words.public)):
        if shown is not None:
            yield view, shown


def _write(index: TableClause, rows: Mapping[int, Indexed], before: Collection[int]) -> None:
    """Write rows of an index, and delete those of ``before`` that are not among them."""
    # FTS5 has no upsert, and takes the words of a row out of its index only where the row is deleted.
    gone = sorted(before if _is_sqlite() else set(before) - set(rows))
    if gone:
        deleted: Any = db.session.execute(delete(index).where(index.c.rowid.in_(gone)))
        if deleted.rowcount and _is_sqlite():
            comments = queries.newest_id(KINDS["comment"])
            enqueue(MERGE, key=MERGE, due_at=utcnow() + comments * DELAY_FOR_COMMENT)
    if not rows:
        return
    values: list[dict[str, Any]] = [
        {"rowid": number, "title": row.title, "words": row.words} for number, row in rows.items()
    ]
    if _is_sqlite():
        db.session.execute(insert(index), values)
        return
    vectors = [{**row, "places": tsvector(row["title"], row["words"])} for row in values]
    statement = postgresql.insert(index)
    changed = {name: statement.excluded[name] for name in ("title", "words", "places")}
    db.session.execute(statement.on_conflict_do_update(index_elements=["rowid"], set_=changed), vectors)


def _is_sqlite() -> bool:
    return db.session.connection().dialect.name == "sqlite"
