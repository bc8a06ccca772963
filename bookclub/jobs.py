"""Work to do later: one table of jobs, enqueued in the caller's transaction and worked off by a thread.

A kind of job is a function that @job names; it runs in a transaction of its own, which it does not commit.
Whoever enqueues need know only the kind, so that a room can leave work to one that stands right of it.
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

from .background import beside
from .extensions import Base, begin_write, db, utcnow
from .wal import Emptier

Handler = Callable[..., None]
# A job that fails is tried again after each of these, and then no more.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
# A job that was begun this long ago and is in nobody's hands lost its worker.
LOST_AFTER = timedelta(minutes=1)
SECONDS_BETWEEN_LOOKS = 2.0
# Between two jobs others come to write, where one at a time can: of many jobs in a row each would overtake.
BREATH = 0.05
NIGHT_HOUR = 3  # In UTC.
LONGEST_PROBLEM = 2000
WAITS = text("started_at IS NULL")

log = logging.getLogger(__name__)
_HANDLERS: dict[str, Handler] = {}
_NIGHTLY: set[str] = set()
_AWAITED: set[str] = set()


class Job(Base):
    """Something to be done from ``due_at`` on: what ``kind`` names, with these arguments.

    It waits until ``started_at``; a job with the same ``key`` that waits already is the same work. Done, its
    row goes. One that failed waits again, until it has been tried often enough: then ``failed_at`` is set,
    and ``problem`` keeps the last reason.
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


def job(kind: str, *, nightly: bool = False, awaited: bool = False) -> Callable[[Handler], Handler]:
    """Make a function what a kind of job does. It is called with the job's arguments.

    A ``nightly`` one is enqueued by whoever works jobs off, with its kind as key and without arguments; to
    be done again the next night it enqueues itself for next_night(). An ``awaited`` one, whose progress
    somebody watches, is done before all others that are due; those of several members take turns.
    """

    def register(handler: Handler) -> Handler:
        _HANDLERS[kind] = handler
        if nightly:
            _NIGHTLY.add(kind)
        if awaited:
            _AWAITED.add(kind)
        return handler

    return register


def enqueue(kind: str, *, key: str, due_at: datetime | None = None, **arguments: Any) -> None:
    """Have a job done once the caller's transaction is committed, from ``due_at`` on (at once).

    Where a job with this key waits already, that one is meant, and due at the earlier of the two moments.
    An awaited one is due within the present look of whoever works jobs off, and not only at the next.
    """
    now = utcnow()
    if due_at is None and kind in _AWAITED:
        due_at = now - LOST_AFTER / 2
    dialect = postgresql if db.session.connection().dialect.name == "postgresql" else sqlite
    row = dialect.insert(Job).values(
        kind=kind, arguments=arguments, key=key, enqueued_at=now, due_at=due_at or now, attempts=0, problem=""
    )
    # An update rather than nothing: it holds the waiting row, so that nobody starts the job on what was
    # there before this transaction.
    earlier = case((Job.due_at <= row.excluded.due_at, Job.due_at), else_=row.excluded.due_at)
    db.session.execute(
        row.on_conflict_do_update(index_elements=[Job.key], index_where=WAITS, set_={"due_at": earlier})
    )


def next_night(now: datetime) -> datetime:
    """The next moment at which the night's work begins."""
    tonight = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return tonight if tonight > now else tonight + timedelta(days=1)


