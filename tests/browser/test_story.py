"""The whole story of a club's first days, as its people live it: once with JavaScript, once without."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from bookclub.cli.main import path_of_setup
from tests.browser.composing import SAFE, choose_readers

REVIEW = (Path(__file__).parent / "review.md").read_text(encoding="utf-8")
PASSWORD = "a kettle by the window"
# Each word stands in one text only, so that it shows in whose page that text is.
SPOILER, LOCKED, DEEPER = "screams in the dark field", "quokka", "numbat"


def join(page: Page, link: str, username: str) -> None:
    """Make an account by a link that lets one in."""
    page.goto(link)
    page.get_by_label("Username").fill(username)
    page.get_by_label("E-mail").fill(f"{username}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("Set up the club|Sign up")).click()
    expect(page.get_by_text(f"Welcome, {username}.")).to_be_visible()


def open_book(page: Page) -> None:
    """Find the book in the catalogue."""
    page.get_by_role("navigation").get_by_role("link", name="Books").click()
    page.get_by_label("Search").fill("ishiguro")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name=re.compile("Never Let Me Go")).click()
    expect(page.get_by_role("heading", name="Never Let Me Go", level=1)).to_be_visible()


def say_how_far(page: Page, status: str, percent: str = "") -> None:
    """Record one's reading on the book page, which is said in the strip at once, or by a new page."""
    javascript = page.evaluate("typeof window.htmx !== 'undefined'")
    page.get_by_text("Other place…").click()
    form = page.locator("form#reading")
    form.get_by_label("Status").select_option(status)
    form.get_by_label("How far you are").fill(percent)
    form.get_by_role("button", name="Save").click()
    if javascript:
        expect(page.locator(".standing .where")).to_be_focused()
    else:
        expect(page.locator("#notice")).to_contain_text("Saved.")


def open_review(page: Page) -> None:
    """Follow the review's title on the book page."""
    page.get_by_role("link", name="A train two hours late").click()
    expect(page.get_by_role("heading", name="A train two hours late", level=1)).to_be_visible()


def comment(page: Page, words: str) -> Locator:
    """The one comment that says this."""
    return page.locator(".comment", has_text=words)


def fill_in(form: Locator, words: str, gives_away: str | None) -> None:
    form.get_by_label("Reply", exact=True).fill(words)
    if gives_away:
        choose_readers(form, gives_away)
    form.get_by_role("button", name="Post reply").click()


