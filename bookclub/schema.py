"""The upgrade of the club's database to the newest revision at each start."""

from __future__ import annotations

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from .app import create_app, migrations_folder
from .books.match_queries import books_with_older_lines, lacks_match_keys
from .books.upgrades import fill_match_keys, respell_older_lines
from .config import SettingError, Settings
from .extensions import begin_write, db
from .jobs import enqueue
from .members.actions import claim_older_names
from .members.queries import members_without_names
from .search.jobs import KIND as INDEXING
from .search.queries import is_unfilled
from .stale_text import KIND as RENDERINGS
from .stale_text import has_older_text


class SchemaError(SettingError):
    """A database that this version of Bookclub cannot use; its text says why."""


def create_upgraded_app(settings: Settings) -> Flask:
    """Return the application of a club after upgrading its database to the newest revision.

    A migration is one transaction: one that is killed half-way leaves nothing behind. Raises SchemaError.
    """
    app, scripts = create_app(settings), ScriptDirectory(str(migrations_folder()))
    with app.app_context():
        revision = _revision()
        # A new database has no revision.
        if revision not in {None, *(script.revision for script in scripts.walk_revisions())}:
            raise SchemaError(
                "The database belongs to a newer Bookclub. Install that one, or restore a backup."
            )
        if revision != scripts.get_current_head():
            upgrade()
        _update_books()
        _claim_names()
        _enqueue_rendering()
        _enqueue_indexing()
    return app


def close(app: Flask) -> None:
    """Close all connections. On SQLite this leaves one file, with no log beside it."""
    with app.app_context():
        db.engine.dispose()


def _update_books() -> None:
    """Bring books from older versions up to date, a few at a time: their keys and lines of authors."""
    while lacks_match_keys():
        # begin_write() must come before a transaction's first read, so the look above ends here.
        db.session.rollback()
        begin_write()
        fill_match_keys()
        db.session.commit()
    while books_with_older_lines(1):
        db.session.rollback()
        begin_write()
        respell_older_lines()
        db.session.commit()
    db.session.rollback()


def _claim_names() -> None:
    """Reserve the names of members who joined under older versions."""
    # Most starts find nobody, and then need not wait for whoever is writing.
    has_some = bool(members_without_names())
    db.session.rollback()
    if has_some:
        begin_write()
        claim_older_names()
        db.session.commit()


def _enqueue_rendering() -> None:
    """Enqueue the job that renders stored text again, if another renderer made some of it."""
    is_older = has_older_text()
    db.session.rollback()
    if is_older:
        begin_write()
        enqueue(RENDERINGS, key=RENDERINGS)
        db.session.commit()


def _enqueue_indexing() -> None:
    """Enqueue the job that fills the index of the search, after an upgrade from a version without one."""
    is_empty = is_unfilled()
    db.session.rollback()
    if is_empty:
        begin_write()
        enqueue(INDEXING, key=INDEXING)
        db.session.commit()


def _revision() -> str | None:
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as problem:
        reason = str(problem.orig).strip().partition("\n")[0]
        raise SchemaError(f"The database cannot be used: {reason}") from None
