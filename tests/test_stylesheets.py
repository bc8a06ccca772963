"""What holds of every stylesheet: none lays hands on members' prose but the one that is for it."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from flask import Flask

from bookclub import static_files
from bookclub.app import STYLESHEETS
from bookclub.static_files import STYLESHEET

# What a page may ask for, compressed as a proxy does it.
MOST_BYTES = 15_000
CSS = Path(__file__).parent.parent / "bookclub" / "static" / "css"
SHEETS = {sheet.stem: re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S) for sheet in CSS.glob("*.css")}
LAYERS = ["tokens", "base", "layout", "components", "prose", "utilities"]


def selectors(css: str) -> list[str]:
    """The selectors of a sheet, without the rules for layers and media around them."""
    return [found.strip() for found in re.findall(r"(?:^|[{};])\s*([^{};@]+)(?=\{)", css)]


def test_prose_comes_after_all_that_lays_pages_out():
    assert re.search(r"@layer ([^;{]+);", SHEETS["tokens"])[1].split(", ") == LAYERS


def test_prose_begins_by_undoing_what_others_say_of_its_elements():
    assert ".prose :where(*) { all: revert;" in SHEETS["prose"]


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_every_rule_stands_in_its_layer(name):
    layers = re.findall(r"@layer (\w+) \{", SHEETS[name])

    assert layers
    assert set(layers) <= set(LAYERS)
    assert ("prose" in layers) == (name == "prose")
    # What is important in an earlier layer wins over all that comes later.
    assert "!important" not in SHEETS[name]


@pytest.mark.parametrize("name", sorted(set(SHEETS) - {"prose"}))
def test_no_other_sheet_reaches_into_prose(name):
    assert selectors(SHEETS[name])
    assert [each for each in selectors(SHEETS[name]) if re.search(r"\.prose\b[^,]*[\s>+~]\S", each)] == []
    assert [each for each in selectors(SHEETS[name]) if ".spoiler" in each] == []


def test_what_comes_after_prose_speaks_of_no_element_in_it():
    """On paper a paragraph may be kept together, and who wants no motion gets none: nothing else."""
    allowed = {"*", "::before", "::after", "figure", "blockquote", "li", "h1", "h2", "h3", "h4", "h5", "h6"}
    parts = {part.strip() for each in selectors(SHEETS["utilities"]) for part in each.split(",")}
    elements = {part for part in parts if re.fullmatch(r"\*|::\w+|[a-z]\w*", part) and part not in allowed}

    assert elements <= {"form", "button", "main", "header"}


def joined(client) -> str:
    """The stylesheet as a page asks for it."""
    page = client.get("/sign-in").text
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert address.startswith(f"/static/{STYLESHEET}?v=")
    answer = client.get(address, buffered=True)
    assert answer.mimetype == "text/css"
    assert answer.cache_control.max_age == 365 * 24 * 3600
    return answer.text


def test_a_page_asks_for_all_sheets_at_once(app):
    text = joined(app.test_client())

    assert set(STYLESHEETS) | {"archive"} == set(SHEETS)
    # All rules are there in their order, and nothing but their comments is left out.
    assert "".join(text.split()) == "".join("".join(SHEETS[name].split()) for name in STYLESHEETS)
    assert "/*" not in text
    assert len(gzip.compress(text.encode(), 6)) < MOST_BYTES


def test_the_joined_sheet_is_not_sent_again(app):
    client = app.test_client()
    first = client.get(f"/static/{STYLESHEET}")

    again = client.get(f"/static/{STYLESHEET}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_nobody_keeps_a_file_of_another_version(app):
    """While one is replaced by the next, a page of the new one may reach a process of the old one."""
    for path in (STYLESHEET, "js/app.js"):
        answer = app.test_client().get(f"/static/{path}?v=000000000000", buffered=True)

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Expires" not in answer.headers


@pytest.mark.parametrize("debug", [True, False])
def test_an_edited_sheet_shows_on_reload_while_debugging(tmp_path, debug):
    edited = Flask("edited", static_folder=str(tmp_path))
    (tmp_path / "css").mkdir()
    for name, rule in (("tokens", ":root { color: red }"), ("base", "a { color: blue }")):
        (tmp_path / "css" / f"{name}.css").write_text(rule)
    edited.debug = debug
    address = static_files.init_app(edited, ("tokens", "base"))
    before = address(STYLESHEET)

    (tmp_path / "css" / "base.css").write_text("a { color: green }")

    assert (address(STYLESHEET) != before) == debug
    shown = edited.test_client().get(address(STYLESHEET)).text
    assert shown == ":root { color: red }a { color: " + ("green }" if debug else "blue }")
