"""The page for when there is no connection: one's own shelf, and nothing once one has left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error, expect
from sqlalchemy import delete

from bookclub.extensions import begin_write, db
from bookclub.members.models import MemberSession
from tests.factories import make_book, make_nomination, make_reading, make_review, make_round

KEPT = """async () => {
    const kept = await caches.has("offline") && await (await caches.open("offline")).match("/offline");
    return kept ? kept.text() : "";
}"""

GONE = "nothing in particular"


@pytest.fixture
def shelves(save, alice, bob, olive):
    """Alice is in the middle of Emma, Bob of Dracula; Bob has reviewed Emma, and there is a vote."""
    emma = save(make_book("Emma", author="Jane Austen"))
    dracula = save(make_book("Dracula", author="Bram Stoker"))
    save(make_reading(alice, emma, position=4_000, is_private=True), make_reading(bob, dracula, position=10))
    save(make_review(bob, emma, "Bob's own words.", title="Bob's title"))
    voting_round = save(make_round(olive, title="Olive's title", voting=True))
    save(make_nomination(voting_round, dracula, bob, "Bob's pitch."))


@pytest.fixture
def offline(watch):
    """``offline(page)`` cuts the connection, asks for a page of the club, and returns the words that come."""

    def offline(page):
        page.context.set_offline(True)
        try:
            page.goto("/books")
        except Error:  # The browser has nothing to show.
            return ""
        finally:
            page.context.set_offline(False)
        return page.locator("body").inner_text()

    yield offline
    watch.heard[:] = [said for said in watch.heard if "ERR_INTERNET_DISCONNECTED" not in said]


def wait_for_worker(page, *, holding, but_not=GONE):
    """Wait until the browser keeps a page that holds the one, and not the other."""
    for _ in range(200):
        kept = page.evaluate(KEPT)
        if holding in kept and but_not not in kept:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"the browser keeps {kept[:2000]!r}")


def test_the_shelf_is_there_without_a_connection(browse, shelves, alice, offline):
    page = browse(alice, worker=True)
    page.goto("/books/emma")
    expect(page.get_by_text("Bob's title").first).to_be_visible()
    wait_for_worker(page, holding="Emma")

    shown = offline(page)

    expect(page.get_by_role("heading", name="You are offline")).to_be_visible()
    assert "at 40 %" in shown
    assert "Voting ends at" in shown
    assert "Dracula" not in shown
    assert "Bob" not in page.content()
    assert "Olive" not in page.content()
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).display") == "flex"
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("heading", name="Books", level=1)).to_be_visible()


def test_signing_out_empties_it(browse, shelves, alice, offline):
    page = browse(alice, worker=True)
    page.goto("/books")
    wait_for_worker(page, holding="Emma")
    page.locator(".top summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()

    assert page.evaluate(KEPT) == ""
    assert offline(page) == ""


def test_a_session_that_has_ended_empties_it(app, browse, shelves, alice, offline, page_allows):
    page_allows("status of 401")
    page = browse(alice, worker=True)
    page.goto("/settings")
    wait_for_worker(page, holding="Emma")
    with app.app_context():
        begin_write()
        db.session.execute(delete(MemberSession))
        db.session.commit()
    with page.expect_navigation():
        page.locator("main form").first.evaluate("form => HTMLFormElement.prototype.submit.call(form)")
    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    wait_for_worker(page, holding="", but_not="Emma")

    assert offline(page) == ""


def test_the_next_member_finds_their_own(app, browse, visit, shelves, alice, bob, offline):
    page = browse(alice, worker=True)
    page.goto("/books")
    wait_for_worker(page, holding="Emma")
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = visit(bob).get_cookie(name).value
    page.context.add_cookies([{"name": name, "value": cookie, "url": page.url, "httpOnly": True}])
    page.goto("/books")
    wait_for_worker(page, holding="Dracula")

    shown = offline(page)

    assert "Dracula" in shown
    assert "Emma" not in shown


def test_a_visitor_keeps_nothing(browse, shelves):
    page = browse(worker=True)
    page.goto("/")
    page.wait_for_timeout(300)

    assert not page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)")
    assert page.evaluate("caches.keys()") == []
