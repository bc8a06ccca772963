"""An organiser says a word to the club, and a member reads and dismisses it."""

from __future__ import annotations

from playwright.sync_api import expect

from bookclub.home.models import Word

WORD = "Thursday is at Dot’s."


def said(body: str) -> Word:
    return Word(number=1, body=body, body_html=f"<p>{body}</p>")


def test_a_word_is_written_read_and_dismissed(browse, olive, bob):
    page = browse(olive)
    page.goto("/")
    page.get_by_role("link", name="Write a word to the club").click()
    page.get_by_label("Your word to the club").fill("Thursday is at **Dot’s**.\n")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#word")).to_contain_text(WORD)

    reader = browse(bob, phone=True)
    reader.goto("/")
    expect(reader.get_by_role("region", name="A word from the organisers")).to_contain_text(WORD)
    reader.get_by_role("button", name="Dismiss").press("Enter")

    expect(reader.get_by_text("Dismissed.").first).to_be_focused()
    expect(reader.get_by_text(WORD)).to_have_count(0)
    reader.reload()
    expect(reader.get_by_role("heading", name="Your shelf")).to_be_visible()
    expect(reader.get_by_text(WORD)).to_have_count(0)


def test_a_later_word_takes_the_place_of_one_that_is_dismissed_late(browse, save, bob):
    word = save(said(WORD))
    page = browse(bob)
    page.goto("/")
    word.number, word.body, word.body_html = 2, "Friday, after all.", "<p>Friday, after all.</p>"
    save(word)
    page.get_by_role("button", name="Dismiss").press("Enter")

    expect(page.get_by_text("Friday, after all.")).to_be_visible()
    expect(page.get_by_role("heading", name="A word from the organisers")).to_be_focused()
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Friday, after all.")).to_have_count(0)


def test_without_scripts_a_word_is_dismissed_too(browse, save, bob):
    save(said(WORD))
    page = browse(bob, javascript=False)
    page.goto("/")
    page.get_by_role("button", name="Dismiss").click()

    expect(page.get_by_text("Dismissed.")).to_be_visible()
    expect(page.get_by_text(WORD)).to_have_count(0)
