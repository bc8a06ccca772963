"""A book is looked up on a phone: found, chosen and added, in place and without losing the focus."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from bookclub.config import Settings
from tests.openlibrary.stand_in import Mood, serving


@pytest.fixture
def library():
    """The stand-in for Open Library."""
    with serving() as library:
        yield library


@pytest.fixture
def settings(database, tmp_path, library):
    return Settings.for_folder(
        tmp_path, database_url=database, testing=True, htmx="local", open_library=library.address
    )


def test_a_book_is_looked_up_in_place_and_added(browse, alice, library, check_accessibility):
    library.moods["search emma"] = Mood(500)
    page = browse(alice, phone=True, dark=True)
    page.goto("/books/new")
    page.get_by_label("Series").fill("Earthsea, 1")

    # What is typed below stays where the answer comes above it.
    page.get_by_label("Find it in Open Library").fill("Emma")
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator("#look-up .notice")).to_be_focused()
    page.get_by_label("Find it in Open Library").fill("Ursula Le Guin, Wizard")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Which of these is it?")).to_be_focused()
    expect(page.get_by_label("Series")).to_have_value("Earthsea, 1")
    check_accessibility(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("link", name="A Wizard of Earthsea").click()
    expect(page.locator("#look-up .notice")).to_be_focused()
    expect(page.get_by_label("Title", exact=True)).to_have_value("A Wizard of Earthsea")
    check_accessibility(page)
    page.get_by_role("button", name="Add the book").click()
    expect(page).to_have_url(re.compile("/books/a-wizard-of-earthsea$"))
