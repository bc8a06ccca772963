"""Jobs: enqueued with their transaction, done once, tried again, and never in the way of each other."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bookclub import jobs as bookclub_jobs
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import PAUSES, Job, enqueue, run_due_jobs, run_worker
from tests.running import running

pytestmark = pytest.mark.databases("sqlite", "postgresql")

NOW = utcnow() + timedelta(hours=1)


@pytest.fixture
def done(monkeypatch):
    """What jobs of the kind "note" were told, and how often; those of the kind "fail" do nothing else."""
    done = Counter()

    def note(what):
        done[what] += 1

    def fail():
        # What a failed job wrote is not kept.
        db.session.execute(text("UPDATE club SET name = 'Half a club'"))
        raise ValueError("no good")

    monkeypatch.setattr(
        bookclub_jobs, "_HANDLERS", {"note": note, "fail": fail, "night": lambda: note("night")}
    )
    monkeypatch.setattr(bookclub_jobs, "_NIGHTLY", {"night"})
    monkeypatch.setattr(bookclub_jobs, "_AT_START", set())
    return done


@pytest.fixture
def enqueued(app):
    """``enqueued(kind, key, what=…)`` is a job that waits."""

    def enqueued(kind, key, **arguments):
        with app.app_context():
            begin_write()
            enqueue(kind, key=key, **arguments)
            db.session.commit()

    return enqueued


def waiting(app):
    with app.app_context():
        return list(db.session.execute(select(Job).order_by(Job.id)).scalars())


def test_a_job_comes_and_goes_with_the_transaction_that_enqueues_it(app, done):
    with app.app_context():
        begin_write()
        enqueue("note", key="a", what="never")
        db.session.rollback()
        begin_write()
        enqueue("note", key="b", what="once")
        db.session.commit()

    assert run_due_jobs(app, NOW) == 1
    assert done == {"once": 1}
    assert waiting(app) == []
    assert run_due_jobs(app, NOW) == 0


def test_the_same_work_waits_once_for_the_earlier_moment(app, done, enqueued):
    enqueued("note", "a", what="tomorrow", due_at=NOW + timedelta(days=1))
    assert run_due_jobs(app, NOW) == 0
    enqueued("note", "a", what="tomorrow")
    enqueued("note", "a", what="tomorrow", due_at=NOW + timedelta(days=2))

    assert len(waiting(app)) == 1
    assert run_due_jobs(app, NOW) == 1
    assert done == {"tomorrow": 1}


def test_work_that_is_being_done_can_be_enqueued_anew(app, done, enqueued, monkeypatch):
    """What is enqueued while its like runs may know more than that one saw."""

    def again(what):
        done[what] += 1
        if done[what] == 1:
            enqueue("note", key="a", what=what)

    monkeypatch.setitem(bookclub_jobs._HANDLERS, "note", again)
    enqueued("note", "a", what="twice")

    run_due_jobs(app, utcnow() + timedelta(hours=1))
    assert done == {"twice": 2}


def test_two_workers_at_once_do_each_job_once(app, done, enqueued):
    names = [f"job {number}" for number in range(12)]
    for name in names:
        enqueued("note", name, what=name)
    both, taken = threading.Barrier(2), []

    def work():
        both.wait()
        taken.append(run_due_jobs(app, NOW))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(taken) == len(names)
    assert done == dict.fromkeys(names, 1)


def test_a_job_that_fails_stops_no_other_and_is_tried_again_until_it_has_had_its_tries(app, done, enqueued):
    enqueued("fail", "a")
    enqueued("note", "b", what="after it")
    now = NOW
    assert run_due_jobs(app, now) == 2
    assert done == {"after it": 1}
    (failed,) = waiting(app)
    assert "no good" in failed.problem

    for pause in PAUSES:
        assert run_due_jobs(app, now + pause - timedelta(seconds=1)) == 0
        now += pause
        assert run_due_jobs(app, now) == 1
    (failed, night) = waiting(app)
    assert failed.failed_at == now
    assert night.kind == "night", "giving up leaves the night's work to the next night"
    assert run_due_jobs(app, night.due_at - timedelta(seconds=1)) == 0

    with app.app_context():
        assert db.session.execute(text("SELECT name FROM club")).scalar_one() != "Half a club"


def test_a_failed_job_gives_way_to_its_like_that_came_meanwhile(app, done, enqueued):
    enqueued("fail", "a")
    with app.app_context():
        claimed = bookclub_jobs._claim(NOW)
    enqueued("note", "a", what="anew")
    with app.app_context():
        bookclub_jobs._put_off(claimed, NOW, "no good")

    assert [job.kind for job in waiting(app)] == ["note"]


def test_a_killed_workers_job_is_taken_up_again(app, done, enqueued):
    enqueued("note", "a", what="in the end")
    with app.app_context():
        assert bookclub_jobs._claim(NOW) is not None
    assert run_due_jobs(app, NOW + bookclub_jobs.LOST_AFTER / 2) == 0

    assert run_due_jobs(app, NOW + bookclub_jobs.LOST_AFTER) == 1
    assert done == {"in the end": 1}


def test_a_job_that_kills_every_worker_is_given_up(app, done, enqueued):
    enqueued("note", "a", what="deadly")
    now = NOW
    for _ in range(len(PAUSES) + 1):
        with app.app_context():
            assert bookclub_jobs._claim(now) is not None
        now += bookclub_jobs.LOST_AFTER
    run_due_jobs(app, now)

    assert not done["deadly"]
    assert "its worker ended" in next(job for job in waiting(app) if job.key == "a").problem


def test_a_thread_works_off_and_ends_with_its_block(app, done, enqueued, monkeypatch):
    monkeypatch.setattr(bookclub_jobs, "SECONDS_BETWEEN_LOOKS", 0.01)
    told = threading.Event()
    monkeypatch.setitem(bookclub_jobs._HANDLERS, "note", lambda what: told.set())
    enqueued("note", "a", what="now")
    with run_worker(app):
        assert told.wait(20)

    assert not [thread for thread in threading.enumerate() if thread.name == "jobs"]
    assert [job.kind for job in waiting(app)] == ["night"], "the night's work is enqueued by whoever does it"


@pytest.mark.databases("postgresql")
def test_no_job_begins_on_what_was_there_before_the_transaction_that_wants_it(app, done, enqueued):
    """Somebody enqueues what waits already: until they have committed, nobody starts it."""
    enqueued("note", "a", what="late")
    with app.app_context():
        begin_write()
        enqueue("note", key="a", what="late")
        assert run_due_jobs(app, NOW) == 0
        db.session.commit()

    assert run_due_jobs(app, NOW) == 1


def test_a_worker_of_its_own_ends_in_order_when_it_is_told_to(tmp_path):
    with running("worker", BOOKCLUB_DATA=tmp_path) as server:
        assert server.end() == (0, "")


def test_what_somebody_waits_for_comes_before_all_that_nobody_notices(app, enqueued, monkeypatch):
    done = []
    handlers = {kind: lambda what: done.append(what) for kind in ("note", "show")}
    monkeypatch.setattr(bookclub_jobs, "_HANDLERS", handlers)
    monkeypatch.setattr(bookclub_jobs, "_AWAITED", {"show"})
    for number in range(20):
        enqueued("note", f"note {number}", what=number)
    enqueued("show", "a", what="Alice looks at it")
    enqueued("show", "b", what="Bob looks at it")

    # The present look began a while ago, and takes it along.
    assert run_due_jobs(app, utcnow() - timedelta(seconds=10)) == 2
    assert run_due_jobs(app, NOW) == 20
    assert done == ["Alice looks at it", "Bob looks at it", *range(20)]
