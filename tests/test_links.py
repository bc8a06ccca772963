"""Every link of a full club leads somewhere, and every page is whole, for each who reads there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bookclub.app import create_app
from bookclub.archive.site import Site
from bookclub.books.models import Author, AuthorSpelling, Book
from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.link_previews import png
from bookclub.members.models import Club, Member, MemberSession
from bookclub.members.queries import hash_token
from bookclub.schema import close
from bookclub.threads import rules as of_threads
from tests import pseudo_language
from tests.conftest import NO_VNU, cannot_run
from tests.crawl import rows
from tests.links import directions, full_club
from tests.links.markup import Markup
from tests.links.walk import Answer, Walk
from tests.test_pseudo_language import english_words

# The checker recurses deeply; and a short run of Java starts quickly with these.
QUICK_START = ("-Xss8m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
COPY = "the copy"
READERS = ("stranger", "visitor", "bob", "olive")
# Of the rows that an address can mean so many are asked for; links lead to the others.
ROWS = 3
# Titles that a book and an author had before an edit.
OLD = {"An Otter Year", "Moor, TQ"}
# A page of a thread holds so few comments that a short thread takes several.
PAGE = 5


@pytest.fixture(scope="module")
def club(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Speaking]:
    """The full club, where nothing that is asked for or sent lasts, in the made-up language.

    Links and markup do not hang on the database, nor on the language: one walk of each reader looks for what
    leads nowhere, for markup, for words that turn others around, and for English.
    """
    folder = tmp_path_factory.mktemp("links")
    shutil.copyfile(sqlite_template, folder / "bookclub.sqlite3")
    app = create_app(Settings.for_folder(folder, testing=True))
    app.config["WTF_CSRF_ENABLED"] = False
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of_threads, "PAGE_SIZE", PAGE)
        patch.setattr(png, "render_png", read_drawing)
        addresses = full_club.build(app)
        with app.app_context():
            begin_write()
            names = fixed_names()
            pseudo_language.turn_words_greek()
            directions.turn()
            db.session.commit()
        pseudo_language.speak(app, folder)
        yield Speaking(app, addresses, names)
    close(app)


def read_drawing(svg: str) -> bytes:
    """Read a drawing as XML instead of making a picture of it, which takes 40 ms for each link to one."""
    ElementTree.fromstring(svg)
    return svg.encode()


class Speaking(NamedTuple):
    """The club, addresses that nothing but a mail or a message holds, and names that stay as they are."""

    app: Flask
    addresses: dict[str, str]
    names: set[str]


def fixed_names() -> set[str]:
    """Names and addresses of members, and titles and authors: rounds and logs keep those as they were."""
    columns = (Member.username, Member.email, Book.title, Author.name, AuthorSpelling.name)
    return {name for column in columns for name in db.session.execute(select(column)).scalars() if name} | OLD


class Walks(Mapping[str, Walk]):
    """For each reader what they met, and what there is in the copy that an organiser takes home.

    Each sets out when somebody asks what they met.
    """

    def __init__(self, app: Flask, addresses: Iterable[str], folder: Path) -> None:
        self.app, self.addresses, self.folder = app, tuple(addresses), folder
        self._met: dict[str, Walk] = {}

    def __getitem__(self, who: str) -> Walk:
        if who not in self._met:
            if who == COPY:
                self._met[who] = walk_through_copy(self.app, self.folder)
            else:
                self._met[who] = walk(self.app, who, [*seeds(self.app), *self.addresses])
        return self._met[who]

    def __iter__(self) -> Iterator[str]:
        return iter((*READERS, COPY))

    def __len__(self) -> int:
        return len(READERS) + 1


@pytest.fixture(scope="module")
def walks(club: Speaking, tmp_path_factory: pytest.TempPathFactory) -> Walks:
    return Walks(club.app, club.addresses.values(), tmp_path_factory.mktemp("copy") / "site")


def walk(app: Flask, who: str, addresses: list[str]) -> Walk:
    cookie = prepare(app, who)

    def ask(method: str, address: str, fields: dict[str, str] | None) -> Answer:
        # A client of its own for each, so that no answer touches the next.
        client = app.test_client(use_cookies=False)
        answer = client.open(address, method=method, data=fields, headers={"Cookie": cookie}, buffered=True)
        html = answer.text if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400 else ""
        return Answer(answer.status_code, answer.location or "", html)

    found = Walk(ask)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", Session.flush)
        found.go(addresses)
    return found


def walk_through_copy(app: Flask, folder: Path) -> Walk:
    """Follow the links from file to file."""
    with app.app_context():
        Site(app, folder, everything=True).write()

    def ask(_method: str, address: str, _fields: dict[str, str] | None) -> Answer:
        file = folder / unquote(address).lstrip("/")
        if not file.is_file():
            return Answer(404)
        return Answer(200, html=file.read_text(encoding="utf-8") if file.suffix == ".html" else "")

    found = Walk(ask)
    found.go(f"/{file.relative_to(folder).as_posix()}" for file in sorted(folder.rglob("*.html")))
    return found


def prepare(app: Flask, who: str) -> str:
    """Open the club or shut it, and sign a member in. Returns their cookie."""
    token = f"the-session-of-{who}"
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(is_public=who != "stranger"))
        member = db.session.scalar(select(Member).where(Member.username == who))
        if member:
            db.session.add(MemberSession(member_id=member.id, token_hash=hash_token(token)))
        db.session.commit()
    if member is None:
        return ""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return f"bookclub_session={client.get_cookie('bookclub_session').value}"


def seeds(app: Flask) -> list[str]:
    """An address of every route that can be asked for, with a few of the rows that it can mean."""
    found = ["/"]
    with app.app_context():
        for rule in app.url_map.iter_rules():
            if "GET" in rule.methods and rule.endpoint != "static":
                names = list(rule._converters)
                most = ROWS if len(names) == 1 else 2
                for values in product(*(few(rows(rule, name), most) for name in names)):
                    _, path = rule.build(dict(zip(names, values, strict=True)), append_unknown=False)
                    found.append(path)
    return found


def few(values: list, most: int) -> list:
    """Some of many, from all of their length."""
    return values[:: max(1, -(-len(values) // most))]


def test_every_page_is_whole_for_each_who_reads_there(club, walks, subtests, tmp_path):
    """One test, so that one worker makes the walks: they take longer than all that is looked for in them."""
    for who, found in walks.items():
        with subtests.test("every link leads somewhere", who=who):
            assert not found.faults, "\n".join(found.faults)
        with subtests.test("words from right to left turn nothing else around", who=who):
            assert any(directions.WORD in page for page in found.samples.values())
            assert not found.turned, "\n".join(
                f"{page} holds {fault}" for fault, page in found.turned.items()
            )
    for who in READERS[1:]:
        with subtests.test("no page holds English in another language", who=who):
            assert not (english := english_in(walks[who], club.names)), "\n".join(english)
    with subtests.test("the walk comes by every page there is"):
        assert routes_that_are_read(club.app) - routes_reached(club.app, walks) == set()
    with subtests.test("the HTML of every page is valid"):
        assert not (wrong := invalid_html(walks, tmp_path)), "\n".join(wrong)


def english_in(walk: Walk, names: set[str]) -> list[str]:
    """English words in the pages of a walk, each with the address of a page that holds it."""
    found = {}
    for address, page in walk.samples.items():
        for text in english_words(page, names):
            found.setdefault(text, address)
    return [f"{address}: {text}" for text, address in found.items()]


def routes_that_are_read(app: Flask) -> set[str]:
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in rule.methods}


def routes_reached(app: Flask, walks: Walks) -> set[str]:
    """The routes by which somebody came to a page."""
    adapter = app.url_map.bind("localhost")
    return {
        adapter.match(address.partition("?")[0])[0]
        for who in READERS
        for address, answer in walks[who].met.items()
        if answer.status < 400
    }


def invalid_html(walks: Walks, tmp_path: Path) -> list[str]:
    """What the checker says of the pages. Of those that are made alike one is enough: each takes 20 ms."""
    jar, java = os.environ.get("BOOKCLUB_TEST_VNU"), shutil.which("java")
    if not jar or not java:
        cannot_run(NO_VNU, "no Java on the PATH" if not java else "BOOKCLUB_TEST_VNU does not name vnu.jar")
    names, made = {}, set()
    # Of a page that two readers met alike the checker needs one; who reads most comes first.
    for who, found in sorted(walks.items(), key=lambda walk: -len(walk[1].samples)):
        for address, page in found.samples.items():
            if new := Markup(page).made_of() - made:
                made |= new
                name = f"{len(names)}.html"
                names[name] = f"{who} {address}"
                (tmp_path / name).write_text(page, encoding="utf-8")
    # What htmx reads is no HTML, and nobody else reads it.
    ours = ["--errors-only", "--filterpattern", ".*Attribute .hx-.*"]
    said = subprocess.run(
        [
            java,
            *QUICK_START,
            "-jar",
            jar,
            *ours,
            "--format",
            "json",
            "--exit-zero-always",
            "--stdout",
            tmp_path,
        ],
        capture_output=True,
        check=True,
        timeout=300,
    )
    return [
        f"{names[Path(each['url']).name]}: {each['message']} {each.get('extract', '')!r}"
        for each in json.loads(said.stdout)["messages"]
    ]
