"""Books are proposed while a mention is typed, for the keyboard and for the finger."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.composing import choose_readers
from tests.factories import make_book, make_thread


@pytest.fixture
def thread(save, alice):
    save(make_book("The Remains of the Day"), make_book("Remainder"), make_book("Emma & co"))
    return save(make_thread(alice, save(make_book("Dune")), "Sand"))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_mention_is_finished_by_choosing_the_book(browse, check_accessibility, bob, thread, phone):
    page = browse(bob, phone=phone)
    page.goto(f"/threads/{thread.id}")
    field, proposed = page.get_by_label("Reply", exact=True), page.locator("#mentions [role=option]")
    field.press_sequentially("Better than [[rem")
    expect(proposed).to_have_count(2)
    check_accessibility(page)
    if phone:
        proposed.filter(has_text="Remains").tap()
    else:
        field.press("ArrowDown")
        field.press("Enter")
    expect(field).to_have_value("Better than [[The Remains of the Day]]")
    expect(field).to_be_focused()
    expect(proposed).to_have_count(0)

    field.press_sequentially(" and [[emma")
    expect(proposed).to_have_count(1)
    field.press("Escape")
    expect(proposed).to_have_count(0)
    expect(field).to_have_value("Better than [[The Remains of the Day]] and [[emma")
    field.press("Enter")
    field.press_sequentially("fin")
    expect(field).to_have_value("Better than [[The Remains of the Day]] and [[emma\nfin")

    choose_readers(page, "no spoilers: everybody can read it")
    page.get_by_role("button", name="Post reply").click()
    expect(page.get_by_role("link", name="The Remains of the Day")).to_have_attribute(
        "href", "/books/the-remains-of-the-day"
    )
