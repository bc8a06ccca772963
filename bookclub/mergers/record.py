"""Record of a merger: rows are moved, changed, folded and made through it, so that this can be undone.

It works on tables and not on models, whose methods would do more than can be undone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Table, and_, delete, insert, or_, update

from ..bulk import write_rows
from ..extensions import Base, db
from ..lib.text.shown_text import typed
from . import queries
from .models import Merger, MergerStep
from .queries import Key, Row

# A driver accepts no more keys than about so many in one statement.
AT_ONCE = 200


class Record:
    """The changes of one merger, noted as steps while they are made."""

    def __init__(self, merger: Merger) -> None:
        self.merger = merger
        self._steps: list[dict[str, Any]] = []

    def move(self, column: ColumnElement[Any] | Any, before: int, after: int, *which: Any) -> Sequence[Key]:
        """Make the rows that refer to ``before`` refer to ``after``. Return their keys after that."""
        table: Table = column.table
        keys = queries.keys_where(table, column == before, *which)
        if not keys:
            return []
        # The column may be a part of the key, as in credits, so the step names rows by their new keys.
        moved = [
            {name: after if name == column.name else value for name, value in key.items()} for key in keys
        ]
        for start in range(0, len(keys), AT_ONCE):
            some = or_(*(condition_of(table, key) for key in keys[start : start + AT_ONCE]))
            _execute(update(table).where(some).values({column.name: after}))
        self._note("moved", table, {"column": column.name, "keys": moved, "before": before, "after": after})
        return moved

    def follow(
        self,
        column: Any,
        before: int,
        after: int,
        *alike: str,
        member: str | None = None,
        owner_id: int | None = None,
    ) -> Sequence[Key]:
        """Move rows as ``move`` does, but fold those that ``after`` already has into its own.

        Two rows are the same if all columns in ``alike`` are. ``member`` is the column with the id of the
        member to whom a row belongs alone; ``owner_id`` is that id if it is the same for all.
        """
        table: Table = column.table
        known = {
            tuple(row[name] for name in alike): row for row in queries.rows_where(table, column == after)
        }
        for row in queries.rows_where(table, column == before):
            # Doubles go before the rest moves, or the move would break the key that both share.
            if (twin := known.get(tuple(row[name] for name in alike))) is not None:
                self.fold(table, row, into=(table, twin), member_id=row[member] if member else owner_id)
        return self.move(column, before, after)

    def change(
        self,
        table: Table,
        row: Row,
        values: Mapping[str, Any],
        *,
        member_id: int | None = None,
        always: Sequence[str] = (),
    ) -> None:
        """Give a row other values, and note those that differ.

        Undoing does not restore a column that changed again since, except for those in ``always``.
        """
        new = {name: value for name, value in values.items() if row[name] != value}
        # Columns in ``always`` are noted even if nothing changes, since members may change them afterwards.
        if not new and not always:
            return
        key = key_of_row(table, row)
        if new:
            _execute(update(table).where(condition_of(table, key)).values(new))
        noted = {**{name: row[name] for name in always}, **new}
        details = {
            "key": key,
            "before": {name: to_json(row[name]) for name in noted},
            "after": {name: to_json(value) for name, value in noted.items()},
            "always": list(always),
        }
        self._note("changed", table, details, member_id)

    def fold(
        self,
        table: Table,
        row: Row,
        *,
        into: tuple[Table, Row] | None = None,
        member_id: int | None = None,
        without: Sequence[str] = (),
    ) -> None:
        """Delete a row that says nothing more than another one.

        Undoing restores it unless that other row is gone by then. ``without`` are columns of words, which are
        not copied: they are parted from the text that they were joined with.
        """
        kept = {name: "" if name in without else to_json(value) for name, value in row.items()}
        details: dict[str, Any] = {"row": kept}
        if into is not None:
            details["into"] = [into[0].name, key_of_row(*into)]
        self._note("folded", table, details, member_id)
        _execute(delete(table).where(condition_of(table, key_of_row(table, row))))

    def make(self, table: Table, values: Mapping[str, Any], *, member_id: int | None = None) -> Row:
        """Add a row, which is deleted when the merger is undone. Return the row."""
        made = _execute(insert(table).values(values).returning(*table.primary_key.columns)).one()
        key = dict(zip((column.name for column in table.primary_key.columns), made, strict=True))
        self._note("made", table, {"key": key}, member_id)
        return {**values, **key}

    def join(
        self, table: Table, row: Row, other: Row, joints: Mapping[str, Any], *, member_id: int | None
    ) -> None:
        """Note that texts of a row contain those of another one, which is folded next."""
        details = {"key": key_of_row(table, row), "other": key_of_row(table, other), "joints": dict(joints)}
        self._note("joined", table, details, member_id)

    def note(self, kind: str, table: Table, details: dict[str, Any], member_id: int | None = None) -> None:
        """Note a change that is undone in a way of its own."""
        self._note(kind, table, details, member_id)

    def _note(self, kind: str, table: Table, details: dict[str, Any], member_id: int | None = None) -> None:
        step = {"merger_id": self.merger.id, "member_id": member_id, "kind": kind}
        self._steps.append({**step, "table_name": table.name, "details": details})

    def keep(self) -> None:
        """Write all steps in their order, once everything is done."""
        # Written at once, the steps of two books that 200 members have both read keep other writers waiting
        # for 2.3 seconds on SQLite; one by one it was 5.9.
        write_rows(MergerStep, self._steps)
        self._steps = []


def key_of_row(table: Table, row: Mapping[str, Any]) -> Key:
    """Primary key of a row."""
    return {column.name: row[column.name] for column in table.primary_key.columns}


def condition_of(table: Table, key: Mapping[str, Any]) -> ColumnElement[bool]:
    """Condition that a row has this key."""
    return and_(*(table.c[name] == value for name, value in key.items()))


def to_json(value: Any) -> Any:
    """Return a column's value as JSON stores it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    # A spoiler in public words is hidden when they are read, and undoing must give back what was typed.
    return typed(value) if isinstance(value, str) else value


def from_json(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return JSON values as their columns hold them, without columns that no longer exist."""
    found = {}
    for name, value in values.items():
        if name not in table.c:
            continue
        kind = table.c[name].type
        # A type of our own wraps the database's type.
        kind = getattr(kind, "impl_instance", kind)
        if isinstance(value, str) and isinstance(kind, DateTime):
            value = datetime.fromisoformat(value)
        elif isinstance(value, str) and isinstance(kind, Date):
            value = date.fromisoformat(value)
        found[name] = value
    return found


def table_called(name: str) -> Table | None:
    """Return the table of this name, or None."""
    # A step may be from before an upgrade that dropped its table.
    return Base.metadata.tables.get(name)


def _execute(statement: Any) -> Any:
    # Callers work on tables alone, so the session's objects need no update and are expired later.
    return db.session.execute(statement, execution_options={"synchronize_session": False})
