"""Background jobs: one table, filled in the caller's transaction and worked through by a thread.

A kind of job is a function that @job names. It runs in a transaction of its own, which it does not commit.
Code that enqueues a job needs to know only its kind, so a package can leave work to one that it must not
import.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

from flask import Flask
from sqlalchemy import JSON, ColumnElement, Index, String, Text, and_, case, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from .background import run_beside
from .extensions import Base, begin_write, db, utcnow
from .wal import Emptier

Handler = Callable[..., None]
# A failed job is tried again after each of these pauses, and then no more.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
# A job that started this long ago and whose row nobody has locked has lost its worker.
LOST_AFTER = timedelta(minutes=1)
SECONDS_BETWEEN_LOOKS = 2.0
# A pause between two jobs lets others write, where only one can write at a time. Without it a long row of
# jobs would always be first.
SECONDS_BETWEEN_JOBS = 0.05
NIGHT_HOUR = 3  # In UTC.
# The longest stored reason of a failure, in characters.
LONGEST_PROBLEM = 2000
WAITS = text("started_at IS NULL")

log = logging.getLogger(__name__)
_HANDLERS: dict[str, Handler] = {}
_NIGHTLY: set[str] = set()
_AWAITED: set[str] = set()
_AT_START: set[str] = set()


class Job(Base):
    """One task, due from ``due_at`` on: a call of the function for ``kind`` with these arguments.

    It waits until ``started_at`` is set. A waiting job with the same ``key`` is the same work. When a job is
    done, its row is deleted. A failed one waits again until it has been tried often enough: then
    ``failed_at`` is set, and ``problem`` keeps the last reason.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("uq_job_key", "key", unique=True, sqlite_where=WAITS, postgresql_where=WAITS),
        Index("ix_job_failed_at_due_at", "failed_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str] = mapped_column(String(200))
    enqueued_at: Mapped[datetime] = mapped_column(default=utcnow)
    due_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(Text, default="")


def job(
    kind: str, *, nightly: bool = False, awaited: bool = False, at_start: bool = False
) -> Callable[[Handler], Handler]:
    """Register a function for a kind of job. It is called with the job's arguments.

    The worker enqueues a ``nightly`` one, with its kind as key and without arguments; to run again the next
    night, the job enqueues itself for next_night(). One ``at_start`` is enqueued in the same way whenever a
    worker starts, for at once. An ``awaited`` one, whose progress someone watches, is done before all others
    that are due. The awaited jobs of several members take turns.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        if nightly:
            _NIGHTLY.add(kind)
        if awaited:
            _AWAITED.add(kind)
        if at_start:
            _AT_START.add(kind)
        return handler

    return register


def enqueue(kind: str, *, key: str, due_at: datetime | None = None, **arguments: Any) -> None:
    """Add a job, to be done from ``due_at`` on (default: at once) after the caller's transaction commits.

    If a job with this key waits already, no second one is added, and it is due at the earlier of the two
    times. An awaited job is due within the worker's present look, and not only at the next.
    """
    now = utcnow()
    if due_at is None and kind in _AWAITED:
        # The time is in the past, so that the look under way finds the job due as well.
        due_at = now - LOST_AFTER / 2
    dialect = postgresql if db.session.connection().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Job).values(
        kind=kind, arguments=arguments, key=key, enqueued_at=now, due_at=due_at or now, attempts=0, problem=""
    )
    # It updates the waiting row rather than doing nothing, because an update locks it: so nobody starts the
    # job on the state before this transaction.
    earlier = case((Job.due_at <= row.excluded.due_at, Job.due_at), else_=row.excluded.due_at)
    db.session.execute(
        row.on_conflict_do_update(index_elements=[Job.key], index_where=WAITS, set_={"due_at": earlier})
    )


def next_night(now: datetime) -> datetime:
    """Return the next time at which nightly jobs are due."""
    tonight = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def run_due_jobs(app: Flask, now: datetime, is_wanted: Callable[[], bool] = lambda: True) -> int:
    """Do all jobs that are due by ``now``, one after the other. Return how many were tried.

    ``is_wanted`` is asked before each job, so that a worker can be told to stop.
    """
    taken = 0
    while is_wanted():
        with app.app_context():
            found = _claim(now)
            if found is None:
                return taken
            taken += 1
            try:
                _run(found, now)
            except Exception as problem:
                log.exception("job %s (%s) failed", found.id, found.key)
                db.session.rollback()
                _put_off(found, now, repr(problem))
    return taken


@contextmanager
def run_worker(app: Flask) -> Iterator[None]:
    """Do jobs, and empty SQLite's log, in a thread for as long as this block lasts.

    The current job is finished before the block ends.
    """
    breath = SECONDS_BETWEEN_JOBS if app.extensions["bookclub"].database_url.startswith("sqlite") else 0.0

    def look(over: Event) -> None:
        # All jobs of a look start at its ``now``, so it must end before other workers would take them for
        # lost.
        until = monotonic() + LOST_AFTER.total_seconds() / 2
        run_due_jobs(app, utcnow(), lambda: not over.wait(breath) and monotonic() < until)

    def work(over: Event) -> None:
        is_ready, emptier = False, Emptier(app.extensions["bookclub"].database_url)
        while not over.is_set():
            try:
                if not is_ready:
                    with app.app_context():
                        _ensure_standing()
                    is_ready = True
                look(over)
                emptier.empty_if_due()
            except Exception:
                # The database is busy or unreachable. The jobs are stored in it and can wait.
                log.exception("jobs wait")
            over.wait(SECONDS_BETWEEN_LOOKS)

    with run_beside("jobs", work):
        yield


def _is_due(now: datetime) -> ColumnElement[bool]:
    # A job that was enqueued in the future is due: the clock was set back. A worker holds the lock on the row
    # of its job.
    lost, ahead = now - LOST_AFTER, now + LOST_AFTER
    is_free = or_(Job.started_at.is_(None), Job.started_at <= lost, Job.started_at > ahead)
    return and_(Job.failed_at.is_(None), or_(Job.due_at <= now, Job.enqueued_at > ahead), is_free)


def _claim(now: datetime) -> Job | None:
    """Take the awaited job, or else any job, that has been due longest; None if none is due.

    It is claimed in a transaction of its own.
    """
    # A job that someone waits for must not queue behind hundreds that nobody notices.
    order = Job.kind.not_in(sorted(_AWAITED)), Job.due_at, Job.id
    due = select(Job).where(_is_due(now)).order_by(*order).limit(1)
    # Most of the time there is nothing to do, and finding that out should keep nobody from writing.
    nothing = db.session.execute(due.with_only_columns(Job.id)).first() is None
    db.session.rollback()
    if nothing:
        return None
    begin_write()
    # Another worker may hold the first row.
    found = db.session.execute(due.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is not None:
        found.started_at, found.attempts = now, found.attempts + 1
    db.session.commit()
    # The job's own transaction must not change what is known of the job here.
    db.session.expunge_all()
    return found


def _run(claimed: Job, now: datetime) -> None:
    """Do a job and delete its row, all in one transaction.

    The row stays locked meanwhile, so that nobody takes the job for a lost one, however long it runs.
    """
    begin_write()
    held = db.session.execute(
        select(Job.id)
        # Another worker may have taken the job for a lost one and claimed it again.
        .where(Job.id == claimed.id, Job.started_at == claimed.started_at, Job.attempts == claimed.attempts)
        .with_for_update()
    ).first()
    if held is None:
        db.session.rollback()
        return
    if claimed.attempts > len(PAUSES) + 1:
        raise RuntimeError("its worker ended before it did, every time")
    _HANDLERS[claimed.kind](**claimed.arguments)
    # An earlier failure of the same work has no meaning any more once the work is done.
    settled = and_(Job.key == claimed.key, Job.failed_at.is_not(None))
    db.session.execute(delete(Job).where(or_(Job.id == claimed.id, settled)))
    db.session.commit()


def _put_off(failed: Job, now: datetime, problem: str) -> None:
    """Let a failed job wait for its next try, or mark it as failed after its last one."""
    begin_write()
    row = update(Job).where(Job.id == failed.id, Job.attempts == failed.attempts)
    if failed.attempts > len(PAUSES):
        db.session.execute(row.values(failed_at=now, problem=problem[:LONGEST_PROBLEM]))
        _enqueue_nightly(now)
    else:
        # The same work waits only once, even if it was enqueued again meanwhile.
        due_at = now + PAUSES[failed.attempts - 1]
        twin = select(Job.id).where(Job.key == failed.key, Job.started_at.is_(None)).with_for_update()
        if db.session.execute(twin).first() is not None:
            db.session.execute(delete(Job).where(Job.id == failed.id, Job.attempts == failed.attempts))
        else:
            # The waiting time starts now, even if a clock was ahead when the job was enqueued.
            since = case((Job.enqueued_at > now, now), else_=Job.enqueued_at)
            waits = row.values(started_at=None, due_at=due_at, enqueued_at=since)
            db.session.execute(waits.values(problem=problem[:LONGEST_PROBLEM]))
    db.session.commit()


def _ensure_standing() -> None:
    begin_write()
    _enqueue_nightly(utcnow())
    for kind in sorted(_AT_START):
        enqueue(kind, key=kind)
    db.session.commit()


def _enqueue_nightly(now: datetime) -> None:
    stands = select(Job.kind).where(Job.kind.in_(_NIGHTLY), Job.failed_at.is_(None))
    for kind in sorted(_NIGHTLY - set(db.session.execute(stands).scalars())):
        enqueue(kind, key=kind, due_at=next_night(now))
