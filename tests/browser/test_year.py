"""A year in the browser: it fits one printed sheet, and its member shows it to others and prints it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import expect

from bookclub.books.models import Edition
from bookclub.rounds.models import Tally
from tests.factories import (
    END,
    make_author,
    make_book,
    make_comment,
    make_member,
    make_nomination,
    make_reading,
    make_round,
    make_thread,
)

YEAR = 2025
MINE, CLUB = f"/members/alice/years/{YEAR}", f"/years/{YEAR}"
LONG = "Uncommonly Protracted and Verbose Chronicles of a Small Town by the Sea, in Which Nothing Is Left Out"
SPRING = datetime(YEAR, 3, 3, tzinfo=UTC)


@pytest.fixture
def full_year(save, alice, bob, olive):
    """A year with more of everything than a page has room for, in words as long as they may be."""
    alice.text_size = "largest"
    save(alice)
    authors = save(*(make_author(f"{number} {LONG[:90]}") for number in range(5)))
    third = save(make_member("third"))
    for number in range(60):
        age, author = 1790 + 4 * number, authors[number % 5]
        book = save(make_book(f"{number} {LONG}", author=author, pages=100 + number, first_published=age))
        recording = save(Edition(book_id=book.id, format="audiobook", minutes=6000 + number))
        columns = {"times_read": 1, "finished_on": date(YEAR, number % 12 + 1, 1)}
        columns |= {"edition_id": recording.id} if number % 2 else {}
        for reader, rating in ((alice, 10), (bob, 2), (third, 2)):
            save(make_reading(reader, book, position=END, rating=rating, **columns))
        save(book)
        if number < 10:
            thread = save(make_thread(bob, book))
            save(make_comment(thread, bob, created_at=SPRING))
        if number < 20:
            begun = {"nominations_until_at": SPRING, "voting_until_at": SPRING, "voting_opened_at": SPRING}
            over = {"settled_at": SPRING + timedelta(days=number), "outcome": "decided", "title": LONG[:80]}
            voting_round = save(make_round(olive, voting=True, **begun, **over))
            won = save(make_nomination(voting_round, book, alice))
            save(Tally(round_id=voting_round.id, winner_id=won.id, counted_at=SPRING))


def sheets(page, **paper) -> int:
    """The number of sheets on which a page is printed."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(**paper)))


@pytest.mark.parametrize("path", [MINE, CLUB])
def test_the_fullest_year_is_one_printed_sheet(browse, full_year, alice, path):
    page = browse(alice)
    page.goto(path)
    # The lists are as full as they can be, so the sheet is, too.
    expect(page.locator(".chart")).to_have_count(5)
    expect(page.locator(".catalogue > li")).to_have_count(36)
    expect(page.locator("#discussed ~ ol > li")).to_have_count(5)
    expect(page.locator("#chosen ~ ul > li")).to_have_count(20)

    assert sheets(page, format="A4") == 1
    assert sheets(page, format="A4", prefer_css_page_size=True) == 1
    assert sheets(page, format="Letter") == 1

    page.emulate_media(media="print")
    for hidden in ("details", ".showing", ".turns", ".top", ".catalogue .cover"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.get_by_text("And 24 more.")).to_be_visible()
    expect(page.get_by_text("And 8 more.")).to_be_visible()


def test_other_pages_keep_their_own_type_on_paper(browse, full_year, alice):
    page = browse(alice)
    page.goto("/books")
    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"


CLIPPED = """() => [...document.querySelectorAll(".chart > svg")].flatMap((svg) => {
    const frame = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].map((text) => [text, text.getBoundingClientRect()])
        .filter(([, box]) => box.left < frame.left - 4 || box.right > frame.right + 4
            || box.top < frame.top - 1)
        .map(([text]) => `${text.textContent} is outside of the drawing`);
})"""
OVERLAPPING = """() => [...document.querySelectorAll(".chart > svg")].flatMap((svg) =>
    [...svg.querySelectorAll("text:not(.number)")]
        .map((text) => [text.textContent, text.getBoundingClientRect()])
        .filter(([, box], at, all) => at && all[at - 1][1].right > box.left)
        .map(([words]) => `${words} runs into the name before it`))"""


@pytest.mark.parametrize("path", [MINE, CLUB])
def test_a_chart_fits_a_phone_and_its_table_opens(browse, full_year, alice, path):
    page = browse(alice, phone=True)
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
    assert page.evaluate(CLIPPED) == []
    assert page.evaluate(OVERLAPPING) == []
    page.locator("#pages summary").click()
    expect(page.locator("#pages tbody tr")).to_have_count(12)
    expect(page.locator("#pages tbody tr").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_a_member_shows_their_year_and_keeps_it_again(browse, save, alice, bob):
    save(make_reading(alice, save(make_book("Emma")), position=END, finished_on=date(YEAR, 5, 5)))
    hers, his = browse(alice, phone=True), browse(bob, phone=True)
    hers.goto(MINE)

    hers.get_by_role("button", name="Show my years to members").click()
    expect(hers.get_by_text("Other members can see your years now")).to_be_visible()
    his.goto("/members/alice")
    his.get_by_role("link", name="year by year").click()
    his.get_by_role("link", name=str(YEAR)).click()
    expect(his.get_by_role("heading", name=f"Alice’s {YEAR}")).to_be_visible()

    hers.get_by_role("link", name="See it as other members would").click()
    expect(hers.get_by_text("as other members would see it")).to_be_visible()
    hers.get_by_role("link", name="Back to yours").click()
    hers.get_by_role("button", name="Keep my years to myself").click()
    expect(hers.get_by_role("button", name="Show my years to members")).to_be_visible()
