"""What every test may ask for: databases, the application, its clients, and the fixed cast.

Alice wrote it, Bob is a fellow member, Mo moderates, Olive organises, and a visitor has not signed in.
"""

from __future__ import annotations

import gc
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import coverage
import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine, Select, delete, event
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from bookclub import schema
from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.members.models import Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.openlibrary import client as openlibrary
from bookclub.schema import close, create_upgraded_app
from bookclub.threads.models import Comment
from tests import postgres
from tests.factories import make_member, place
from tests.page import Page

DATABASES = ("sqlite", "postgresql")
WALKS = {"browser", "spoilers", "test_guard.py", "test_predicate_model.py", "test_statements.py"}
# Properties are tried on so many examples, or on more where that is asked for:
# pytest --hypothesis-profile=thorough
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile("quick")
NO_POSTGRES = "PostgreSQL tests NOT run"
NO_BROWSER = "browser tests NOT run"
NO_VNU = "validation of the HTML NOT run"
NO_DOVECOT = "tests with an IMAP server NOT run"
# Statements as they were compiled, for the engines of all applications.
STATEMENTS: LRUCache[Any, Any] = LRUCache(10_000)
Row = TypeVar("Row")
Visit = Callable[..., FlaskClient]
Save = Callable[..., Any]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what needs a database on SQLite, or on those that its ``databases`` mark names."""
    if "database" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("database", marked.args if marked else ("sqlite",), indirect=True)


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: while some wait for a browser or a server, it works."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Measure coverage once: on SQLite, and not through the hundreds of examples of a property.

    Tracing takes nearly twice the time, and those run the same lines. What walks the whole club over and
    over, or drives a browser, reaches no line that its own tests do not.
    """
    if not config.pluginmanager.hasplugin("pytest_cov"):
        return
    for item in items:
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if "postgresql" in item.name or is_property or not WALKS.isdisjoint(item.path.parts):
            item.add_marker("unmeasured")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let coverage rest for a whole test, what it sets up included."""
    measured = coverage.Coverage.current() if item.get_closest_marker("unmeasured") else None
    if measured:
        measured.stop()
    try:
        return (yield)
    finally:
        if measured:
            measured.start()


@pytest.fixture(scope="session", autouse=True)
def few_collections() -> None:
    """Keep the garbage collector from what lasts as long as the tests: it took a quarter of their time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# Databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the schema of the app's own migrations, to be copied and never opened."""
    file = tmp_path_factory.mktemp("template") / "bookclub.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A PostgreSQL server with a migrated template database."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(postgres.serve())
        except postgres.NoPostgres as problem:
            cannot_run(NO_POSTGRES, str(problem))
        server.template(migrate)
        yield server


def cannot_run(what: str, why: str) -> NoReturn:
    """Skip, to be counted in the closing section; where CI is set, fail."""
    why = " ".join(why.split())
    if os.environ.get("CI"):
        pytest.fail(f"{what}: {why}", pytrace=False)
    pytest.skip(f"{what}: {why}")


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated database: on SQLite and again on PostgreSQL."""
    if request.param == "postgresql":
        server: postgres.Server = request.getfixturevalue("postgres_server")
        with server.database() as url:
            yield url
        return

    file = tmp_path / "bookclub.sqlite3"
    shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
    yield f"sqlite:///{file}"


def migrate(url: str) -> None:
    """Bring an empty database to the newest revision, as `bookclub serve` does."""
    settings = Settings(data=Path(), database_url=url, secret_key=secrets.token_hex(), testing=True)
    close(create_upgraded_app(settings))


@event.listens_for(Engine, "connect")
def _forget_durability(connection: Any, _record: object) -> None:
    """Wait for no disk: a test's database need not survive a power cut."""
    if "sqlite" in type(connection).__module__:
        connection.execute("PRAGMA synchronous = OFF").close()


# The application and its clients


class Compiled(BytecodeCache):
    """Templates as they were compiled: every test has an application of its own, with the same templates."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Compile templates, routes and statements once for all tests: that took more time than what they do."""
    compile_rule, compiled = Rule.compile, {}

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if key not in compiled:
            compile_rule(rule)
            compiled[key] = rule
            return
        same = compiled[key]
        rule._parts, rule._trace, rule._converters = same._parts, same._trace, same._converters
        rule.arguments |= same.arguments
        rule._build = same._build.__func__.__get__(rule)  # type: ignore[attr-defined]
        rule._build_unknown = same._build_unknown.__func__.__get__(rule)  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": Compiled()})
        patch.setattr(Rule, "compile", compile_once)
        patch.setattr(openlibrary, "version", cache(version))
        # To read all migrations takes longer than to see that none is missing.
        patch.setattr(schema, "ScriptDirectory", cache(schema.ScriptDirectory))
        # SQLAlchemy keeps a compiled statement for the very dialect, and every engine has one of its own.
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        share = property(lambda _engine: STATEMENTS, lambda _engine, _own: None)
        patch.setattr(Engine, "_compiled_cache", share, raising=False)
        yield


