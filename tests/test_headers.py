"""Headers and cookies of every kind of answer, in every kind of install."""

from __future__ import annotations

from dataclasses import replace
from http.cookies import SimpleCookie

import pytest
from flask import abort, request

from bookclub.app import create_app
from bookclub.lib.positions.places import END
from bookclub.schema import close
from bookclub.web import always_open
from tests.factories import PASSWORD, make_book, make_comment, make_review

CDN_POLICY = (
    "default-src 'none'; script-src 'self' https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js; "
    "style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LOCAL_POLICY = CDN_POLICY.replace(" https://cdn.jsdelivr.net/npm/htmx.org@4.0.1/dist/htmx.min.js", "")
INTEGRITY = "sha384-Qp9rdC8H7EqOoX+nR0P3RPG2Noji+qdwJlGpfzwQJsfOpp3sGwIdSP9xO3+UlEhn"
# What happened, and the request that brings it about.
ANSWERS = {
    "page": ("GET", "/", 200),
    "redirect": ("GET", "/books", 303),
    "refused post": ("POST", "/books/new", 401),
    "invalid form": ("POST", "/sign-in", 422),
    "machine": ("GET", "/healthz", 200),
    "static": ("GET", "/static/css/base.css", 200),
    "missing static": ("GET", "/static/css/nothing.css", 404),
    "crash": ("GET", "/crash", 500),
    "busy": ("GET", "/abort/503", 503),
    "not there": ("GET", "/abort/404", 404),
    "too often": ("GET", "/abort/429", 429),
    "head": ("HEAD", "/", 200),
    "options": ("OPTIONS", "/", 200),
}


@pytest.fixture
def club(settings):
    """``club(url=…)`` is a visitor's client of an install with these settings."""
    apps = []

    def club(*, csrf: bool = False, **changed):
        app = create_app(replace(settings, **changed))
        app.config["WTF_CSRF_ENABLED"] = csrf
        app.add_url_rule("/crash", "crash", always_open(lambda: 1 / 0))
        app.add_url_rule("/abort/<int:status>", "abort", always_open(lambda status: abort(status)))
        app.add_url_rule("/whence", "whence", always_open(lambda: f"{request.remote_addr} {request.url}"))
        apps.append(app)
        return app.test_client()

    yield club
    for app in apps:
        close(app)


def cookies(answer) -> dict[str, str]:
    """What each cookie that an answer sets says of itself, apart from its value."""
    found = {}
    for header in answer.headers.getlist("Set-Cookie"):
        name = next(iter(SimpleCookie(header)))
        found[name] = header.partition(";")[2]
    return found


def sign_in(client, **more):
    form = {"username": "alice", "password": PASSWORD, "remember": "y"}
    return client.post("/sign-in", data=form, **more)


# Every answer


def ask_for_all(client):
    """Every kind of answer, by its name."""
    for kind, (method, address, status) in ANSWERS.items():
        answer = client.open(address, method=method, buffered=True)
        assert answer.status_code == status, kind
        yield kind, answer.headers


@pytest.mark.parametrize(("htmx", "policy"), [("cdn", CDN_POLICY), ("local", LOCAL_POLICY)])
def test_every_answer_says_what_a_page_may_load(club, htmx, policy):
    said = {kind: headers["Content-Security-Policy"] for kind, headers in ask_for_all(club(htmx=htmx))}

    assert said == dict.fromkeys(ANSWERS, policy)


def test_every_answer_is_taken_for_what_it_says_it_is_and_tells_other_sites_nothing(club):
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    said = {kind: {name: headers[name] for name in wanted} for kind, headers in ask_for_all(club())}

    assert said == dict.fromkeys(ANSWERS, wanted)


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        (None, None),
        ("http://books.example.org", None),
        ("https://books.example.org", "max-age=31536000"),
    ],
)
def test_only_a_club_that_is_reached_over_https_insists_on_it(club, url, wanted):
    said = {kind: headers.get("Strict-Transport-Security") for kind, headers in ask_for_all(club(url=url))}

    assert said == dict.fromkeys(ANSWERS, wanted)


def test_no_cache_keeps_a_page_for_others(club):
    said = {kind: headers["Cache-Control"] for kind, headers in ask_for_all(club()) if kind != "static"}

    assert said == dict.fromkeys(set(ANSWERS) - {"static"}, "private, no-cache")


def test_an_answer_that_errs_before_the_database_is_asked_has_its_headers_too(club, tmp_path):
    nowhere = f"sqlite:///{tmp_path}/nowhere/club.sqlite3"
    answer = club(database_url=nowhere).get("/")

    assert answer.status_code == 503
    assert answer.headers["Content-Security-Policy"] == CDN_POLICY


# Static files


