"""A week in which two members read one book at different speeds, and talk about it as they go."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from bookclub.books.models import Edition
from bookclub.config import Settings
from bookclub.extensions import Base, begin_write, db
from bookclub.members.models import Club
from tests.browser.composing import choose_readers
from tests.factories import make_book, make_member, make_reading, make_review

CHAPTERS = "The Mill | p. 1\nA Dinner | p. 41\nThe Ball | p. 81\nAxolotl | p. 121\nHome | p. 161"
# Each word stands in one text only, so that it shows who has come to it: Alice's, Bob's, and Carol's.
HERS, HIS, CAROLS = "kingfisher heron otter lynx vole genet marten", "wren tapir", "quince pangolin"
WORDS = set(f"{HERS} {HIS} {CAROLS}".split())
DAY = timedelta(days=1)
BAR = "spoiler, for people who have finished"

Act = Callable[[Locator], None]


def press(name: str) -> Act:
    """Press a button of the strip."""
    return lambda strip: strip.get_by_role("button", name=name, exact=True).click()


def type_place(place: str, unit: str) -> Act:
    """Say where one is: at home in the strip, on the book's page in the whole form."""

    def act(strip: Locator) -> None:
        strip.page.get_by_text("Other place…").click()
        form = strip.page.locator("form#reading")
        if form.count():
            form.get_by_label("How far you are").fill(place)
            form.get_by_label("Counted in").select_option(unit)
            form.get_by_role("button", name="Save").click()
        else:
            strip.get_by_role("textbox", name="I am at").fill(place)
            strip.get_by_label("Page, percent or time").select_option(unit)
            strip.get_by_role("button", name="Save place").click()

    return act


