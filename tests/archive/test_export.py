"""The command export: a folder that is whole or not there, and pages that hold together on a disk."""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from jinja2 import nodes

from bookclub.archive.folder import FolderError, fill_folder
from bookclub.archive.site import PAGES
from bookclub.cli.main import main
from bookclub.config import Settings
from bookclub.extensions import begin_write, db, utcnow
from bookclub.lib.positions.places import END
from bookclub.lib.text.markdown import render
from bookclub.members.models import Club
from bookclub.rounds.models import Tally
from bookclub.schema import close, create_upgraded_app
from tests.archive.test_views_own import ballot
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_copy,
    make_draft,
    make_meeting,
    make_member,
    make_nomination,
    make_picture,
    make_reading,
    make_review,
    make_round,
    make_thread,
)

LEADS = (
    "[[Emma]] [a](/members/Alice) [b](/comments/{comment}) [c](/reviews/1) [d](/settings) [e](/books/gone)"
)


@pytest.fixture(scope="module")
def club(tmp_path_factory) -> Path:
    """The data folder of a club that has a bit of everything."""
    folder = tmp_path_factory.mktemp("club")
    app = create_upgraded_app(Settings.for_folder(folder, testing=True))
    with app.app_context():
        begin_write()
        alice, bob = make_member("alice"), make_member("bob", role="organiser")
        emma, other = make_book("Emma", isbn="9780141439587"), make_book("Übung: <b>", slug="uebung")
        db.session.add_all([alice, bob, emma, other])
        db.session.flush()
        pictures = make_picture(bob, book_id=emma.id), make_picture(bob, of_club=True)
        face = make_picture(alice, portrait_of_id=alice.id)
        db.session.add_all([*pictures, face])
        db.session.flush()
        emma.cover_id, alice.portrait_id = pictures[0].id, face.id
        db.session.add_all([*(make_copy(each) for each in pictures), make_copy(face, content=b"canaryface")])
        db.session.get(Club, 1).current_book_id = emma.id
        db.session.get(Club, 1).picture_id = pictures[1].id
        review = make_review(alice, emma, "Fine. ||canarybars||", title="On Emma")
        locked = make_review(bob, emma, "canarylocked", horizon=END, title="The end")
        thread = make_thread(bob, emma, "The picnic")
        opening = make_comment(thread, bob, "Badly done.")
        asked = make_ask(alice, "What next?", book=emma)
        private = make_reading(alice, other, position=END, rating=9, is_private=True, notes="canarynotes")
        secret = make_round(
            bob, voting=True, title="In private", secrecy="private", settled_at=utcnow(), outcome="void",
            turnout=1, electorate=2, ballot_key="canarykey".ljust(64, "0"),
        )  # fmt: skip
        db.session.add_all([review, locked, opening, asked, private, secret])
        db.session.add_all(
            [make_reading(alice, emma, position=END, rating=9), make_draft(alice, other, "canarydraft")]
        )
        db.session.flush()
        opening.path, words = f"{opening.id:06}", LEADS.format(comment=opening.id)
        linked = make_comment(thread, alice, words, parent=opening)
        linked.body_html = linked.safe_html = render(words, {"emma": "/books/emma"}).html
        nomination = make_nomination(secret, other, bob, "A pitch.")
        db.session.add_all([linked, make_answer(asked, bob, other, "Because."), nomination])
        db.session.flush()
        linked.path = f"{opening.path}{linked.id:06}"
        db.session.add_all([Tally(round_id=secret.id), ballot(secret, alice, {str(nomination.id): 1})])
        met = {"place": "canaryplace", "link": "https://canarylink.example.org", "access": "canaryaccess"}
        db.session.add(make_meeting(bob, emma, title="At the library", horizon=4000, read_until="40", **met))
        db.session.commit()
    close(app)
    return folder


