"""The end of a session in a browser: nothing typed is lost, and nobody reads what is another member's."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import QUIET, WINDOWED, find_browser
from tests.factories import PASSWORD, make_book, make_comment, make_reading, make_thread

WORDS = "I have thought about it for a week."


@pytest.fixture(scope="module")
def chromium(chromium: Browser) -> Iterator[Browser]:
    """A browser that keeps pages in its memory for the way back, as people's browsers do.

    The headless shell keeps none.
    """
    browser = chromium.browser_type.launch(
        executable_path=find_browser(*WINDOWED),
        args=QUIET,
        chromium_sandbox=os.geteuid() != 0,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def thread(save, alice):
    book = save(make_book("Emma", author="Jane Austen"))
    thread = save(make_thread(alice, book))
    save(make_comment(thread, alice))
    return thread


def sign_in(page: Page, username: str) -> None:
    page.get_by_label("Username or e-mail").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def go_back(page: Page) -> None:
    """Go back as the button does; the driver's own way does not notice a page that was kept in memory."""
    page.evaluate("setTimeout(() => history.back())")


def reply_of(page: Page) -> Locator:
    return page.get_by_label("Reply", exact=True)


def test_typing_after_the_session_ended_stays_on_the_page(save, alice, browse, page_allows, end_sessions):
    page_allows("status of 401")
    save(make_book("Emma", author="Jane Austen"))
    page = browse(alice)
    page.goto("/books/new")
    page.get_by_label("Title", exact=True).fill("Persuasion")
    end_sessions()
    page.get_by_label("Author").press_sequentially("Aus")

    expect(page.locator("#notice")).to_contain_text(
        "You have been signed out. What you typed is still on this page"
    )
    expect(page.get_by_label("Title", exact=True)).to_have_value("Persuasion")
    assert page.url.endswith("/books/new")

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in on a new tab").click()
    sign_in(opened.value, "alice")
    expect(opened.value.get_by_role("link", name="Notices")).to_be_visible()
    page_allows("status of 422")
    page.get_by_label("Author").fill("Austen")
    expect(page.locator("#notice")).to_be_empty()
    page.get_by_role("button", name="Add the book").click()
    expect(page.locator("#notice")).to_contain_text("You signed in again after this page was opened.")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Persuasion")
    expect(page.get_by_label("Author")).to_have_value("Austen")
    page.get_by_role("button", name="Add the book").click()
    expect(page.get_by_role("heading", name="Persuasion", level=1)).to_be_visible()


def test_a_whole_review_is_there_after_signing_in(save, alice, browse, page_allows, end_sessions):
    page_allows("status of 401")
    save(book := make_book("Emma", author="Jane Austen"))
    save(make_reading(alice, book, position=2000))
    page = browse(alice)
    page.goto("/books/emma/reviews/new")
    typed = {"Title": "A title", "In a nutshell": "Short.", "Your review": WORDS}
    labels = [label for label in typed if page.get_by_label(label).count()]
    for label in labels:
        page.get_by_label(label).fill(typed[label])
    page.get_by_label("Rating").select_option("4.5")
    end_sessions()
    page.get_by_role("button", name="Publish").click()

    expect(page.get_by_role("heading", name="You have been signed out")).to_be_visible()
    page.locator("main").get_by_role("link", name="Sign in").click()
    expect(page.get_by_text("what you typed is still there")).to_be_visible()
    sign_in(page, "alice")
    for label in labels:
        expect(page.get_by_label(label)).to_have_value(typed[label])
    expect(page.get_by_label("Rating")).to_have_value("4.5")
    expect(page.locator("#notice")).to_contain_text("You were signed out before this was sent.")
    expect(page.get_by_text("Your unsent words are back")).to_have_count(0)


def test_the_next_member_in_the_tab_gets_no_draft(thread, alice, bob, browse, end_sessions):
    page = browse(alice)
    page.goto("/threads/1")
    reply_of(page).fill(WORDS)
    end_sessions()
    page.goto("/threads/1")
    sign_in(page, "bob")

    expect(page.get_by_role("heading", name="The ending")).to_be_visible()
    expect(reply_of(page)).to_have_value("")
    end_sessions()
    page.goto("/threads/1")
    sign_in(page, "alice")
    expect(reply_of(page)).to_have_value(WORDS)

    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#notice")).to_contain_text("You have signed out.")
    assert page.evaluate("sessionStorage.length") == 0
    page.goto("/threads/1")
    sign_in(page, "bob")
    expect(reply_of(page)).to_have_value("")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_back_shows_nothing_private_after_signing_out(thread, alice, browse, javascript):
    page = browse(alice, javascript=javascript)
    page.goto("/threads/1")
    expect(page.get_by_text("I thought so, too.")).to_be_visible()
    page.locator("summary", has_text="Your menu").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#notice")).to_contain_text("You have signed out.")
    go_back(page) if javascript else page.go_back()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("I thought so, too.")).to_have_count(0)


def test_a_page_kept_in_memory_is_shown_to_its_member_alone(thread, alice, bob, browse, end_sessions, watch):
    watch.allowed["status of 401"] = 1  # The browser may also have given the page up.
    page = browse(alice)
    page.add_init_script("addEventListener('pageshow', (event) => { window.kept = event.persisted; })")
    page.goto("/books")
    page.goto("/threads/1")
    reply_of(page).fill(WORDS)
    page.goto("/books")
    go_back(page)
    page.wait_for_function("window.kept")
    expect(page.get_by_text("I thought so, too.")).to_be_visible()
    expect(reply_of(page)).to_have_value(WORDS)

    page.goto("/books")
    end_sessions()
    go_back(page)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "bob")
    expect(page.get_by_role("heading", name="The ending")).to_be_visible()
    expect(reply_of(page)).to_have_value("")


def test_a_kept_page_stays_covered_until_the_club_is_asked(thread, alice, browse, page_allows):
    page_allows("ERR_INTERNET_DISCONNECTED")
    page = browse(alice)
    page.goto("/threads/1")
    page.context.set_offline(True)
    for event in ("pagehide", "pageshow"):
        page.evaluate(f"dispatchEvent(new PageTransitionEvent('{event}', {{persisted: true}}))")
    expect(page.get_by_text("I thought so, too.")).to_be_hidden()
    expect(page.get_by_text("so this page stays covered")).to_be_visible()

    page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("I thought so, too.")).to_be_visible()


def test_an_edit_on_a_page_of_its_own_is_saved(thread, alice, browse):
    page = browse(alice)
    page.goto("/comments/1/edit")
    page.get_by_label("Your words").fill(WORDS)
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#comment-1")).to_contain_text(WORDS)
