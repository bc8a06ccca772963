"""Backup and restore of the club's SQLite file, while the club is in use."""

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

# A club's database has at least these tables; the migrations know the rest.
TABLES = {"alembic_version", "club", "member"}


class CopyError(Exception):
    """A backup that cannot be made or restored; its text says why, and what to do."""


def database_file(settings: Settings) -> Path:
    """Return the file of this club's database.

    Raises CopyError for a club on PostgreSQL, naming the programs that back it up there.
    """
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

    Others may read and write meanwhile. The file gets its name once it is complete. Raises CopyError; and
    OSError or sqlite3.Error if there is no space for it.
    """
    if not database.is_file():
        raise CopyError(f"There is no club in {database.parent} yet. BOOKCLUB_DATA says where to look.")
    if file.exists():
        raise _already_exists(file)
    if not file.parent.is_dir():
        raise CopyError(f"There is no folder {file.parent}.")
    with _temporary_file(file.parent, file.name) as draft:
        # A read-only connection would leave a log beside a database that nobody else has open.
        _copy(database, draft, mode="rw")
        # Otherwise the damage would be noticed only when the copy is needed.
        _refuse_damaged(draft, f"{database} is damaged, so no copy was kept")
        try:
            # A link fails if the name was taken meanwhile, where a rename would overwrite the file.
            os.link(draft, file)
        except FileExistsError:
            raise _already_exists(file) from None
        except OSError:
            # Some file systems, such as those of memory sticks, have no links.
            draft.rename(file)


@contextmanager
def copy_beside(file: Path, database: Path) -> Iterator[Path]:
    """Yield a copy of a saved club beside the database that it will replace; delete it if it did not.

    Raises CopyError if the file is not a club or is damaged.
    """
    if not file.is_file():
        raise CopyError(f"There is no file {file}.")
    database.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Only within one file system can the copy replace the database in one step.
    with _temporary_file(database.parent, database.name) as draft:
        try:
            # The saved file stays as it is, whatever happens.
            _copy(file, draft, mode="ro")
            with closing(sqlite3.connect(draft)) as connection:
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
        except sqlite3.DatabaseError:
            raise CopyError(f"{file} is not a club saved by `bookclub backup`.") from None
        if not tables >= TABLES:
            raise CopyError(f"{file} is a database, but not one of Bookclub's.")
        _refuse_damaged(draft, f"{file} is damaged")
        yield draft


def replace_database(arrived: Path, database: Path) -> Path | None:
    """Replace the database by ``arrived``. Return where the old one is kept, under a dated name, if any.

    Raises CopyError, and changes nothing, while anyone has the database open.
    """
    # Only one file is moved, so nothing of the club may be left in a log beside it.
    _fold_in_log(arrived)
    kept = None
    if database.exists():
        try:
            _fold_in_log(database)
        except sqlite3.DatabaseError as problem:
            if problem.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise CopyError("The club is in use. Stop the server, then restore.") from None
            # Any other fault of the old database may be the reason for restoring, so it is kept as it is.
        kept = _dated_name(database)
        # The old file gets a second name, so that there is a database under the first one all the time.
        os.link(database, kept)
        for suffix in ("-wal", "-shm"):
            # If it stayed here, SQLite would read the old database's log into the new one.
            if (log := Path(f"{database}{suffix}")).exists():
                log.rename(f"{kept}{suffix}")
        make_database_private(kept)
    # The replacement is one step, so there is always a whole database under this name.
    os.replace(arrived, database)
    return kept


def _already_exists(file: Path) -> CopyError:
    return CopyError(f"{file} is there already, and stays as it is. Give another name.")


@contextmanager
def _temporary_file(folder: Path, name: str) -> Iterator[Path]:
    """Yield an empty file that only its owner can read; delete it at the end unless it was renamed."""
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
        # SQLite copies the state of one moment, even while others write. A plain copy of the file could be
        # torn.
        here.backup(there)
    _fold_in_log(target)


def _fold_in_log(database: Path) -> None:
    """Make a database one file again, without a log beside it. SQLite refuses while anyone has it open."""
    with closing(sqlite3.connect(database, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _refuse_damaged(database: Path, words: str) -> None:
    with closing(sqlite3.connect(database)) as connection:
        try:
            # The first fault is enough; a list of all of them can take long.
            (first,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as problem:
            raise CopyError(f"{words} ({problem}).") from None
    if first != "ok":
        raise CopyError(f"{words} ({first}).")


def _dated_name(database: Path) -> Path:
    """Return a free name beside the database that says until when it was in use."""
    name = f"{database.stem}-until-{datetime.now():%Y-%m-%d-%H%M%S}"
    kept, number = database.with_name(f"{name}{database.suffix}"), 1
    while kept.exists():
        number += 1
        kept = database.with_name(f"{name}-{number}{database.suffix}")
    return kept
