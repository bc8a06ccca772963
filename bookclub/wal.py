"""SQLite's write-ahead log, emptied so that what is gone from the database is in no file beside it.

``secure_delete`` wipes what is deleted or overwritten in the database itself. The log keeps pages as they
were at each commit until it starts again from its beginning, which on a quiet evening is never. So whoever
works jobs off empties it twice a minute, and a transaction that keeps a promise ("it is gone") does so at
once. A reader who looks at an older state holds that back: it is tried again until it succeeds. Nothing need
remember that, after a restart either: a log that is not empty is the reminder.

On PostgreSQL there is nothing to do here: it keeps old rows until its own VACUUM, and its log as it is told.
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

# For so long others are kept from writing while a reader is waited for.
PATIENCE_SECONDS = 0.2
SECONDS_BETWEEN = 30.0
FORGETS = "forgets"

log = logging.getLogger(__name__)
_HELD_BACK: set[URL] = set()


def forget_at_once() -> None:
    """Empty the log as soon as the caller's transaction is committed."""
    db.session().info[FORGETS] = True


def empty(url: URL) -> bool:
    """Empty the log of this database; False where a reader or writer holds that back just now."""
    file = Path(url.database or "")
    if url.get_backend_name() != "sqlite" or not _log_of(file):
        return True
    try:
        address = f"{file.resolve().as_uri()}?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=PATIENCE_SECONDS)) as connection:
            (is_held, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as problem:
        log.info("the log is emptied later: %s", problem)
        return False
    return not is_held


class Emptier:
    """Empties the log of a database now and then; what is held back is tried again at the next look."""

    def __init__(self, database_url: str) -> None:
        self._url, self._due_at = make_url(database_url), 0.0

    def empty_if_due(self) -> None:
        if monotonic() >= self._due_at and empty(self._url):
            self._due_at = monotonic() + SECONDS_BETWEEN


def _log_of(file: Path) -> int:
    """The size of a database's log in bytes."""
    try:
        return Path(f"{file}-wal").stat().st_size
    except OSError:
        return 0


@event.listens_for(Session, "after_commit")
def _keep_promise(session: Session) -> None:
    promised = session.info.pop(FORGETS, False)
    if not promised and not _HELD_BACK:
        return
    bind = session.get_bind()
    url = bind.engine.url
    if promised or url in _HELD_BACK:
        # What a reader holds back is tried again after the next commit, and by whoever works jobs off.
        (_HELD_BACK.discard if empty(url) else _HELD_BACK.add)(url)


@event.listens_for(Session, "after_rollback")
def _break_off(session: Session) -> None:
    session.info.pop(FORGETS, None)
