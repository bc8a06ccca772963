"""Words that come back to a form that was made from something newer."""

from __future__ import annotations

from tests.factories import make_comment, make_thread


def test_words_brought_back_do_not_replace_newer_ones(browse, save, visit, alice):
    thread = save(make_thread(alice, None))
    comment = save(make_comment(thread, alice, "As it was."))
    address = f"/comments/{comment.id}/edit"
    page = browse(alice)
    page.goto(address)
    page.get_by_label("Your words").fill("What I typed and left.")
    page.goto("/")
    visit(alice).post(address, data={"body": "What I saved on the phone."})

    page.goto(address)
    page.get_by_role("button", name="Bring them back").click()
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("This was changed while you were writing.").wait_for()
    assert page.get_by_label("Your words, as it stands now").input_value() == "What I saved on the phone."
    assert page.get_by_label("Your words", exact=True).input_value() == "What I typed and left."
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/threads/*")
    assert page.get_by_text("What I typed and left.").is_visible()