def test_a_page_names_every_static_file_by_a_version_that_can_be_kept_for_long(club):
    client = club(htmx="local")
    page = client.get("/").text
    addresses = [part.partition('"')[0] for part in page.split('="/static/')[1:]]
    assert addresses

    for address in addresses:
        assert "?v=" in address
        answer = client.get(f"/static/{address}", buffered=True)
        assert answer.status_code == 200, address
        assert answer.cache_control.max_age == 365 * 24 * 3600, address
        assert "private" not in answer.headers["Cache-Control"]


def test_a_static_file_that_was_not_changed_is_not_sent_again(club):
    client = club()
    tag = client.get("/static/css/base.css", buffered=True).headers["ETag"]

    again = client.get("/static/css/base.css", headers={"If-None-Match": tag}, buffered=True)
    assert again.status_code == 304


def test_a_static_file_sets_no_cookie_and_asks_no_database(club, statements):
    client = club()
    with statements() as sent:
        answer = client.get("/static/css/base.css", buffered=True)

    assert "Set-Cookie" not in answer.headers
    assert not sent


@pytest.mark.parametrize("path", ["../app.py", "%2e%2e/app.py", "..%2fapp.py", "css/../../config.py", "css"])
def test_nothing_but_static_files_is_served_as_static(club, path):
    answer = club().get(f"/static/{path}")

    assert answer.status_code in (303, 404)
    assert "from __future__" not in answer.text
    assert "@layer" not in answer.text


def test_htmx_from_its_cdn_is_checked_by_its_hash(club):
    page = club(htmx="cdn").get("/").text

    assert f'integrity="{INTEGRITY}" crossorigin="anonymous"' in page


def test_a_club_that_wants_no_cdn_names_none(club):
    assert "https://" not in club(htmx="local").get("/").text


# What was revealed on purpose


@pytest.mark.parametrize("what", ["review", "comment"])
def test_a_page_with_what_was_revealed_on_purpose_is_kept_by_nobody(save, visit, alice, bob, what):
    book = save(make_book())
    review = save(make_review(alice, book, horizon=END))
    comment = save(make_comment(review.thread, alice, horizon=END))
    address = f"/reviews/{review.id}/reveal" if what == "review" else f"/comments/{comment.id}/reveal"
    answer = visit(bob).get(address)

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"


# Cookies


def test_cookies_are_kept_from_scripts_and_other_sites(club, alice):
    answer = sign_in(club())
    assert answer.status_code == 303
    said = cookies(answer)

    assert set(said) == {"bookclub_session", "bookclub_remember", "bookclub_known"}
    for attributes in said.values():
        assert "HttpOnly" in attributes
        assert "SameSite=Lax" in attributes
        assert "Path=/" in attributes
        assert "Domain" not in attributes


@pytest.mark.parametrize(
    ("url", "secure"), [(None, False), ("http://club.lan", False), ("https://books.example.org", True)]
)
def test_cookies_are_for_https_alone_only_where_the_club_is_reached_over_https(club, alice, url, secure):
    answer = sign_in(club(url=url), base_url="https://localhost")
    said = cookies(answer)
    assert said

    assert {"Secure" in attributes for attributes in said.values()} == {secure}


def test_a_visitor_who_only_looks_around_is_given_no_cookie(club):
    client = club(csrf=True)

    assert not cookies(client.get("/"))
    assert not cookies(client.get("/books"))


def test_the_sign_in_form_works_over_https_behind_a_proxy_and_over_http_at_home(club, alice):
    for base, url in (("http://localhost", None), ("https://books.example.org", "https://books.example.org")):
        client = club(url=url, csrf=True)
        page = client.get("/sign-in", base_url=base).text
        token = page.split('name="csrf_token" value="')[1].partition('"')[0]
        answer = client.post(
            "/sign-in",
            data={"username": "alice", "password": PASSWORD, "csrf_token": token},
            base_url=base,
            headers={"Referer": f"{base}/sign-in"},
        )
        assert answer.status_code == 303, base


# Proxies

PUBLIC = "https://books.example.org"
FORWARDED = {
    "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "books.example.org",
    "X-Forwarded-Prefix": "/evil",
}


def test_without_trusted_proxies_what_they_claim_is_not_believed(club):
    assert club().get("/whence", headers=FORWARDED).text == "127.0.0.1 http://localhost/whence"


def test_one_trusted_proxy_is_believed_about_its_own_client_only(club):
    said = club(trusted_proxies=1, url=PUBLIC).get("/whence", headers=FORWARDED).text

    assert said == "198.51.100.7 https://books.example.org/whence"


def test_two_trusted_proxies_are_believed_one_after_the_other(club):
    twice = {**FORWARDED, "X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "books.example.org, inner"}
    said = club(trusted_proxies=2, url=PUBLIC).get("/whence", headers=twice).text

    assert said == "203.0.113.9 https://books.example.org/whence"
