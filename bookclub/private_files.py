"""Files that only their owner may read: the database with its logs and copies, exports, the secret key."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from glob import escape
from pathlib import Path

OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
# SQLite gives the files beside a database the mode of the database, but keeps the mode of those that exist.
SUFFIXES = ("", "-wal", "-shm", "-journal")

log = logging.getLogger(__name__)


def make_private(path: Path) -> None:
    """Take all rights to a file or folder from everyone but its owner, if it exists.

    Where the mode cannot be changed, as for the file of another user, the log says so.
    """
    try:
        mode = path.stat().st_mode & 0o777
        wanted = OWNER_ONLY_FOLDER if path.is_dir() else OWNER_ONLY
        if mode != wanted:
            path.chmod(wanted)
    except FileNotFoundError:
        pass
    except OSError as problem:
        log.warning("%s may be read by others (%s)", path, problem.strerror)


def make_database_private(database: Path) -> None:
    """Make an SQLite file private, and the files beside it; create it if its folder exists.

    SQLite would create it with whatever the umask leaves. An empty file is an empty database.
    """
    with suppress(OSError):
        os.close(os.open(database, os.O_CREAT | os.O_RDWR, OWNER_ONLY))
    for suffix in SUFFIXES:
        make_private(Path(f"{database}{suffix}"))


def make_copies_private(database: Path) -> None:
    """Make private what earlier versions left beside a database: replaced databases and drafts of copies."""
    for pattern in (f"{escape(database.stem)}-until-*{database.suffix}*", f".{escape(database.name)}-*"):
        for path in database.parent.glob(pattern):
            make_private(path)


def make_folder_private(folder: Path) -> None:
    """Make a folder private, with everything in it."""
    for path in (folder, *folder.rglob("*")):
        make_private(path)
