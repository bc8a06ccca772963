"""A form that is sent again, since nobody knows if it was saved: whatever it makes is there once.

Every route that takes a form is walked. The COMMIT is carried out and its answer lost, then the same form
comes again; and the other way round.
"""

from __future__ import annotations

import io
import shutil
import sqlite3
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import request
from psycopg import errors as postgres_errors
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import OperationalError as NoLink

from bookclub.books.queries import by_slug
from bookclub.commits import _is_refusal
from bookclub.extensions import Base, begin_write, db, utcnow
from bookclub.lib.positions.places import END
from bookclub.members.actions import sign_code
from bookclub.members.models import Invitation
from bookclub.mergers.book_views import chosen_in, split_print
from bookclub.mergers.forms import BookSplitForm
from bookclub.mergers.preview_queries import author_preview, book_preview
from bookclub.mergers.rules import fingerprint
from bookclub.web import always_open
from tests.factories import (
    PASSWORD,
    make_book,
    make_date_poll,
    make_invitation,
    make_meeting,
    make_nomination,
    make_reading,
    make_round,
)
from tests.pictures.samples import upload
from tests.test_guard import DONE, FORM, OK, TABLE, world  # noqa: F401

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PERHAPS = "This may already be saved. It is safe to send it again: nothing is saved twice."
NOTHING = "nothing was saved"
LIBRARY = b"Title,Author,My Rating,Exclusive Shelf\nEmma,Jane Austen,5,read\n"
KEY = {"submission": "one-and-the-same"}
HTMX = {"HX-Request": "true"}
# What each form makes that could be there twice, by table.
MAKES = {
    "POST /authors/<slug>/merger": "merger",
    "POST /authors/<slug>/split": "merger",
    "POST /books/<slug>/merger": "merger",
    "POST /books/<slug>/split": "merger",
    "POST /asks/<int:ask_id>/answers": "answer",
    "POST /asks/new": "ask",
    "POST /answers/<int:answer_id>/endorsement": "answer_endorsement",
    "POST /books/<slug>/cover": "picture",
    "POST /books/<slug>/editions/new": "edition",
    "POST /books/<slug>/endorsements": "endorsement",
    "POST /books/<slug>/muting": "mute",
    "POST /books/<slug>/promises": "promise",
    "POST /books/<slug>/reading": "reading",
    "POST /books/<slug>/reviews/new": "review",
    "POST /books/<slug>/sections": "section",
    "POST /books/<slug>/threads": "thread",
    "POST /books/<slug>/wish": "reading",
    "POST /books/new": "book",
    "POST /club/invitations": "invitation",
    "POST /club/picture": "picture",
    "POST /comments/<int:comment_id>/reactions": "reaction",
    "POST /comments/<int:comment_id>/spoiler-report": "spoiler_report",
    "POST /date-polls/<int:poll_id>/availability": "availability",
    "POST /date-polls/<int:poll_id>/choice": "meeting",
    "POST /date-polls/new": "date_poll",
    "POST /drafts/<int:draft_id>/publication": "review",
    "POST /drafts/publication": "review",
    "POST /imports/new": "import",
    "POST /meetings/<int:meeting_id>/attendance": "attendance",
    "POST /meetings/<int:meeting_id>/recap": "recap",
    "POST /meetings/<int:meeting_id>/rsvp": "rsvp",
    "POST /meetings/<int:meeting_id>/questions": "question",
    "POST /meetings/new": "meeting",
    "POST /books/<slug>/passages": "passage",
    "POST /passages/<int:passage_id>/thread": "thread",
    "POST /questions/<int:question_id>/support": "question_support",
    "POST /reviews/<int:review_id>/reactions": "reaction",
    "POST /reviews/<int:review_id>/spoiler-report": "spoiler_report",
    "POST /rounds/<int:round_id>/ballot": "ballot",
    "POST /ballot-links/<token>": "ballot",
    "POST /rsvp-links/<token>": "rsvp",
    "POST /unsubscribe/<token>": "mail_preference",
    "POST /rounds/<int:round_id>/nominations": "nomination",
    "POST /rounds/new": "voting_round",
    "POST /settings/picture": "picture",
    "POST /shelf/past-reads": "reading",
    "POST /sign-up": "member",
    "POST /threads/<int:thread_id>/comments": "comment",
    "POST /threads/new": "comment",
}
# Forms that the walk cannot get to save anything: they only show something, or ask for a password or a state
# that nobody here has. What they save says how something is to be, or takes it away.
SAVES_NOTHING = {
    "POST /books/<slug>/cover/open-library",
    "POST /books/<slug>/reading/question/deletion",
    "POST /books/<slug>/promises/deletion",
    "POST /books/<slug>/reviews/preview",
    "POST /books/<slug>/threads/preview",
    "POST /books/<slug>/sections/starts",
    "POST /comments/<int:comment_id>/edit/preview",
    "POST /reviews/<int:review_id>/edit/preview",
    "POST /meetings/<int:meeting_id>/series/closure",
    "POST /rounds/<int:round_id>/extension",
    "POST /rounds/<int:round_id>/reading",
    "POST /meetings/<int:meeting_id>/questions/preview",
    "POST /questions/<int:question_id>/edit/preview",
    "POST /passages/<int:passage_id>/thread/preview",
    "POST /confirmations/<token>",
    "POST /forgotten-password",
    "POST /settings/departure",
    "POST /settings/password",
    "POST /settings/time-zone",
    "POST /sign-in/<token>",
    "POST /threads/<int:thread_id>/comments/preview",
    "POST /threads/new/preview",
}
# Sessions are the browser's. Of attempts, jobs and what waits for an hour nobody sees how many there are.
NOT_COUNTED = {"member_session", "failed_attempt", "job", "sealed_form"}
# These are sent on PostgreSQL, too; on SQLite all are.
ON_POSTGRESQL = (
    "POST /threads/<int:thread_id>/comments",
    "POST /club/invitations",
    "POST /imports/new",
    "POST /books/<slug>/cover",
    "POST /books/<slug>/editions/new",
    "POST /books/new",
)


