"""Undo the steps of a merger or split, from the last to the first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, delete, insert, update
from sqlalchemy.exc import IntegrityError

from ..extensions import db
from . import queries
from .models import Merger
from .queries import Key
from .record import condition_of, from_json, table_called
from .rules import Joint, part_fields, part_texts

Way = Callable[[Table, dict[str, Any]], None]
Special = Callable[["MergerUndo", Table, dict[str, Any]], None]
SILENT = {"synchronize_session": False}


class MergerUndo:
    """Undoing of one merger. What was edited since stays as it is, and what was deleted since stays deleted.

    ``ids`` has the new ids of rows whose own was taken meanwhile, by table and old id.
    """

    def __init__(self, merger: Merger) -> None:
        self.merger = merger
        self.ids: dict[tuple[str, int], int] = {}

    def run(
        self,
        special: Mapping[str, Special] = MappingProxyType({}),
        *,
        only: Collection[str] = (),
        but: Collection[str] = (),
    ) -> None:
        """Undo every step.

        ``special`` has functions for kinds of steps that are undone in a way of their own. ``only`` and
        ``but`` select kinds of steps; the caller undoes the others in another run.
        """
        ways: dict[str, Way] = {
            "moved": self._move_back,
            "changed": self._change_back,
            "folded": self._put_back,
            "joined": self._part_joined,
            "made": self.take_away,
        }
        # Later steps may build on earlier ones.
        for step in reversed(queries.steps_of(self.merger.id)):
            table = table_called(step.table_name)
            if table is not None and step.kind not in but and (not only or step.kind in only):
                if step.kind in special:
                    special[step.kind](self, table, step.details)
                else:
                    ways[step.kind](table, step.details)

    def id_now(self, table: str, row_id: int) -> int:
        """The current id of a row."""
        return self.ids.get((table, row_id), row_id)

    def key_now(self, table: Table, key: Mapping[str, Any]) -> Key:
        """The current key of a row."""
        return {name: self._value_now(table, name, value) for name, value in key.items()}

    def _value_now(self, table: Table, name: str, value: Any) -> Any:
        for key in table.c[name].foreign_keys:
            return self.id_now(key.column.table.name, value) if value is not None else None
        return self.id_now(table.name, value) if name == "id" else value

    def _move_back(self, table: Table, details: dict[str, Any]) -> None:
        column = table.c[details["column"]]
        before, after = (self._value_now(table, column.name, details[side]) for side in ("before", "after"))
        for key in details["keys"]:
            found = condition_of(table, self.key_now(table, key))
            # A row that was moved elsewhere since stays there.
            statement = update(table).where(found, column == after).values({column.name: before})
            self._execute_if_possible(statement)

    def _change_back(self, table: Table, details: dict[str, Any]) -> None:
        key = self.key_now(table, details["key"])
        row = queries.row_where(table, condition_of(table, key))
        if row is None:
            return
        before, after = (from_json(table, details[side]) for side in ("before", "after"))
        always = set(details.get("always", ()))
        values = {
            name: self._value_now(table, name, value)
            for name, value in before.items()
            # A value that a member changed since the merger is theirs, and stays.
            if name in always or row[name] == after[name]
        }
        if values:
            self._execute_if_possible(update(table).where(condition_of(table, key)).values(values))

    def _put_back(self, table: Table, details: dict[str, Any]) -> None:
        # If the row that took this one in was deleted since, this one stays deleted, too.
        if "into" in details:
            other = table_called(details["into"][0])
            if other is None or not queries.keys_where(
                other, condition_of(other, self.key_now(other, details["into"][1]))
            ):
                return
        row = from_json(table, details["row"])
        for column in table.c:
            if column.name not in row or row[column.name] is None:
                continue
            row[column.name] = self._value_now(table, column.name, row[column.name])
            for key in column.foreign_keys:
                if not queries.keys_where(key.column.table, key.column == row[column.name]):
                    # Without the row that it refers to, this one cannot come back.
                    if not column.nullable:
                        return
                    row[column.name] = None
        old = row.get("id")
        if old is not None and queries.keys_where(table, table.c.id == old):
            # The number belongs to another row now.
            del row["id"]
        made = self._execute_if_possible(insert(table).values(row).returning(*table.primary_key.columns))
        # Later steps name this row by its old id, so ``id_now`` has to know the new one.
        if made is not None and old is not None and made.id != old:
            self.ids[table.name, old] = made.id

    def _part_joined(self, table: Table, details: dict[str, Any]) -> None:
        """Part texts that were joined, if both rows exist and nobody has edited the text since."""
        key, other = (self.key_now(table, details[name]) for name in ("key", "other"))
        # The other row was folded after the texts were joined, so by now it is back, without its words.
        row, back = (queries.row_where(table, condition_of(table, one)) for one in (key, other))
        if row is None or back is None:
            return
        for name, noted in details["joints"].items():
            joint = dict(noted)
            parts = joint.pop("parts", ())
            parted = part_texts(row[name], Joint(**joint))
            if parted is None:
                continue
            fields, text = part_fields(parted[1], parts)
            self._execute_if_possible(update(table).where(condition_of(table, key)).values({name: parted[0]}))
            self._execute_if_possible(
                update(table).where(condition_of(table, other)).values({name: text, **fields})
            )

    def take_away(self, table: Table, details: dict[str, Any]) -> None:
        """Delete a row that the merger made."""
        self._execute_if_possible(
            delete(table).where(condition_of(table, self.key_now(table, details["key"])))
        )

    def _execute_if_possible(self, statement: Any) -> Any:
        """Run a statement unless a row written since conflicts with it. Return its row, if any."""
        # When a statement fails, SQLite reverts it alone, but PostgreSQL the whole transaction.
        is_postgres = db.session.connection().dialect.name == "postgresql"
        try:
            with db.session.begin_nested() if is_postgres else nullcontext():
                result: Any = db.session.execute(statement, execution_options=SILENT)
                return result.one() if result.returns_rows else None
        except IntegrityError:
            return None
