"""Sharing the address of a page by the phone's sheet, by the clipboard, or by hand."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from bookclub.extensions import db
from bookclub.members.models import Club
from tests.factories import make_book, make_comment, make_review, make_thread

SHEET = "navigator.share = async ({url}) => { document.body.dataset.shared = url; };"
CLOSED = "navigator.share = async () => { throw new DOMException('closed', 'AbortError'); };"
REFUSED = "navigator.share = async () => { throw new DOMException('no', 'NotAllowedError'); };"
# Headless browsers have no sheet, but others may.
NO_SHEET = "delete Navigator.prototype.share;"


@pytest.fixture
def public(write):
    write(lambda: db.session.execute(update(Club).values(is_public=True)))


@pytest.fixture
def review(save, bob):
    return save(make_review(bob, save(make_book("Emma")), title="Badly done"))


@pytest.fixture
def thread(save, bob):
    thread = save(make_thread(bob, save(make_book("Persuasion")), "The fall at Lyme"))
    save(make_comment(thread, bob, "She was told not to jump."))
    return thread


def test_the_sheet_of_a_phone_gets_the_address_alone(browse, site, public, review, thread):
    page = browse(phone=True)
    page.add_init_script(SHEET)
    for path in (f"/reviews/{review.id}", f"/threads/{thread.id}"):
        page.goto(f"{path}?at=1#elsewhere")
        page.get_by_text("Share", exact=True).tap()
        expect(page.locator("body")).to_have_attribute("data-shared", f"{site}{path}")
        expect(page.locator("[data-shares] input")).to_be_hidden()


def test_a_sheet_that_was_closed_leaves_the_page_alone(browse, public, review):
    page = browse(phone=True)
    page.add_init_script(CLOSED)
    page.goto(f"/reviews/{review.id}")
    page.get_by_text("Share", exact=True).tap()
    page.wait_for_timeout(200)
    expect(page.locator("[data-shares] input")).to_be_hidden()
    expect(page.locator("#announcer")).to_be_empty()


@pytest.mark.parametrize("script", [NO_SHEET, REFUSED])
def test_without_a_sheet_the_address_is_copied_and_that_is_said(browse, site, public, review, script):
    page = browse()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script(script)
    page.goto(f"/reviews/{review.id}")
    share = page.locator("[data-shares] > summary")
    share.focus()
    page.keyboard.press("Enter")

    expect(page.locator("#announcer")).to_have_text("Copied")
    expect(page.locator("[data-shares] [data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/reviews/{review.id}"
    # Another press closes it.
    share.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-shares] input")).to_be_hidden()


def test_without_a_clipboard_the_address_is_selected(browse, site, public, review):
    page = browse()
    page.add_init_script(NO_SHEET + "navigator.clipboard.writeText = async () => { throw new Error(); };")
    page.goto(f"/reviews/{review.id}")
    page.get_by_text("Share", exact=True).click()

    expect(page.locator("#announcer")).to_have_text("Selected. Copy it with your keyboard.")
    assert page.evaluate("getSelection().toString()") == f"{site}/reviews/{review.id}"


def test_without_scripts_the_address_is_there_to_be_copied(browse, site, public, thread):
    page = browse(javascript=False)
    page.goto(f"/threads/{thread.id}")
    page.get_by_text("Share", exact=True).click()

    expect(page.get_by_label("Address of this page")).to_have_value(f"{site}/threads/{thread.id}")
    expect(page.locator("[data-shares] [data-copy]")).to_be_hidden()


def test_a_private_club_says_for_whom_an_address_is(browse, check_accessibility, alice, review, thread):
    page = browse(alice, phone=True, dark=True)
    page.add_init_script(NO_SHEET)
    for path in (f"/reviews/{review.id}", f"/threads/{thread.id}"):
        page.goto(path)
        page.get_by_text("Share with members").click()
        expect(page.get_by_text("Only members of the club can open it.")).to_be_visible()
        check_accessibility(page)
