"""What is in the wheel, and what an editable install brings; built here, with nothing downloaded."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
pytest.importorskip("hatchling", reason="hatchling, which builds the wheel, is not installed")


def built(what: str, root: Path, target: Path) -> Path:
    """The archive that the build backend makes of the project in ``root``."""
    code = f"import sys, hatchling.build as backend; print(backend.build_{what}(sys.argv[1]))"
    target.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", code, str(target)], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return target / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout."""
    return built("wheel", ROOT, tmp_path_factory.mktemp("wheel") / "here")


def names_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as file:
        return file.namelist()


def test_the_wheel_holds_all_that_the_package_does(wheel):
    in_checkout = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "bookclub").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    migrations = {
        f"bookclub/{file.relative_to(ROOT).as_posix()}"
        for file in (ROOT / "migrations").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert "bookclub/static/js/htmx-4.0.1.min.js" in in_checkout
    assert "bookclub/demo/books.toml" in in_checkout
    assert "bookclub/migrations/env.py" in migrations

    names = names_in(wheel)

    assert {name for name in names if name.startswith("bookclub/")} == in_checkout | migrations
    assert len(names) == len(set(names))


def test_the_wheel_holds_nothing_else(wheel):
    elsewhere = {name for name in names_in(wheel) if not name.startswith("bookclub/")}

    assert {name.partition("/")[2] for name in elsewhere} == {
        "METADATA",
        "RECORD",
        "WHEEL",
        "entry_points.txt",
        "licenses/LICENSE",
    }


def test_the_wheel_brings_the_command(wheel):
    (entry_points,) = (name for name in names_in(wheel) if name.endswith("entry_points.txt"))
    with zipfile.ZipFile(wheel) as file:
        assert b"bookclub = bookclub.cli.main:main" in file.read(entry_points)


def test_an_editable_install_brings_no_second_copy_of_anything(tmp_path):
    names = names_in(built("editable", ROOT, tmp_path / "editable"))

    assert [name for name in names if name.startswith("bookclub/")] == []
    assert [name for name in names if name.endswith(".pth")]


def test_the_source_archive_builds_the_same_wheel(wheel, tmp_path):
    with tarfile.open(built("sdist", ROOT, tmp_path / "source")) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (root,) = (tmp_path / "unpacked").iterdir()

    assert sorted(names_in(built("wheel", root, tmp_path / "again"))) == sorted(names_in(wheel))


def test_the_wheel_serves_a_club_from_an_empty_folder(wheel, tmp_path):
    """The migrations, templates and static files are found where the wheel puts them, not in the checkout."""
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path / "installed")
    folder = tmp_path / "folder"
    folder.mkdir()
    code = """
import bookclub.app
from bookclub.config import Settings
from bookclub.schema import close, create_upgraded_app

print(bookclub.app.migrations_folder())
app = create_upgraded_app(Settings.from_environ())
visitor = app.test_client()
for path in ("/healthz", "/sign-in", "/static/css/base.css", "/static/js/htmx-4.0.1.min.js"):
    print(visitor.get(path).status_code, path)
close(app)
"""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BOOKCLUB_")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    where, *answers = done.stdout.splitlines()
    assert Path(where) == tmp_path / "installed" / "bookclub" / "migrations"
    assert all(answer.startswith("200 ") for answer in answers), answers
    assert (folder / "instance" / "bookclub.sqlite3").is_file()
