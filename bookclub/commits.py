"""Record of a request's commits, to know whether something was saved when it ends with an error."""

from __future__ import annotations

import sqlite3

from flask import g, has_app_context
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

# PostgreSQL reports a broken link with these classes of codes: a COMMIT may have been carried out by then, or
# not.
LOST_LINKS = ("08", "57P", "XX")
# With these codes SQLite ends a COMMIT that has done nothing: locked, read-only, full, or against a
# constraint.
SQLITE_REFUSALS = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CONSTRAINT,
}


def may_be_saved(problem: Exception) -> bool:
    """Return whether something of this request may have been saved although it ended with this problem.

    That is so once a COMMIT has succeeded, and also if the result of the last one is unknown because the link
    broke while its answer was awaited. If the database itself refused, nothing was saved.
    """
    begun, ended = g.get("commits_begun", 0), g.get("commits_ended", 0)
    return ended > 0 or (begun > 0 and not _is_refusal(problem))


def _is_refusal(problem: Exception) -> bool:
    cause = getattr(problem, "orig", problem)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is not None:
        # The low byte is the primary code; extended codes add details in the higher bytes.
        return code & 0xFF in SQLITE_REFUSALS
    state = getattr(cause, "sqlstate", None) or ""
    # An error without a code comes from the driver: the link broke, and nobody knows the result.
    return bool(state) and not state.startswith(LOST_LINKS)


@event.listens_for(Engine, "commit")
def _note_commit(connection: Connection) -> None:
    """Count a commit that this request has begun. Notes that a GET may write do not count."""
    if has_app_context() and connection.get_execution_options().get("writes") is True:
        g.commits_begun = g.get("commits_begun", 0) + 1


@event.listens_for(Session, "after_commit")
def _note_end_of_commit(session: Session) -> None:
    if has_app_context():
        g.commits_ended = g.get("commits_begun", 0)
