"""A form that is sent again, since nobody knows if it was saved: whatever it makes is there once.

Every route that takes a form is walked. The COMMIT is carried out and its answer lost, then the same form
comes again; and the other way round.
"""

from __future__ import annotations

import io
import shutil
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from bookclub.accounts.actions import sign_code
from bookclub.extensions import Base, db
from bookclub.readings.rules import END
from tests.factories import (
    PASSWORD,
    make_book,
    make_invitation,
    make_nomination,
    make_reading,
    make_round,
)
from tests.test_guard import FORM, TABLE, world  # noqa: F401

PERHAPS = "It may have been saved or not. Send it once more: that is safe, it is never saved twice."
LIBRARY = b"Title,Author,My Rating,Exclusive Shelf\nEmma,Jane Austen,5,read\n"
KEY = {"submission": "one-and-the-same"}
# What each form makes that could be there twice, by table. Its fields stand in FIELDS, where FORM has not all.
MAKES = {
    "POST /asks/<int:ask_id>/answers": "answer",
    "POST /asks/new": "ask",
    "POST /answers/<int:answer_id>/endorsement": "answer_endorsement",
    "POST /books/<slug>/editions/new": "edition",
    "POST /books/<slug>/endorsements": "endorsement",
    "POST /books/<slug>/muting": "mute",
    "POST /books/<slug>/promises": "promise",
    "POST /books/<slug>/reading": "reading",
    "POST /books/<slug>/rereading": "read_through",
    "POST /books/<slug>/reviews/new": "review",
    "POST /books/<slug>/sections": "section",
    "POST /books/<slug>/threads": "thread",
    "POST /books/new": "book",
    "POST /club/invitations": "invitation",
    "POST /comments/<int:comment_id>/spoiler-report": "spoiler_report",
    "POST /drafts/<int:draft_id>/publication": "review",
    "POST /drafts/publication": "review",
    "POST /imports/new": "import",
    "POST /reviews/<int:review_id>/spoiler-report": "spoiler_report",
    "POST /rounds/<int:round_id>/ballot": "ballot",
    "POST /rounds/<int:round_id>/nominations": "nomination",
    "POST /rounds/new": "voting_round",
    "POST /sign-up": "member",
    "POST /threads/<int:thread_id>/comments": "comment",
}
# Forms that save nothing that could be there twice, with these fields: they say how something is to be, take
# something away, or only show something.
CHANGES = {line for line in TABLE if line.startswith("POST ")} - MAKES.keys()
# Sessions are the browser's. Of attempts and jobs nobody sees how many there are.
NOT_COUNTED = {"member_session", "failed_attempt", "job"}


@pytest.fixture
def fields(app, world, save, alice, bob, olive):  # noqa: F811
    """What else each form asks for, and who sends it: ``fields[line] = (member, values, more fields)``."""
    values = dict(world.values)
    persuasion = {"book": "Persuasion", "reason": ""}
    finished = save(make_book("Sula"))
    save(
        make_reading(bob, finished, position=END), make_reading(bob, save(make_book("Ulysses")), position=END)
    )
    voting = save(make_round(olive, voting=True))
    chosen = save(make_nomination(voting, finished, alice))
    with app.app_context():
        code = sign_code(save(make_invitation(olive)).code)
    made = {
        "POST /asks/<int:ask_id>/answers": (bob, {}, persuasion),
        "POST /answers/<int:answer_id>/endorsement": (alice, {}, {}),
        "POST /books/<slug>/editions/new": (bob, {}, {"format": "paperback", "pages": "320"}),
        "POST /books/<slug>/endorsements": (bob, {}, persuasion),
        "POST /books/<slug>/promises": (bob, {}, {"reading": "alice", "username": "alice"}),
        "POST /books/<slug>/rereading": (bob, {"slug": finished.slug}, {}),
        "POST /books/<slug>/sections": (bob, {}, {"sections": "One\nTwo"}),
        "POST /club/invitations": (olive, {}, {"days": "7", "uses": "3"}),
        "POST /comments/<int:comment_id>/spoiler-report": (bob, {}, {"horizon": "finished"}),
        "POST /reviews/<int:review_id>/spoiler-report": (bob, {}, {"horizon": "finished"}),
        "POST /drafts/<int:draft_id>/publication": (alice, {}, {"title": "A title"}),
        "POST /drafts/publication": (alice, {}, {}),
        "POST /imports/new": (bob, {}, {}),
        "POST /rounds/<int:round_id>/ballot": (bob, {"round_id": voting.id}, {f"rank-{chosen.id}": "1"}),
        "POST /rounds/<int:round_id>/nominations": (bob, {}, {"book": "Persuasion", "pitch": ""}),
        "POST /rounds/new": (olive, {}, {}),
        "POST /sign-up": (None, {}, {"invite": code, "username": "zoe", "email": "zoe@example.org", "password": PASSWORD}),
    }  # fmt: skip
    return lambda line: (lambda who, other, more: (who, values | other, more))(*made.get(line, (bob, {}, {})))


@contextmanager
def lost_answer(app, *, is_saved: bool):
    """Have the link to the database break inside the next COMMIT of a request, done or not."""
    with app.app_context():
        engine = db.engine
    commit, broken = engine.dialect.do_commit, []

    def break_off(connection):
        if is_saved:
            commit(connection)
        else:
            connection.rollback()
        broken.append(1)
        raise engine.dialect.loaded_dbapi.OperationalError("the link is broken")

    engine.dialect.do_commit = lambda connection: commit(connection) if broken else break_off(connection)
    try:
        yield broken
    finally:
        engine.dialect.do_commit = commit


def counts(app) -> dict[str, int]:
    """How many rows each table has."""
    with app.app_context():
        return {
            name: db.session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
            if name not in NOT_COUNTED
        }


@pytest.fixture
def put_back(app, settings, sends):
    """``put_back()`` brings the database back to what it was at first."""
    file = settings.sqlite_file
    with app.app_context():
        db.engine.dispose()
    saved = file.with_suffix(".saved")
    shutil.copyfile(file, saved)

    def put_back():
        with app.app_context():
            db.engine.dispose()
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(saved, file)

    return put_back


@pytest.fixture
def sends(app, world, fields, visit, alice, bob, olive):  # noqa: F811
    """``sends(line)`` is a function that sends the form of that line, the same each time."""
    clients = {who and who.username: visit(who) for who in (None, alice, bob, olive)}

    def sends(line):
        who, values, more = fields(line)
        client = clients[who and who.username]
        address = world._filled(line.removeprefix("POST "), values)

        def send():
            files = {"file": (io.BytesIO(LIBRARY), "library.csv")} if "/imports/new" in line else {}
            return client.post(address, data=FORM | KEY | more | files)

        return send

    return sends


@pytest.mark.databases("sqlite")
def test_x(app, sends, put_back):
    for line in MAKES:
        send = sends(line)
        put_back()
        before = counts(app)
        with lost_answer(app, is_saved=True) as broken:
            a = send()
        once = counts(app)
        b = send()
        twice = counts(app)
        print(
            line,
            a.status_code,
            PERHAPS in a.text,
            bool(broken),
            b.status_code,
            {k: (before[k], once[k], twice[k]) for k in once if not before[k] == once[k] == twice[k]},
            "DUP" if once != twice else "",
            "NOT MADE" if once[MAKES[line]] == before[MAKES[line]] else "",
        )
    assert 0
