"""The story, told once on each database and copied for whoever changes it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from bookclub.app import create_app
from bookclub.config import Settings
from bookclub.link_previews import png
from bookclub.schema import close
from bookclub.search import rules
from bookclub.search.throttle import Throttle
from tests.crawl import words_in
from tests.spoilers.story import END, Story, Told, tell, up_to

Copies = Callable[[], AbstractContextManager[Story]]


class Patience(Throttle):
    """A throttle that lets the walkers search, and ask for pictures, as often as they need to."""

    def take(self, subject: str, most: int) -> bool:
        return True


def open_app(folder: Path, url: str) -> Flask:
    """The application over this database; its sessions hold in every copy."""
    app = create_app(Settings.for_folder(folder, database_url=url, secret_key="known" * 8, testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions["bookclub_searches"] = app.extensions["bookclub_pictures_drawn"] = Patience()
    return app


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tell the story on SQLite, or on the databases that the ``databases`` mark names.

    tests/test_predicate_model.py compares what both databases let through, and tests/test_guard.py sends
    every query to both.
    """
    if "copies" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("databases")
        databases = marked.args if marked else ("sqlite",)
        metafunc.parametrize("copies", databases, indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def quick_searches() -> Iterator[None]:
    """Let the walkers search hundreds of words without a rest after each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "LEAST_TIME", 0)
        yield


@pytest.fixture(scope="session")
def copies(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copies]:
    """``with copies() as story:`` is a copy of the story in a database of its own."""
    folder = tmp_path_factory.mktemp("story")
    if request.param == "sqlite":
        file = folder / "told.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        told = _tell(folder, f"sqlite:///{file}")

        @contextmanager
        def database() -> Iterator[str]:
            copy = tmp_path_factory.mktemp("story") / "copy.sqlite3"
            shutil.copyfile(file, copy)
            yield f"sqlite:///{copy}"

        yield _copying(folder, told, database)
        return
    server = request.getfixturevalue("postgres_server")
    with server.database() as url:
        told = _tell(folder, url)
        yield _copying(folder, told, lambda: server.database(like=url))


def _tell(folder: Path, url: str) -> Told:
    app = open_app(folder, url)
    told = tell(app)
    close(app)
    return told


def _copying(folder: Path, told: Told, database: Callable[[], AbstractContextManager[str]]) -> Copies:
    @contextmanager
    def copy() -> Iterator[Story]:
        with database() as url:
            app = open_app(folder, url)
            yield Story(app, told)
            close(app)

    return copy


@pytest.fixture(scope="session")
def read_story(copies: Copies) -> Iterator[Story]:
    """The story for those who only read. What each reader is sent from everywhere is asked for once."""
    with copies() as story:
        yield story


@pytest.fixture(scope="session")
def telling(read_story: Story) -> list[str]:
    """Pages on which who has finished comes by a word: of each kind as many as hold all words of the kind.

    Single comments and turned pages aside.
    """
    router = read_story.app.url_map.bind("localhost")
    whole = [url for url in read_story.addresses if "?" not in url and not url.startswith("/comments/")]
    pages, met = {}, set()
    for url, sent in read_story.read("finished", whole).items():
        kind = router.match(url)[0]
        new = {(kind, word) for word in sent.words} - met
        if new:
            met |= new
            pages[url] = sent
    assert words_in(pages) == up_to(END)
    return list(pages)


@pytest.fixture
def story(copies: Copies) -> Iterator[Story]:
    """The story to be changed."""
    with copies() as story:
        yield story


@pytest.fixture(scope="session", autouse=True)
def legible_pictures() -> Iterator[None]:
    """Pictures answer with the drawings that they are made of, in which words can be found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(png, "render_png", str.encode)
        yield
