"""The preview in a browser: it opens inside the form, keeps what was typed, and works without scripts too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bookclub.sections.models import Section
from tests.browser.composing import choose_readers
from tests.factories import make_book, make_comment, make_reading, make_thread


@pytest.fixture
def thread(save, alice, bob):
    """A thread on a book of two chapters, with one comment. Bob is in the first."""
    book = save(make_book("Emma"))
    save(*(Section(book_id=book.id, place=place, title="", start=5000 * place) for place in range(2)))
    save(make_reading(bob, book, position=2000))
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "Badly done."))
    return thread


def ask_for_a_preview(page: Page, thread) -> None:
    page.goto(f"/threads/{thread.id}")
    form = page.locator("#new-comment")
    form.get_by_label("Reply", exact=True).fill("Was it? ||It was.||")
    choose_readers(form, "up to the end of chapter 1")
    form.get_by_role("button", name="Preview").click()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_preview_opens_in_its_form_and_the_words_stay(browse, bob, thread, phone):
    page = browse(bob, phone=phone)
    ask_for_a_preview(page, thread)

    form, shown = page.locator("#new-comment"), page.locator("#preview-of-new-comment")
    expect(shown).to_be_focused()
    expect(shown).to_contain_text("Bob, up to chapter 1.")
    expect(form.get_by_label("Reply", exact=True)).to_have_value("Was it? ||It was.||")
    expect(page.locator("article.comment")).to_have_count(1)
    shown.get_by_label("For a reader at").select_option("the end of chapter 1")
    shown.get_by_role("button", name="Show").click()
    expect(shown.locator(".prose")).to_have_count(2)
    expect(shown.locator(".prose").first).to_contain_text("spoiler, for people who have finished")

    form.get_by_role("button", name="Post reply").click()

    expect(page.locator("article.comment")).to_have_count(2)
    expect(page.locator(".preview")).to_have_count(0)


def test_the_field_for_a_place_shows_once_it_is_asked_for(browse, bob, thread):
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")
    form = page.locator("#new-comment")
    expect(form.get_by_label("Which place")).to_be_hidden()
    expect(form.get_by_text("This will be up to chapter 1.")).to_be_visible()

    choose_readers(form, "up to a page, a time or a percentage …")

    expect(form.get_by_label("Which place")).to_be_visible()
    expect(form.get_by_text("This will be up to chapter 1.")).to_be_hidden()


def test_a_preview_that_cannot_be_shown_says_so_in_its_form(browse, bob, thread, page_allows):
    page_allows("status of 422")
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")

    page.locator("#new-comment").get_by_role("button", name="Preview").click()

    expect(page.locator("#new-comment")).to_contain_text("Write something first.")
    expect(page.locator("#new-comment")).to_have_count(1)


def test_without_scripts_a_preview_is_a_page_with_the_form_on_it(browse, bob, thread):
    page = browse(bob, phone=True, javascript=False)
    ask_for_a_preview(page, thread)

    expect(page.locator("#preview-of-new-comment")).to_contain_text("Bob, up to chapter 1.")
    expect(page.get_by_label("Reply", exact=True)).to_have_value("Was it? ||It was.||")
    page.get_by_role("button", name="Post reply").click()

    expect(page.locator("article.comment")).to_have_count(2)
