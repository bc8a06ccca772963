"""The files that the code creates, and who may read them."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from bookclub.app import create_app
from bookclub.cli.main import main
from bookclub.config import Settings
from bookclub.extensions import db
from bookclub.private_files import make_private
from bookclub.schema import close

FOREIGN_UMASKS = [0o000, 0o022, 0o777]


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


@pytest.fixture
def folder(tmp_path, monkeypatch, sqlite_template):
    """A data folder that existed before, open to everybody, with a club in it that everybody can read."""
    for name in ("DATABASE_URL", "SECRET_KEY", "HTMX", "URL", "TRUSTED_PROXIES"):
        monkeypatch.delenv(f"BOOKCLUB_{name}", raising=False)
    folder = tmp_path / "club"
    folder.mkdir()
    folder.chmod(0o755)
    (folder / "bookclub.sqlite3").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("BOOKCLUB_DATA", str(folder))
    return folder


def readable_by_others(folder: Path) -> list[str]:
    """The files in a folder that somebody but their owner may read; none of them may be missing."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]


LAST_TO_LEAVE = """
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
connection.close()
"""


def test_another_connection_ends_no_lock_of_the_first(tmp_path):
    """A process that leaves must not delete the log, as if nobody else had the database open."""
    app = create_app(Settings.for_folder(tmp_path))
    database = app.extensions["bookclub"].sqlite_file
    with app.app_context(), db.engine.connect() as first:
        first.execute(text("CREATE TABLE words (words TEXT)"))
        first.commit()
        with db.engine.connect() as second:
            second.execute(text("SELECT * FROM words"))
        assert Path(f"{database}-wal").stat().st_size

        subprocess.run([sys.executable, "-c", LAST_TO_LEAVE, str(database)], check=True)

        assert Path(f"{database}-wal").stat().st_size
    close(app)


@pytest.mark.parametrize("mask", FOREIGN_UMASKS)
def test_every_file_of_a_new_club_is_private(tmp_path, mask):
    tmp_path.chmod(0o755)
    with umask(mask):
        app = create_app(Settings.for_folder(tmp_path))
        with app.app_context(), db.engine.connect() as connection:
            connection.execute(text("CREATE TABLE words (words TEXT)"))
            connection.commit()
            found = {path.name for path in tmp_path.iterdir()}
            assert found == {"bookclub.sqlite3", "bookclub.sqlite3-wal", "bookclub.sqlite3-shm", "secret_key"}
            assert readable_by_others(tmp_path) == []
        close(app)


def test_files_of_an_older_club_are_made_private(folder):
    database = folder / "bookclub.sqlite3"
    with closing(sqlite3.connect(database)) as left_open:
        left_open.execute("PRAGMA journal_mode = WAL")
        left_open.execute("CREATE TABLE words (words TEXT)")
        for name in ("bookclub-until-2026-01-01-120000.sqlite3", ".bookclub.sqlite3-draft", "secret_key"):
            (folder / name).write_text("a key of thirty-two characters..")
        for path in folder.iterdir():
            path.chmod(0o644)
        assert len(readable_by_others(folder)) == 6

        app = create_app(Settings.for_folder(folder))
        with app.app_context(), db.engine.connect():
            assert readable_by_others(folder) == []
        close(app)


def test_other_files_in_the_folder_keep_their_mode(folder):
    (folder / "bookclub-notes.sqlite3.txt").write_text("mine")
    (folder / "bookclub-notes.sqlite3.txt").chmod(0o644)

    close(create_app(Settings.for_folder(folder)))

    assert stat.S_IMODE((folder / "bookclub-notes.sqlite3.txt").stat().st_mode) == 0o644


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_what_the_commands_write_is_private(folder, tmp_path, mask):
    outside = tmp_path / "outside"
    outside.mkdir(mode=0o755)
    ratings = tmp_path / "ratings.csv"
    ratings.write_text("reader,book,title,author,rating\n" + "a,1,Emma,Jane Austen,5\n")
    pack = ("neighbours", "build", ratings, outside / "pack", "--source", "us", "--licence", "ours")
    with umask(mask):
        for arguments in (
            ("migrate",),
            ("backup", outside / "saved.sqlite3"),
            ("restore", outside / "saved.sqlite3"),
            ("export", outside / "our-club"),
            pack,
        ):
            result = CliRunner().invoke(main, [str(argument) for argument in arguments])
            assert result.exit_code == 0, result.output

    assert len(list(folder.glob("bookclub-until-*"))) == 1
    assert readable_by_others(folder) == []
    assert (outside / "our-club" / "site" / "index.html").is_file()
    # A pack names no reader, and is made to be handed on.
    assert set(readable_by_others(outside)) <= {"pack"}


def test_a_mode_that_cannot_be_changed_is_logged(tmp_path, monkeypatch, caplog):
    file = tmp_path / "bookclub.sqlite3"
    file.touch(0o644)
    monkeypatch.setattr(Path, "chmod", lambda *_: (_ for _ in ()).throw(PermissionError(1, "not yours")))

    make_private(file)

    assert "bookclub.sqlite3 may be read by others (not yours)" in caplog.text
