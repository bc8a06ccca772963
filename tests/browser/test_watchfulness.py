"""The browser fixtures themselves: a page that misbehaves fails its test."""

from __future__ import annotations

import hashlib
from base64 import b64encode

import pytest
from flask_login import current_user
from playwright.sync_api import expect

from bookclub.web import always_open
from tests.browser.conftest import HTMX, HTMX_ON_CDN

HASH = "sha384-" + b64encode(hashlib.sha384(HTMX.read_bytes()).digest()).decode()
PAGE = """<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">
<title>A page</title><link rel="icon" href="/static/favicon.svg">{head}</head><body>
<main><h1>A page</h1>{body}</main></body></html>"""


@pytest.fixture
def page_of(app):
    """Put a page of our own on the site; its path comes back."""

    def page_of(body="", head="", status=200):
        app.add_url_rule(
            "/of-the-test",
            "of_the_test",
            always_open(lambda: (PAGE.format(head=head, body=body), status)),
        )
        return "/of-the-test"

    return page_of


def test_a_member_is_signed_in_and_a_visitor_is_not(app, alice, browse):
    def who():
        return PAGE.format(head="", body=current_user.username if current_user.is_authenticated else "nobody")

    app.add_url_rule("/who", "who", always_open(who))
    hers, anybodys = browse(alice), browse()
    hers.goto("/who")
    anybodys.goto("/who")

    expect(hers.get_by_text("alice")).to_be_visible()
    expect(anybodys.get_by_text("nobody")).to_be_visible()


def test_htmx_comes_from_the_intercepted_address_with_its_hash_checked(page_of, browse):
    path = page_of(head=f'<script src="{HTMX_ON_CDN}" integrity="{HASH}" crossorigin="anonymous"></script>')
    page = browse()
    page.goto(path)

    assert page.evaluate("htmx.version") == "4.0.1"


def test_htmx_with_another_hash_is_refused_by_the_browser(page_of, browse, page_allows):
    wrong = "sha384-" + b64encode(b"0" * 48).decode()
    path = page_of(head=f'<script src="{HTMX_ON_CDN}" integrity="{wrong}" crossorigin="anonymous"></script>')
    page_allows("Failed to find a valid digest")
    page = browse()
    page.goto(path)

    assert page.evaluate("typeof htmx") == "undefined"


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_an_inline_style_is_heard(page_of, browse, watch, javascript):
    path = page_of('<p style="color: red">Red.</p>')
    browse(javascript=javascript).goto(path)

    assert any("Content Security Policy" in what for what in watch.heard)
    watch.heard.clear()


def test_an_inline_script_is_heard_and_does_not_run(page_of, browse, watch):
    path = page_of("<script>document.title = 'changed'</script>")
    page = browse()
    page.goto(path)

    assert page.title() == "A page"
    assert any("Content Security Policy" in what for what in watch.heard)
    watch.heard.clear()


def test_an_uncaught_exception_is_heard(page_of, browse, watch):
    page = browse()
    page.goto(page_of())
    with page.context.expect_event("weberror"):
        page.evaluate("() => { setTimeout(() => { throw new Error('ouch') }) }")

    assert any("ouch" in what for what in watch.heard)
    watch.heard.clear()


def test_a_request_that_leaves_the_machine_is_noted_and_gets_nowhere(page_of, browse, watch):
    page = browse()
    page.goto(page_of())
    with pytest.raises(Exception, match="ERR_FAILED"):
        page.goto("https://example.org/")

    assert watch.left == ["https://example.org/"]
    watch.left.clear()


def test_an_answer_of_422_must_be_declared(page_of, browse, watch):
    path = page_of(status=422)
    browse().goto(path)
    assert any("status of 422" in what for what in watch.heard)
    watch.heard.clear()

    watch.allows("status of 422")
    browse().goto(path)
    assert watch.heard == []


def test_what_was_declared_and_did_not_come_is_a_complaint(watch):
    watch.allows("status of 422")

    with pytest.raises(AssertionError, match="never said 'status of 422'"):
        watch.complain()
    watch.allowed.clear()


def test_axe_is_content_with_a_good_page_and_names_what_is_wrong_with_a_bad_one(
    page_of, browse, check_accessibility
):
    page = browse(phone=True, dark=True)
    page.goto(page_of())
    check_accessibility(page)

    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    with pytest.raises(AssertionError, match="image-alt: Images must have alternative text"):
        check_accessibility(page)


def test_a_phone_is_narrow_and_prefers_what_it_is_told(page_of, browse):
    page = browse(phone=True, dark=True)
    page.goto(page_of())

    assert page.evaluate("[innerWidth, matchMedia('(prefers-color-scheme: dark)').matches]") == [360, True]


@pytest.mark.databases("postgresql")
def test_a_site_in_a_browser_runs_on_postgresql_where_marked(page_of, browse):
    assert browse().goto(page_of()).status == 200
