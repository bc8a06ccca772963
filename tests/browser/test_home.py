"""Home on a phone: what is new in one tap, the next chapter, the vote, and the organisers' word."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import expect

from bookclub.extensions import db, utcnow
from bookclub.home.models import Word
from bookclub.members.models import Club
from bookclub.sections.models import Section
from tests.factories import (
    make_book,
    make_comment,
    make_nomination,
    make_reading,
    make_round,
    make_thread,
)


def test_home_is_the_week_of_a_member(browse, app, save, alice, olive, bob):
    emma = save(make_book("Emma"))
    save(*(Section(book_id=emma.id, place=place, title="", start=2500 * place) for place in range(4)))
    with app.app_context():
        club = db.session.get(Club, 1)
    club.current_book_id = emma.id
    save(club, make_reading(bob, emma, position=2500), make_reading(alice, emma, position=5000))
    talk = save(make_thread(alice, emma, "The picnic"))
    comment = save(make_comment(talk, alice, "Badly done, Emma."))
    # At noon, so that it is in five days at every hour at which this is tried.
    noon = (utcnow() + timedelta(days=5)).replace(hour=12)
    voting_round = save(make_round(olive, voting=True, voting_until_at=noon))
    save(make_nomination(voting_round, save(make_book("Dune")), alice))
    save(Word(number=1, body="Thursday at Dot’s.", body_html="<p>Thursday at Dot’s.</p>"))
    page = browse(bob, phone=True)
    page.goto("/")

    vote = page.get_by_role("region", name="Our next book")
    expect(vote).to_contain_text("You have not voted")
    expect(vote).to_contain_text("5 days left")
    expect(page.get_by_role("region", name="Where everybody is")).to_be_visible()

    page.get_by_role("button", name="Finished chapter 2").click()
    expect(page.get_by_role("region", name="Your progress in Emma")).to_contain_text("You are at chapter 3.")
    # The shelf on the same page follows.
    expect(page.locator("#shelf")).to_contain_text("50 %")

    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("Thursday at Dot’s.")).to_have_count(0)

    page.get_by_role("region", name="What is new").get_by_role("link", name="The picnic").click()
    expect(page.locator(f"#comment-{comment.id}")).to_be_in_viewport()
    page.goto("/")
    expect(page.get_by_role("region", name="What is new")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
