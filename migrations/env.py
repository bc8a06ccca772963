"""How Alembic reaches the club's database: through the application, in one writing transaction."""

from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import text

from bookclub.extensions import SQLITE_BUSY_SECONDS, UTCDateTime, db
from bookclub.text_columns import PublicText

# Any number will do, as long as every worker that migrates asks for the same lock.
MIGRATION_LOCK = 7_266_525


def render_type(kind, value, _autogenerate):
    """Write our column type as what it is to the database: old migrations import nothing of ours."""
    if kind == "type" and isinstance(value, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, PublicText):
        return f"sa.String(length={value.length})" if value.length else "sa.Text()"
    return False


# Whoever finds another process migrating waits until it is done, however large the club is.
PATIENCE_SECONDS = 3600


@contextmanager
def patient_and_blind(connection):
    """Let SQLite wait for others who migrate, and look away while tables are built anew.

    Building one anew drops the old one, and all that hangs on its rows would go with it by ON DELETE
    CASCADE. The switch does nothing inside a transaction, hence the driver's own connection.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")
        driver.execute(f"PRAGMA busy_timeout = {SQLITE_BUSY_SECONDS * 1000}")


def check_foreign_keys(connection):
    """Raise, and so undo the migration, where it left a row that hangs on nothing."""
    if connection.dialect.name == "sqlite":
        orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise RuntimeError(f"a migration left rows that hang on nothing: {orphans[:5]}")


with (
    db.engine.connect().execution_options(writes=True) as connection,
    patient_and_blind(connection),
):
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        # SQLite can do it, too; without it a killed migration leaves half of itself behind.
        transactional_ddl=True,
        render_item=render_type,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        context.run_migrations()
        check_foreign_keys(connection)
