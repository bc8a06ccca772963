"""The commands, through Click's runner and, where it matters, in processes of their own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, create_engine, event, inspect, text
from waitress.server import create_server
from waitress.wasyncore import close_all

from bookclub.cli.main import main
from bookclub.config import Settings
from bookclub.members.queries import find_member
from bookclub.members.sign_in import try_password
from bookclub.schema import close, create_upgraded_app
from bookclub.search.models import number_of
from bookclub.server import options
from tests.processes import CONTEXT, SECONDS
from tests.running import environment, running

PASSWORD = "seven quiet owls"


def migrate_and_die_half_way(database):
    """Run the command until its tenth table is to be made, and then die without a word."""
    tables = iter(range(9))

    @event.listens_for(Engine, "before_cursor_execute")
    def die(_connection, _cursor, statement, *_rest):
        if "CREATE TABLE" in statement and next(tables, None) is None:
            os._exit(9)

    os.environ.update(environment(BOOKCLUB_DATABASE_URL=database, BOOKCLUB_SECRET_KEY="x" * 32))
    main(["migrate"])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The data folder of a club, as the environment names it; empty so far."""
    for name in environment():
        assert not name.startswith("BOOKCLUB_")
    for name in ("DATABASE_URL", "SECRET_KEY", "HTMX", "URL", "TRUSTED_PROXIES"):
        monkeypatch.delenv(f"BOOKCLUB_{name}", raising=False)
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path / "club"))
    return tmp_path / "club"


@pytest.fixture
def command():
    """``command("member", "add", …)`` runs one, with ``input=`` on its standard input."""

    def command(*arguments, **options):
        return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)

    return command


@pytest.fixture
def club(folder, sqlite_template):
    """The same folder with a club that has nobody in it yet: to migrate one anew takes long."""
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / "bookclub.sqlite3")
    return folder


@pytest.fixture
def add(command, club):
    """``add("alice")`` adds a member from the command line."""

    def add(username, *more, password=PASSWORD):
        email = f"{username}@example.org"
        return command(
            "member", "add", username, "--email", email, "--password-stdin", *more, input=f"{password}\n"
        )

    return add


def members(file):
    with closing(sqlite3.connect(file)) as connection:
        return {name for (name,) in connection.execute("SELECT username FROM member")}


# What every command does


def test_the_commands_that_others_rely_on_are_there(command):
    shown = command("--help").output

    names = "demo serve migrate member backup restore recount neighbours export search"
    for name in names.split():
        assert f"\n  {name} " in shown


