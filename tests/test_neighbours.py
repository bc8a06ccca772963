"""Neighbour packs: made from a table of ratings, loaded into a club, shown with their source, removed."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bookclub.cli.main import main
from bookclub.extensions import begin_write, db
from bookclub.lib.recommender.pack_files import read_pack
from bookclub.lib.text.emphasis import plain_text
from bookclub.recommendations.actions import load_pack, remove_pack
from bookclub.recommendations.suggestions import suggestions_for
from tests.factories import make_author, make_book, make_reading

pytestmark = pytest.mark.databases("sqlite", "postgresql")

TITLES = {"1": "Emma", "2": "Dune", "3": "Ulysses", "4": "Beowulf", "5": "Walden"}


@pytest.fixture
def table(tmp_path):
    """Ten readers, all of whom read the first three books; seven of them read Beowulf, and two Walden."""
    rows = ["reader,book,rating,title,author"]
    for reader in range(10):
        books = ["1", "2", "3", *(["4"] if reader < 7 else []), *(["5"] if reader > 7 else [])]
        rows += [f"{reader},{book},5,{TITLES[book]},Somebody" for book in books]
    file = tmp_path / "ratings.csv"
    file.write_text("\n".join(rows), "utf-8")
    return file


def run(*arguments):
    return CliRunner().invoke(main, ["neighbours", *map(str, arguments)])


def build(table, pack):
    return run("build", table, pack, "--source", "Ten readers", "--licence", "CC BY-SA 4.0")


def test_a_pack_speaks_for_books_with_its_source_until_it_is_removed(
    app, visit, save, alice, table, tmp_path
):
    pack = tmp_path / "ten.pack"
    assert build(table, pack).exit_code == 0
    somebody = save(make_author("Somebody"))
    books = {title: save(make_book(title, author=somebody)) for title in TITLES.values()}
    for title in ("Emma", "Dune", "Ulysses"):
        save(make_reading(alice, books[title], status="finished", rating=10))
    client = visit(alice)
    assert "Ten readers" not in client.get("/recommendations").text

    with app.app_context(), pack.open("rb") as file:
        begin_write()
        assert load_pack(read_pack(file), books["Emma"].added_at) == 5
        db.session.commit()
        found = suggestions_for(alice.id)
    # Nothing that many readers share speaks for Walden, and a book without a reason is not suggested.
    assert [entry.book.title for entry in found.entries] == ["Beowulf"]
    told = [plain_text(reason) for reason in found.entries[0].reasons]
    assert any("7 of the 10 readers of" in reason and "Ten readers" in reason for reason in told), told
    assert "Ten readers, CC BY-SA 4.0" in client.get("/recommendations").text

    with app.app_context():
        begin_write()
        remove_pack()
        db.session.commit()
    assert "Ten readers" not in client.get("/recommendations").text


def test_a_club_takes_a_pack_by_command(table, tmp_path, monkeypatch):
    monkeypatch.setenv("BOOKCLUB_DATA", str(tmp_path / "club"))
    pack = tmp_path / "ten.pack"
    built = build(table, pack)
    assert "5 books, 10 readers" in built.output

    loaded = run("load", pack)
    assert loaded.exit_code == 0, loaded.output
    assert "0 of the pack's 5 books are in the catalogue" in loaded.output
    assert run("remove").exit_code == 0


def test_what_is_no_table_or_no_pack_is_refused_in_a_line(table, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n", "utf-8")
    refused = build(bad, tmp_path / "x.pack")
    assert refused.exit_code == 2
    assert "no column" in refused.output
    assert not (tmp_path / "x.pack").exists()

    refused = run("load", bad)
    assert refused.exit_code == 2
    assert "cannot be read" in refused.output

    pack = tmp_path / "ten.pack"
    build(table, pack)
    again = build(table, pack)
    assert again.exit_code == 2
    assert "exists" in again.output
