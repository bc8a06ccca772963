"""A new member asks which Ishiguro to read next: the page answers, members do, and an adviser hears."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from bookclub.books.models import Book
from bookclub.extensions import db
from tests.factories import make_author, make_book, make_member, make_reading, make_tag

LOVED = ("Never Let Me Go", "Emma", "Dune")


@pytest.fixture
def ishiguro(save):
    """Six members have read Never Let Me Go, and five of them The Remains of the Day."""
    author = save(make_author("Kazuo Ishiguro"))
    memory, narrator = save(make_tag("memory")), save(make_tag("unreliable narrator"))
    never = save(make_book("Never Let Me Go", author=author, first_published=2005, tags=(memory,)))
    remains = save(
        make_book("The Remains of the Day", author=author, first_published=1989, tags=(memory, narrator))
    )
    save(make_book("The Buried Giant", author=author, first_published=2015, tags=(memory, narrator)))
    emma = save(make_book("Emma", tags=(memory, narrator)))
    dune = save(make_book("Dune", tags=(memory, narrator)))
    readers = [save(make_member()) for _ in range(6)]
    for reader in readers:
        save(make_reading(reader, never, status="finished", rating=9))
        save(make_reading(reader, emma, status="finished", rating=8))
    for reader in readers[:5]:
        save(make_reading(reader, remains, status="finished", rating=10))
    save(make_reading(readers[0], dune, status="finished"))
    return author


@pytest.fixture
def loved(app, save, ishiguro, alice):
    """Alice has read and loved three books."""
    with app.app_context():
        books = db.session.execute(select(Book).where(Book.title.in_(LOVED))).scalars().all()
    save(*(make_reading(alice, book, status="finished", rating=9) for book in books))


def test_a_question_is_answered_by_the_page_and_by_members_and_ends_with_a_book_read(
    browse, save, ishiguro, alice, bob
):
    newcomer = save(make_member("nora"))
    hers = browse(newcomer)

    # Three books that she loved.
    for title in LOVED:
        hers.goto("/books")
        hers.get_by_role("link", name=re.compile(f"^{title}")).first.click()
        hers.get_by_role("region", name=f"Your progress in {title}").get_by_role(
            "button", name="I have read it"
        ).click()
        expect(hers.get_by_role("region", name=f"Your progress in {title}")).to_contain_text("finished it")
        hers.locator(".star-choice .whole").nth(4).click()
        expect(hers.locator(".star-choice")).to_contain_text("Your stars")

    # The page answers with what the club has read, and says why.
    hers.goto("/books/never-let-me-go")
    hers.get_by_role("link", name="Which Ishiguro next?").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Which Ishiguro should I read next?")
    first = hers.locator(".suggestion").first
    expect(first.get_by_role("heading")).to_have_text("The Remains of the Day")
    expect(first.locator(".reason")).to_be_visible()
    first.locator("summary", has_text="More").click()
    first.get_by_text("Why?").click()
    expect(first.get_by_role("row", name=re.compile("Readers in the club"))).to_be_visible()
    hers.keyboard.press("Escape")

    # The club answers, too.
    hers.get_by_role("link", name="Ask the club", exact=True).click()
    hers.get_by_label("What would you like to know?").fill("The short one or the one with the giant?")
    hers.get_by_role("button", name="Ask", exact=True).click()
    expect(hers.get_by_role("heading", level=1)).to_contain_text("the one with the giant")
    ask = hers.url
    for member, title, why in (
        (bob, "The Remains of the Day", "It is short, and it breaks your heart."),
        (alice, "The Buried Giant", "There is a giant."),
    ):
        theirs = browse(member)
        theirs.goto(ask)
        theirs.get_by_label("Book", exact=True).fill(title)
        theirs.get_by_label("Why this one?").fill(why)
        theirs.get_by_role("button", name="Post answer", exact=True).click()
        expect(theirs.locator(".advices")).to_contain_text(why)
    answer = theirs.locator(".advice").filter(has_text="breaks your heart")
    answer.get_by_role("button", name="I agree").click()
    expect(answer).to_contain_text("Alice")

    # She takes one, plans it, and reads it; Bob hears of that.
    hers.goto("/notices")
    expect(hers.get_by_role("main")).to_contain_text("Alice answers “The short one")
    hers.goto(ask)
    taken = hers.locator(".advice").filter(has_text="breaks your heart")
    taken.get_by_role("button", name="Read this one").click()
    expect(taken).to_contain_text("Chosen")
    hers.goto("/authors/kazuo-ishiguro/next")
    planned = hers.locator(".suggestion").filter(has_text="The Remains of the Day")
    planned.locator("summary", has_text="More").click()
    planned.get_by_label("Plan it for a month").fill("2027-01")
    planned.get_by_role("button", name="Plan it").click()
    hers.goto("/books/the-remains-of-the-day")
    hers.get_by_role("button", name="I have read it").first.click()
    expect(hers.get_by_role("region", name="Your progress in The Remains of the Day")).to_contain_text(
        "finished it"
    )

    his = browse(bob)
    his.goto("/notices")
    expect(his.get_by_role("main")).to_contain_text("The Remains of the Day")
    expect(his.get_by_role("main")).to_contain_text("Nora")
    expect(his.get_by_role("main")).to_contain_text(re.compile("finished", re.IGNORECASE))


def test_one_form_plans_knows_and_refuses_and_the_club_is_chosen_for_by_name(browse, ishiguro, alice, loved):
    hers = browse(alice)
    hers.goto("/authors/kazuo-ishiguro/next")

    remains = hers.locator(".suggestion").filter(has_text="The Remains of the Day")
    remains.locator("summary", has_text="More").click()
    remains.get_by_role("button", name="Already read").click()
    expect(hers.get_by_role("complementary", name="Your Ishiguro")).to_contain_text("The Remains of the Day")
    giant = hers.locator(".suggestion").filter(has_text="The Buried Giant")
    giant.locator("summary", has_text="More").click()
    giant.get_by_role("button", name="Not for me").click()
    expect(hers.get_by_text("The Buried Giant will not be recommended to you.")).to_be_visible()
    expect(giant.get_by_role("button", name="Want to read")).to_have_count(0)

    hers.get_by_role("navigation", name="Main").get_by_role("link", name="Recommendations").click()
    hers.get_by_role("link", name="For the club").click()
    expect(hers.get_by_role("link", name="For the club")).to_have_attribute("aria-current", "page")
    for box in hers.get_by_role("checkbox").all():
        box.set_checked(False)
    hers.get_by_role("checkbox", name=alice.display_name).check()
    hers.get_by_role("button", name="Choose for these").click()
    expect(hers.get_by_role("checkbox", checked=True)).to_have_count(1)


def test_why_can_be_read_on_a_phone_without_moving_it_sideways(browse, ishiguro, alice, loved):
    hers = browse(alice, phone=True)
    hers.goto("/authors/kazuo-ishiguro/next")
    hers.locator(".suggestion").first.locator("summary", has_text="More").click()
    hers.get_by_text("Why?").first.click()

    why = hers.get_by_role("region", name="What speaks for").first
    expect(why.get_by_role("columnheader", name="Adds")).to_be_visible()
    assert why.evaluate("region => region.scrollWidth <= region.clientWidth")


def test_want_to_read_is_said_on_the_card_and_undone_without_a_reload(browse, ishiguro, alice, loved):
    hers = browse(alice, phone=True)
    hers.goto("/authors/kazuo-ishiguro/next")
    card = hers.locator(".suggestion").filter(has_text="The Remains of the Day")
    place = card.bounding_box()
    hers.evaluate("window.isSamePage = true")

    card.get_by_role("button", name="Want to read").press("Enter")
    undo = card.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    expect(card).to_contain_text("On your list")
    assert card.bounding_box() == place
    undo.press("Enter")
    expect(card.get_by_role("button", name="Want to read")).to_be_focused()
    assert card.bounding_box() == place
    assert hers.evaluate("window.isSamePage")


def test_the_menu_of_a_suggestion_works_by_keyboard(browse, ishiguro, alice, loved):
    hers = browse(alice)
    hers.goto("/authors/kazuo-ishiguro/next")
    card = hers.locator(".suggestion").filter(has_text="The Remains of the Day")

    card.locator("summary", has_text="More").press("Enter")
    mute = card.get_by_role("button", name="Not for me")
    expect(mute).to_be_visible()
    mute.press("Escape")
    expect(mute).to_be_hidden()
    card.locator("summary", has_text="More").press("Enter")
    mute.press("Enter")
    expect(hers.get_by_text("The Remains of the Day will not be recommended to you.")).to_be_visible()
    hers.get_by_role("button", name="Undo").press("Enter")
    expect(card.get_by_role("button", name="Want to read")).to_be_visible()
