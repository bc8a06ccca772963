"""Files that only their owner may read: the database with its logs and copies, exports, the secret key."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from glob import escape
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
# SQLite creates the files beside a database with the mode of the database, but leaves the mode of existing
# ones.
SUFFIXES = ("", "-wal", "-shm", "-journal")

log = logging.getLogger(__name__)


def make_private(path: Path) -> None:
    """Remove everyone's rights to a file or folder except its owner's, if it exists.

    If the mode cannot be changed, as for another user's file, a warning is logged.
    """
    try:
        mode = path.stat().st_mode & 0o777
        wanted = OWNER_ONLY_FOLDER if path.is_dir() else OWNER_ONLY
        if mode != wanted:
            path.chmod(wanted)
    # SQLite deletes its log when the last connection is closed.
    except FileNotFoundError:
        pass
    except OSError as problem:
        log.warning("%s may be read by others (%s)", path, problem.strerror)


def make_database_private(database: Path) -> None:
    """Make an SQLite file and the files beside it private; create it if its folder exists.

    SQLite would create it with whatever mode the umask leaves. An empty file is an empty database.

    A file that exists is never opened here: to close it would end the locks that SQLite holds on it for all
    connections of this process (POSIX). Another process would then take itself for the last one and delete
    the log that is still written to.
    """
    # It is there already, or there is no such folder, and SQLite says so when it connects.
    with suppress(OSError):
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR, OWNER_ONLY))
    for suffix in SUFFIXES:
        make_private(Path(f"{database}{suffix}"))


def make_copies_private(database: Path) -> None:
    """Make files private that earlier versions left beside a database: old databases and draft copies."""
    # The name is escaped, because a bracket in it would be a pattern.
    for pattern in (f"{escape(database.stem)}-until-*{database.suffix}*", f".{escape(database.name)}-*"):
        for path in database.parent.glob(pattern):
            make_private(path)


def make_folder_private(folder: Path) -> None:
    """Make a folder and everything in it private."""
    for path in (folder, *folder.rglob("*")):
        make_private(path)
