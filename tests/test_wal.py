"""Deleted data is in no file of the data folder: neither in the log nor anywhere else."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url

from bookclub import wal
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import run_due_jobs, run_worker
from bookclub.rounds.models import Round
from bookclub.rounds.rules import voter_tag
from tests.factories import (
    PASSWORD,
    make_book,
    make_comment,
    make_draft,
    make_member,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)


@pytest.fixture
def files_with(settings, tmp_path):
    """``files_with("a", "b")``: the names of files in a copy of the data folder that hold any of these."""

    def files_with(*secrets) -> set[str]:
        copy = tmp_path.parent / f"{tmp_path.name}-copy"
        shutil.copytree(settings.data, copy)
        found = {
            file.name
            for file in copy.rglob("*")
            if file.is_file() and any(secret.encode() in file.read_bytes() for secret in secrets)
        }
        shutil.rmtree(copy)
        return found

    return files_with


@pytest.fixture
def reader(settings):
    """``with reader():`` somebody reads the club as it is at this moment, for as long as that takes."""

    @contextmanager
    def reader():
        with closing(sqlite3.connect(make_url(settings.database_url).database)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM member").fetchone()
            yield

    return reader


@pytest.fixture
def books(save):
    """Dune and Emma."""
    return save(make_book("Dune"), make_book("Emma"))


@pytest.fixture
def voted(save, visit, alice, bob, mod, olive, books):
    """A private round in which all six have voted, and what would tell whose ballot is whose."""
    voters = [alice, bob, mod, olive, *save(make_member(), make_member())]
    voting_round = save(make_round(olive, voting=True, secrecy="private"))
    key = voting_round.ballot_key
    ids = [each.id for each in save(*(make_nomination(voting_round, book, alice) for book in books))]
    for voter in voters:
        places = {f"rank-{ids[0]}": "1", f"rank-{ids[1]}": "2"}
        assert visit(voter).post(f"/rounds/{voting_round.id}/ballot", data=places).status_code == 303
    return voting_round, (key, *(voter_tag(key, voter.id) for voter in voters))


def test_after_the_close_no_file_tells_whose_a_private_ballot_was(visit, olive, voted, files_with):
    voting_round, secrets = voted
    assert files_with(*secrets)

    visit(olive).post(f"/rounds/{voting_round.id}/closure")
    assert "6 of 6 voted" in visit(olive).get(f"/rounds/{voting_round.id}").text
    assert files_with(*secrets) == set()


def test_a_round_that_is_settled_by_the_clock_is_forgotten_as_well(app, visit, alice, voted, files_with):
    voting_round, secrets = voted
    with app.app_context():
        begin_write()
        over = {"nominations_until_at": utcnow(), "voting_until_at": utcnow()}
        db.session.execute(update(Round).where(Round.id == voting_round.id).values(over))
        db.session.commit()

    visit(alice).get("/")
    assert files_with(*secrets) == set()


def test_a_reader_of_an_older_state_holds_it_back_until_the_next_commit(
    visit, olive, alice, voted, files_with, reader
):
    voting_round, secrets = voted
    with reader():
        assert visit(olive).post(f"/rounds/{voting_round.id}/closure").status_code == 303
        assert "bookclub.sqlite3-wal" in files_with(*secrets)

    visit(alice).post("/books/dune/reading", data={"status": "to_read"})
    assert files_with(*secrets) == set()


def test_what_was_held_back_is_emptied_by_a_server_that_starts_later(
    app, visit, olive, voted, files_with, reader, monkeypatch
):
    """Nothing is remembered but the log itself: the process that settled is gone by then."""
    voting_round, secrets = voted
    with closing(sqlite3.connect(make_url(app.extensions["bookclub"].database_url).database)) as other:
        # Somebody else has the file open, or closing it would empty the log by itself.
        other.execute("SELECT 1 FROM member").fetchall()
        with reader():
            visit(olive).post(f"/rounds/{voting_round.id}/closure")
            with app.app_context():
                db.engine.dispose()
            wal._HELD_BACK.clear()
        assert files_with(*secrets)
        monkeypatch.setattr("bookclub.jobs.SECONDS_BETWEEN_LOOKS", 0.05)
        with run_worker(app):
            until = time.monotonic() + 10
            while files_with(*secrets) and time.monotonic() < until:
                time.sleep(0.05)
        assert files_with(*secrets) == set()


def test_the_log_is_tried_again_at_each_look_while_it_is_held_back(app, settings, reader, save):
    emptier = wal.Emptier(settings.database_url)
    log = settings.data / "bookclub.sqlite3-wal"
    with reader():
        save(make_member("eve"))
        emptier.empty_if_due()
        assert log.stat().st_size > 0
    emptier.empty_if_due()
    assert log.stat().st_size == 0
    # And then not before half a minute has passed.
    save(make_member("fay"))
    emptier.empty_if_due()
    assert log.stat().st_size > 0


def test_a_busy_log_is_no_reason_to_wait_long(save, settings):
    save(make_member())
    with closing(sqlite3.connect(make_url(settings.database_url).database)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert wal.empty_log(make_url(settings.database_url)) is False
        assert time.monotonic() - began < 2


# Everything else that is promised to be gone


def _draft(visit, save, alice, olive, book, thread):
    draft = save(make_draft(alice, book, "canaryword"))
    return lambda: visit(alice).post(f"/drafts/{draft.id}/deletion")


def _note(visit, save, alice, olive, book, thread):
    save(make_reading(alice, book, position=100, is_private=True, notes="canaryword"))
    return lambda: visit(alice).post(f"/books/{book.slug}/reading", data={"notes": ""})


def _comment(visit, save, alice, olive, book, thread):
    comment = save(make_comment(thread, alice, "canaryword"))
    return lambda: visit(alice).post(f"/comments/{comment.id}/deletion")


def _review(visit, save, alice, olive, book, thread):
    review = save(make_review(alice, book, "canaryword"))
    visit(alice).post(f"/reviews/{review.id}/edit", data={"title": "On it", "body": "Fine.", "horizon": "0"})
    return lambda: visit(alice).post(f"/reviews/{review.id}/deletion")


def _removed(visit, save, alice, olive, book, thread):
    eve = save(make_member("eve", display_name="canaryword"))
    return lambda: visit(olive).post(f"/members/{eve.username}/removal")


def _gone(visit, save, alice, olive, book, thread):
    eve = save(make_member("eve", display_name="canaryword"))
    save(make_reading(eve, book, position=100, is_private=True, notes="canaryword"))
    save(make_draft(eve, book, "canaryword"))
    return lambda: visit(eve).post(
        "/settings/departure", data={"current_password": PASSWORD, "password": PASSWORD}
    )


@pytest.mark.parametrize("promise", [_draft, _note, _comment, _review, _removed, _gone])
def test_what_is_deleted_is_in_no_file_once_the_log_is_emptied(
    app, visit, save, alice, olive, books, settings, files_with, promise
):
    thread = save(make_thread(alice, books[0]))
    act = promise(visit, save, alice, olive, books[0], thread)
    assert files_with("canaryword")

    assert act().status_code == 303
    # The worker writes the index of the search without what was deleted, before it empties the log.
    run_due_jobs(app, utcnow() + timedelta(minutes=1))
    emptier = wal.Emptier(settings.database_url)
    emptier.empty_if_due()
    assert files_with("canaryword") == set()
