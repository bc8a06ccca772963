"""The Flask extensions, the declarative base, and the way transactions begin."""

from __future__ import annotations

import re
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from itsdangerous import BadSignature
from sqlalchemy import DateTime, Dialect, Engine, Executable, MetaData, TypeDecorator, event, inspect
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction, aliased, registry
from sqlalchemy.pool import ConnectionPoolEntry

from .private_files import make_database_private

# Alembic can only drop constraints that have a name.
CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# The index of the search, of which SQLite keeps the parts in tables with this name in front.
SEARCH_INDEX = "search_index"
# As long as PostgreSQL waits for a lock (lock_timeout in config.py).
SQLITE_BUSY_SECONDS = 4
# PostgreSQL's code when it accepts no writes: a standby, or a server that was set so when its disk filled up.
READ_ONLY = "25006"


def utcnow() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment, stored in UTC.

    SQLite drops a time zone without converting, so the conversion happens here, and a naive datetime is
    refused (ValueError) instead of being guessed at.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Entity = TypeVar("Entity", bound="Base")


class Base(DeclarativeBase):
    """The base class of all models."""

    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES), type_annotation_map={datetime: UTCDateTime}
    )


class SignedCookies(SecureCookieSessionInterface):
    """Sessions in signed cookies, which never are too old or too new.

    Flask's own class rejects a cookie after 31 days. It also rejects one from the future, as all are once the
    server's clock was set back. How long someone stays signed in is decided by their session in the database.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        signer, cookie = self.get_signing_serializer(app), request.cookies.get(self.get_cookie_name(app))
        try:
            return self.session_class(signer.loads(cookie) if signer and cookie else None)
        except BadSignature:
            return self.session_class()


def has_model(name: str | None, kind: str, _parents: Any) -> bool:
    """Return whether migrations follow a model, as for all but the tables that hold the search's index."""
    return not (kind == "table" and (name or "").startswith(SEARCH_INDEX))


# Views use rows after the commit, and need not load them again.
db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(include_name=has_model)
login_manager = LoginManager()
csrf = CSRFProtect()

# True while a request is rehearsed: see dry_run.py.
rehearsing: ContextVar[bool] = ContextVar("rehearsing", default=False)
# What a statement begins with that may run in a rehearsal. PRAGMA and SET are how a transaction begins.
HARMLESS = frozenset({"SELECT", "WITH", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET"})
# A statement that begins with WITH may still write. The lookbehind leaves out locks: SELECT … FOR UPDATE.
_CHANGE = re.compile(r"\b(?:INSERT|REPLACE|DELETE|MERGE)\s|(?<!\bFOR )(?<!\bKEY )\bUPDATE\s", re.IGNORECASE)


class RehearsedWriteError(Exception):
    """Raised when a rehearsal reaches a write."""


def begin_write() -> None:
    """Open the writing transaction, on SQLite with BEGIN IMMEDIATE.

    A deferred transaction that reads and then writes fails with "database is locked" whatever the timeout. So
    a request that writes must call this before its first read, and after its slow work. In a transaction that
    writes already, it changes nothing. A rehearsal only reads.

    Raises RuntimeError if the transaction has begun without it.
    """
    if rehearsing.get():
        return
    if not db.session().in_transaction():
        db.session.connection(execution_options={"writes": True})
    elif not db.session.connection().get_execution_options().get("writes"):
        raise RuntimeError("begin_write() must come before the transaction's first read")


def write_if_free(*statements: Executable) -> None:
    """Run statements in a short transaction of their own, or not at all if someone else has the lock.

    This is for the few notes that a GET may write. A lost note is made by the next page.
    """
    try:
        with db.engine.connect().execution_options(writes="if free") as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()
    except DBAPIError as problem:
        if not is_trouble_with_storage(problem):
            raise


def shared_alias(model: type[Entity], name: str) -> type[Entity]:
    """Return an alias of a mapped class that the statements of all threads may share, as a module's constant.

    SQLAlchemy builds an alias's columns at their first use. Two threads in that moment build two sets, and a
    statement with columns of both cannot be compiled: the first requests to a new process failed that way.
    It also lists then which column stands for which of the table. A thread that finds half of that list takes
    the table's own column, and its condition asks about the rows of everybody.
    """
    alias = aliased(model, name=name)
    for column in model.__table__.c:
        inspect(alias).selectable.corresponding_column(column)
    return alias


def is_trouble_with_storage(problem: DBAPIError) -> bool:
    """Return whether the database is locked, full, read-only or gone, as opposed to an impossible request."""
    return (
        # psycopg counts a server that accepts no writes among the internal errors, hence the code below.
        isinstance(problem, OperationalError)
        or problem.connection_invalidated
        or getattr(problem.orig, "sqlstate", None) == READ_ONLY
    )


@event.listens_for(Engine, "do_connect")
def _keep_private(
    dialect: Dialect, _record: ConnectionPoolEntry, arguments: list[Any], _options: dict[str, Any]
) -> None:
    """Make an SQLite file private, even one that is created now or was readable before."""
    # A database in memory has no file.
    if dialect.name == "sqlite" and not str(arguments[0]).startswith((":", "file:")):
        make_database_private(Path(arguments[0]))


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # This event does not say which database it is.
    if type(connection).__module__.partition(".")[0] == "psycopg":
        return
    # The driver's own transaction handling is switched off; the "begin" event below replaces it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        # Readers and the writer do not block each other.
        "journal_mode = WAL",
        # A committed transaction survives a power cut.
        "synchronous = FULL",
        # SQLite ignores foreign keys unless told otherwise.
        "foreign_keys = ON",
        # The secret of a settled round must not stay on the disk, as far as the file itself goes.
        "secure_delete = ON",
        # Kibibytes: one page reads many places of a large catalogue.
        "cache_size = -4000",
        f"busy_timeout = {SQLITE_BUSY_SECONDS * 1000}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    if connection.dialect.name != "sqlite":
        if writes == "if free":
            # The shortest wait, in milliseconds: 0 would mean to wait without end.
            connection.exec_driver_sql("SET LOCAL lock_timeout = 1")
    elif writes == "if free":
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@event.listens_for(Session, "before_flush")
def _refuse_unannounced_flush(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    _refuse_unannounced_write(session)


@event.listens_for(Session, "do_orm_execute")
def _refuse_unannounced_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        _refuse_unannounced_write(state.session)


def _refuse_unannounced_write(session: Session) -> None:
    """Raise if a request writes without begin_write(): on SQLite that fails, but only under load."""
    connection = session.connection()
    if rehearsing.get():
        return  # The statement itself is refused later.
    if connection.dialect.name == "sqlite" and not connection.get_execution_options().get("writes"):
        raise RuntimeError("a transaction that writes must begin with begin_write()")


@event.listens_for(Engine, "before_cursor_execute")
def _write_nothing_in_rehearsal(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    if rehearsing.get() and not is_harmless(statement):
        raise RehearsedWriteError


def is_harmless(statement: str) -> bool:
    """Return whether an SQL statement only reads, as far as its words tell. Values must be parameters."""
    first = statement.split(maxsplit=1)[0].upper()
    return first in HARMLESS and not (first == "WITH" and _CHANGE.search(statement))
