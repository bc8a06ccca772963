"""The club's SQLite file: saved while it is in use, and brought back."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import mkstemp

from sqlalchemy.engine import make_url

from ..config import Settings
from ..private_files import make_database_private

# What a database must hold to be a club's; the migrations know the rest.
TABLES = {"alembic_version", "club", "member"}


class CopyError(Exception):
    """A copy that cannot be made or taken; its text says why, and what would do."""


def database_file(settings: Settings) -> Path:
    """Where this club's database is. Raises CopyError for one on PostgreSQL, naming what does this there."""
    url = make_url(settings.database_url)
    if url.get_backend_name() != "sqlite":
        raise CopyError(
            "This club lives in PostgreSQL, whose own programs save it and bring it back:\n"
            f"  pg_dump --format=custom --file=club.dump {url.database}\n"
            f"  pg_restore --clean --if-exists --dbname={url.database} club.dump"
        )
    return Path(url.database or "")


def save(database: Path, file: Path) -> None:
    """Copy the club's database, as it is at one moment, into a new file that only its owner may read.

    Others may read and write meanwhile. The file gets its name once it is whole. Raises CopyError, and
    OSError or sqlite3.Error where there is no room for it.
    """
    if not database.is_file():
        raise CopyError(f"There is no club in {database.parent} yet. BOOKCLUB_DATA says where to look.")
    if file.exists():
        raise _taken(file)
    if not file.parent.is_dir():
        raise CopyError(f"There is no folder {file.parent}.")
    with _draft(file.parent, file.name) as draft:
        # Whoever only reads leaves a log beside a database that nobody else has open.
        _copy(database, draft, mode="rw")
        _refuse_damaged(draft, f"{database} is damaged, so no copy was kept")
        try:
            os.link(draft, file)
        except FileExistsError:
            raise _taken(file) from None
        except OSError:
            # Some file systems, such as those of memory sticks, have no links.
            draft.rename(file)


@contextmanager
def incoming(file: Path, database: Path) -> Iterator[Path]:
    """A copy of a saved club, beside the database whose place it is to take; gone afterwards if it did not.

    Raises CopyError where the file is no club or is damaged.
    """
    if not file.is_file():
        raise CopyError(f"There is no file {file}.")
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _draft(database.parent, database.name) as draft:
        try:
            _copy(file, draft, mode="ro")
            with closing(sqlite3.connect(draft)) as connection:
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        except sqlite3.DatabaseError:
            raise CopyError(f"{file} is not a club saved by `bookclub backup`.") from None
        if not tables >= TABLES:
            raise CopyError(f"{file} is a database, but not one of Bookclub's.")
        _refuse_damaged(draft, f"{file} is damaged")
        yield draft


def exchange(arrived: Path, database: Path) -> Path | None:
    """Put ``arrived`` in the database's place, and keep what was there under a dated name, which is returned.

    Raises CopyError, changing nothing, while anybody has the database open.
    """
    _fold_in_log(arrived)
    kept = None
    if database.exists():
        try:
            _fold_in_log(database)
        except sqlite3.DatabaseError as problem:
            if problem.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise CopyError("The club is in use. Stop the server, then restore.") from None
            # Whatever else ails the old database may be why somebody restores: it is kept as it is.
        kept = _dated(database)
        os.link(database, kept)
        for suffix in ("-wal", "-shm"):
            # Left here, the old database's log would be read into the new one.
            if (log := Path(f"{database}{suffix}")).exists():
                log.rename(f"{kept}{suffix}")
        make_database_private(kept)
    os.replace(arrived, database)
    return kept


def _taken(file: Path) -> CopyError:
    return CopyError(f"{file} is there already, and stays as it is. Give another name.")


@contextmanager
def _draft(folder: Path, name: str) -> Iterator[Path]:
    """An empty file, readable by its owner alone, that is removed in the end unless it was renamed."""
    handle, path = mkstemp(prefix=f".{name}-", dir=folder)
    os.close(handle)
    try:
        yield Path(path)
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(path + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path, *, mode: str) -> None:
    address = f"{source.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)
    _fold_in_log(target)


def _fold_in_log(database: Path) -> None:
    """Make a database one file again, without a log beside it. SQLite refuses while anybody has it open."""
    with closing(sqlite3.connect(database, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _refuse_damaged(database: Path, words: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        try:
            (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as problem:
            raise CopyError(f"{words} ({problem}).") from None
    if first != "ok":
        raise CopyError(f"{words} ({first}).")


def _dated(database: Path) -> Path:
    """A name beside the database that says until when it was in use, and that nothing has yet."""
    name = f"{database.stem}-until-{datetime.now():%Y-%m-%d-%H%M%S}"
    kept, number = database.with_name(f"{name}{database.suffix}"), 1
    while kept.exists():
        number += 1
        kept = database.with_name(f"{name}-{number}{database.suffix}")
    return kept
