"""How the database is spoken to: moments, transactions, and what a GET may note in passing."""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, delete, event, insert, inspect, select, text, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import aliased

from bookclub.extensions import (
    RehearsedWriteError,
    begin_write,
    db,
    is_harmless,
    rehearsing,
    shared_alias,
    utcnow,
    write_if_free,
)
from bookclub.members.models import Club, FailedAttempt, Member, MemberSession
from tests import conftest

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MOMENT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)
RENAME = update(Club).values(name="Renamed in passing")
AT_ONCE = 1.0


@pytest.fixture
def inside(app):
    """The application, for a test that speaks to the database without a request."""
    with app.app_context():
        yield
        db.session.rollback()


@contextmanager
def somebody_writing(url: str):
    """Another process in the middle of changing the club, for as long as the block lasts."""
    engine = create_engine(url)
    with engine.connect().execution_options(writes=True) as connection:
        connection.execute(text("UPDATE club SET words = 'by somebody else'"))
        yield connection
        connection.rollback()
    engine.dispose()


def name_of_club() -> str:
    with db.engine.connect() as connection:
        return connection.execute(select(Club.name)).scalar_one()


def pragma(name: str) -> object:
    with db.engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()


def show(name: str) -> str:
    with db.engine.connect() as connection:
        return connection.execute(text(f"SHOW {name}")).scalar_one()


# Moments


def test_the_present_moment_is_aware_and_in_utc():
    assert utcnow().utcoffset() == timedelta(0)


@pytest.mark.parametrize("hours", [-12, -3.5, 0, 5.75, 14])
def test_a_moment_comes_back_as_the_same_moment_in_utc(inside, hours):
    begin_write()
    there = MOMENT.astimezone(timezone(timedelta(hours=hours)))
    db.session.add(FailedAttempt(subject="account x", failed_at=there))
    db.session.commit()
    db.session.expunge_all()

    back = db.session.execute(select(FailedAttempt.failed_at)).scalar_one()
    assert back == MOMENT
    assert back.utcoffset() == timedelta(0)


def test_no_moment_comes_back_as_none(inside, alice):
    assert db.session.get(Member, alice.id).suspended_at is None


def test_a_moment_without_its_zone_is_not_stored(inside):
    begin_write()
    db.session.add(FailedAttempt(subject="account x", failed_at=MOMENT.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="a moment needs its time zone"):
        db.session.flush()


def test_a_moment_without_its_zone_is_not_asked_for(inside):
    with pytest.raises(StatementError, match="a moment needs its time zone"):
        db.session.execute(select(FailedAttempt).where(FailedAttempt.failed_at > MOMENT.replace(tzinfo=None)))


def test_moments_are_compared_as_moments_whatever_zone_they_came_in(inside):
    begin_write()
    tokyo = timezone(timedelta(hours=9))
    db.session.add(FailedAttempt(subject="first", failed_at=MOMENT.astimezone(tokyo)))
    db.session.add(FailedAttempt(subject="second", failed_at=MOMENT + timedelta(microseconds=1)))
    db.session.add(FailedAttempt(subject="third", failed_at=MOMENT.replace(microsecond=0, second=1)))
    db.session.commit()

    in_order = select(FailedAttempt.subject).order_by(FailedAttempt.failed_at)
    assert db.session.execute(in_order).scalars().all() == ["first", "second", "third"]
    later = select(FailedAttempt.subject).where(FailedAttempt.failed_at > MOMENT.astimezone(tokyo))
    assert set(db.session.execute(later).scalars()) == {"second", "third"}


# How a transaction begins


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("unannounced", [insert, update, delete], ids=["insert", "update", "delete"])
def test_a_statement_that_writes_unannounced_is_refused(inside, unannounced):
    with pytest.raises(RuntimeError, match=r"must begin with begin_write\(\)"):
        db.session.execute(unannounced(FailedAttempt))


@pytest.mark.databases("sqlite")
def test_a_row_that_is_written_unannounced_is_refused(inside):
    db.session.add(FailedAttempt(subject="account x"))

    with pytest.raises(RuntimeError, match=r"must begin with begin_write\(\)"):
        db.session.commit()


def test_begin_write_after_a_read_is_refused(inside):
    db.session.execute(select(Club.id))

    with pytest.raises(RuntimeError, match="before the transaction's first read"):
        begin_write()


def test_begin_write_within_a_transaction_that_writes_changes_nothing(inside):
    begin_write()
    db.session.execute(RENAME)
    begin_write()
    db.session.commit()

    assert name_of_club() == "Renamed in passing"


def test_after_a_commit_another_transaction_that_writes_may_begin(inside):
    for name in ("First", "Second"):
        begin_write()
        db.session.execute(update(Club).values(name=name))
        db.session.commit()

    assert name_of_club() == "Second"


@pytest.mark.databases("sqlite")
def test_begin_write_holds_the_lock_before_anything_is_written(inside, settings):
    begin_write()

    other = create_engine(settings.database_url)
    with other.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        with pytest.raises(OperationalError, match="database is locked"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    other.dispose()


@pytest.mark.databases("sqlite")
def test_reading_takes_no_lock_that_a_writer_would_wait_for(inside, settings):
    db.session.execute(select(Club.id)).one()

    with somebody_writing(settings.database_url) as writer:
        writer.commit()


def test_reading_goes_on_while_somebody_writes(inside, settings):
    with somebody_writing(settings.database_url):
        assert db.session.execute(select(Club.words)).scalar_one() == ""


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(("writes", "begun"), [(False, "BEGIN"), (True, "BEGIN IMMEDIATE")])
def test_sqlite_is_told_at_once_whether_a_transaction_will_write(inside, writes, begun):
    told: list[str] = []
    with db.engine.connect() as connection:
        connection.connection.dbapi_connection.set_trace_callback(told.append)
    if writes:
        begin_write()
    db.session.execute(select(Club.id)).one()

    assert told[0] == begun


def test_a_committed_row_can_be_read_without_asking_again(inside, alice, statements):
    begin_write()
    member = db.session.get(Member, alice.id)
    db.session.commit()

    with statements() as sent:
        assert member.username == "alice"
    assert not sent


# How each database is set up


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize(
    ("name", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 4000)]
)
def test_sqlite_is_set_up_on_every_connection(inside, name, value):
    with db.engine.connect(), db.engine.connect():
        assert pragma(name) == value


@pytest.mark.databases("sqlite")
def test_sqlite_waits_for_the_disk_before_it_says_that_something_is_saved(inside, settings):
    # The tests themselves do without.
    assert pragma("synchronous") == 0

    event.remove(Engine, "connect", conftest._forget_durability)
    try:
        engine = create_engine(settings.database_url)
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        engine.dispose()
    finally:
        event.listen(Engine, "connect", conftest._forget_durability)


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lock_timeout", "4s"),
        ("statement_timeout", "15s"),
        ("idle_in_transaction_session_timeout", "1min"),
    ],
)
def test_postgresql_does_not_wait_for_ever(inside, name, value):
    assert show(name) == value


