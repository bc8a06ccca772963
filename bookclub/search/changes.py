"""Watch over the columns from which indexed words come: whatever changes one, the index follows.

Flushes and statements on whole tables are noted as they happen, and the rows that they changed are indexed at
the end of the same transaction, before it commits. A row that the database itself deletes, along with another
one, is found by nobody any more, and leaves the index in the next night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Mapper, ORMExecuteState, Session, SessionTransaction, UOWTransaction

from ..searchable import KINDS, Searchable, Source
from . import actions, queries

# The notes of a transaction in its session: by the name of a kind, the ids of its changed rows.
NOTES = "searchable_rows"
# Beside it, by the name of a kind, the id after which all rows are new.
NEWER = "searchable_rows_after"


@event.listens_for(Session, "after_flush")
def note_flush(session: Session, _context: UOWTransaction) -> None:
    """Note the rows whose words this flush has changed."""
    for row in (*session.new, *session.dirty, *session.deleted):
        mapper = inspect(row).mapper
        for kind, source in _sources_of(mapper.local_table):
            state = inspect(row).attrs
            watched = {
                column.name: state[key]
                for key, column in _columns_of(mapper).items()
                if column.name in source.columns
            }
            is_whole = row in session.new or row in session.deleted
            if is_whole or any(column.history.has_changes() for column in watched.values()):
                key = watched[source.key.name]
                # A row that has moved belonged to another one before.
                _note(session, kind, {key.value, *key.history.deleted})


@event.listens_for(Session, "do_orm_execute")
def note_statement(state: ORMExecuteState) -> None:
    """Note the rows whose words a statement on a whole table is about to change."""
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    table: Any = getattr(state.statement, "table", None)
    for kind, source in _sources_of(table):
        ids = _ids_in(state, source)
        _note(state.session, kind, ids)
        if state.is_insert and not ids:
            # The database is about to give the new rows their ids, which follow this one.
            state.session.info.setdefault(NEWER, {}).setdefault(kind.name, queries.newest_id(kind))


@event.listens_for(Session, "before_commit")
def index_changes(session: Session) -> None:
    """Index what this transaction has changed."""
    # What a savepoint changed is indexed with all the rest.
    if session.in_nested_transaction():
        return
    session.flush()
    notes: Mapping[str, set[int]] = session.info.pop(NOTES, {})
    for name, newest in session.info.pop(NEWER, {}).items():
        notes[name].update(queries.ids_after(KINDS[name], newest))
    if notes:
        actions.index_rows({KINDS[name]: ids for name, ids in sorted(notes.items())})


@event.listens_for(Session, "after_soft_rollback")
def forget_changes(session: Session, ended: SessionTransaction) -> None:
    """Forget the changes of a transaction that was rolled back. A savepoint's are only looked at in vain."""
    if ended.parent is None:
        session.info.pop(NOTES, None)
        session.info.pop(NEWER, None)


def _note(session: Session, kind: Searchable, ids: Iterable[int]) -> None:
    session.info.setdefault(NOTES, defaultdict(set))[kind.name].update(ids)


def _sources_of(table: Any) -> Iterator[tuple[Searchable, Source]]:
    # A statement on a model holds a copy of its table, so tables are compared by name.
    name = getattr(table, "name", None)
    for kind in KINDS.values():
        yield from ((kind, source) for source in kind.sources if source.table.name == name)


def _ids_in(state: ORMExecuteState, source: Source) -> set[int]:
    """Return the ids of the rows whose words a statement changes, as far as it can be seen before."""
    values = _values_of(state)
    if state.is_insert:
        return _keys_in(values, source)
    if state.is_update and not any(source.columns.intersection(row) for row in values):
        return set()
    where: Any = getattr(state.statement, "whereclause", None)
    if where is None and values and source.key.name in values[0]:
        return _keys_in(values, source)  # An update of many rows, each by its key.
    # A row that moves changes the words of what it belonged to, and of what it will belong to.
    sent = [state.parameters or {}] if isinstance(state.parameters, Mapping | None) else state.parameters
    return queries.ids_where(source, where, sent) | _keys_in(values, source)


def _values_of(state: ORMExecuteState) -> list[dict[str, Any]]:
    """Return the values that a statement writes, by column: one set for all rows, or one for each."""
    sent = state.parameters or {}
    rows = [sent] if isinstance(sent, Mapping) else sent
    fixed: Any = getattr(state.statement, "_values", None) or {}
    # An attribute with an underscore stands for the column of the same name without it.
    own = {str(getattr(name, "key", name)).lstrip("_"): value for name, value in fixed.items()}
    return [own | {name.lstrip("_"): value for name, value in row.items()} for row in rows]


def _keys_in(values: list[dict[str, Any]], source: Source) -> set[int]:
    keys = (row.get(source.key.name) for row in values)
    # A key may be given as a part of the statement, which wraps it.
    found = (getattr(key, "value", key) for key in keys)
    return {key for key in found if isinstance(key, int)}


@cache
def _columns_of(mapper: Mapper[Any]) -> dict[str, Any]:
    """Return the column of each attribute of a model."""
    return {attribute.key: attribute.columns[0] for attribute in mapper.column_attrs}