def work_off(app: Flask, now: datetime, is_wanted: Callable[[], bool] = lambda: True) -> int:
    """Do what is due by ``now``, one after the other; how many jobs were taken, well or badly done.

    ``is_wanted`` is asked before each, so that a worker can be told to go home.
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
def working(app: Flask) -> Iterator[None]:
    """Work jobs off, and empty SQLite's log, in a thread as long as this block lasts.

    The job at hand is ended in order.
    """
    breath = BREATH if app.extensions["bookclub"].database_url.startswith("sqlite") else 0.0

    def look(over: Event) -> None:
        until = monotonic() + LOST_AFTER.total_seconds() / 2
        work_off(app, utcnow(), lambda: not over.wait(breath) and monotonic() < until)

    def work(over: Event) -> None:
        is_ready, emptier = False, Emptier(app.extensions["bookclub"].database_url)
        while not over.is_set():
            try:
                if not is_ready:
                    with app.app_context():
                        _ensure_nightly()
                    is_ready = True
                look(over)
                emptier.empty_if_due()
            except Exception:
                # The database is busy or away: what is to be done stands in it, and can wait.
                log.exception("jobs wait")
            over.wait(SECONDS_BETWEEN_LOOKS)

    with beside("jobs", work):
        yield


def _is_due(now: datetime) -> ColumnElement[bool]:
    # What waits since a moment to come is due: the clock was put back. Who is at work on it holds the row.
    lost, ahead = now - LOST_AFTER, now + LOST_AFTER
    is_free = or_(Job.started_at.is_(None), Job.started_at <= lost, Job.started_at > ahead)
    return and_(Job.failed_at.is_(None), or_(Job.due_at <= now, Job.enqueued_at > ahead), is_free)


def _claim(now: datetime) -> Job | None:
    """Take an awaited job, else any, that has been due longest; None where nothing is due.

    It is taken in a transaction of its own.
    """
    # What somebody waits for does not stand behind hundreds of jobs that nobody notices.
    order = Job.kind.not_in(sorted(_AWAITED)), Job.due_at, Job.id
    due = select(Job).where(_is_due(now)).order_by(*order).limit(1)
    # Most of the time there is nothing, and nobody should be kept from writing to learn that.
    nothing = db.session.execute(due.with_only_columns(Job.id)).first() is None
    db.session.rollback()
    if nothing:
        return None
    begin_write()
    found = db.session.execute(due.with_for_update(skip_locked=True)).scalar_one_or_none()
    if found is not None:
        found.started_at, found.attempts = now, found.attempts + 1
    db.session.commit()
    # What comes of the job's own transaction changes nothing in what is known of it here.
    db.session.expunge_all()
    return found


def _run(claimed: Job, now: datetime) -> None:
    """Do a job and take its row away, all in one transaction.

    The row is held meanwhile, so that nobody takes the job for a lost one, however long it is.
    """
    begin_write()
    held = db.session.execute(
        select(Job.id)
        .where(Job.id == claimed.id, Job.started_at == claimed.started_at, Job.attempts == claimed.attempts)
        .with_for_update()
    ).first()
    if held is None:
        db.session.rollback()
        return
    if claimed.attempts > len(PAUSES) + 1:
        raise RuntimeError("its worker ended before it did, every time")
    _HANDLERS[claimed.kind](**claimed.arguments)
    settled = and_(Job.key == claimed.key, Job.failed_at.is_not(None))
    db.session.execute(delete(Job).where(or_(Job.id == claimed.id, settled)))
    db.session.commit()


def _put_off(failed: Job, now: datetime, problem: str) -> None:
    """Let a job that failed wait for its next try, or for nothing any more where it has had its tries."""
    begin_write()
    row = update(Job).where(Job.id == failed.id, Job.attempts == failed.attempts)
    if failed.attempts > len(PAUSES):
        db.session.execute(row.values(failed_at=now, problem=problem[:LONGEST_PROBLEM]))
        _enqueue_nightly(now)
    else:
        # The same work, enqueued anew or not, waits once.
        due_at = now + PAUSES[failed.attempts - 1]
        twin = select(Job.id).where(Job.key == failed.key, Job.started_at.is_(None)).with_for_update()
        if db.session.execute(twin).first() is not None:
            db.session.execute(delete(Job).where(Job.id == failed.id, Job.attempts == failed.attempts))
        else:
            # It waits from now on, also where a clock ran ahead when it was enqueued.
            since = case((Job.enqueued_at > now, now), else_=Job.enqueued_at)
            waits = row.values(started_at=None, due_at=due_at, enqueued_at=since)
            db.session.execute(waits.values(problem=problem[:LONGEST_PROBLEM]))
    db.session.commit()


def _ensure_nightly() -> None:
    begin_write()
    _enqueue_nightly(utcnow())
    db.session.commit()


def _enqueue_nightly(now: datetime) -> None:
    stands = select(Job.kind).where(Job.kind.in_(_NIGHTLY), Job.failed_at.is_(None))
    for kind in sorted(_NIGHTLY - set(db.session.execute(stands).scalars())):
        enqueue(kind, key=kind, due_at=next_night(now))