@pytest.fixture
def export(club, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_DATA", str(club))
    monkeypatch.delenv("BOOKCLUB_DATABASE_URL", raising=False)

    def export(*arguments: object):
        return CliRunner().invoke(main, ["export", *map(str, arguments)])

    return export


def everything_in(folder: Path) -> str:
    return "\n".join(
        file.read_text() for file in folder.rglob("*") if file.is_file() and file.suffix != ".css"
    )


def lines_of(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_a_club_is_written_for_programs_and_to_be_read(export, tmp_path):
    answer = export(tmp_path / "copy")

    assert answer.exit_code == 0, answer.output
    assert str(tmp_path / "copy" / "site" / "index.html") in answer.output
    assert "--all" in answer.output
    (review, locked) = lines_of(tmp_path / "copy" / "reviews.jsonl")
    assert (review["body"], locked["body"], locked["horizon"]) == ("Fine. (spoiler)", None, END)
    names = {row["username"] for row in lines_of(tmp_path / "copy" / "members.jsonl")}
    assert names == {"alice", "bob"}
    page = (tmp_path / "copy" / "site" / "reviews" / "2.html").read_text()
    assert "Left out of this copy." in page
    assert "Bob, for people who have finished." in page
    meetings = (tmp_path / "copy" / "site" / "meetings.html").read_text()
    assert "At the library" in meetings
    assert "Read up to 40" in meetings
    assert "canary" not in everything_in(tmp_path / "copy")


def test_covers_and_the_club_s_picture_go_along_and_no_member_s(export, tmp_path):
    assert export(tmp_path / "copy", "--all").exit_code == 0

    rows = lines_of(tmp_path / "copy" / "pictures.jsonl")
    cover, emblem = sorted(rows, key=lambda row: bool(row["of_club"]))
    emma = next(row for row in lines_of(tmp_path / "copy" / "books.jsonl") if row["title"] == "Emma")
    assert (cover["book_id"], emma["cover_id"]) == (emma["id"], cover["id"])
    (club,) = lines_of(tmp_path / "copy" / "club.jsonl")
    assert club["picture_id"] == emblem["id"]
    files = {file.name for file in (tmp_path / "copy" / "pictures").iterdir()}
    assert files == {Path(row["file"]).name for row in rows}
    site = tmp_path / "copy" / "site"
    page = (site / "books" / "emma.html").read_text()
    assert f'<img class="cover" src="../{cover["file"]}" width="160"' in page
    front = (site / "index.html").read_text()
    assert f'<img class="emblem" src="{emblem["file"]}" width="80"' in front
    for page in site.rglob("*.html"):
        for source in re.findall(r'<img[^>]* src="([^"]*)"', page.read_text()):
            assert (page.parent / source).is_file(), (page, source)
    # Books without a cover are drawn.
    assert '<svg class="cover"' in (site / "books" / "uebung.html").read_text()


def test_with_all_every_published_text_is_there_and_still_nothing_private(export, tmp_path):
    assert export(tmp_path / "copy", "--all").exit_code == 0

    copy = everything_in(tmp_path / "copy")
    assert set(re.findall(r"canary\w+", copy)) == {
        "canaryaccess", "canarybars", "canarylink", "canarylocked", "canaryplace",
    }  # fmt: skip
    assert "@example.org" not in copy
    assert "$argon2" not in copy
    assert "7Q2M-8RZX" not in copy, "a private ballot"
    readings = lines_of(tmp_path / "copy" / "readings.jsonl")
    assert [reading["rating"] for reading in readings] == [4.5]


def test_every_link_on_every_page_opens_a_file_and_nothing_comes_from_elsewhere(export, tmp_path):
    assert export(tmp_path / "copy").exit_code == 0

    site = tmp_path / "copy" / "site"
    pages = list(site.rglob("*.html"))
    assert len(pages) >= 15
    for page in pages:
        text = page.read_text()
        own = r'\ssrc=(?!"(?:\.\./)*pictures/\d+\.webp")'
        assert not re.search(rf"<script|<style|\sstyle=|\son\w+=|\ssrcset=|{own}", text), page
        for address in re.findall(r'\bhref="([^"]*)"', text):
            parts = urlsplit(address)
            assert not parts.scheme, (page, address)
            assert not address.startswith("/"), (page, address)
            target = (page.parent / parts.path) if parts.path else page
            assert target.is_file(), (page, address)
            if parts.fragment and parts.fragment != "main":
                assert f'id="{parts.fragment}"' in target.read_text(), (page, address)
    said = (site / "threads").glob("*.html")
    linked = next(text for page in said if "Badly done." in (text := page.read_text()))
    for lead in ('"../books/emma.html"', '"../members/alice.html"', "#comment-", '"../reviews/1.html"'):
        assert lead in linked
    assert "<a>d</a>" in linked
    assert "<a>e</a>" in linked


def test_fragments_of_the_export_lead_to_its_pages_alone(app):
    templates = Path(app.root_path) / "templates"
    waiting, led, read = [*(templates / "archive" / "site").glob("*.html")], set(), set()
    while waiting:
        read.add(file := waiting.pop())
        tree = app.jinja_env.parse(file.read_text(encoding="utf-8"))
        included = {templates / include.template.value for include in tree.find_all(nodes.Include)}
        waiting += included - read
        calls = [call for call in tree.find_all(nodes.Call) if getattr(call.node, "name", "") == "url_for"]
        led |= {call.args[0].value for call in calls}

    assert templates / "reviews" / "_words.html" in read, "fragments of live pages are among them"
    assert led == PAGES.keys()


def test_a_folder_that_holds_something_is_left_alone(export, tmp_path):
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "mine.txt").write_text("mine")

    answer = export(tmp_path / "copy")

    assert answer.exit_code == 1
    assert "new or empty" in answer.output
    assert [file.name for file in tmp_path.rglob("*")] == ["copy", "mine.txt"]
    (tmp_path / "copy" / "mine.txt").unlink()
    assert export(tmp_path / "copy").exit_code == 0, "an empty one will do"
    assert "There is no folder" in export(tmp_path / "nowhere" / "copy").output


def test_a_failed_export_leaves_no_connection_open(export, club, tmp_path, monkeypatch):
    def fail(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("bookclub.archive.json_lines.write_lines", fail)

    answer = export(tmp_path / "copy")

    assert "is full" in answer.output
    assert not list(club.glob("*-wal")), "a connection is still open"


def test_a_full_disk_is_said_in_words_and_nothing_is_left_behind(tmp_path):
    def fill(folder: Path) -> None:
        with fill_folder(folder) as draft:
            (draft / "books.jsonl").write_text("{}")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(FolderError, match=r"disk .* is full"):
        fill(tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
