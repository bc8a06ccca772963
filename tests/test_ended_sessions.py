"""The end of a session: requests that nobody clicked lead nowhere, and a member's pages are kept nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import bookclub
from tests.factories import PASSWORD, make_book, make_import

PACKAGE = Path(bookclub.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
SCRIPTS = [file for file in sorted((PACKAGE / "static" / "js").glob("*.js")) if ".min." not in file.name]
# What somebody does who wants something to happen.
ASKED = {"click", "submit"}
UNASKED = {"Unasked": "true"}
UNASKED_IN_SCRIPT = 'Unasked: "true"'


def unmarked_triggers(source: str) -> list[str]:
    """The tags and macro calls of a template that ask the club by themselves, and do not say so."""
    found = []
    pieces = re.findall(
        r"<[a-z][^<>]*(?:\{\{.*?\}\}[^<>]*)*>|\{\{\s*ui\.\w+\(.*?\)\s*\}\}", source, re.DOTALL
    )
    for piece in pieces:
        for trigger in re.findall(r"""hx[-_]trigger=["'](.*?)["']""", piece):
            events = {part.split()[0].partition("[")[0] for part in trigger.split(",")}
            if not events <= ASKED and not re.search(r"""hx[-_]headers=['"]?(?:\{\{ )?ui\.unasked""", piece):
                found.append(trigger)
    return found


def test_every_request_that_nobody_clicks_says_so():
    sources = {file: file.read_text("utf-8") for file in TEMPLATES}
    triggers = sum(len(re.findall(r"hx[-_]trigger=", source)) for source in sources.values())
    assert triggers >= 3

    assert {file.name: bad for file, source in sources.items() if (bad := unmarked_triggers(source))} == {}


@pytest.mark.parametrize(
    "source",
    [
        '<p hx-get="{{ url }}" hx-trigger="every 2s">x</p>',
        '<p hx-get="/" hx-trigger="click, load">x</p>',
        '{{ ui.field(form.body, hx_get=url_for("x"), hx_trigger="input changed delay:250ms") }}',
    ],
)
def test_a_trigger_that_does_not_say_so_is_found(source):
    assert unmarked_triggers(source)
    assert not unmarked_triggers(
        source.replace("hx-trigger", "hx-headers='{{ ui.unasked }}' hx-trigger").replace(
            "hx_trigger", "hx_headers=ui.unasked, hx_trigger"
        )
    )


def test_every_script_that_asks_the_club_says_so():
    asking = {file.name: file.read_text("utf-8") for file in SCRIPTS}
    # A service worker also passes on what the reader asked for, as it is; and a form is sent by its reader.
    calls = [
        (name, line)
        for name, text in asking.items()
        for line in text.splitlines()
        if "fetch(" in line and "fetch(request)" not in line and "fetch(form.action" not in line
    ]
    assert len(calls) >= 2
    assert not [
        name for name, text in asking.items() if re.search(r"XMLHttpRequest|sendBeacon|htmx\.ajax", text)
    ]

    assert [
        call for call in calls if "headers" not in call[1] or UNASKED_IN_SCRIPT not in asking[call[0]]
    ] == []


def test_the_mark_is_json_that_htmx_reads(app):
    assert json.loads(app.jinja_env.globals["ui"].unasked) == UNASKED


@pytest.mark.parametrize("address", ["/books/new?authors=Aus", "/mentions?q=emm", "/imports/1", "/session"])
def test_what_nobody_clicked_leads_nowhere(save, alice, visit, end_sessions, address):
    save(make_import(alice))
    client = visit(alice)
    assert client.get(address, headers=UNASKED).status_code == 200
    end_sessions()

    for more in ({}, {"HX-Request": "true", "HX-Current-URL": "http://localhost/books/new"}):
        answer = client.get(address, headers=UNASKED | more)
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer.headers
        assert "You have been signed out. What you typed is still on this page" in answer.text
        assert 'href="/sign-in" target="_blank"' in answer.text


def test_what_was_clicked_leads_to_the_sign_in_page(alice, visit, end_sessions):
    client = visit(alice)
    client.get("/books/new")
    end_sessions()
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/books/new"}

    assert (
        client.get("/books/new?look=Emma", headers=headers).headers["HX-Redirect"]
        == "/sign-in?next=/books/new"
    )


# What the browser keeps


def test_a_members_pages_are_kept_nowhere(save, alice, visit, visitor):
    save(make_book("Emma"))
    client = visit(alice)

    for address in ("/", "/books/emma", "/settings", "/nothing", "/my-library.csv"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
    assert visitor.get("/").headers["Cache-Control"] == "private, no-cache"
    assert client.get("/static/css/base.css", buffered=True).cache_control.max_age > 0


@pytest.mark.parametrize("way", ["/sign-out", "/settings/departure"])
def test_whoever_leaves_takes_their_pages_along(alice, visit, way):
    answer = visit(alice).post(way, data={"password": PASSWORD})

    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_page_names_its_member_without_saying_who(alice, bob, visit, visitor):
    def mark(client):
        found = re.search(r'<meta name="reader" content="([^"]+)">', client.get("/").text)
        return found and found[1]

    hers = mark(visit(alice))
    assert hers == mark(visit(alice)), "in her next session, too"
    assert hers != mark(visit(bob))
    assert mark(visitor) is None
    assert visit(alice).get("/session").text == hers
