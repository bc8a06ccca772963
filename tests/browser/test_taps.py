"""The steps of a member on a phone, counted in taps; typing is not counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.lib.positions.places import END
from bookclub.members.models import Club
from bookclub.readings.models import Reading
from bookclub.sections.models import Section
from bookclub.threads.models import Comment
from tests.factories import (
    make_book,
    make_comment,
    make_nomination,
    make_reading,
    make_round,
    make_thread,
)

# Stands in for the share sheet of a phone, which the browsers of a desk do not have.
SHARE_SHEET = "navigator.share = async ({url}) => { document.body.dataset.shared = url; };"


@dataclass
class Thumb:
    """A member with a phone, whose taps are counted."""

    page: Page
    taps: int = 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def press(self, button: str) -> None:
        """Tap a button by its name."""
        self.tap(self.page.get_by_role("button", name=button, exact=True))


@pytest.fixture
def hold(browse):
    """``hold(bob, "/books/emma")`` is Bob with that page open on his phone."""

    def hold(member, path, script=""):
        page = browse(member, phone=True)
        if script:
            page.add_init_script(script)
        page.goto(path)
        return Thumb(page)

    return hold


@pytest.fixture
def book(app, save):
    """The book that the club reads, of three chapters."""
    book = save(make_book("Emma", pages=300))
    for place, start in enumerate((0, 3000, 6000)):
        save(Section(book_id=book.id, place=place, title=f"Of {start}", typed_start=start, start=start))
    with app.app_context():
        club = db.session.get(Club, 1)
    club.current_book_id = book.id
    save(club)
    return book


@pytest.fixture
def thread(save, alice, book):
    """A safe thread of Alice's about that book, with her first words."""
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "Badly done. " * 200))
    return thread


def arrive(page: Page, path: str) -> None:
    """Wait for a page whose scripts have begun: a tap before that sends its form as without scripts."""
    expect(page).to_have_url(re.compile(f"{path}$"))
    page.wait_for_load_state()


def star(page: Page, number: int) -> Locator:
    return page.get_by_role("region", name="Your progress in Emma").locator("label.whole").nth(number - 1)


def test_the_next_chapter_takes_one_tap_and_stars_one_more(hold, save, rows, book, bob):
    save(make_reading(bob, book, position=3000))
    thumb = hold(bob, "/")
    strip = thumb.page.get_by_role("region", name="Your progress in Emma")
    thumb.press("Finished chapter 2")
    expect(strip).to_contain_text("You are at chapter 3.")
    assert thumb.taps == 1

    thumb.page.goto("/books/emma")
    thumb.press("Finished chapter 3")
    expect(strip).to_contain_text("How many stars?")
    finished = thumb.taps
    thumb.tap(star(thumb.page, 4))
    expect(thumb.page.locator("#ratings")).to_contain_text("4.0 from 1 reader")
    assert thumb.taps - finished == 1
    assert [(one.status, one.rating) for one in rows(select(Reading))] == [("finished", 8)]


def test_stars_take_two_taps_from_the_shelf(hold, save, rows, book, bob):
    save(make_reading(bob, book, status="finished"))
    thumb = hold(bob, "/members/bob")

    thumb.tap(thumb.page.locator("main").get_by_role("link", name=re.compile("Emma")).first)
    arrive(thumb.page, "/books/emma")
    thumb.tap(star(thumb.page, 5))

    expect(thumb.page.locator("#ratings")).to_contain_text("5.0 from 1 reader")
    assert thumb.taps == 2
    assert [one.rating for one in rows(select(Reading))] == [10]


def test_a_new_comment_is_one_tap_from_home(hold, save, thread, alice, bob):
    # Bob has seen the thread as far as it went, and two screens lie above what is new.
    first = hold(bob, f"/threads/{thread.id}")
    new = save(make_comment(thread, alice, "And on a Tuesday."))
    first.page.goto("/")
    thumb = Thumb(first.page)

    thumb.tap(thumb.page.get_by_role("region", name="What is new").get_by_role("link", name="The picnic"))

    expect(thumb.page.locator(f"#comment-{new.id}")).to_be_in_viewport()
    assert thumb.taps == 1


def test_a_safe_reply_by_somebody_who_has_finished_takes_two_taps(hold, save, rows, thread, book, bob):
    save(make_reading(bob, book, status="finished", position=END))
    thumb = hold(bob, f"/threads/{thread.id}")
    page, before = thumb.page, thumb.page.title()

    thumb.tap(page.locator(".comment").get_by_role("link", name="Reply", exact=True))
    form = page.locator(".slot form")
    expect(form.locator('[data-chip="safe"]')).to_have_attribute("aria-pressed", "true")
    expect(form.get_by_text("So your reply starts without spoilers.")).to_be_visible()
    expect(form.get_by_label("Who can read this?")).to_be_hidden()
    form.get_by_label("Reply", exact=True).fill("Very badly.")
    thumb.tap(form.get_by_role("button", name="Post reply"))

    expect(page.locator(".comment", has_text="Very badly.")).to_be_visible()
    assert thumb.taps == 2
    said = rows(select(Comment).order_by(Comment.id))[-1]
    assert (said.body, said.horizon) == ("Very badly.", 0)
    # The reply's page has a title of its own, and lends the form alone.
    assert page.title() == before


