"""Words that come back to a form that was made from something newer."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.factories import make_comment, make_thread


def test_words_brought_back_do_not_replace_newer_ones(browse, save, alice, page_allows):
    page_allows("status of 422")
    thread = save(make_thread(alice, None))
    comment = save(make_comment(thread, alice, "As it was."))
    page, phone = browse(alice), browse(alice, javascript=False)
    page.goto(f"/threads/{thread.id}")
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Your words").fill("What I typed and left.")
    page.goto("/")
    phone.goto(f"/comments/{comment.id}/edit")
    phone.get_by_label("Your words").fill("What I saved on the phone.")
    phone.get_by_role("button", name="Save", exact=True).click()

    page.goto(f"/threads/{thread.id}")
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Bring them back").click()
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("This changed while you were writing.").wait_for()
    expect(page.get_by_label("Your words, as saved")).to_have_value("What I saved on the phone.")
    expect(page.get_by_role("button", name="Copy it")).to_be_visible()
    expect(page.get_by_label("Your words", exact=True)).to_have_value("What I typed and left.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(f"#comment-{comment.id}", has_text="What I typed and left.").wait_for()
