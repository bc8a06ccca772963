"""A passage on its way through the club: kept, locked, reached, and put on an agenda."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bookclub.lib.positions.places import END
from tests.factories import make_book, make_meeting, make_reading

WORDS = "It is not what we say or feel that makes us what we are.\nIt is what we do."


@pytest.mark.parametrize("javascript", [True, False])
def test_a_passage_is_kept_locked_reached_and_put_on_the_agenda(browse, save, alice, bob, olive, javascript):
    book = save(make_book("Sense and Sensibility", slug="sense", pages=400))
    save(make_reading(alice, book, position=END), make_reading(bob, book, position=1000))
    save(make_meeting(olive, book, title="Tea at Olive’s"))

    hers = browse(alice, javascript=javascript)
    hers.goto("/books/sense")
    hers.get_by_role("link", name="Keep a passage").click()
    hers.get_by_label("The words from the book").fill(WORDS)
    hers.get_by_label("Where it stands").fill("200")
    hers.get_by_label("Your note").fill("I *wrote* it on the wall.")
    hers.get_by_role("button", name="Keep the passage").click()
    expect(hers.get_by_text("The passage is kept.")).to_be_visible()
    expect(hers.get_by_text("It is what we do.")).to_be_visible()

    his = browse(bob, phone=True, javascript=javascript)
    his.goto("/books/sense")
    his.get_by_role("link", name="1 passage: 0 here, 1 ahead of you").click()
    expect(his.get_by_text("up to 50 %")).to_be_visible()
    expect(his.get_by_text("It is what we do.")).to_have_count(0)
    assert his.evaluate("document.documentElement.scrollWidth") <= 360

    his.goto("/books/sense")
    his.locator("summary").filter(has_text="Other place…").click()
    his.get_by_label("How far you are").fill("55")
    his.get_by_role("button", name="Save", exact=True).click()
    expect(his.get_by_text("1 passage unlocked.").last).to_be_visible()
    his.get_by_role("link", name="Read them in order").click()
    expect(his.get_by_text("It is what we do.")).to_be_visible()
    his.goto("/books/sense/passages")
    his.locator(".passage .meta a").last.click()
    his.get_by_role("button", name="Put it on the agenda of “Tea at Olive’s”").click()
    expect(his.get_by_text("The passage is on the agenda.")).to_be_visible()
    expect(his.locator("#agenda").get_by_text("It is what we do.")).to_be_visible()
    expect(his.locator("#agenda").get_by_role("link", name="Go to the passage")).to_be_visible()