@pytest.fixture
def settings(database: str, tmp_path: Path) -> Settings:
    """The settings of the club under test."""
    return Settings.for_folder(tmp_path, database_url=database, testing=True)


class ReadingClient(FlaskClient):
    """A client whose answers are pages: see tests/page.py."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.response_wrapper = type("PageAnswer", (Page, self.response_wrapper), {})


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application. Its forms want no CSRF token, until strict_visit or a browser asks for that."""
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = ReadingClient
    yield app
    close(app)


@pytest.fixture
def visit(app: Flask) -> Visit:
    """``visit(alice)`` is a client signed in as Alice, ``visit()`` one of a visitor."""

    def visit(member: Member | None = None) -> FlaskClient:
        client = app.test_client()
        if member is not None:
            token = secrets.token_urlsafe(32)
            with app.app_context():
                begin_write()
                db.session.add(MemberSession(member_id=member.id, token_hash=hash_token(token)))
                db.session.commit()
            with client.session_transaction() as session:
                session["_user_id"], session["_fresh"] = token, True
        return client

    return visit


@pytest.fixture
def strict_visit(app: Flask, visit: Visit) -> Visit:
    """The same with CSRF tokens wanted, as on a real site."""
    app.config["WTF_CSRF_ENABLED"] = True
    return visit


@pytest.fixture
def end_sessions(app) -> Callable[[], None]:
    """End every session, as the server does."""

    def end_sessions() -> None:
        with app.app_context():
            begin_write()
            db.session.execute(delete(MemberSession))
            db.session.commit()

    return end_sessions


@pytest.fixture
def save(app: Flask) -> Save:
    """Write rows down: ``alice = save(make_member("alice"))``, or several, which come back as a tuple.

    What comes back belongs to no transaction any more: its columns can be read, what it is related to
    only as far as it was set or loaded. Saving a changed row again writes the change.
    """

    def save(*rows: Row) -> Row | tuple[Row, ...]:
        with app.app_context():
            begin_write()
            db.session.add_all(rows)
            db.session.flush()
            for row in rows:
                if isinstance(row, Comment):
                    place(row)
            db.session.commit()
        return rows[0] if len(rows) == 1 else rows

    return save


@pytest.fixture
def rows(app: Flask) -> Callable[[Select[Any]], list[Any]]:
    """``rows(select(Member))`` is what the database holds now."""

    def rows(statement: Select[Any]) -> list[Any]:
        with app.app_context():
            return list(db.session.execute(statement).scalars())

    return rows


@pytest.fixture
def write(app: Flask) -> Callable[..., Any]:
    """``write(lambda: actions.suspend(…))`` does it in a transaction of its own, and commits."""

    def write(act: Callable[[], Any]) -> Any:
        with app.app_context():
            begin_write()
            came_of_it = act()
            db.session.commit()
        return came_of_it

    return write


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """``with statements() as sent:`` collects the SQL statements that are sent meanwhile.

    Opening and closing a transaction is not counted, so that both databases count alike.
    """

    @contextmanager
    def collecting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA", "SET LOCAL")):
                sent.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return collecting


# The cast


@pytest.fixture
def alice(save: Save) -> Member:
    """A member; she wrote it."""
    return save(make_member("alice"))


@pytest.fixture
def bob(save: Save) -> Member:
    """A fellow member."""
    return save(make_member("bob"))


@pytest.fixture
def mod(save: Save) -> Member:
    """Mo, a moderator."""
    return save(make_member("mo", role="moderator"))


@pytest.fixture
def olive(save: Save) -> Member:
    """The organiser."""
    return save(make_member("olive", role="organiser"))


@pytest.fixture
def visitor(visit: Visit) -> FlaskClient:
    """The client of somebody who has not signed in."""
    return visit()


# What could not be run is said aloud


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Close with what this machine could not run, so that nobody takes half a run for a whole one."""
    reasons: dict[str, Counter[str]] = {
        what: Counter() for what in (NO_POSTGRES, NO_BROWSER, NO_VNU, NO_DOVECOT)
    }
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for what, counted in reasons.items():
            _, found, why = reason.partition(f"{what}: ")
            if found:
                counted[why] += 1
    for what, counted in reasons.items():
        for why, times in counted.items():
            terminalreporter.section(what, sep="!", red=True)
            terminalreporter.line(f"{what}: {times}, {why}", red=True)
