"""The hosts that a club answers to, and where the links that it hands out lead."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import bookclub
from bookclub.app import create_app
from bookclub.hosts import MISDIRECTED, is_known_host
from bookclub.schema import close
from tests.factories import make_invitation

EVIL = "evil.example"
PUBLIC = "https://books.example.org"
KNOWN = [
    "localhost", "localhost:5000", "LOCALHOST", "localhost.", "club.localhost", "127.0.0.1:5000", "127.8.8.8",
    "10.0.0.7", "172.16.3.4", "192.168.1.20:5000", "169.254.9.9", "100.64.1.2", "[::1]", "[::1]:5000",
    "[fe80::1]", "[fd12:3456::1]:80", "[::ffff:192.168.1.20]", "nas", "nas:5000", "nas.local", "nas.lan:5000",
    "nas.home.arpa", "books.internal",
]  # fmt: skip
UNKNOWN = [
    EVIL, "evil.example:5000", "localhost.evil.example", "127.0.0.1.evil.example", "nas.fritz.box", "8.8.8.8",
    "[2001:4860:4860::8888]", "[::ffff:8.8.8.8]", "books.example.org", "evil.locals", ".local.",
    "2130706433.evil.example", "localhost@evil.example", "evil.example#localhost", "[::1", "[1::2::3]",
    "a b", "", ":5000",
]  # fmt: skip
# What asks for the Host header: to make a link of it, or to compare another address with it.
FROM_HOST = re.compile(r"_external|host_url|url_root|\bbase_url|request\.(?:host|url)\b|\.is_secure")
MAY_ASK_FOR_HOST = {"hosts.py", "addresses.py", "ended_sessions.py", "dry_run.py"}


@pytest.fixture
def club(settings):
    """``club(url=…)`` is an application with these settings, whose forms want no CSRF token."""
    apps = []

    def club(**changed):
        app = create_app(replace(settings, **changed))
        app.config["WTF_CSRF_ENABLED"] = False
        apps.append(app)
        return app

    yield club
    for app in apps:
        close(app)


@pytest.mark.parametrize("host", KNOWN)
def test_hosts_of_a_home_network_are_known(host):
    assert is_known_host(host, None)
    assert is_known_host(host, PUBLIC)


@pytest.mark.parametrize("host", UNKNOWN)
def test_any_other_host_is_unknown(host):
    assert not is_known_host(host, None)


def test_the_public_address_is_known_in_any_spelling():
    assert is_known_host("books.example.org:8443", PUBLIC)
    assert is_known_host("Books.Example.org.", PUBLIC)
    assert is_known_host("xn--bcher-kva.example", "https://b\u00fccher.example")
    assert not is_known_host("www.books.example.org", PUBLIC)


@pytest.mark.parametrize("url", [None, PUBLIC])
def test_no_page_names_an_unknown_host(app, visit, olive, settings, club, url):
    session = visit(olive).get_cookie("bookclub_session").value
    app = club(url=url)
    client = app.test_client()
    client.set_cookie("bookclub_session", session, domain=EVIL)
    told = {"Host": EVIL, "Referer": f"http://{EVIL}/members"}
    walked = 0
    for rule in app.url_map.iter_rules():
        address = re.sub(r"<[^>]+>", "1", rule.rule)
        for method in rule.methods & {"GET", "POST"}:
            for more in ({}, {"HX-Request": "true", "HX-Current-URL": f"http://{EVIL}/books"}):
                answer = client.open(
                    address,
                    method=method,
                    headers=told | more,
                    data={"body": "words"} if method == "POST" else None,
                )
                assert answer.status_code == MISDIRECTED, address
                assert EVIL not in answer.text + str(answer.headers), address
                assert (url or "BOOKCLUB_URL") in answer.text
                walked += 1
    assert walked > 200
    # The same for what Werkzeug would redirect by itself.
    assert client.get("//books", headers=told).status_code == MISDIRECTED


def test_what_was_typed_at_an_unknown_host_comes_back(club):
    answer = club().test_client().post("/sign-in", data={"body": "my words"}, headers={"Host": EVIL})

    assert "my words</textarea>" in answer.text


def test_links_for_others_lead_to_the_public_address(visit, save, olive, alice, app, club):
    save(make_invitation(olive))
    session = visit(olive).get_cookie("bookclub_session").value
    client = club(url=PUBLIC).test_client()
    client.set_cookie("bookclub_session", session, domain="192.168.1.20")
    home = {"base_url": "http://192.168.1.20:5000"}

    link = client.post("/members/alice/password-link", **home).text
    invitations = client.get("/club/invitations", **home).text

    assert f"{PUBLIC}/sign-in/" in link
    assert f"{PUBLIC}/sign-up?invite=" in invitations
    assert "192.168.1.20" not in link + invitations


def test_only_a_trusted_proxy_may_name_the_host(club):
    evil = {"X-Forwarded-Host": EVIL}

    assert club(url=PUBLIC).test_client().get("/", headers=evil).status_code == 200
    assert club(url=PUBLIC, trusted_proxies=1).test_client().get("/", headers=evil).status_code == MISDIRECTED


def test_a_proxy_without_a_public_address_is_told_what_to_set(club):
    forwarded = {"X-Forwarded-Host": "books.example.org"}
    answer = club(trusted_proxies=1).test_client().get("/", headers=forwarded)

    assert answer.status_code == MISDIRECTED
    assert "set BOOKCLUB_URL to the address that members open" in answer.text


def test_a_request_without_a_host_is_answered(app):
    def start_response(status, headers, exc_info=None):
        started.append(status)

    started: list[str] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz", "SERVER_NAME": "waitress.invalid"}
    environ |= {"SERVER_PORT": "5000", "SERVER_PROTOCOL": "HTTP/1.0", "wsgi.url_scheme": "http"}
    list(app.wsgi_app(environ, start_response))

    assert started == ["200 OK"]


def test_few_modules_ask_for_the_host():
    root = Path(bookclub.__file__).parent
    files = [*root.rglob("*.py"), *root.rglob("*.html")]
    asking = {str(file.relative_to(root)) for file in files if FROM_HOST.search(file.read_text())}

    assert asking == MAY_ASK_FOR_HOST
