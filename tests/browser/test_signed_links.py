"""Votes and answers by the links in mails, in a browser without JavaScript, and what their member hears."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from bookclub.members.signed_links import sign_link
from tests.factories import make_book, make_meeting, make_nomination, make_round

TITLES = ("Emma", "Dune", "Middlemarch")


@pytest.fixture
def link_to(app, alice):
    """``link_to("ballot", voting_round)`` is the path of Alice's link."""

    def link_to(purpose, row):
        with app.app_context():
            return f"/{purpose}-links/{sign_link(purpose, alice, row.id)}"

    return link_to


@pytest.fixture
def voting_round(save, bob, olive):
    found = save(make_round(olive, voting=True))
    for title in TITLES:
        save(make_nomination(found, save(make_book(title)), bob))
    return found


def expect_ballot(page: Page, places: dict[str, str]) -> None:
    for title, place in places.items():
        expect(page.get_by_label(f"Place of {title}", exact=True)).to_have_value(place)


def test_a_member_votes_from_their_mail_without_javascript(browse, link_to, voting_round, alice):
    link, blank = link_to("ballot", voting_round), dict.fromkeys(TITLES, "")
    page = browse(phone=True, javascript=False)
    page.goto(link)
    expect(page.get_by_text("You are voting as Alice")).to_be_visible()
    expect_ballot(page, blank)

    page.get_by_label("Place of Dune", exact=True).select_option("1")
    page.get_by_label("Place of Emma", exact=True).select_option("2")
    page.get_by_role("button", name="Cast ballot").click()

    expect(page.get_by_role("heading", name="Your ballot is in")).to_be_visible()
    page.goto(link)
    expect_ballot(page, blank)

    hers = browse(alice)
    hers.goto("/notices")
    expect(hers.get_by_text("was cast by the link in your e-mail.")).to_be_visible()
    hers.goto(f"/rounds/{voting_round.id}")
    expect_ballot(hers, {"Dune": "1", "Emma": "2", "Middlemarch": ""})


def test_taps_rank_the_books_on_the_page_of_a_link_too(browse, link_to, voting_round):
    page = browse(phone=True)
    page.goto(link_to("ballot", voting_round))
    for title in ("Emma", "Middlemarch"):
        page.locator(".choice").filter(has_text=title).locator(".cover").first.tap()

    expect_ballot(page, {"Emma": "1", "Middlemarch": "2", "Dune": ""})


def test_a_member_answers_from_their_mail_in_the_browser_of_another(browse, save, link_to, bob, olive):
    meeting = save(make_meeting(olive))
    page = browse(bob, javascript=False)
    page.goto(link_to("rsvp", meeting))
    expect(page.get_by_text("In this browser Bob is signed in.")).to_be_visible()
    page.get_by_label("A note").fill("I may be late")
    page.get_by_role("button", name="Maybe").click()

    expect(page.get_by_text("You might come.")).to_be_visible()
    page.goto(f"/meetings/{meeting.id}")
    expect(page.get_by_text("I may be late")).to_be_visible()
    expect(page.locator("#rsvp").get_by_text("Alice", exact=True)).to_be_visible()
