"""Names in a browser: the question whether two names are one author, answered by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("answer", ["several", "one"])
def test_whoever_types_two_names_is_asked_and_answers_by_keyboard(browse, alice, answer, watch):
    watch.allows("422")
    page = browse(alice)
    page.goto("/books/new")
    page.get_by_label("Title", exact=True).fill("Salt")
    page.get_by_label("Authors").fill("Ann Hale, Bo Reed")
    page.get_by_role("button", name="Add the book").click()

    question = page.get_by_role("group", name="Are these 2 authors, or 1?")
    question.wait_for()
    expect(page.get_by_label("Authors", exact=True)).to_have_value("Ann Hale, Bo Reed")
    choice = question.get_by_role("radio").nth(0 if answer == "several" else 1)
    page.wait_for_load_state()
    choice.press("Space")
    expect(choice).to_be_checked()
    page.get_by_role("button", name="Add the book").press("Enter")

    page.wait_for_url("**/books/salt")
    names = page.locator(".byline a").all_inner_texts()
    assert names == (["Ann Hale", "Bo Reed"] if answer == "several" else ["Ann Hale, Bo Reed"])
