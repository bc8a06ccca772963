"""Emptying of SQLite's write-ahead log, so that deleted data is in no file beside the database.

``secure_delete`` wipes deleted and overwritten data in the database itself. The log keeps pages as they were
at each commit until it starts again from its beginning, which on a quiet evening is never. So the worker of
jobs empties it twice a minute, and a transaction that promises "it is gone" empties it at once. A reader of
an older state holds that back; it is tried again until it succeeds. Nothing needs to remember that, not even
after a restart: a log that is not empty is the reminder.

On PostgreSQL there is nothing to do here: it keeps old rows until its own VACUUM, and its log as configured.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from time import monotonic

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from .extensions import db

# Others cannot write for this long while the checkpoint waits for a reader.
PATIENCE_SECONDS = 0.2
SECONDS_BETWEEN = 30.0
FORGETS = "forgets"

log = logging.getLogger(__name__)
# Databases whose log could not be emptied when that was promised.
_HELD_BACK: set[URL] = set()


def forget_at_once() -> None:
    """Empty the log as soon as the caller's transaction is committed."""
    db.session().info[FORGETS] = True


def empty_log(url: URL) -> bool:
    """Empty the log of this database. Return False if a reader or writer holds that back just now."""
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or not _log_size(file):
        return True
    try:
        # With “rw” SQLite makes no new file if this one is gone.
        address = f"{file.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)) as connection:
            # The first column of the result is 1 if someone blocked the checkpoint.
            (is_held, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as problem:
        log.info("the log is emptied later: %s", problem)
        return False
    return not is_held


class Emptier:
    """Timer that empties the log of a database now and then, and tries again after a failure."""

    def __init__(self, database_url: str) -> None:
        self._url, self._due_at = make_url(database_url), 0.0

    def empty_if_due(self) -> None:
        if monotonic() >= self._due_at and empty_log(self._url):
            self._due_at = monotonic() + SECONDS_BETWEEN


def _log_size(file: Path) -> int:
    """Return the size of a database's log in bytes."""
    try:
        return Path(f"{file}-wal").stat().st_size
    except OSError:
        return 0


@event.listens_for(Session, "after_commit")
def _empty_after_commit(session: Session) -> None:
    promised = session.info.pop(FORGETS, False)
    if not promised and not _HELD_BACK:
        return
    bind = session.get_bind()
    url = bind.engine.url
    if promised or url in _HELD_BACK:
        # If a reader holds it back, it is tried again after the next commit, and by the worker of jobs.
        (_HELD_BACK.discard if empty_log(url) else _HELD_BACK.add)(url)


@event.listens_for(Session, "after_rollback")
def _cancel_after_rollback(session: Session) -> None:
    session.info.pop(FORGETS, None)
