"""A vote on the next book: five members, each in their own way, and a count that anybody can check."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Locator, Page, expect

from bookclub.cli.main import main
from tests.factories import make_book, make_member

TITLES = ("Emma", "Dune", "Middlemarch")


@dataclass
class Voter:
    """A member at their own browser, on the page of the round."""

    page: Page

    def card(self, title: str) -> Locator:
        return self.page.locator(".choice").filter(
            has=self.page.get_by_role("heading", name=title, exact=True)
        )

    def select(self, title: str) -> Locator:
        return self.page.get_by_label(f"Place of {title}", exact=True)

    def order(self) -> dict[str, str]:
        """What the selects say, which is what will be sent."""
        return {title: self.select(title).input_value() for title in TITLES}

    def casts(self) -> str:
        """Send the ballot; the receipt that comes back."""
        self.page.get_by_role("button", name="Cast ballot").click()
        return self.receipt()

    def receipt(self) -> str:
        """The receipt that the page has just told."""
        expect(self.page.locator("#notice")).to_contain_text("Your ballot is cast")
        told = self.page.locator("#notice").inner_text()
        found = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", told)
        assert found, told
        return found[0]

    def taps(self, *titles: str) -> None:
        """Tap cards beside their links and buttons, one after the other."""
        for title in titles:
            self.card(title).locator(".cover").first.tap()

    def clicks(self, *titles: str) -> None:
        """Click cards, one after the other."""
        for title in titles:
            self.card(title).locator(".cover").first.click()

    def presses(self, title: str, way: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.get_by_role("button", name=f"Move {title} {way}").click()


@pytest.fixture
def catalogue(save):
    """Three books that the club could read."""
    return [save(make_book(title)) for title in TITLES]


def test_a_club_nominates_votes_in_five_ways_and_anybody_counts_again(
    browse, page_allows, save, catalogue, olive, alice, bob, tmp_path: Path
):
    carol, dan = save(make_member("carol")), save(make_member("dan"))

    # Three taps open a round.
    desk = browse(olive)
    desk.goto("/")
    desk.get_by_role("navigation", name="Main").get_by_role("link", name="Vote").click()
    desk.get_by_role("link", name="Open a round").first.click()
    desk.get_by_role("button", name="Open the round").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Our next book")
    address = desk.url

    # Alice and Bob nominate on its page, Olive on the book's.
    hers = browse(alice)
    hers.goto(address)
    page_allows("status of 422")  # A title that is misspelt comes back, with the pitch.
    for title in ("Emmma", "Emma"):
        hers.get_by_label("Book", exact=True).fill(title)
        if title == "Emmma":
            hers.get_by_label("Why this one?").fill("Because of Mr Knightley.")
        hers.get_by_role("button", name="Nominate it").click()
    expect(hers.locator(".nomination")).to_contain_text("Because of Mr Knightley.")
    his = browse(bob)
    his.goto(address)
    his.get_by_label("Book", exact=True).fill("dune")
    his.get_by_role("button", name="Nominate it").click()
    desk.goto(f"/books/{catalogue[2].slug}")
    desk.get_by_role("button", name=re.compile("Nominate it")).click()
    expect(desk).to_have_url(re.compile(re.escape(address)))
    expect(desk.locator(".nomination")).to_have_count(3)
    desk.get_by_role("button", name="Open voting now").click()
    expect(desk.get_by_role("heading", name="Your ballot")).to_be_visible()

    # Alice clicks the cards in their order.
    receipts = []
    hers.goto(address)
    voter = Voter(hers)
    voter.clicks("Middlemarch", "Emma", "Dune", "Middlemarch")
    expect(hers.locator("#announcer")).to_contain_text("Middlemarch: left out")
    expect(hers.locator("[data-order]")).to_contain_text("1 Emma 2 Dune")
    assert voter.order() == {"Emma": "1", "Dune": "2", "Middlemarch": ""}
    receipts.append(voter.casts())
    assert voter.order() == {"Emma": "1", "Dune": "2", "Middlemarch": ""}

    # Bob has only a keyboard.
    his.goto(address)
    voter = Voter(his)
    for title, place in (("Dune", "1"), ("Emma", "2")):
        reach(his, f"Place of {title}")
        his.keyboard.type(place)
        expect(his.locator("#announcer")).to_contain_text(f"{title}: place {place}")
    reach(his, "Move Emma up")
    his.keyboard.press("Enter")
    assert voter.order() == {"Emma": "1", "Dune": "2", "Middlemarch": ""}
    reach(his, "Move Emma down")
    his.keyboard.press("Enter")
    expect(his.locator("#announcer")).to_contain_text("Emma: place 2")
    assert voter.order() == {"Emma": "2", "Dune": "1", "Middlemarch": ""}
    reach(his, "Cast ballot")
    his.keyboard.press("Enter")
    expect(his.locator("#notice")).to_contain_text("Your ballot is cast")

    # Carol has no scripts.
    plain = browse(carol, javascript=False)
    plain.goto(address)
    voter = Voter(plain)
    voter.select("Middlemarch").select_option("1")
    voter.select("Emma").select_option("3")
    receipts.append(voter.casts())
    assert voter.order() == {"Emma": "2", "Dune": "", "Middlemarch": "1"}, "gaps close up"

    # Dan votes on his phone: three taps for two books.
    small = browse(dan, phone=True)
    small.goto(address)
    voter = Voter(small)
    voter.taps("Emma", "Middlemarch")
    small.get_by_role("button", name="Cast ballot").tap()
    receipts.append(voter.receipt())
    assert voter.order() == {"Emma": "1", "Dune": "", "Middlemarch": "2"}

    # Olive drags, and sees nothing of the others before the close.
    desk.reload()
    voter = Voter(desk)
    voter.clicks("Emma", "Dune")
    drag(desk, voter.card("Dune"), above=voter.card("Emma"))
    assert voter.order() == {"Emma": "2", "Dune": "1", "Middlemarch": ""}
    receipts.append(voter.casts())
    shown = desk.locator("main").inner_text()
    assert [receipt for receipt in receipts if receipt in shown] == receipts[-1:]

    # Bob changes his mind; his ballot is there as he left it.
    his.reload()
    voter = Voter(his)
    assert voter.order() == {"Emma": "2", "Dune": "1", "Middlemarch": ""}
    voter.clicks("Middlemarch")
    voter.presses("Middlemarch", "up")
    assert voter.order() == {"Emma": "3", "Dune": "1", "Middlemarch": "2"}
    receipts.append(voter.casts())

    desk.get_by_role("button", name="Close and count now").click()
    result = desk.get_by_role("region", name="The result")
    # Alice, Carol and Dan have Emma above Dune; Alice and Dan above Middlemarch, and so has Olive.
    expect(result).to_contain_text(
        "Emma beats every other book head to head: 3 to 2 against Dune and 3 to 2 against Middlemarch."
    )
    expect(result).to_contain_text("5 of 5 voted")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Emma")
    expect(desk.get_by_role("row", name="Emma against Dune")).to_contain_text("3 to 2")
    desk.get_by_text("How it was counted").click()
    pairs = desk.get_by_role("region", name="All pairs of books")
    expect(pairs.get_by_role("row", name=re.compile("^Emma"))).to_contain_text("3")
    expect(desk.get_by_text("Olive closed it early")).to_be_visible()

    his.reload()
    his.get_by_text("Check it yourself").click()
    with his.expect_download() as download:
        his.get_by_role("link", name="Download ballots.csv").click()
    file = tmp_path / "ballots.csv"
    download.value.save_as(file)
    text = file.read_text("utf-8")
    assert all(receipt in text for receipt in receipts)
    assert not re.search("alice|bob|carol|dan|olive", text, re.IGNORECASE)
    counted = CliRunner().invoke(main, ["recount", str(file)])
    assert counted.exit_code == 0, counted.output
    assert "*Emma* beats every other book" in counted.output
    changed = tmp_path / "changed.csv"
    changed.write_text(re.sub(f"(?m)^{receipts[0]},.*$", f"{receipts[0]},3,1,2", text), "utf-8")
    assert CliRunner().invoke(main, ["recount", str(changed)]).exit_code == 1


def reach(page: Page, name: str) -> None:
    """Press Tab until a button has the focus."""
    for _ in range(120):
        if (
            page.evaluate(
                "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"
            )
            == name
        ):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"nobody comes to {name!r} by the Tab key")


def drag(page: Page, card: Locator, *, above: Locator) -> None:
    """Hold a card by its grip, move it a little above something, and let go."""
    # Nothing lies over a card in the middle of the window.
    card.evaluate("(card) => card.scrollIntoView({block: 'center'})")
    grip, goal = card.locator(".grip").bounding_box(), above.bounding_box()
    assert grip
    assert goal
    page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    page.mouse.down()
    page.mouse.move(goal["x"] + 100, goal["y"] - 4, steps=8)
    page.mouse.up()