@dataclass
class Reader:
    """A member at their own browser, who reads Emma."""

    page: Page
    javascript: bool
    review: str
    thread: str = ""

    @property
    def strip(self) -> Locator:
        return self.page.get_by_role("region", name="Your progress in Emma")

    def opens(self, path: str) -> None:
        """Open a page, as far as there is something to be read on it."""
        self.page.goto(path, wait_until="domcontentloaded")

    def is_on(self, path: str) -> None:
        """Open a page, where one is not on it already."""
        if not self.page.url.endswith(path):
            self.opens(path)

    def chooses(self, edition: str) -> None:
        """Say on the book page which printing one holds."""
        self.is_on("/books/emma")
        self.page.get_by_text("Other place…").click()
        self.page.get_by_text("Edition, dates and privacy").click()
        self.page.get_by_label("Your edition").select_option(label=edition)
        self.page.locator("form#reading").get_by_role("button", name="Save").click()
        told = self.page.locator("#announcer" if self.javascript else "#notice")
        expect(told).to_contain_text("You have not said" if self.javascript else "Saved.")

    def moves(self, act: Act, now: str, unlocked: str = "", path: str = "/") -> None:
        """Note one's progress on a page with the strip, which then says where one is ``now``."""
        self.is_on(path)
        self.page.evaluate("document.body.dataset.sameness = 'yes'")
        act(self.strip)
        self.is_at(now, unlocked)

    def is_asked(self, act: Act, question: str) -> None:
        """Note one's progress at home, and be asked whether it is meant."""
        self.is_on("/")
        self.page.evaluate("document.body.dataset.sameness = 'yes'")
        act(self.strip)
        expect(self.strip).to_contain_text(question)
        expect(self.page.locator("[data-sameness]")).to_have_count(1 if self.javascript else 0)

    def is_at(self, now: str, unlocked: str = "") -> None:
        """The strip was replaced in place, or came with a new page; what was unlocked is said at once."""
        expect(self.strip.locator(".where")).to_contain_text(now)
        expect(self.page.locator("[data-sameness]")).to_have_count(1 if self.javascript else 0)
        told = self.strip.locator(".unlocked") if self.javascript else self.page.locator("#notice")
        if unlocked:
            expect(told).to_contain_text(f"{unlocked}.")
            expect(self.page.get_by_role("link", name="Read them in order").first).to_be_visible()
        elif self.javascript:
            expect(told).to_have_count(0)
        else:
            expect(told).not_to_contain_text("unlocked")
        if self.javascript:
            announced = f"{self.strip.locator('.where b').inner_text()} {unlocked}"
            expect(self.page.locator("#announcer")).to_contain_text(announced.strip())
            expect(self.strip.locator(".where")).to_be_focused()

    def says(self, words: str, *, becomes: str, choosing: str = "", to: str = "", under: str = "") -> None:
        """Say something at one's own place, or ``choosing`` another: in the thread or ``under`` the review.

        ``to`` is a word of the comment that it answers.
        """
        self.is_on(under or self.thread)
        form = self.page.locator("#new-comment")
        if to:
            answered = self.comment(to)
            number = str(answered.get_attribute("id")).removeprefix("comment-")
            answered.get_by_role("link", name="Reply", exact=True).click()
            form = self.page.locator(f"#reply-{number}")
        form.get_by_label("Reply", exact=True).fill(words)
        if choosing:
            choose_readers(form, choosing)
        form.get_by_role("button", name="Post reply").click()
        expect(self.comment(words).locator("header")).to_contain_text(becomes)

    def comment(self, words: str) -> Locator:
        return self.page.locator(".comment", has_text=words)

    def finds(
        self, words: str, *, thread: tuple[str, ...] = (), review: tuple[str, ...] = (), count: str = ""
    ) -> None:
        """Look everywhere: these words can be read in the thread and under the review, and nothing else
        was sent to the browser by any page.

        ``thread`` and ``review`` are the placeholders there, in their order; ``count`` heads the thread.
        """
        shown, sent = set(), set()
        for path, placeholders in ((self.review, review), (self.thread, thread)):
            self.opens(path)
            shown |= words_in(self.page.locator("main").inner_text())
            sent |= words_in(self.page.content())
            locked = self.page.locator(".locked > span, .spoiler.locked").all_inner_texts()
            assert tuple(" ".join(text.split()) for text in locked) == placeholders
        if count:
            expect(self.page.get_by_role("heading", name=count, exact=True)).to_be_visible()
        for path in ("/", "/books/emma/unlocked"):
            sent |= self.sent(path)
        assert (shown, sent) == (set(words.split()), set(words.split()))

    def sent(self, path: str) -> set[str]:
        """The words that a page holds anywhere."""
        return words_in(self.page.request.get(path).text())

    def sees_unlocked(self, *words: str) -> None:
        """The comments on this page that are marked as unlocked, in their order."""
        marked = self.page.locator(".comment.new", has=self.page.locator(".badge", has_text="unlocked"))
        expect(marked).to_have_count(len(words))
        expect(marked.locator(".words")).to_contain_text(list(words))

    def is_told_at_home(self, unlocked: str) -> None:
        """What home says that one's reading has unlocked, or nothing."""
        self.opens("/")
        section = self.page.get_by_role("region", name="Unlocked by your reading")
        if unlocked:
            expect(section.get_by_role("listitem")).to_have_text(f"{unlocked} in Emma Read them in order")
            expect(section.get_by_role("link", name="Read them in order: Emma")).to_be_visible()
        else:
            expect(section).to_have_count(0)


def words_in(text: str) -> set[str]:
    return {word for word in WORDS if word in text}


@pytest.fixture
def settings(database, tmp_path):
    """A club that brings its own htmx: where nothing is intercepted, the browser may use its cache."""
    return Settings.for_folder(tmp_path, database_url=database, testing=True, htmx="local")


@pytest.fixture
def review(app, save):
    """What Carol, who has finished it, wrote about the first two fifths of the book that the club reads."""
    book = save(make_book("Emma", pages=200))
    paperback = book.editions[0]
    paperback.format = "paperback"
    save(
        paperback,
        Edition(book_id=book.id, format="hardback", pages=400),
        Edition(book_id=book.id, format="audiobook", minutes=600),
    )
    with app.app_context():
        club = db.session.get(Club, 1)
    club.current_book_id = book.id
    save(club)
    carol = save(make_member("carol"))
    save(make_reading(carol, book, position=10_000))
    words = "All of it turns on the quince. ||And on a pangolin.||"
    return save(make_review(carol, book, words, horizon=4000, title="Two evenings"))


