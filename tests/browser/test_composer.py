"""Composers, reactions and titles, as a member's browser has them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from bookclub.lib.positions.places import END
from bookclub.threads.models import Comment
from tests.factories import make_book, make_comment, make_member, make_reading, make_thread


@pytest.fixture
def thread(save, alice, bob):
    """A safe thread by Alice on a book that Bob has finished."""
    book = save(make_book("Emma"))
    save(make_reading(bob, book, status="finished", position=END))
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "Badly done."))
    return thread


@pytest.fixture
def said(rows):
    """``said()`` is the words and the horizon of the latest comment."""
    return lambda: [(one.body, one.horizon) for one in rows(select(Comment).order_by(Comment.id))][-1]


def pressed(page: Page) -> list[str]:
    return page.locator('.chip[aria-pressed="true"]:visible').all_inner_texts()


def test_the_second_chip_opens_the_whole_choice(browse, check_accessibility, bob, thread, said):
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")
    form = page.locator("#new-comment")
    select = form.get_by_label("Who can read this?")
    expect(form.locator('[data-chip="further"]')).to_have_text("Spoilers (up to the end)")
    expect(select).to_be_visible()

    form.get_by_role("button", name="No spoilers").click()
    expect(select).to_be_hidden()
    form.locator('[data-chip="further"]').click()
    expect(select).to_have_value("finished")
    select.select_option("place")
    expect(form.locator('[data-chip="further"]')).to_have_text("Spoilers (up to …)")
    form.get_by_label("Which place").fill("20 %")
    check_accessibility(page)
    form.get_by_label("Reply", exact=True).fill("So far so good.")
    form.get_by_role("button", name="Post reply").click()

    expect(page.locator(".comment", has_text="So far so good.")).to_be_visible()
    assert said() == ("So far so good.", 2000)
    expect(form.get_by_label("Reply", exact=True)).to_have_value("")


def test_ctrl_and_enter_post(browse, bob, thread, said):
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")
    field = page.get_by_label("Reply", exact=True)
    field.fill("Quickly.")
    field.press("Control+Enter")

    expect(page.locator(".comment", has_text="Quickly.")).to_be_visible()
    assert said()[0] == "Quickly."


def test_a_preview_moves_nothing_above_it(browse, bob, thread):
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")
    form = page.locator("#new-comment")
    form.get_by_label("Reply", exact=True).fill("Was it?")
    place = (
        "() => [...document.querySelectorAll('#new-comment textarea, #new-comment .row')]"
        ".slice(0, 2).map((one) => one.getBoundingClientRect().top + scrollY)"
    )
    before = page.evaluate(place)
    form.get_by_role("button", name="Preview").click()

    expect(page.locator("#preview-of-new-comment")).to_be_focused()
    assert page.evaluate(place) == before


def test_a_reaction_swaps_its_bar_alone_and_names_open_on_tap(browse, check_accessibility, bob, thread):
    page = browse(bob, phone=True)
    page.goto(f"/threads/{thread.id}")
    page.evaluate("document.body.dataset.sameness = 'yes'")
    bar = page.locator(".reactions").first

    bar.get_by_role("button", name="Like").tap()
    expect(bar.get_by_role("button", name="Like 1")).to_have_attribute("aria-pressed", "true")
    expect(bar.get_by_role("button", name="Like 1")).to_be_focused()
    bar.locator("summary").tap()
    expect(bar.get_by_text("Like: ")).to_contain_text("Bob")
    bar.get_by_role("button", name="Made me think").tap()
    expect(bar.get_by_role("button", name="Made me think 1")).to_be_visible()
    check_accessibility(page)
    bar.get_by_role("button", name="Like 1").tap()
    expect(bar.get_by_role("button", name="Like", exact=True)).to_have_attribute("aria-pressed", "false")
    expect(page.locator("[data-sameness]")).to_have_count(1)


def test_without_javascript_a_reaction_leads_back_to_its_post(browse, bob, thread):
    page = browse(bob, javascript=False)
    page.goto(f"/threads/{thread.id}")
    page.locator(".reactions").first.get_by_role("button", name="Like").click()

    expect(page).to_have_url(re.compile(r"/threads/\d+#comment-\d+$"))
    expect(page.get_by_role("button", name="Like 1")).to_be_visible()


def test_the_key_n_goes_through_what_is_unread_but_not_while_typing(browse, save, alice, thread):
    reader = save(make_member("reader"))
    later = [
        save(make_comment(thread, alice, f"Remark {number}. " + "It goes on. " * 40)) for number in range(4)
    ]
    page = browse(reader)
    page.goto(f"/threads/{thread.id}")
    expect(page.get_by_role("link", name="Next unread")).to_be_visible()

    page.keyboard.press("n")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("n")
    second = page.evaluate("document.activeElement.id")
    ids = [f"comment-{comment.id}" for comment in later]
    assert ids.index(second) == ids.index(first) + 1 if first in ids else second == ids[0]

    field = page.get_by_label("Reply", exact=True)
    field.press_sequentially("no")
    expect(field).to_have_value("no")
    expect(field).to_be_focused()


def test_members_are_proposed_after_an_at_sign(browse, bob, olive, thread):
    page = browse(bob)
    page.goto(f"/threads/{thread.id}")
    field, proposed = page.get_by_label("Reply", exact=True), page.locator("#mentions [role=option]")
    field.press_sequentially("What does @oli")
    expect(proposed).to_have_count(1)
    field.press("Enter")

    expect(field).to_have_value("What does @olive ")
