"""The header: one line on a phone whatever stands in it, and a menu that every hand can use."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from bookclub.extensions import begin_write, db
from bookclub.members.models import Club
from bookclub.notices.models import Notice
from tests import pseudo_language
from tests.browser.conftest import PHONE
from tests.factories import make_book

MOST_HEIGHT = 64
LONG_NAME = "The Society for the Slow and Careful Reading of Very Long Books"
# How wide and high the header is, and the links and buttons in it that are cut short or stand below another.
HEADER = r"""() => {
    const shown = [...document.querySelectorAll(".top > nav a, .top > a, .top summary")]
        .filter((each) => each.checkVisibility());
    return {
        height: document.querySelector(".top").offsetHeight,
        width: document.documentElement.scrollWidth,
        lines: new Set(shown.map((each) => Math.round(each.getBoundingClientRect().top / 20))).size,
        cut: shown.filter((each) => !each.matches(".club") && each.scrollWidth > each.clientWidth + 1)
            .map((each) => each.textContent.trim()),
        names: shown.map((each) => each.textContent.trim().replace(/\s+/g, " ")),
    };
}"""


@pytest.fixture
def club_with_news(app, save, alice, olive):
    """A public club with a long name, where Olive has more notices than a badge counts."""
    with app.app_context():
        begin_write()
        club = db.session.get(Club, 1)
        club.name, club.is_public = LONG_NAME, True
        db.session.commit()
    save(*(Notice(member_id=olive.id, kind="reply", actor_id=alice.id) for _ in range(120)))


def measure(page, *, text=None):
    if text:
        page.evaluate("size => { document.documentElement.style.fontSize = `${size}px` }", text)
    return page.evaluate(HEADER)


@pytest.mark.parametrize("text", [16, 20])
@pytest.mark.parametrize("language", ["English", "longer"])
def test_the_header_is_one_line_on_a_phone(app, browse, club_with_news, olive, tmp_path, language, text):
    if language == "longer":
        pseudo_language.speak(app, tmp_path)
    page = browse(olive, phone=True)
    page.goto("/books")

    header = measure(page, text=text)

    assert header["height"] <= MOST_HEIGHT
    assert header["width"] == PHONE["width"]
    assert header["lines"] == 1
    assert not header["cut"]
    if language == "English":
        assert header["names"] == ["Home", "Books", "Vote", "Search", "Notices99+ new", "OLYour menu"]


@pytest.mark.parametrize("language", ["English", "longer"])
def test_a_visitors_header_is_one_line_on_a_phone(app, browse, club_with_news, tmp_path, language):
    if language == "longer":
        pseudo_language.speak(app, tmp_path)
    page = browse(phone=True)
    page.goto("/books")

    header = measure(page, text=20)

    assert (header["lines"], header["width"]) == (1, PHONE["width"])
    assert header["height"] <= MOST_HEIGHT
    assert not header["cut"]


@pytest.mark.parametrize("width", [480, 720, 1024, 1280])
def test_the_header_is_one_line_on_wider_screens(app, browse, club_with_news, olive, tmp_path, width):
    pseudo_language.speak(app, tmp_path)
    page = browse(olive)
    page.set_viewport_size({"width": width, "height": 700})
    page.goto("/books")

    header = measure(page, text=20)

    assert (header["lines"], header["width"]) == (1, width)
    assert header["height"] <= MOST_HEIGHT


def test_the_menu_opens_and_closes_by_keyboard(browse, olive):
    page = browse(olive, phone=True)
    page.goto("/books")
    summary = page.locator(".top summary")
    menu = page.get_by_role("navigation", name="Your menu")
    expect(menu).to_be_hidden()

    summary.focus()
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link", name="Your profile")).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(summary).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(menu).to_be_hidden()


def test_a_click_outside_closes_the_menu(browse, olive):
    page = browse(olive)
    page.goto("/books")
    menu = page.get_by_role("navigation", name="Your menu")
    page.locator(".top summary").click()
    expect(menu).to_be_visible()

    page.mouse.click(300, 500)

    expect(menu).to_be_hidden()


@pytest.mark.parametrize("javascript", [True, False])
def test_everything_else_is_under_the_avatar(browse, olive, javascript):
    page = browse(olive, phone=True, javascript=javascript)
    page.goto("/settings")
    page.locator(".top summary").click()
    menu = page.get_by_role("navigation", name="Your menu")

    everything = [
        "Olive\nYour profile", "Meetings", "Conversations", "Recommendations", "Questions", "Years",
        "Members", "Reports", "Club", "Settings",
    ]  # fmt: skip
    expect(menu.get_by_role("link")).to_have_text(everything, use_inner_text=True)
    expect(menu.get_by_role("link", name="Settings")).to_have_attribute("aria-current", "page")
    menu.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()


def test_paper_shows_no_navigation_and_no_forms(browse, save, olive):
    save(make_book("Emma"))
    page = browse(olive, dark=True)
    page.goto("/books/emma")
    form = page.locator("#new-thread")
    expect(form).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_role("heading", name="Emma", level=1)).to_be_visible()
    expect(page.locator(".top")).to_be_hidden()
    expect(form).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_first_tab_skips_the_header(browse, olive):
    page = browse(olive)
    page.goto("/books")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_slash_leads_to_the_search_and_into_its_field(browse, save, olive):
    save(make_book("Emma"))
    page = browse(olive)
    page.goto("/books")
    field = page.get_by_label("Search for")

    page.keyboard.press("/")
    expect(field).to_be_focused()
    page.keyboard.type("emma/")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Books")).to_be_visible()
    # The scripts of a page run after its words are there.
    page.wait_for_load_state()
    page.keyboard.press("/")
    expect(field).to_be_focused()
    expect(field).to_have_value("emma/")


def test_without_scripts_the_lens_leads_to_the_search(browse, olive):
    page = browse(olive, javascript=False)
    page.goto("/books")

    page.get_by_role("link", name="Search").click()
    page.get_by_label("Search for").fill("olive")
    page.get_by_label("Search for").press("Enter")

    expect(page.get_by_role("link", name="Olive", exact=True)).to_be_visible()