def merger_forms(app, slug, into):
    """Addresses and fields by which books and authors are merged and split, as an organiser saw them."""
    with app.app_context():
        book, kept = by_slug(slug), by_slug(into)
        one, other = (each.credits[0].author for each in (book, kept))
        whole = {"title": "Penelope", "authors": "Nora B.", "first_published": "", "edition": "1"}
        whole["edition"] = str(book.editions[0].id)
        with app.test_request_context(method="POST", data=whole):
            form = BookSplitForm()
            form.validate()
            part = split_print(book, form, chosen_in(request.form, book))
        seen, name = fingerprint(book_preview(kept, book)), fingerprint(author_preview(other, one))
        return {
            "books": ({"slug": slug}, {"into": into, "seen": seen}),
            "authors": ({"author": one.slug}, {"into": other.slug, "seen": name}),
            "author": ({"author": one.slug}, {"name": "Somebody Else", "book": str(book.id)}),
            "book": ({"slug": slug}, {**whole, "seen": part}),
        }


@pytest.fixture
def sends(app, world, save, visit, alice, bob, mod, olive):  # noqa: F811
    """``sends(line)`` is a function that sends the form of that line, the same each time."""
    finished = save(make_book("Sula"))
    save(make_reading(bob, finished, position=END), make_reading(alice, save(make_book("Ulysses"))))
    voting = save(make_round(olive, voting=True))
    chosen = [save(make_nomination(voting, book, alice)) for book in (finished, save(make_book("Dune")))]
    with app.app_context():
        code = sign_code(save(make_invitation(olive)).code)
        draft = db.session.execute(text("SELECT submission FROM review_draft")).scalar_one()
    kim = save(make_book("Kim"))
    mergers = merger_forms(app, "ulysses", kim.slug)
    advice = {"book": "Persuasion", "reason": "It is better still."}
    ballot = {f"rank-{nomination.id}": str(place) for place, nomination in enumerate(chosen, 1)}
    poll = save(make_date_poll(olive))
    begun = {"meeting_id": save(make_meeting(olive, starts_at=utcnow() - timedelta(hours=1))).id}
    of_poll, proposed = {"poll_id": poll.id}, f"{poll.options[0].starts_on} 19:30"
    newcomer = {"invite": code, "username": "zoe", "email": "zoe@example.org", "password": PASSWORD}
    asked = {
        "POST /authors/<slug>/merger": (olive, *mergers["authors"]),
        "POST /authors/<slug>/split": (olive, *mergers["author"]),
        "POST /books/<slug>/merger": (olive, *mergers["books"]),
        "POST /books/<slug>/split": (olive, *mergers["book"]),
        "POST /asks/<int:ask_id>/answers": (bob, {}, advice),
        "POST /books/<slug>/editions/new": (bob, {}, {"format": "paperback", "pages": "320"}),
        "POST /books/<slug>/endorsements": (bob, {}, advice),
        "POST /books/<slug>/promises": (bob, {"slug": "ulysses"}, {"member": "alice"}),
        "POST /books/<slug>/rereading": (bob, {"slug": finished.slug}, {}),
        "POST /books/<slug>/sections": (bob, {}, {"sections": "One\nTwo"}),
        "POST /books/<slug>/cover": (bob, {}, {}),
        "POST /settings/picture": (bob, {}, {}),
        "POST /club/picture": (olive, {}, {}),
        "POST /club/invitations": (olive, {}, {"days": "7", "uses": "3"}),
        "POST /comments/<int:comment_id>/spoiler-report": (bob, {}, {"horizon": "finished"}),
        "POST /reviews/<int:review_id>/spoiler-report": (bob, {}, {"horizon": "finished"}),
        "POST /date-polls/<int:poll_id>/availability": (bob, of_poll, {f"time-{poll.options[0].id}": "yes"}),
        "POST /date-polls/<int:poll_id>/choice": (olive, of_poll, {"time": poll.options[0].id}),
        "POST /date-polls/new": (olive, {}, {"title": "Tea", "times": proposed}),
        "POST /drafts/<int:draft_id>/publication": (alice, {}, {"submission": draft}),
        "POST /drafts/publication": (alice, {}, {}),
        "POST /imports/new": (bob, {}, {}),
        "POST /meetings/<int:meeting_id>/attendance": (bob, begun, {"on": "1"}),
        "POST /meetings/<int:meeting_id>/recap": (bob, begun, {"body": "We could not agree."}),
        "POST /meetings/<int:meeting_id>/cancellation": (olive, {}, {"reason": "Flu"}),
        "POST /meetings/<int:meeting_id>/questions": (bob, {}, {"body": "Is she kind?"}),
        "POST /meetings/new": (olive, {}, {"title": "Tea"}),
        "POST /rounds/<int:round_id>/ballot": (bob, {"round_id": voting.id}, ballot),
        "POST /rounds/<int:round_id>/nominations": (bob, {}, {"book": "Persuasion", "pitch": ""}),
        "POST /shelf/past-reads": (bob, {}, {"book": [kim.slug, "persuasion"]}),
        "POST /shelf/past-reads/<int:moment>/deletion": (alice, {}, {}),
        "POST /sign-in": (None, {}, {"username": "alice", "password": PASSWORD}),
        "POST /sign-up": (None, {}, newcomer),
    }
    cast = {"bob": bob, "alice": alice, "mo": mod, "olive": olive}
    clients = {who and who.username: visit(who) for who in (None, alice, bob, mod, olive)}

    def sends(line):
        reach = TABLE[line]._asdict()
        able = next((name for name in cast if reach[name] in (DONE, OK)), "bob")
        who, values, more = asked.get(line, (cast[able], {}, {}))
        address = world._filled(line.removeprefix("POST "), world.values | values)

        def send(**options):
            file = {"file": (io.BytesIO(LIBRARY), "library.csv")} if line == "POST /imports/new" else {}
            file |= {"picture": upload()} if MAKES.get(line) == "picture" else {}
            return clients[who and who.username].post(address, data=FORM | KEY | more | file, **options)

        return send

    return sends


