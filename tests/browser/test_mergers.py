"""An organiser merges two pages of one book and undoes it; a reader is asked once how far they are."""

from __future__ import annotations

from playwright.sync_api import expect

from bookclub.readings.models import Reading
from tests.factories import make_book


def test_two_pages_of_a_book_become_one_and_two_again(browse, save, olive, bob):
    salt = save(make_book("Salt", author="Ann Hale"))
    brine = save(make_book("Brine", author="Ann M. Hale"))
    save(Reading(member_id=bob.id, book_id=brine.id, status="reading", position=4000, mark=4000))

    page = browse(olive)
    page.goto(f"/books/{brine.slug}")
    page.get_by_role("link", name="Merge with another book").click()
    page.get_by_label("Book to keep").fill(salt.slug)
    page.get_by_role("button", name="Show what will change").press("Enter")
    expect(page.get_by_text("1 reading moves.")).to_be_visible()
    page.get_by_role("button", name="Merge them").press("Enter")
    page.wait_for_url(f"**/books/{salt.slug}")

    reader = browse(bob)
    reader.goto(f"/books/{brine.slug}")
    reader.wait_for_url(f"**/books/{salt.slug}")
    question = reader.locator("#how-far")
    expect(question).to_contain_text("You read Brine, which is now part of Salt.")
    question.get_by_label("I am at").fill("40")
    question.get_by_role("combobox").select_option("percent")
    question.get_by_role("button", name="Save").press("Enter")
    expect(question).to_have_count(0)

    page.goto(f"/books/{salt.slug}/edits")
    page.get_by_role("link", name="Undo", exact=True).click()
    page.get_by_role("button", name="Undo it").press("Enter")
    page.wait_for_url(f"**/books/{brine.slug}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Brine")
