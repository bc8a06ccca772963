"""A newcomer on a phone ticks what they have read, without scripts, and takes it back."""

from __future__ import annotations

from playwright.sync_api import expect

from bookclub.lib.positions.places import END
from tests.factories import make_book, make_comment, make_reading, make_thread


def test_a_newcomer_ticks_what_they_have_read_and_undoes_it(browse, save, alice, bob):
    emma, sula = save(make_book("Emma")), save(make_book("Sula"))
    save(make_reading(alice, emma, position=END))
    thread = save(make_thread(alice, emma, "On Emma"))
    save(make_comment(thread, alice, "They marry.", horizon=9000))
    page = browse(bob, phone=True, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="Tick what you have read").click()

    boxes = page.get_by_role("listitem").get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_have_accessible_name(f"Emma {emma.authors_line}")
    # The whole cover is the target, for a finger and for the keyboard.
    cover = page.get_by_role("listitem").filter(has_text="Sula").locator("svg").bounding_box()
    page.mouse.click(cover["x"] + cover["width"] / 2, cover["y"] + cover["height"] / 2)
    expect(page.get_by_role("checkbox", name="Sula")).to_be_checked()
    boxes.first.focus()
    page.keyboard.press("Space")
    expect(boxes.first).to_be_checked()
    page.get_by_role("button", name="Mark as read").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("2 books marked as read")
    expect(page.locator("main")).not_to_contain_text("They marry.")
    expect(page.get_by_role("link", name=sula.title)).to_be_visible()
    page.goto(f"/threads/{thread.id}")
    expect(page.locator("main")).to_contain_text("They marry.")

    page.go_back()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#notice")).to_contain_text("Undone: 2 books are not marked as read any more.")
    expect(boxes).to_have_count(2)
    page.goto(f"/threads/{thread.id}")
    expect(page.locator("main")).not_to_contain_text("They marry.")