@contextmanager
def lost_answer(app, *, is_saved: bool):
    """Have the link to the database break inside the next COMMIT of a request, carried out or not."""
    with app.app_context():
        engine, url = db.engine, db.engine.url
    commit, broken = engine.dialect.do_commit, []

    def break_off(connection):
        broken.append(1)
        if is_saved:
            commit(connection)
        if engine.dialect.name == "postgresql":
            cut = create_engine(url)
            mine = connection.driver_connection
            with cut.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine.info.backend_pid})
            cut.dispose()
            mine.execute("SELECT 1")
        if not is_saved:
            connection.rollback()
        raise sqlite3.OperationalError("the link is broken")

    engine.dialect.do_commit = lambda connection: commit(connection) if broken else break_off(connection)
    try:
        yield broken
    finally:
        engine.dialect.do_commit = commit


def counts(app) -> dict[str, int]:
    """Number of rows in each table."""
    tables = {name: table for name, table in Base.metadata.tables.items() if name not in NOT_COUNTED}
    statement = select(
        *(select(func.count()).select_from(table).scalar_subquery() for table in tables.values())
    )
    with app.app_context():
        return dict(zip(tables, db.session.execute(statement).one(), strict=True))


@pytest.fixture
def put_back(app, settings, sends):
    """``put_back()`` brings an SQLite database back to what it was at first."""
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