def test_a_row_that_hangs_on_nothing_is_refused(inside):
    begin_write()
    db.session.add(MemberSession(member_id=999, token_hash="0" * 64))

    with pytest.raises(IntegrityError):
        db.session.commit()


# Noting something in passing


def test_what_a_get_notes_is_written_where_nobody_else_writes(inside):
    write_if_free(RENAME)

    assert name_of_club() == "Renamed in passing"


def test_what_a_get_notes_is_lost_at_once_where_somebody_writes(inside, settings):
    with somebody_writing(settings.database_url):
        began = time.monotonic()
        write_if_free(RENAME)
        took = time.monotonic() - began

    assert took < AT_ONCE
    assert name_of_club() == "Our book club"


def test_giving_up_leaves_nothing_behind(inside, settings):
    with somebody_writing(settings.database_url):
        write_if_free(insert(FailedAttempt).values(subject="half", failed_at=MOMENT), RENAME)

    assert db.session.execute(select(FailedAttempt)).first() is None
    db.session.rollback()
    write_if_free(RENAME)
    assert name_of_club() == "Renamed in passing"


@pytest.mark.databases("sqlite")
def test_having_given_up_the_next_writer_waits_as_before(inside, settings):
    with somebody_writing(settings.database_url):
        write_if_free(RENAME)

    assert pragma("busy_timeout") == 4000


@pytest.mark.databases("postgresql")
def test_having_noted_something_the_next_writer_waits_as_before(inside):
    write_if_free(RENAME)

    assert show("lock_timeout") == "4s"


@pytest.mark.databases("sqlite")
def test_a_disk_that_takes_nothing_does_not_keep_a_page_from_being_read(inside):
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
    write_if_free(RENAME)

    assert pragma("query_only") == 1
    assert name_of_club() == "Our book club"


@pytest.mark.databases("postgresql")
def test_a_server_that_takes_nothing_does_not_keep_a_page_from_being_read(inside):
    with db.engine.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = on"))
        connection.commit()
    write_if_free(RENAME)

    assert show("default_transaction_read_only") == "on"
    assert name_of_club() == "Our book club"


# Rehearsals


@pytest.fixture
def rehearsal(inside):
    """A rehearsal, for as long as the test runs."""
    token = rehearsing.set(True)
    yield
    rehearsing.reset(token)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE club SET words = 'x'",
        "  delete FROM failed_attempt",
        "INSERT INTO tag (name) VALUES ('x')",
        "REPLACE INTO tag (name) VALUES ('x')",
        "WITH one AS (SELECT 1) UPDATE club SET words = 'x'",
        "WITH one AS (SELECT 1 AS id) DELETE FROM failed_attempt WHERE id IN (SELECT id FROM one)",
        "WITH gone AS (DELETE FROM failed_attempt RETURNING id) SELECT id FROM gone",
        "WITH one AS (SELECT 1)\nREPLACE INTO tag (name) SELECT 'x'",
        "ALTER TABLE club ADD COLUMN x INTEGER",
    ],
)
def test_a_rehearsal_refuses_each_kind_of_write(rehearsal, statement):
    with pytest.raises(RehearsedWriteError):
        db.session.execute(text(statement))


@pytest.mark.parametrize("lock", ["", " FOR UPDATE", " FOR NO KEY UPDATE"])
def test_a_rehearsal_reads_through_with(lock):
    replaced = "SELECT replace(name, 'a', 'b') AS name, updated_at FROM club"
    assert is_harmless(f"WITH one AS ({replaced}) SELECT name FROM one{lock}")


def test_a_rehearsal_reads(rehearsal):
    one = select(Club.name).cte("one")
    assert db.session.execute(select(one.c.name)).scalar_one()


def test_an_alias_for_all_threads_has_its_columns_from_the_start():
    alias = inspect(shared_alias(Member, "somebody")).selectable
    other = inspect(aliased(Member, name="somebody else")).selectable

    assert "_columns" in vars(alias)
    assert "_columns" not in vars(other)
    # The list of which column stands for which of the table.
    assert len(alias.c._proxy_index) > len(other.c._proxy_index) == 0