def reply(page: Page, to: str, words: str, gives_away: str | None = None) -> None:
    """Answer the comment that says ``to``; whoever answers is left at the new comment."""
    answered = comment(page, to)
    number = str(answered.get_attribute("id")).removeprefix("comment-")
    answered.get_by_role("link", name="Reply", exact=True).click()
    fill_in(page.locator(f"#reply-{number}"), words, gives_away)
    expect(comment(page, words)).to_be_visible()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_club_is_set_up_reads_and_talks_and_nobody_is_spoiled(app, browse, site, javascript):
    # A visitor finds a closed door, until the organiser has come by the one-time link.
    setup_link = path_of_setup(app)
    visitor = browse(javascript=javascript)
    visitor.goto("/books")
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()

    olive = browse(javascript=javascript)
    join(olive, setup_link, "olive")
    visitor.goto(setup_link)
    expect(visitor.get_by_role("heading", name="How to join")).to_be_visible()

    # She names the club, makes it public, and invites.
    olive.get_by_role("link", name="Name your club").click()
    olive.get_by_label("Name", exact=True).fill("The Lantern Club")
    olive.get_by_label("A few words about the club").fill("We read **slowly**, with biscuits. 🏮")
    olive.get_by_label("Visitors may look in").check()
    olive.get_by_role("button", name="Save").click()
    expect(olive.get_by_text("The club’s settings are saved.")).to_be_visible()
    expect(olive).to_have_title(re.compile("The Lantern Club"))
    olive.get_by_role("link", name="Invitations").click()
    olive.get_by_role("button", name="Make a link").click()
    invitation = olive.get_by_label("Invitation link").input_value()
    assert invitation.startswith(f"{site}/sign-up?invite=")

    # Alice joins, adds the book, and reviews it.
    alice = browse(javascript=javascript)
    join(alice, invitation, "alice")
    alice.get_by_role("navigation").get_by_role("link", name="Books").click()
    alice.get_by_role("link", name="Add a book").first.click()
    alice.get_by_label("Title", exact=True).fill("Never Let Me Go")
    alice.get_by_label("Authors").fill("Kazuo Ishiguro")
    alice.get_by_label("First published").fill("2005")
    alice.get_by_role("button", name="Add the book").click()
    expect(alice.get_by_role("heading", name="Never Let Me Go", level=1)).to_be_visible()
    say_how_far(alice, "finished")
    assert len(REVIEW.split()) >= 900
    alice.get_by_role("link", name="Write a review").click()
    alice.get_by_label("Title", exact=True).fill("A train two hours late")
    alice.get_by_label("In a nutshell").fill("How it is told, and hardly at all what happens.")
    alice.get_by_label("Your review").fill(REVIEW)
    alice.get_by_label("Your rating").select_option(label="4.5 ★")
    choose_readers(alice, SAFE)
    alice.get_by_role("button", name="Publish").click()

    expect(alice.get_by_role("heading", name="A train two hours late", level=1)).to_be_visible()
    piece = alice.locator("article.piece")
    expect(piece.get_by_role("heading", name="Where I quarrelled with it", level=3)).to_be_visible()
    expect(piece.get_by_role("heading", name="Three things it does quietly", level=4)).to_be_visible()
    expect(piece.get_by_role("listitem")).to_have_count(6)
    expect(piece.locator("figure figcaption")).to_have_text("Ben, drying a saucepan")
    expect(piece).to_contain_text("leave the bar alone. 🐢")
    expect(piece).to_contain_text("“since the second time is when it gets you”")
    expect(piece).to_contain_text(SPOILER)
    review = re.search(r"/reviews/\d+", alice.url)[0]

    # Bob joins and replies, and Alice answers.
    bob = browse(javascript=javascript)
    join(bob, invitation, "bob")
    open_book(bob)
    say_how_far(bob, "finished")
    open_review(bob)
    bob.evaluate("document.body.dataset.sameness = 'yes'")
    fill_in(bob.locator("#new-comment"), "What a review. I missed my stop.", SAFE)
    expect(comment(bob, "I missed my stop")).to_be_visible()
    expect(bob.locator("[data-sameness]")).to_have_count(1 if javascript else 0)
    alice.reload()
    reply(alice, "I missed my stop", "Then it was worth the 40 hours. 🚂", SAFE)
    expect(alice.get_by_role("heading", name="2 thoughts", exact=True)).to_be_visible()

    # Carol replies to both, and edits hers.
    carol = browse(javascript=javascript)
    join(carol, invitation, "carol")
    open_book(carol)
    say_how_far(carol, "reading", "60")
    open_review(carol)
    reply(carol, "I missed my stop", "Which stop?", SAFE)
    reply(carol, "worth the 40 hours", "Forty?", SAFE)
    comment(carol, "Forty?").get_by_role("link", name="Edit", exact=True).click()
    carol.get_by_label("Your words").fill("Four, surely: I have timed it.")
    carol.get_by_role("button", name="Save").click()
    expect(comment(carol, "Four, surely")).to_contain_text("edited")
    expect(comment(carol, "Forty?")).to_have_count(0)
    expect(carol.get_by_role("heading", name="4 thoughts", exact=True)).to_be_visible()
    if javascript:
        expect(carol.locator("#announcer")).to_have_text("Your changes are saved.")
    else:
        expect(carol.get_by_text("Your changes are saved.")).to_be_visible()

    # Bob, who has finished, says two things that give the ending away.
    bob.reload()
    ending = "the ending: for people who have finished"
    reply(bob, "Which stop?", f"The one in the last chapter, by the {LOCKED}.", ending)
    reply(bob, LOCKED, f"And the {DEEPER}, of course.")
    expect(bob.get_by_role("heading", name="6 thoughts", exact=True)).to_be_visible()

    # Dan, at a fifth, sees what is safe, and locks; he reveals one, and only that.
    dan = browse(javascript=javascript)
    join(dan, invitation, "dan")
    open_book(dan)
    say_how_far(dan, "reading", "20")
    open_review(dan)
    expect(dan.get_by_role("heading", name="6 thoughts: 4 here, 2 ahead of you")).to_be_visible()
    expect(dan.locator(".locked").last).to_contain_text("2 replies by bob, for people who have finished.")
    expect(dan.locator(".locked").last).to_contain_text("You are at 20 %.")
    expect(dan.locator(".spoiler.locked")).to_be_visible()
    page_source = dan.content()
    assert not [word for word in (SPOILER, LOCKED, DEEPER) if word in page_source]
    dan.get_by_role("link", name="Reveal the first").click()
    expect(comment(dan, LOCKED)).to_be_visible()
    assert DEEPER not in dan.content()
    dan.goto(review)
    assert LOCKED not in dan.content()

    # A visitor sees the club, the review and what is safe under it; nobody's progress, and no form.
    visitor.goto("/")
    expect(visitor.get_by_role("heading", name="The Lantern Club", level=1)).to_be_visible()
    open_book(visitor)
    for private in ("carol", "dan", "60", "20 %"):
        expect(visitor.locator("main")).not_to_contain_text(private)
    open_review(visitor)
    expect(comment(visitor, "Four, surely")).to_be_visible()
    expect(visitor.get_by_role("heading", name="6 thoughts: 4 here, 2 later in the book")).to_be_visible()
    expect(visitor.locator(".spoiler.locked")).to_be_visible()
    page_source = visitor.content()
    assert not [word for word in (SPOILER, LOCKED, DEEPER) if word in page_source]
    expect(visitor.get_by_role("link", name=re.compile("Reveal"))).to_have_count(0)
    expect(visitor.locator("form")).to_have_count(0)
    assert visitor.goto("/members").url.endswith("/sign-in?next=/members")