@pytest.mark.databases("sqlite")
def test_every_form_may_be_sent_again_after_a_lost_commit(app, sends, put_back):
    before, wrong = counts(app), {}
    for line in sorted(line for line in TABLE if line.startswith("POST ")):
        send = sends(line)
        put_back()
        with lost_answer(app, is_saved=True) as broken:
            first = send()
        once = counts(app)
        again = send()
        if not broken or line in SAVES_NOTHING:
            is_right = not broken and line in SAVES_NOTHING
        else:
            is_right = first.status_code == 503 and PERHAPS in first.text and NOTHING not in first.text
            is_right = is_right and again.status_code < 500 and counts(app) == once
            if line in MAKES:
                is_right = is_right and once[MAKES[line]] > before[MAKES[line]]
        if not is_right:
            wrong[line] = first.status_code, again.status_code, counts(app).items() - once.items()
    assert wrong == {}, "each form makes its thing once, or is in SAVES_NOTHING"


@pytest.mark.databases("sqlite")
def test_every_form_that_makes_something_makes_it_after_a_commit_that_failed(app, sends, put_back):
    before, wrong = counts(app), {}
    for line, table in MAKES.items():
        send = sends(line)
        put_back()
        with lost_answer(app, is_saved=False):
            first = send()
        nothing = counts(app)
        again = send()
        is_right = (first.status_code, nothing) == (503, before) and PERHAPS in first.text
        if not is_right or again.status_code >= 400 or counts(app)[table] <= before[table]:
            wrong[line] = first.status_code, again.status_code
    assert wrong == {}


@pytest.mark.databases("postgresql")
@pytest.mark.parametrize("is_saved", [True, False])
def test_a_link_that_breaks_inside_a_commit_leaves_one_of_each(app, sends, is_saved):
    for line in ON_POSTGRESQL:
        send, before = sends(line), counts(app)
        with lost_answer(app, is_saved=is_saved) as broken:
            first = send()
        assert (broken, first.status_code, PERHAPS in first.text) == ([1], 503, True), line
        assert counts(app)[MAKES[line]] == before[MAKES[line]] + is_saved

        again = [send().status_code for _ in range(2)]
        assert again == [303, 303], line
        assert counts(app)[MAKES[line]] == before[MAKES[line]] + 1


@pytest.mark.databases("sqlite")
def test_to_htmx_the_notice_says_the_same(app, sends):
    with lost_answer(app, is_saved=True):
        answer = sends("POST /threads/<int:thread_id>/comments")(headers=HTMX)

    assert answer.status_code == 503
    assert answer.text.startswith('<p class="notice error"')
    assert PERHAPS in answer.text


@pytest.mark.databases("sqlite")
def test_another_choice_in_the_same_form_makes_another_thing(app, visit, olive):
    client, form = visit(olive), KEY | {"days": "7", "uses": "3"}
    for changed in ({}, {}, {"uses": "4"}):
        assert client.post("/club/invitations", data=form | changed).status_code == 303

    with app.app_context():
        assert db.session.execute(select(Invitation.max_uses).order_by("id")).scalars().all() == [3, 4]


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("problem", ["crash", "storage"])
def test_what_fails_after_a_commit_does_not_say_that_nothing_was_saved(app, visitor, problem):
    @always_open
    def save_and_fail() -> str:
        begin_write()
        db.session.execute(text("UPDATE club SET name = 'Saved'"))
        db.session.commit()
        raise LookupError if problem == "crash" else NoLink("SELECT 1", {}, sqlite3.OperationalError("gone"))

    app.add_url_rule("/fail", "fail", save_and_fail, methods=["POST"])
    answer = visitor.post("/fail")

    assert answer.status_code == (500 if problem == "crash" else 503)
    assert PERHAPS in answer.text
    assert NOTHING not in answer.text.lower()


def sqlite_error(code: int) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError("trouble")
    problem.sqlite_errorcode = code
    return problem


@pytest.mark.parametrize(
    ("problem", "is_refusal"),
    [
        (sqlite_error(sqlite3.SQLITE_BUSY), True),
        (sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT), True),
        (sqlite_error(sqlite3.SQLITE_FULL), True),
        (sqlite_error(sqlite3.SQLITE_IOERR_FSYNC), False),
        (sqlite3.OperationalError("trouble"), False),
        (postgres_errors.SerializationFailure(), True),
        (postgres_errors.DiskFull(), True),
        (postgres_errors.AdminShutdown(), False),
        (postgres_errors.ConnectionFailure(), False),
        (postgres_errors.OperationalError("server closed the connection unexpectedly"), False),
    ],
)
def test_a_database_that_refuses_by_itself_has_saved_nothing(problem, is_refusal):
    assert _is_refusal(problem) is is_refusal