def test_a_bad_setting_is_said_in_one_line(command, folder, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_HTMX", "remote")

    result = command("migrate")

    assert result.exit_code == 2
    assert result.stderr == "Error: BOOKCLUB_HTMX: 'remote' is not one of cdn, local.\n"


def test_asking_for_help_loads_no_framework():
    code = "import sys, bookclub.cli.main; print({'flask', 'sqlalchemy', 'waitress'} & set(sys.modules))"

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert shown == "set()\n"


# Migrations


def test_migrating_makes_the_database_and_then_changes_nothing(command, folder):
    for _ in range(2):
        result = command("migrate")
        assert (result.exit_code, result.output) == (0, "The database is up to date.\n")

    assert sorted(file.name for file in folder.iterdir()) == ["bookclub.sqlite3", "secret_key"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_migration_killed_half_way_leaves_nothing_behind(command, folder, database, monkeypatch):
    engine = create_engine(database)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    else:
        Path(engine.url.database).unlink()
    assert inspect(engine).get_table_names() == []
    monkeypatch.setenv("BOOKCLUB_DATABASE_URL", database)

    killed = CONTEXT.Process(target=migrate_and_die_half_way, args=(database,))
    killed.start()
    killed.join(SECONDS)

    assert killed.exitcode == 9
    assert inspect(engine).get_table_names() == []
    assert command("migrate").exit_code == 0
    assert "member" in inspect(engine).get_table_names()
    engine.dispose()


def test_a_database_of_a_newer_bookclub_is_left_alone(command, club):
    with closing(sqlite3.connect(club / "bookclub.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    result = command("migrate")

    assert result.exit_code == 2
    assert "newer Bookclub" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_database_that_cannot_be_reached_is_said_in_one_line(command, folder, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_DATABASE_URL", "postgresql://club:s3cret-word@/club?host=/nowhere")

    result = command("migrate")

    assert result.exit_code == 2
    assert result.stderr.startswith("Error: The database cannot be used: ")
    assert result.stderr.count("\n") == 1
    assert "s3cret-word" not in result.stderr


# Accounts


@pytest.mark.databases("sqlite", "postgresql")
def test_a_member_added_from_the_shell_can_sign_in(add, folder, database, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_DATABASE_URL", database)

    result = add("olive", "--organiser")

    assert (result.exit_code, result.output) == (0, "olive can sign in now and organises the club.\n")
    app = create_upgraded_app(Settings.for_folder(folder, database_url=database))
    with app.app_context():
        assert find_member("olive@example.org").role == "organiser"
        assert try_password("olive", PASSWORD, "127.0.0.1").member_id is not None
        assert try_password("olive", PASSWORD + "!", "127.0.0.1").member_id is None
    close(app)


def test_the_password_is_asked_for_twice(command, club):
    typed = f"{PASSWORD}\nsomething else\n{PASSWORD}\n{PASSWORD}\n"

    result = command("member", "add", "bob", "--email", "bob@example.org", input=typed)

    assert result.exit_code == 0
    assert "do not match" in result.output
    assert PASSWORD not in result.output
    assert result.output.endswith("bob can sign in now.\n")


@pytest.mark.parametrize(
    ("username", "email", "password", "why"),
    [
        ("alice", "new@example.org", PASSWORD, "Somebody has this username already."),
        ("carol", "alice@example.org", PASSWORD, "This e-mail address is in use here already."),
        ("carol", "carol@example.org", "short", "at least 10"),
        ("no spaces", "carol@example.org", PASSWORD, "letters"),
        ("carol", "nowhere", PASSWORD, "address"),
    ],
)
def test_an_account_that_cannot_be_is_refused_in_words(add, command, folder, username, email, password, why):
    assert add("alice").exit_code == 0

    result = command("member", "add", username, "--email", email, "--password-stdin", input=f"{password}\n")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert why in result.stderr
    assert not list(folder.glob("*-wal")), "a connection is still open"
    assert members(folder / "bookclub.sqlite3") == {"alice"}


# Backup and restore


def test_a_club_comes_back_as_it_was_saved(add, command, folder, tmp_path):
    add("alice")
    assert command("backup", tmp_path / "club.backup").exit_code == 0
    add("bob")

    result = command("restore", tmp_path / "club.backup")

    assert result.exit_code == 0
    assert members(folder / "bookclub.sqlite3") == {"alice"}
    (kept,) = folder.glob("bookclub-until-*.sqlite3")
    assert str(kept) in result.output
    assert members(kept) == {"alice", "bob"}
    assert sorted(file.name for file in folder.iterdir()) == [kept.name, "bookclub.sqlite3", "secret_key"]


def test_a_club_comes_back_on_a_new_machine(add, command, folder, tmp_path, monkeypatch):
    add("alice")
    command("backup", tmp_path / "club.backup")
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path / "new"))

    result = command("restore", tmp_path / "club.backup")

    assert result.exit_code == 0
    assert "kept" not in result.output
    assert members(tmp_path / "new" / "bookclub.sqlite3") == {"alice"}


def words_indexed(file):
    with closing(sqlite3.connect(file)) as connection:
        return {title for (title,) in connection.execute("SELECT title FROM search_index")}


def test_the_index_of_the_search_is_written_anew(add, command, folder, tmp_path):
    add("alice")
    with closing(sqlite3.connect(folder / "bookclub.sqlite3")) as connection, connection:
        connection.execute("UPDATE search_index SET title = 'wrong'")
        stray = "INSERT INTO search_index (rowid, title, words) VALUES (?, 'gone', '')"
        connection.execute(stray, [number_of(3, 999)])

    result = command("search", "rebuild")

    assert result.exit_code == 0
    assert result.output.endswith("The index is new.\n")
    assert words_indexed(folder / "bookclub.sqlite3") == {"alice alice"}
    # It comes along in a backup, and is of use wherever that is restored.
    command("backup", tmp_path / "club.backup")
    assert command("restore", tmp_path / "club.backup").exit_code == 0
    assert words_indexed(folder / "bookclub.sqlite3") == {"alice alice"}


def test_a_backup_is_taken_while_somebody_writes(add, command, folder, tmp_path):
    add("alice")
    with closing(sqlite3.connect(folder / "bookclub.sqlite3", isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE member SET username = 'half'")

        result = command("backup", tmp_path / "club.backup")

        writer.execute("COMMIT")
    assert result.exit_code == 0
    assert members(tmp_path / "club.backup") == {"alice"}
    assert members(folder / "bookclub.sqlite3") == {"half"}


def test_a_backup_is_one_file_for_its_owner_without_the_secret_key(add, command, folder, tmp_path):
    add("alice")
    target = tmp_path / "backups"
    target.mkdir()

    command("backup", target / "club.backup")

    (file,) = target.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (folder / "secret_key").read_bytes().strip() not in file.read_bytes()


def test_a_backup_overwrites_nothing(add, command, folder, tmp_path):
    add("alice")
    (tmp_path / "club.backup").write_text("my last one")

    result = command("backup", tmp_path / "club.backup")

    assert result.exit_code == 1
    assert (tmp_path / "club.backup").read_text() == "my last one"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["club", "club.backup"]


def test_without_a_club_there_is_no_backup(command, folder, tmp_path):
    assert "There is no club in" in command("backup", tmp_path / "club.backup").stderr


def test_without_a_folder_there_is_no_backup(command, club, tmp_path):
    assert "There is no folder" in command("backup", tmp_path / "nowhere" / "club.backup").stderr


def of_something_else(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE recipe (id INTEGER)")


def of_a_newer_club(file):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def of_noise(file):
    file.write_bytes(b"not a database " * 1000)


def half_of_it(file):
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize("spoil", [of_something_else, of_a_newer_club, of_noise, half_of_it])
def test_what_is_no_backup_is_refused_and_the_club_left_alone(add, command, folder, tmp_path, spoil):
    add("alice")
    file = tmp_path / "club.backup"
    if spoil is not of_something_else:
        command("backup", file)
    spoil(file)
    before = sorted(path.name for path in folder.iterdir())

    result = command("restore", file)

    assert result.exit_code in (1, 2)
    assert result.stderr.startswith("Error: ")
    assert members(folder / "bookclub.sqlite3") == {"alice"}
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_club_in_use_is_not_replaced(add, command, folder, tmp_path):
    add("alice")
    command("backup", tmp_path / "club.backup")
    add("bob")
    with closing(sqlite3.connect(folder / "bookclub.sqlite3")) as reader:
        assert reader.execute("SELECT count(*) FROM member").fetchone() == (2,)

        result = command("restore", tmp_path / "club.backup")

    assert result.exit_code == 1
    assert "Stop the server" in result.stderr
    assert members(folder / "bookclub.sqlite3") == {"alice", "bob"}
    assert list(folder.glob("*until*")) == []


def test_a_ruined_database_is_kept_and_replaced(add, command, folder, tmp_path):
    add("alice")
    command("backup", tmp_path / "club.backup")
    (folder / "bookclub.sqlite3").write_bytes(b"ruined " * 1000)

    assert command("restore", tmp_path / "club.backup").exit_code == 0

    assert members(folder / "bookclub.sqlite3") == {"alice"}
    (kept,) = folder.glob("bookclub-until-*.sqlite3")
    assert kept.read_bytes().startswith(b"ruined")


@pytest.mark.parametrize("name", ["backup", "restore"])
def test_on_postgresql_its_own_programs_are_named(command, folder, tmp_path, monkeypatch, name):
    monkeypatch.setenv("BOOKCLUB_DATABASE_URL", "postgresql://club:s3cret-word@db.example.org/club")

    result = command(name, tmp_path / "club.backup")

    assert result.exit_code == 1
    assert "pg_dump" in result.stderr
    assert "pg_restore" in result.stderr
    assert "s3cret-word" not in result.stderr


# Serving


def test_a_new_club_is_served_with_a_link_for_its_first_organiser(command, folder):
    with running("serve", "--port", "0", BOOKCLUB_DATA=folder, BOOKCLUB_HTMX="local") as server:
        browser = server.browser()
        assert browser.get("/healthz").status == 200
        link = server.said.partition(server.address + "/sign-up")[2].split()[0]
        assert "Username" in browser.get(f"/sign-up{link}").text
        assert browser.get("/static/js/htmx-4.0.1.min.js").status == 200
        too_large = browser.post("/sign-in", username="x" * 3_000_000)
        taken = command("serve", "--port", server.address.rpartition(":")[2])
        status, errors = server.end()

    assert (status, errors) == (0, "")
    assert too_large.status == 413
    assert "too large to send" in too_large.text
    assert taken.exit_code == 2
    assert taken.stderr.count("\n") == 1
    assert "in use" in taken.stderr
    assert sorted(file.name for file in folder.iterdir()) == ["bookclub.sqlite3", "secret_key"]


def test_a_club_with_an_organiser_is_served_at_its_public_address(add, folder):
    add("olive", "--organiser")

    address = "https://books.example.org"
    with running("serve", "--port", "0", BOOKCLUB_DATA=folder, BOOKCLUB_URL=address) as server:
        assert f"The club is at {address}/\n" in server.said
        assert "sign-up" not in server.said


@pytest.mark.parametrize(("trusted", "seen"), [(0, b""), (1, b"192.0.2.7")])
def test_forwarded_headers_reach_the_application_only_where_a_proxy_is_trusted(tmp_path, trusted, seen):
    def echo(environ, start):
        start("200 OK", [])
        return [environ.get("HTTP_X_FORWARDED_FOR", "").encode()]

    settings = Settings.for_folder(tmp_path, trusted_proxies=trusted)
    sockets = {}
    server = create_server(echo, host="127.0.0.1", port=0, map=sockets, **options(settings))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        request = Request(
            f"http://127.0.0.1:{server.effective_port}/", headers={"X-Forwarded-For": "192.0.2.7"}
        )
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            assert answer.read() == seen
            assert "Server" not in answer.headers
    finally:
        # The loop ends when there is nothing left to listen to.
        server.trigger.pull_trigger(lambda: close_all(sockets))
        thread.join(10)
        server.task_dispatcher.shutdown()
    assert not thread.is_alive()
