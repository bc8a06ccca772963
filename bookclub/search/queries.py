"""Contents of the index of the search, and the rows to be indexed."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from ..extensions import db
from ..lib.text.confusables import name_keys
from ..members.name_models import MemberName
from ..searchable import KINDS, Searchable, Source
from .models import INDEXES, index_of

# Numbers of rows are greater, and other locks have numbers of their own.
INDEX_LOCK = 7_266_540
# PostgreSQL has room for a few thousand locks of all transactions. Who changes more rows locks the index.
MOST_LOCKS = 100


@dataclass(frozen=True)
class Indexed:
    """The words of one row of the index: of a title, and of the text below it."""

    title: str
    words: str


def indexed_between(kind: Searchable, first: int, last: int) -> dict[int, Indexed]:
    """Return what the index of a kind holds under these numbers, the last one included."""
    found = index_of(kind).c
    rows = select(found.rowid, found.title, found.words).where(found.rowid.between(first, last))
    return {row.rowid: Indexed(row.title, row.words) for row in db.session.execute(rows)}


def ids_after(kind: Searchable, after: int, limit: int | None = None) -> list[int]:
    """Return the ids of the next rows of a kind, whether they are to be found or not."""
    key: Any = kind.model.__table__.c.id
    return list(db.session.execute(select(key).where(key > after).order_by(key).limit(limit)).scalars())


def is_unfilled() -> bool:
    """Return whether there is something to be found and nothing in the index, as after an upgrade."""
    if any(db.session.execute(select(each.c.rowid).limit(1)).first() for each in INDEXES):
        return False
    return any(ids_after(kind, 0, 1) for kind in KINDS.values())


def ids_where(source: Source, where: ColumnElement[bool] | None, sent: Iterable[Any]) -> set[int]:
    """Return the ids of the rows whose words stand in these rows of a source, for each set of parameters."""
    statement = select(source.key) if where is None else select(source.key).where(where)
    return {row_id for values in sent for row_id in db.session.execute(statement, values).scalars()}


def newest_id(kind: Searchable) -> int:
    """Return the greatest id of a kind, 0 if there is no row."""
    key: Any = kind.model.__table__.c.id
    return int(db.session.execute(select(func.coalesce(func.max(key), 0))).scalar_one())


def hold_rows(numbers: Collection[int]) -> None:
    """Let nobody else index these rows until the transaction ends.

    Otherwise the one who read the words first might write them last. On SQLite one transaction writes.
    """
    if len(numbers) > MOST_LOCKS:
        hold_index()
    elif db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock_shared(INDEX_LOCK)))
        # The order keeps two transactions from waiting for each other.
        each = func.unnest(cast(sorted(numbers), ARRAY(BigInteger))).column_valued("number")
        db.session.execute(select(func.pg_advisory_xact_lock(each)))


def hold_index() -> None:
    """Let nobody else index anything until the transaction ends."""
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(INDEX_LOCK)))


def count_changes() -> int:
    """Return how many rows this connection to SQLite has changed so far."""
    return int(db.session.execute(select(func.total_changes())).scalar_one())


def member_called(name: str) -> int | None:
    """Return the id of the member with this username or display name who has not left."""
    found = select(MemberName.member_id).where(MemberName.key.in_(name_keys(name)))
    return db.session.execute(found.order_by(MemberName.member_id).limit(1)).scalar_one_or_none()
