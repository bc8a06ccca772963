"""Find it again, show it, share it: a review with pictures and a passage, on their way through the club."""

from __future__ import annotations

import re

import feedparser
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.members.models import Club
from tests.factories import make_book, make_meeting, make_reading
from tests.pictures.samples import packed, picture

ENDING = "The lighthouse goes dark."
QUOTED = "All the lamps in the harbour were lit."


@pytest.fixture
def book(save, write, alice, bob, olive):
    """A public club's book: Alice has finished it, Bob has read a quarter, and they meet about it."""
    write(lambda: db.session.execute(update(Club).values(is_public=True)))
    book = save(make_book("The Harbour", slug="harbour", pages=400))
    save(make_reading(alice, book, position=END), make_reading(bob, book, position=2500))
    save(make_meeting(olive, book, title="Tea at Olive’s"))
    return book


def publish(page: Page, folder) -> str:
    """Alice's review with two pictures, for those who are halfway. Returns its address."""
    page.goto("/books/harbour/reviews/new")
    page.get_by_label("Title", exact=True).fill("Lamps")
    page.get_by_label("In a nutshell").fill("Bring a torch.")
    page.get_by_label("Your review").fill(ENDING)
    page.get_by_role("button", name="Spoilers (up to").click()
    page.get_by_label("Who can read this?").select_option("place")
    page.get_by_label("Which place?").fill("50 %")
    page.get_by_text("Add a picture").click()
    for name, words in (("one", "The harbour by night"), ("two", "The lighthouse, dark")):
        file = folder / f"{name}.png"
        file.write_bytes(packed(picture(800, 500), "PNG"))
        page.get_by_label("Picture", exact=True).set_input_files(file)
        page.get_by_label("What it shows").fill(words)
        page.get_by_role("button", name="Put it into the text").click()
        expect(page.get_by_label("Your review")).to_have_value(re.compile(re.escape(words)))
        page.get_by_text("Add a picture").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("img", name="The lighthouse, dark")).to_be_attached()
    return re.sub(r"[?#].*", "", page.url)


def search(page: Page, words: str) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")


def read_on(page: Page, percent: int) -> None:
    page.goto("/books/harbour")
    page.locator("summary").filter(has_text="Other place…").click()
    page.get_by_label("How far you are").fill(str(percent))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("unlocked").first).to_be_visible()


def test_it_is_found_shown_and_shared_by_those_who_have_read_so_far(
    browse, page_allows, tmp_path, book, alice, bob
):
    # A form that adds a picture comes back; what is locked is not there.
    page_allows("status of 422")
    page_allows("status of 404")
    hers, his, anybody = browse(alice), browse(bob, phone=True), browse()
    address = publish(hers, tmp_path)
    hers.goto("/books/harbour/passages")
    hers.get_by_label("The words from the book").fill(QUOTED)
    hers.get_by_label("Where it stands").fill("200")
    hers.get_by_role("button", name="Keep the passage").click()
    expect(hers.get_by_text("The passage is kept.")).to_be_visible()

    # Before: nothing is found, and the pictures are not there.
    his.goto("/settings/feed")
    his.get_by_role("button", name="Make my address").click()
    feed = his.get_by_label("Your private address").input_value()
    search(his, "lighthouse")
    expect(his.get_by_text("Nothing found")).to_be_visible()
    for number in (1, 2):
        assert his.goto(f"/pictures/{number}/480.webp").status == 404
    assert ENDING not in his.request.get(feed).text()

    # The preview says nothing but what everybody may know, and a picture of it is drawn.
    anybody.goto(address)
    head = anybody.locator("head").inner_html()
    assert "Bring a torch." in head
    assert "lighthouse" not in head.lower()
    drawn = anybody.locator('meta[property="og:image"]').get_attribute("content")
    assert anybody.request.get(drawn).headers["content-type"] == "image/png"
    assert "lighthouse" not in anybody.content().lower()

    # After: found, shown, in the feed by its words alone.
    read_on(his, 55)
    search(his, "lighthouse")
    his.get_by_role("link", name="Lamps").click()
    expect(his.get_by_text(ENDING)).to_be_visible()
    shown = his.get_by_role("img", name="The harbour by night")
    shown.scroll_into_view_if_needed()
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    entries = feedparser.parse(his.request.get(feed).text()).entries
    (entry,) = (each for each in entries if each.title.startswith("Lamps"))
    assert [QUOTED in each.content[0].value for each in entries if each != entry] == [True]
    assert ENDING in entry.content[0].value
    assert "[The lighthouse, dark]" in entry.content[0].value
    assert "<img" not in entry.content[0].value

    # The passage goes on the agenda.
    his.goto("/books/harbour/passages")
    his.locator(".passage .meta a").last.click()
    his.get_by_role("button", name="Put it on the agenda of “Tea at Olive’s”").click()
    expect(his.locator("#agenda").get_by_text(QUOTED)).to_be_visible()
