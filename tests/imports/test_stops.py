"""Stopped imports: with the suspension or removal of their member, and by organisers, who see what runs."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from bookclub import jobs as bookclub_jobs
from bookclub.archive import departures
from bookclub.books.models import Book
from bookclub.cli.imports import import_
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.imports import actions as imports_actions
from bookclub.imports import jobs as imports_jobs
from bookclub.imports.models import Import, ImportRow
from bookclub.jobs import run_due_jobs
from bookclub.lib.library_files.entries import LibraryFileError
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from bookclub.reviews.models import ReviewDraft
from tests.imports.conftest import entry

# Every kind of job, and in whose name it writes.
KINDS = {
    "look": "a member: nothing is noted while they are suspended",
    "import": "a member: nothing is taken in while they are suspended",
    "neighbours": "nobody: does nothing any more",
    "all neighbours": "nobody: does nothing any more",
    "counters": "nobody: counts members who are here",
    "mail": "its recipient, asked at the moment of sending: tests/mail/test_outbox.py",
    "outbox": "nobody: deletes mails that ended a month ago",
    "password_request": "nobody: writes to a member who is here: tests/mail/test_accounts.py",
    "sweep sealed forms": "nobody: forgets forms that nobody came back for",
    "notice_mails": "nobody: posts mails, each asked again when it is sent: tests/mail/test_notices.py",
    "letters": "nobody: posts letters, each asked again when it is sent: tests/mail/test_letters.py",
    "mailbox": "whoever wrote a mail, if they are here: tests/mailbox/test_replies.py",
    "stale_pictures": "nobody: deletes pictures that nobody used",
    "taken_mail": "nobody: forgets mails that were taken long ago",
    "mergers": "nobody: forgets what can be undone no more",
    "meetings": "nobody: follows the rules of time zones, and reminds members",
    "rounds": "nobody: opens and settles votes on time and tells members of them",
    "renderings": "nobody: renders again what somebody wrote, and changes no word of it",
    "search index": "nobody: corrects where words are found, and changes none",
    "merge search index": "nobody: wipes what was deleted from where words are found",
}
DEEDS = ("suspension", "removal")


def rows(count):
    return [
        entry(at, f"Book {at}", f"Writer {at}", shelf="read", rating=8, review="Fine.")
        for at in range(2, 2 + count)
    ]


@pytest.fixture
def begun(app, bob, bring, monkeypatch):
    """Bob's import of nine books, of which three are taken in."""
    monkeypatch.setattr(imports_jobs, "ROWS_AT_ONCE", 3)
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (3,))
    import_id = bring(bob, *rows(9))
    with app.app_context():
        begin_write()
        imports_actions.start(db.session.get_one(Import, import_id))
        db.session.commit()
    batch(app, import_id)
    assert written(app) == {"readings": 3, "books": 3, "drafts": 3, "done": 3}
    return import_id


def batch(app, import_id):
    """One transaction of the import; whether there is more to do."""
    with app.app_context():
        begin_write()
        is_more = imports_jobs.take_rows(import_id, utcnow())
        db.session.commit()
    return is_more


def written(app):
    """Number of rows in each table that an import writes."""
    with app.app_context():
        counted = {"readings": Reading, "books": Book, "drafts": ReviewDraft}
        found = {
            name: db.session.scalar(select(func.count()).select_from(one)) for name, one in counted.items()
        }
        found["done"] = db.session.scalar(select(func.count()).where(ImportRow.state != "waiting"))
        return found


def brought(app, import_id):
    with app.app_context():
        return db.session.get(Import, import_id)


# Jobs ask whether their member may


def test_every_kind_of_job_says_in_whose_name_it_writes():
    """Extend KINDS with a new job, and test that one in a member's name asks whether they may."""
    assert set(bookclub_jobs._HANDLERS) == set(KINDS)
    in_a_members_name = {kind for kind, whose in KINDS.items() if whose.startswith("a member")}
    of_imports = {
        kind
        for kind, work in bookclub_jobs._HANDLERS.items()
        if "import_id" in inspect.signature(work).parameters
    }
    assert of_imports == in_a_members_name