def test_a_review_takes_three_taps(hold, book, alice):
    thumb = hold(alice, "/books/emma")

    thumb.tap(thumb.page.get_by_role("link", name="Write a review"))
    thumb.page.get_by_label("Title", exact=True).fill("A fine day out")
    thumb.page.get_by_label("Your review").fill("With strawberries.")
    thumb.press("No spoilers")
    thumb.press("Publish")

    expect(thumb.page.get_by_role("heading", name="A fine day out", level=1)).to_be_visible()
    assert thumb.taps == 3


@pytest.mark.parametrize("method", ["ranked", "approval"])
def test_a_vote_for_two_books_takes_three_taps(hold, save, olive, alice, method):
    voting_round = save(make_round(olive, voting=True, method=method))
    save(*(make_nomination(voting_round, save(make_book(title)), olive) for title in ("Emma", "Dune", "It")))
    thumb = hold(alice, f"/rounds/{voting_round.id}")

    for title in ("Emma", "Dune"):
        thumb.tap(thumb.page.locator(f".choice[data-title={title}] .cover").first)
    thumb.press("Cast ballot")

    expect(thumb.page.locator("#notice")).to_contain_text("Your ballot is cast")
    assert thumb.taps == 3
    if method == "ranked":
        for title, place in {"Emma": "1", "Dune": "2", "It": ""}.items():
            expect(thumb.page.get_by_label(f"Place of {title}", exact=True)).to_have_value(place)
    else:
        expect(thumb.page.get_by_role("checkbox", name="I would read Emma")).to_be_checked()
        expect(thumb.page.get_by_role("checkbox", name="I would read It")).not_to_be_checked()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_book_that_the_catalogue_lacks_is_nominated_in_two_taps(
    browse, page_allows, save, olive, alice, javascript
):
    """From the page of the round; without the authors it is asked for them, and the pitch stays."""
    page_allows("status of 422")
    voting_round = save(make_round(olive))
    thumb = Thumb(browse(alice, phone=True, javascript=javascript))
    page = thumb.page
    page.goto(f"/rounds/{voting_round.id}")
    page.get_by_label("Book", exact=True).fill("The Waves")
    page.get_by_label("Why this one?").fill("Six voices.")
    thumb.press("Nominate it")
    expect(page.locator("main")).to_contain_text("The club does not have “The Waves” yet.")
    page.get_by_label("Authors").fill("Virginia Woolf")
    expect(page.get_by_label("Why this one?")).to_have_value("Six voices.")
    thumb.press("Nominate it")

    expect(page.locator(".nomination")).to_contain_text("The Waves")
    expect(page.locator(".nomination")).to_contain_text("Virginia Woolf")
    expect(page.locator(".nomination")).to_contain_text("Six voices.")
    assert thumb.taps == 2


@pytest.mark.parametrize("sheet", [True, False], ids=["with a share sheet", "without"])
def test_an_invitation_takes_two_taps(hold, site, olive, sheet):
    thumb = hold(olive, "/", SHARE_SHEET if sheet else "delete Navigator.prototype.share")
    page, link = thumb.page, thumb.page.get_by_label("Invitation link")

    thumb.tap(page.get_by_role("link", name="Invite somebody"))
    arrive(page, "/club/invitations")
    thumb.press("Make a link")

    expect(page.locator("#notice")).to_contain_text("The invitation is ready.")
    assert thumb.taps == 2
    expect(link).to_have_value(re.compile(rf"{site}/sign-up\?invite="))
    expect(page.get_by_role("button", name="Share")).to_be_visible(visible=sheet)
    if sheet:
        shared = page.locator("body")
        expect(shared).to_have_attribute("data-shared", link.input_value())
        # What the button shares later is the same.
        shared.evaluate("(body) => { delete body.dataset.shared; }")
        page.get_by_role("button", name="Share").tap()
        expect(shared).to_have_attribute("data-shared", link.input_value())
    else:
        expect(link).to_be_in_viewport()


def test_a_share_sheet_that_does_not_open_leaves_its_button(hold, page_allows, olive):
    refuse = "navigator.share = async () => { throw new DOMException('too late', 'NotAllowedError'); };"
    thumb = hold(olive, "/club/invitations", refuse)
    page_allows("status of 422")
    thumb.page.get_by_label("People who can use it").fill("1000")
    thumb.page.locator("[data-makes-link]").evaluate("form => { form.noValidate = true; }")
    thumb.press("Make a link")
    expect(thumb.page.get_by_text("Choose between 1 and 100 people.").first).to_be_visible()

    thumb.page.get_by_label("People who can use it").fill("3")
    thumb.press("Make a link")
    expect(thumb.page.get_by_role("button", name="Share")).to_be_focused()