@pytest.fixture
def sleep(app):
    """A night goes by: everything that happened in the club happened a day earlier."""

    def sleep() -> None:
        with app.app_context():
            begin_write()
            for mapper in Base.registry.mappers:
                for row in db.session.scalars(select(mapper.class_)):
                    for column in mapper.column_attrs:
                        value = getattr(row, column.key)
                        if isinstance(value, datetime | date):
                            setattr(row, column.key, value - DAY)
            db.session.commit()

    return sleep


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_members_read_at_different_speeds_and_each_unlock_appears_when_it_should(
    browse, page_allows, review, sleep, alice, bob, javascript
):
    page_allows("status of 422")  # The step that is asked about.
    path = f"/reviews/{review.id}"
    alice = Reader(browse(alice, phone=not javascript, javascript=javascript), javascript, path)
    bob = Reader(browse(bob, phone=javascript, javascript=javascript), javascript, path)

    # Monday. Alice enters the chapters as her paperback has them; Bob holds a hardback, twice as thick.
    page = alice.page
    alice.opens("/books/emma")
    page.get_by_role("link", name="Enter the chapters").click()
    page.get_by_label("Chapters", exact=True).fill(CHAPTERS)
    page.get_by_label("Pages and times are those of").select_option(label="paperback, 200 pages")
    page.get_by_role("button", name="Save the chapters").click()
    page.locator("#chapters summary").click()
    expect(page.locator("#chapters li")).to_have_count(5)
    expect(page.locator("#chapters li").nth(3)).to_have_text("chapter 4 60 %")
    alice.chooses("paperback, 200 pages")
    form = page.locator("#new-thread")
    form.get_by_label("Title").fill("As we go")
    form.get_by_label("What would you like to talk about?").fill("A kingfisher on the first page.")
    choose_readers(form, "no spoilers: everybody can read it")
    form.get_by_role("button", name="Start the conversation").click()
    expect(alice.comment("kingfisher")).to_be_visible()
    alice.thread = bob.thread = re.search(r"/threads/\d+", page.url)[0]
    alice.moves(press("Start reading"), "You are reading it.")
    alice.moves(press("Finished chapter 1"), "You are at chapter 2.")
    alice.says("So the heron was his.", becomes="up to chapter 1")
    bob.chooses("hardback, 400 pages")
    bob.moves(press("Start reading"), "You are reading it.")
    bob.finds(
        "kingfisher",
        thread=("Alice, up to chapter 1. You have not said how far you are.",),
        review=("Carol, up to chapter 2. You have not said how far you are.",),
        count="2 thoughts: 1 here, 1 ahead of you",
    )

    # Tuesday. Alice reads on to a page, and says what she thinks of it; Bob finishes a chapter.
    sleep()
    alice.moves(type_place("120", "page"), "page 120 of 200 · 60 %", "1 review unlocked")
    alice.says("The otter knows.", becomes="up to chapter 3")
    alice.says("And so does the lynx.", to="otter", becomes="up to chapter 3")
    alice.says("Only the vole?", choosing="up to the end of chapter 2: A Dinner", becomes="up to chapter 2")
    alice.says("Not the marten, I think.", under=path, becomes="up to chapter 3")
    bob.moves(press("Finished chapter 1"), "You are at chapter 2.", "1 comment unlocked")
    bob.is_told_at_home("1 comment unlocked")
    bob.opens(bob.thread)
    bob.sees_unlocked("heron")
    bob.page.reload()
    bob.sees_unlocked()
    bob.says("I took it for a wren.", to="heron", becomes="up to chapter 1")
    bob.is_told_at_home("")
    three_ahead = ("3 replies by Alice, chapters 2 to 3. You are at chapter 2.",)
    bob.finds(
        "kingfisher heron wren",
        thread=three_ahead,
        review=(
            "Carol, up to chapter 2. You are at chapter 2.",
            "Alice, up to chapter 3. You are at chapter 2.",
        ),
        count="6 thoughts: 3 here, 3 ahead of you",
    )

    # Wednesday. Page 160 of the thick one is Alice's page 80: what Carol wrote opens, to the very page.
    sleep()
    bob.moves(type_place("160", "page"), "page 160 of 400 · 40 %", "1 review unlocked", "/books/emma")
    expect(bob.page.locator("form#reading").get_by_label("How far you are")).to_have_value("160")
    bob.page.get_by_role("link", name="Read them in order").click()
    expect(bob.page.locator("article.review")).to_contain_text("quince")
    bob.finds(
        "kingfisher heron wren quince",
        thread=three_ahead,
        review=(BAR, "Alice, up to chapter 3. You are at chapter 2."),
    )

    # Thursday. Alice listens on her way; Bob comes to where she was on Tuesday, to the very place.
    sleep()
    alice.moves(type_place("8:00", "minute"), "8 h of 10 h · 80 %")
    alice.says("A wren? Then what is the genet?", to="I took it for a wren.", becomes="up to chapter 4")
    bob.opens("/notices")
    expect(bob.page.locator("main")).to_contain_text("Alice replied to you in “As we go”.")
    bob.moves(type_place("60", "percent"), "You are at chapter 3. 60 %", "4 comments unlocked")
    bob.is_told_at_home("4 comments unlocked")
    bob.page.get_by_role("link", name="Read them in order: Emma").click()
    unlocked = bob.page.locator("article.review .prose")
    expect(unlocked).to_have_text(
        ["Only the vole?", "The otter knows.", "And so does the lynx.", "Not the marten, I think."]
    )
    bob.opens(bob.thread)
    bob.sees_unlocked("otter", "lynx", "vole")
    bob.is_told_at_home("1 comment unlocked")
    bob.opens(path)
    bob.sees_unlocked("marten")
    bob.is_told_at_home("")
    bob.says("The tapir, surely.", becomes="up to chapter 3")
    bob.sees_unlocked()
    all_but_two = "kingfisher heron wren otter lynx vole tapir marten quince"
    one_ahead = ("Alice, up to chapter 4. You are at chapter 3.",)
    bob.finds(all_but_two, thread=one_ahead, review=(BAR,), count="8 thoughts: 7 here, 1 ahead of you")

    # Friday. It was a slip: Bob takes it back, and all that lies above locks again but his own words.
    sleep()
    bob.moves(type_place("15", "percent"), "You are at chapter 1. 15 %")
    locked = {
        "thread": (
            "Alice, up to chapter 1. You are at chapter 1.",
            "Alice, up to chapter 4. You are at chapter 1.",
            "3 replies by Alice, chapters 2 to 3. You are at chapter 1.",
        ),
        "review": (
            "Carol, up to chapter 2. You are at chapter 1.",
            "Alice, up to chapter 3. You are at chapter 1.",
        ),
        "count": "8 thoughts: 3 here, 5 ahead of you",
    }
    bob.finds("kingfisher wren tapir", **locked)

    # Saturday. One tap to the end is asked about. What was typed is believed, and can be undone.
    sleep()
    bob.is_asked(press("Finished"), "You are at chapter 1. Have you really finished the book?")
    bob.strip.get_by_role("link", name="No, go back").click()
    expect(bob.strip.locator(".where")).to_contain_text("15 %")
    assert bob.sent(bob.thread) == {"kingfisher", "wren", "tapir"}
    bob.moves(type_place("60", "percent"), "You are at chapter 3. 60 %", "1 review and 5 comments unlocked")
    bob.moves(press("Undo"), "You are at chapter 1. 15 %")
    assert bob.sent(bob.thread) == {"kingfisher", "wren", "tapir"}
    bob.moves(type_place("60", "percent"), "You are at chapter 3. 60 %", "1 review and 5 comments unlocked")
    assert bob.sent(bob.thread) | bob.sent(path) == set(all_but_two.split())
    alice.moves(press("Finished"), "You have finished it.")
    alice.finds(" ".join(WORDS), count="8 thoughts")

    # Sunday. Chapter by chapter to the end, where the bars open, too.
    sleep()
    bob.moves(press("Finished chapter 3"), "You are at chapter 4. 60 %", path="/books/emma")
    expect(bob.page.locator("#chapters li").nth(3)).to_contain_text("4. Axolotl")
    bob.moves(press("Finished chapter 4"), "You are at chapter 5. 80 %", "1 comment unlocked")
    bob.finds(f"{all_but_two} genet", review=(BAR,))
    bob.moves(press("Finished chapter 5"), "You have finished it.")
    bob.finds(" ".join(WORDS), count="8 thoughts")
    bob.is_told_at_home("")