@pytest.mark.parametrize("deed", DEEDS)
def test_an_import_takes_nothing_more_once_its_member_is_out(app, visit, olive, begun, deed):
    before = written(app)
    assert visit(olive).post(f"/members/bob/{deed}").status_code == 303

    assert run_due_jobs(app, utcnow() + timedelta(seconds=1)) >= 1
    assert not batch(app, begun)

    after = written(app)
    if deed == "suspension":
        assert after == before
        assert brought(app, begun).state == "stopped"
    else:
        # What is a member's alone goes; the books that were added stay.
        assert after == {"readings": 0, "books": 3, "drafts": 0, "done": 0}
        assert brought(app, begun) is None


def test_a_batch_asks_by_itself_whether_its_member_may(app, bob, begun):
    with app.app_context():
        begin_write()
        db.session.get_one(Member, bob.id).suspended_at = utcnow()
        db.session.commit()
    assert brought(app, begun).state == "running"

    assert not batch(app, begun)
    assert written(app)["readings"] == 3
    assert (brought(app, begun).state, brought(app, begun).stopped_by) == ("stopped", "suspension")


def test_the_member_reads_why_it_stopped_and_goes_on(app, visit, bob, olive, begun):
    organiser = visit(olive)
    organiser.post("/members/bob/suspension")
    run_due_jobs(app, utcnow() + timedelta(seconds=1))
    organiser.post("/members/bob/suspension/deletion")
    run_due_jobs(app, utcnow() + timedelta(seconds=1))
    assert written(app)["readings"] == 3, "it does not go on by itself"

    client = visit(bob)
    assert "It stopped when you were suspended" in client.get(f"/imports/{begun}").text
    assert client.post(f"/imports/{begun}/start").status_code == 303
    run_due_jobs(app, utcnow() + timedelta(seconds=1))

    assert written(app) == {"readings": 9, "books": 9, "drafts": 9, "done": 9}
    assert (brought(app, begun).state, brought(app, begun).stopped_by) == ("finished", "")


def test_looking_stops_with_the_suspension_and_goes_on_afterwards(app, visit, olive, bob, bring, monkeypatch):
    monkeypatch.setattr(imports_actions, "ROWS_LOOKED_UP_AT_ONCE", 4)
    import_id = bring(bob, *rows(10))
    organiser = visit(olive)
    assert brought(app, import_id).looked == 4

    organiser.post("/members/bob/suspension")
    run_due_jobs(app, utcnow() + timedelta(seconds=1))
    assert brought(app, import_id).looked == 4

    organiser.post("/members/bob/suspension/deletion")
    run_due_jobs(app, utcnow() + timedelta(seconds=1))
    assert (brought(app, import_id).looked, brought(app, import_id).state) == (10, "staged")


def test_no_file_is_kept_for_a_member_who_is_out(app, bob, bring):
    with app.app_context():
        begin_write()
        db.session.get_one(Member, bob.id).suspended_at = utcnow()
        db.session.commit()

    with pytest.raises(LibraryFileError, match="suspended"):
        bring(bob, entry())


# At the same moment


def suspend_in(app, member_id, until=lambda: None):
    """Suspend a member in a transaction of its own, which waits for ``until`` before it is committed."""
    with app.app_context():
        begin_write()
        held = select(Member).where(Member.id == member_id).with_for_update(key_share=True)
        departures.suspend(db.session.scalars(held).one())
        db.session.flush()
        until()
        db.session.commit()


@pytest.mark.databases("sqlite", "postgresql")
def test_a_suspension_waits_for_the_batch_that_runs(app, bob, begun):
    with ThreadPoolExecutor(1) as pool:
        with app.app_context():
            begin_write()
            assert imports_jobs.take_rows(begun, utcnow())
            suspension = pool.submit(suspend_in, app, bob.id)
            with pytest.raises(StillWaiting):
                suspension.result(timeout=0.3)
            db.session.commit()
        suspension.result(timeout=10)

    assert written(app)["readings"] == 6
    assert not batch(app, begun)
    with app.app_context():
        rated = db.session.scalars(select(Book.rating_count)).all()
    assert set(rated) == {0}, "nothing of the batch is counted after the suspension"
    assert written(app)["readings"] == 6


@pytest.mark.databases("sqlite", "postgresql")
def test_a_batch_waits_for_the_suspension_and_takes_nothing(app, bob, begun):
    with ThreadPoolExecutor(1) as pool:
        batches = []

        def begin_a_batch():
            batches.append(pool.submit(batch, app, begun))
            with pytest.raises(StillWaiting):
                batches[0].result(timeout=0.3)

        suspend_in(app, bob.id, until=begin_a_batch)
        assert batches[0].result(timeout=10) is False

    assert written(app)["readings"] == 3
    assert brought(app, begun).state == "stopped"


