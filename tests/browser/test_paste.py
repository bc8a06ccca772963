"""Formatted text from a word processor or a web page, pasted where Markdown is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.factories import make_book, make_thread

# What word processors and pages put on the clipboard.
CLIPBOARD = Path(__file__).parent / "clipboard"
FROM_WORD = """She was **very** *sure*,

said [the letter](https://a.example/b_c%28d%29).

1. Emma
   - her father
2. Persuasion"""

FROM_DOCS = """## The hill

One **bold** *word*~~gone~~

- first
   - within
- second"""

FROM_PAGE = """From *a* page.
Next `line`.

> Badly done.

3. three
4. four

no link **so**:it"""

SPLIT = "<p>Then <b>|</b>|he dies|| at <b>last</b>.</p>"
HIDDEN = '<p>Then <span class="md-spoiler-text">he <b>dies</b></span> at <b>last</b>.</p>'
BARRED = "<p>Then ||he <b>dies</b>|| at last.</p>"


@pytest.fixture
def area(browse, save, alice) -> Locator:
    thread = save(make_thread(alice, save(make_book("Emma")), "The picnic"))
    page: Page = browse(alice)
    page.goto(f"/threads/{thread.id}")
    area = page.locator("#new-comment textarea[name=body]")
    area.focus()
    return area


def paste(area: Locator, html: str, plain: str = "plain words") -> bool:
    """Paste as a browser does. Returns whether the page left it alone, so that plain words are pasted."""
    return area.evaluate(
        """(area, [html, plain]) => {
            const data = new DataTransfer();
            data.setData("text/plain", plain);
            if (html) data.setData("text/html", html);
            const event = new ClipboardEvent(
                "paste", { clipboardData: data, bubbles: true, cancelable: true });
            const isLeft = area.dispatchEvent(event);
            if (isLeft) document.execCommand("insertText", false, plain);
            return isLeft;
        }""",
        [html, plain],
    )


@pytest.mark.parametrize(
    ("file", "markdown"),
    [("word", FROM_WORD), ("google_docs", FROM_DOCS), ("page", FROM_PAGE)],
)
def test_formatted_text_comes_as_markdown_and_can_be_undone(area, file, markdown):
    assert not paste(area, (CLIPBOARD / f"{file}.html").read_text())

    expect(area).to_have_value(markdown)
    area.press("Control+z")
    expect(area).to_have_value("")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>plain words</p>",
        "<div><span style='color: red'>plain</span> words</div>",
        "<p>plain words<br></p>",
    ],
)
def test_where_nothing_is_formatted_the_browser_pastes_as_ever(area, html):
    assert paste(area, html)

    expect(area).to_have_value("plain words")


def test_paragraphs_stay_apart_where_the_plain_text_joins_them(area):
    assert not paste(area, "<p>One.</p><p>Two.</p>", "One.\nTwo.")

    expect(area).to_have_value("One.\n\nTwo.")


def test_plain_is_asked_for_with_one_more_key(area):
    key = "new KeyboardEvent('keydown', {key: 'V', ctrlKey: true, shiftKey: true, bubbles: true})"
    area.evaluate(f"(area) => area.dispatchEvent({key})")

    assert paste(area, "<p><b>plain</b> words</p>")


def test_pasting_never_opens_a_spoiler(area):
    assert paste(area, SPLIT, "Then ||he dies|| at last.")
    expect(area).to_have_value("Then ||he dies|| at last.")
    area.fill("")

    assert not paste(area, HIDDEN)
    expect(area).to_have_value("Then ||he dies|| at **last**.")
    area.fill("")

    assert not paste(area, BARRED)
    expect(area).to_have_value("Then ||he **dies**|| at last.")


def test_a_list_within_a_sentence_stands_by_itself(area):
    area.fill("Before. After.")
    area.evaluate("(area) => area.setSelectionRange(7, 8)")

    assert not paste(area, "<ul><li>one</li><li>two</li></ul>")

    expect(area).to_have_value("Before.\n\n- one\n- two\n\nAfter.")


def test_a_link_goes_into_the_sentence(area):
    area.fill("See .")
    area.evaluate("(area) => area.setSelectionRange(4, 4)")

    assert not paste(area, '<a href="https://a.example/b">this</a>')

    expect(area).to_have_value("See [this](https://a.example/b).")


def test_what_was_pasted_is_kept_as_a_draft(area):
    assert not paste(area, "<p><b>bold</b></p>")

    area.page.reload()
    expect(area).to_have_value("**bold**")


def test_fields_that_take_no_markdown_take_plain_text(browse, alice):
    page = browse(alice)
    page.goto("/asks/new")
    question = page.get_by_label("What would you like to know?")
    question.focus()

    assert paste(question, "<b>plain</b> words")
