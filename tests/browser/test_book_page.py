"""The book page on a phone: one tap, stars, Undo, and everything on it true without a reload."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.readings.models import Reading
from bookclub.sections.models import Section
from tests.factories import make_book, make_comment, make_reading, make_review, make_thread

SCREEN = 740
LONG = "Three families in one village, and a summer in which nobody says what they mean. " * 12


@pytest.fixture
def book(save, alice):
    """A book of five chapters with a long description, a locked review and a thread."""
    book = make_book("Emma", pages=300, description=LONG, description_html=f"<p>{LONG}</p>")
    save(book)
    for place, start in enumerate((0, 1000, 2000, 4000, 8000)):
        save(Section(book_id=book.id, place=place, title=f"Of {start}", typed_start=start, start=start))
    save(make_review(alice, book, "The heron was his.", horizon=2000, title="Two evenings", summary=""))
    thread = save(make_thread(alice, book, title="As we go"))
    save(make_comment(thread, alice, "The otter knows.", horizon=2000))
    return book


@pytest.fixture
def stored(app, book):
    """``stored(bob)`` is his status, mark and half stars as the database has them."""

    def stored(member):
        with app.app_context():
            row = db.session.scalars(select(Reading).where(Reading.member_id == member.id)).one_or_none()
            return row and (row.status, row.mark, row.rating)

    return stored


def card(page: Page):
    return page.get_by_role("region", name="Your progress in Emma")


def star(page: Page, number: int):
    return card(page).locator("label.whole").nth(number - 1)


def mark(page: Page) -> None:
    """Mark the page, so that a reload shows."""
    page.evaluate("document.body.dataset.sameness = 'yes'")


def is_same(page: Page) -> None:
    expect(page.locator("[data-sameness]")).to_have_count(1)


def test_the_first_review_is_within_two_screens_of_a_phone(browse, save, book, bob):
    save(make_reading(bob, book, position=1500, rating=7, entry="45", entry_unit="page"))
    page = browse(bob, phone=True)
    page.goto("/books/emma")

    first = page.locator("article.review, .review").first.bounding_box()
    assert first is not None
    assert first["y"] < 2 * SCREEN
    # The description is folded, and opens whole.
    prose = page.locator(".blurb .prose")
    folded = prose.bounding_box()["height"]
    page.get_by_text("Whole description").click()
    assert prose.bounding_box()["height"] > folded


def test_one_tap_reads_on_and_everything_on_the_page_is_true_at_once(browse, save, book, bob, stored):
    save(make_reading(bob, book, position=1500))
    page = browse(bob, phone=True)
    page.goto("/books/emma")
    title = page.title()
    expect(page.locator("#reviews")).to_contain_text("up to chapter 2")
    expect(page.locator("#discussion")).to_contain_text("0 here, 1 ahead of you")
    mark(page)
    page.locator("#new-thread").get_by_label("Title").fill("A title half typed")

    card(page).get_by_role("button", name="Finished chapter 2").tap()

    expect(card(page)).to_contain_text("You are at chapter 3.")
    expect(card(page)).to_contain_text("1 review and 1 comment unlocked")
    expect(page.locator("#reviews .locked")).to_have_count(0)
    expect(page.locator("#discussion")).not_to_contain_text("ahead of you")
    expect(page.locator("#new-thread")).to_contain_text("chapter 3: Of 2000")
    expect(page.locator("#chapters li").nth(2)).to_contain_text("3. Of 2000")
    expect(page.locator("#new-thread").get_by_label("Title")).to_have_value("A title half typed")
    expect(card(page).locator(".where")).to_be_focused()
    is_same(page)
    assert page.title() == title
    assert stored(bob) == ("reading", 2000, None)

    card(page).get_by_role("button", name="Undo").tap()

    expect(card(page)).to_contain_text("You are at chapter 2.")
    expect(page.locator("#reviews .locked")).to_have_count(1)
    expect(page.locator("#discussion")).to_contain_text("0 here, 1 ahead of you")
    expect(page.locator("#chapters li").nth(2)).not_to_contain_text("Of 2000")
    expect(card(page).get_by_role("button", name="Undo")).to_have_count(0)
    is_same(page)
    assert stored(bob) == ("reading", 1500, None)


def test_stars_are_one_tap_after_finishing_and_a_second_tap_takes_a_half(browse, save, book, bob, stored):
    save(make_reading(bob, book, position=8000))
    page = browse(bob, phone=True)
    page.goto("/books/emma")
    mark(page)
    card(page).get_by_role("button", name="Finished", exact=True).tap()
    expect(card(page)).to_contain_text("How many stars?")

    star(page, 4).tap()
    expect(page.locator("#ratings")).to_contain_text("4.0 from 1 reader")
    assert stored(bob) == ("finished", 10_000, 8)

    star(page, 4).tap()
    expect(page.locator("#ratings")).to_contain_text("3.5 from 1 reader")
    assert stored(bob) == ("finished", 10_000, 7)
    is_same(page)
    # Stars leave the way back open.
    card(page).get_by_role("button", name="Undo").tap()
    expect(card(page)).to_contain_text("80 %")
    assert stored(bob) == ("reading", 8000, 7)


def test_the_arrow_keys_go_by_halves_and_send_nothing_by_themselves(browse, save, book, bob, stored):
    save(make_reading(bob, book, position=10_000, rating=6), book)
    page = browse(bob)
    page.goto("/books/emma")
    card(page).get_by_role("radio", name="3 stars").focus()

    page.keyboard.press("ArrowRight")
    expect(card(page).get_by_role("radio", name="3.5 stars")).to_be_checked()
    assert stored(bob) == ("finished", 10_000, 6)
    page.keyboard.press("Enter")

    expect(page.locator("#ratings")).to_contain_text("3.5 from 1 reader")
    assert stored(bob) == ("finished", 10_000, 7)


def test_stars_on_a_book_nobody_said_they_read_ask_and_unlock_nothing(browse, book, bob, stored):
    page = browse(bob, phone=True)
    page.goto("/books/emma")
    star(page, 4).tap()

    expect(card(page)).to_contain_text("Have you finished it?")
    expect(page.locator("#reviews .locked")).to_have_count(1)
    assert stored(bob) == (None, 0, 8)
    card(page).get_by_role("button", name="Yes, I have finished it").tap()
    expect(page.locator("#reviews .locked")).to_have_count(0)
    assert stored(bob) == ("finished", 10_000, 8)


def test_without_javascript_radio_buttons_rate_and_the_form_opens(browse, book, bob, stored):
    page = browse(bob, phone=True, javascript=False)
    page.goto("/books/emma")
    card(page).locator("label.half").nth(3).tap()
    card(page).get_by_role("button", name="Save stars").tap()
    expect(card(page)).to_contain_text("Have you finished it?")
    assert stored(bob) == (None, 0, 7)

    page.get_by_text("Other place…").tap()
    page.get_by_label("How far you are").fill("75")
    page.locator("form#reading").get_by_role("button", name="Save").tap()
    expect(card(page)).to_contain_text("You are at chapter 3.")
    card(page).get_by_role("button", name="Undo").tap()
    expect(card(page)).to_contain_text("Have you finished it?")


def test_a_wrong_place_is_refused_in_the_open_form(browse, page_allows, save, book, bob):
    page_allows("status of 422")
    save(make_reading(bob, book, position=1500))
    page = browse(bob, phone=True)
    page.goto("/books/emma")
    mark(page)
    page.get_by_text("Other place…").tap()
    form = page.locator("form#reading")
    form.get_by_label("Counted in").select_option("page")
    form.get_by_label("How far you are").fill("301")
    form.get_by_role("button", name="Save").tap()

    expect(form.locator(".notice.error")).to_contain_text("This book has 300 pages.")
    expect(form.locator(".notice.error")).to_be_focused()
    expect(form.get_by_label("How far you are")).to_have_value("301")
    is_same(page)