# Organisers


def test_organisers_see_whose_import_runs_and_how_far_it_is(visit, save, bob, olive, begun):
    client = visit(olive)
    assert "/club/imports" in client.get("/club/settings").text

    page = client.get("/club/imports").text

    assert "Bob" in page
    assert "33 % done · running" in page
    assert "library.csv" not in page, "what the file is called is Bob’s alone"
    assert visit(bob).get("/club/imports").status_code == 403


def test_an_organiser_stops_an_import_and_the_member_reads_why(app, visit, bob, olive, begun):
    client, address = visit(olive), f"/club/imports/{begun}/stop"
    assert "Stop the import of Bob?" in client.get(address).text

    assert client.post(address, data={"reason": "Ask me about these first."}).status_code == 303
    run_due_jobs(app, utcnow() + timedelta(seconds=1))

    assert written(app)["readings"] == 3
    assert "stopped by an organiser: Ask me about these first." in client.get("/club/imports").text
    member = visit(bob)
    assert "An organiser stopped it: Ask me about these first." in member.get(f"/imports/{begun}").text
    member.post(f"/imports/{begun}/start")
    assert "Ask me" not in member.get(f"/imports/{begun}").text
    assert (brought(app, begun).stopped_by, brought(app, begun).stop_reason) == ("", "")


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_to_stop_an_import_takes_a_reason(app, visit, olive, begun, reason):
    answer = visit(olive).post(f"/club/imports/{begun}/stop", data={"reason": reason})

    assert answer.status_code == 422
    assert 'href="#reason"' in answer.text
    assert reason.strip() in answer.text
    assert brought(app, begun).state == "running"


def test_only_organisers_stop_the_imports_of_others(app, visit, alice, mod, begun):
    for client in (visit(alice), visit(mod)):
        assert client.post(f"/club/imports/{begun}/stop", data={"reason": "No."}).status_code == 404
    assert brought(app, begun).state == "running"


def test_what_nobody_has_started_is_nobody_elses_business(visit, olive, bob, bring):
    import_id = bring(bob, entry())

    assert "Bob" not in visit(olive).get("/club/imports").text.partition("<main")[2]
    assert visit(olive).get(f"/club/imports/{import_id}/stop").status_code == 404


# The command


@pytest.fixture
def command(settings, tmp_path, monkeypatch):
    """``command()`` takes a file of six books in for Bob, two at a time."""
    lines = "".join(f"Book {at},Writer {at},4,2018/12/01,,read,1\n" for at in range(6))
    file = tmp_path / "library.csv"
    file.write_text("Title,Author,My Rating,Date Added,Bookshelves,Exclusive Shelf,Read Count\n" + lines)
    monkeypatch.setattr(Settings, "from_environ", lambda: settings)
    monkeypatch.setattr(imports_jobs.take_rows, "__defaults__", (2,))
    return lambda: CliRunner().invoke(import_, [str(file), "--member", "bob"])


def test_the_command_takes_nothing_in_for_a_suspended_member(app, save, bob, command):
    bob.suspended_at = utcnow()
    save(bob)

    found = command()

    assert (found.exit_code, written(app)["readings"]) == (2, 0)
    assert "bob is suspended" in found.output


@pytest.mark.parametrize(
    ("deed", "readings", "words"),
    [("suspension", 2, "stopped with the suspension"), ("removal", 0, "has been deleted")],
)
def test_the_command_stops_with_its_member(
    app, visit, olive, bob, command, monkeypatch, deed, readings, words
):
    client, take = visit(olive), imports_jobs.take_rows

    def take_once(import_id, now):
        is_more = take(import_id, now)
        monkeypatch.setattr("bookclub.cli.imports.sleep", lambda _seconds: put_out())
        return is_more

    def put_out():
        monkeypatch.setattr("bookclub.cli.imports.sleep", lambda _seconds: None)
        monkeypatch.setattr(imports_jobs, "take_rows", take)
        assert client.post(f"/members/bob/{deed}").status_code == 303

    monkeypatch.setattr(imports_jobs, "take_rows", take_once)
    found = command()

    assert found.exit_code == 2, found.output
    assert words in found.output
    assert written(app)["readings"] == readings
