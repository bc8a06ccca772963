"""The inline reply path: a form opens under its comment, posts in its place, and nothing else moves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import delete, select

from bookclub.config import Settings
from bookclub.extensions import begin_write, db
from bookclub.members.models import MemberSession
from bookclub.threads import actions as threads_actions
from bookclub.threads.models import Comment
from tests.browser.composing import choose_readers
from tests.browser.conftest import HTMX, HTMX_ON_CDN
from tests.factories import PASSWORD, make_book, make_comment, make_reading, make_review

DEVICES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
ANNOUNCER = "#announcer"
# Where every comment and the heading stand in the window, the foot of the page left out.
BOXES = """() => Object.fromEntries(
    [...document.querySelectorAll("header.top, h1, .comment, .composer")].map(
        (element) => [element.id || element.tagName, element.getBoundingClientRect().toJSON()]
    )
)"""


@pytest.fixture(params=["cdn"])
def htmx(request: pytest.FixtureRequest) -> str:
    """Where htmx comes from."""
    return request.param


@pytest.fixture
def settings(database, tmp_path, htmx):
    return Settings.for_folder(tmp_path, database_url=database, testing=True, htmx=htmx)


@pytest.fixture
def talk(save, alice, bob):
    """A review by Alice, with nine comments by her; the fifth has an answer already. Bob is at 20 %."""
    book = save(make_book("Emma", author="Jane Austen"))
    save(make_reading(bob, book, position=2000))
    review = save(make_review(alice, book))
    comments = [
        save(make_comment(review.thread, alice, f"Thought {number}. " + "It goes on for a while. " * 12))
        for number in range(1, 10)
    ]
    save(make_comment(review.thread, alice, "And another thing.", parent=comments[4]))
    return review, comments


@pytest.fixture
def said(app):
    """Every comment's words, as the database has them, the newest last."""

    def said() -> list[str]:
        with app.app_context():
            return list(db.session.execute(select(Comment.body).order_by(Comment.id)).scalars())

    return said


@pytest.fixture
def open_talk(browse, bob, talk) -> Callable[..., Page]:
    """Bob's page of the review, on a desk or on a phone."""

    def open_talk(**device: bool) -> Page:
        page = browse(bob, **device)
        page.goto(f"/reviews/{talk[0].id}")
        return page

    return open_talk


def comment(page: Page, row: Comment) -> Locator:
    return page.locator(f"#comment-{row.id}")


def open_reply(page: Page, row: Comment) -> Locator:
    """Press Reply under a comment; the form that opens."""
    comment(page, row).get_by_role("link", name="Reply", exact=True).click()
    form = comment(page, row).locator("form")
    expect(form).to_be_visible()
    return form


def of(form: Locator) -> Locator:
    """Where the words go."""
    return form.get_by_label("Reply", exact=True)


def send(form: Locator) -> None:
    form.get_by_role("button", name="Post reply").click()


@pytest.mark.parametrize(
    ("htmx", "phone"),
    [("cdn", False), ("cdn", True), ("local", False)],
    ids=["from the CDN", "from the CDN, on a phone", "from the club itself"],
    indirect=["htmx"],
)
def test_a_reply_takes_its_place_and_nothing_else_moves(open_talk, talk, said, htmx, phone, settings):
    _, comments = talk
    page = open_talk(phone=phone)
    expect(page.locator("script[src*='jsdelivr']")).to_have_count(1 if htmx == "cdn" else 0)
    assert page.evaluate("htmx.version") == "4.0.1"
    page.locator("#new-comment").get_by_label("Reply").fill("Half a thought")
    of(open_reply(page, comments[2])).fill("Half an answer")

    form = open_reply(page, comments[4])
    expect(of(form)).to_be_focused()
    of(form).fill("Yes, and **twice** so.")
    form.get_by_role("button", name="Post reply").scroll_into_view_if_needed()
    address, scrolled, before = page.url, page.evaluate("scrollY"), page.evaluate(BOXES)
    assert scrolled > 0
    send(form)

    posted = page.locator(f"#replies-{comments[4].id} > li").last.locator(".comment").first
    expect(posted).to_contain_text("Yes, and twice so.")
    expect(posted).to_be_focused()
    expect(page.locator(ANNOUNCER)).to_have_text("Your reply is posted.")
    expect(form).to_have_count(0)
    expect(page.get_by_role("heading", name="11 thoughts", exact=True)).to_be_visible()
    assert said()[-1] == "Yes, and **twice** so."
    assert page.url == address
    after = page.evaluate(BOXES)
    unmoved = ["HEADER", "H1", *(f"comment-{row.id}" for row in comments[:4]), f"reply-{comments[2].id}"]
    assert {name: after[name] for name in unmoved} == {name: before[name] for name in unmoved}
    assert after[f"comment-{comments[4].id}"]["top"] == before[f"comment-{comments[4].id}"]["top"]
    assert page.evaluate("scrollY") == scrolled
    expect(of(page.locator(f"#reply-{comments[2].id}"))).to_have_value("Half an answer")
    expect(page.locator("#new-comment").get_by_label("Reply")).to_have_value("Half a thought")


def test_a_reply_can_be_answered_edited_and_deleted_at_once(open_talk, talk, said, page_allows):
    page_allows("status of 422")
    _, comments = talk
    page = open_talk()
    form = open_reply(page, comments[0])
    of(form).fill("A first answer.")
    send(form)
    first = page.locator(f"#replies-{comments[0].id} .comment").first
    expect(first).to_be_focused()

    first.get_by_role("link", name="Reply", exact=True).click()
    expect(of(first)).to_be_focused()
    of(first).fill("An answer to myself.")
    send(first)
    second = page.locator(f"#replies-{comments[0].id} ol .comment")
    expect(second).to_be_focused()

    second.get_by_role("link", name="Edit", exact=True).click()
    expect(second.get_by_label("Your words")).to_be_focused()
    expect(second.locator(".words")).to_be_hidden()
    second.get_by_label("Your words").fill("")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Write something first.")).to_be_visible()
    expect(second.get_by_label("Your words")).to_be_focused()
    second.get_by_label("Your words").fill("A better answer to myself.")
    second.get_by_role("button", name="Save").click()
    expect(second.locator(".words")).to_have_text("A better answer to myself.")
    expect(second).to_contain_text("edited")
    expect(second).to_be_focused()
    expect(page.locator(ANNOUNCER)).to_have_text("Your changes are saved.")

    first.get_by_role("link", name="Delete", exact=True).click()
    expect(first.get_by_role("button", name="Delete it")).to_be_focused()
    page.keyboard.press("Enter")
    expect(first).to_contain_text("Removed by its author")
    expect(first).to_be_focused()
    expect(second.locator(".words")).to_have_text("A better answer to myself.")
    expect(page.get_by_role("heading", name="11 thoughts", exact=True)).to_be_visible()
    assert said()[-2:] == ["", "A better answer to myself."]


def test_a_thought_at_the_top_goes_to_the_end_and_leaves_an_empty_form(open_talk, talk, said):
    page = open_talk()
    form = page.locator("#new-comment")
    form.get_by_label("Reply").fill("And from me:\n\n- this\n- that")
    send(form)

    posted = page.locator(f"#comments-of-{talk[0].thread_id} > li").last.locator(".comment")
    expect(posted).to_be_focused()
    expect(posted.get_by_role("listitem")).to_have_count(2)
    expect(form.get_by_label("Reply")).to_have_value("")
    form.get_by_label("Reply").fill("One more.")
    send(form)
    expect(page.get_by_role("heading", name="12 thoughts", exact=True)).to_be_visible()
    assert said()[-1] == "One more."


def test_the_first_thought_takes_the_place_of_the_silence(browse, save, alice, bob):
    review = save(make_review(alice, save(make_book("Persuasion"))))
    page = browse(bob)
    page.goto(f"/reviews/{review.id}")
    expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()
    page.get_by_label("Reply", exact=True).fill("Then I will.")
    choose_readers(page, "0")
    send(page.locator("#new-comment"))

    expect(page.locator(".comment")).to_be_focused()
    expect(page.get_by_role("heading", name="1 thought", exact=True)).to_be_visible()
    expect(page.get_by_text("Nobody has said anything yet.")).to_have_count(0)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ("", "Write something first."),
        (" \n ", "Write something first."),
        ("x" * 20_001, "Shorten it to 20,000"),
    ],
    ids=["empty", "white space", "too long"],
)
def test_an_error_shows_beside_the_field_and_keeps_the_words(
    open_talk, talk, said, page_allows, words, complaint
):
    page_allows("status of 422")
    _, comments = talk
    page = open_talk()
    form = open_reply(page, comments[1])
    of(form).fill(words)
    send(form)

    expect(form.get_by_text(complaint)).to_be_visible()
    expect(of(form)).to_be_focused()
    expect(of(form)).to_have_value(words)
    expect(of(form)).to_have_attribute("aria-invalid", "true")
    expect(of(form)).to_have_accessible_description(re.compile(re.escape(complaint)))
    expect(page.locator("#notice")).to_be_empty()
    of(form).fill("Better.")
    send(form)
    expect(page.locator(f"#replies-{comments[1].id} .comment")).to_be_focused()
    assert said()[-1] == "Better."


def test_escape_and_cancel_close_the_form_and_go_back_to_where_it_was_opened(open_talk, talk, alice, browse):
    review, comments = talk
    page = open_talk()
    link = comment(page, comments[3]).get_by_role("link", name="Reply", exact=True)
    form = open_reply(page, comments[3])
    of(form).fill("Or rather not")
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    expect(link).to_be_focused()

    link.press("Enter")
    expect(of(form)).to_have_value("Or rather not")
    form.get_by_role("link", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(link).to_be_focused()
    expect(page).to_have_url(re.compile(f"/reviews/{review.id}$"))

    hers = browse(alice)
    hers.goto(f"/reviews/{review.id}")
    words = comment(hers, comments[0]).locator(".words")
    edit = comment(hers, comments[0]).get_by_role("link", name="Edit", exact=True)
    edit.click()
    expect(words).to_be_hidden()
    hers.keyboard.press("Escape")
    expect(words).to_be_visible()
    expect(edit).to_be_focused()

    # Also while the focus is still, or again, on the link that opened it.
    edit.click()
    expect(words).to_be_hidden()
    edit.press("Escape")
    expect(words).to_be_visible()


def test_pressing_reply_again_keeps_what_was_typed(open_talk, talk):
    _, comments = talk
    page = open_talk()
    form = open_reply(page, comments[3])
    of(form).fill("Not lost")
    comment(page, comments[3]).get_by_role("link", name="Reply", exact=True).click()

    expect(of(form)).to_be_focused()
    expect(of(form)).to_have_value("Not lost")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_four_clicks_make_one_comment(browse, bob, talk, said, javascript):
    review, comments = talk
    page = browse(bob, javascript=javascript)
    page.goto(f"/comments/{comments[0].id}" if not javascript else f"/reviews/{review.id}")
    form = open_reply(page, comments[0]) if javascript else page.locator("main form.composer")
    of(form).fill("Once is enough.")
    form.get_by_role("button", name="Post reply").click(click_count=4, no_wait_after=True)

    expect(page.locator(f"#replies-{comments[0].id} .comment")).to_contain_text("Once is enough.")
    page.wait_for_load_state("networkidle")
    assert said().count("Once is enough.") == 1


def test_a_session_that_has_ended_asks_to_sign_in_and_the_words_come_back(
    app, open_talk, talk, said, page_allows
):
    page_allows("status of 401")
    review, comments = talk
    page = open_talk()
    form = open_reply(page, comments[5])
    of(form).press_sequentially("What I wanted to say")
    with app.app_context():
        begin_write()
        db.session.execute(delete(MemberSession))
        db.session.commit()
    send(form)

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert len(said()) == 10
    page.get_by_label("Username or e-mail").fill("bob")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    form = page.locator("main form.composer")
    expect(page.locator("#notice")).to_contain_text("You were signed out before this was sent.")
    expect(of(form)).to_have_value("What I wanted to say")
    send(form)
    expect(page).to_have_url(re.compile(f"/reviews/{review.id}"))
    expect(page.locator(f"#replies-{comments[5].id} .comment")).to_be_focused()
    assert said()[-1] == "What I wanted to say"


def test_a_failing_server_says_so_and_the_words_stay(open_talk, talk, said, page_allows, monkeypatch):
    page_allows("status of 500")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of ink")

    _, comments = talk
    page = open_talk()
    form = open_reply(page, comments[1])
    of(form).fill("Patience.")
    with monkeypatch.context() as patch:
        patch.setattr(threads_actions, "add_comment", fail)
        send(form)
        expect(page.locator("#notice")).to_contain_text("Nothing was saved")
    expect(of(form)).to_have_value("Patience.")

    send(form)
    expect(page.locator(f"#replies-{comments[1].id} .comment")).to_be_focused()
    expect(page.locator("#notice")).to_be_empty()
    assert said()[-1] == "Patience."


def test_a_lost_connection_is_said_and_the_words_stay(open_talk, talk, said, page_allows):
    page_allows("ERR_INTERNET_DISCONNECTED")
    page_allows("Failed to fetch")
    _, comments = talk
    page = open_talk()
    form = open_reply(page, comments[1])
    of(form).fill("Hello?")
    page.context.set_offline(True)
    send(form)
    expect(page.locator("#notice")).to_contain_text("could not be reached")
    expect(of(form)).to_have_value("Hello?")

    page.context.set_offline(False)
    send(form)
    expect(page.locator(f"#replies-{comments[1].id} .comment")).to_be_focused()
    assert said()[-1] == "Hello?"


def test_an_htmx_that_was_tampered_with_is_refused_and_the_forms_work_without(
    browse, bob, talk, said, page_allows
):
    page_allows("Failed to find a valid digest")
    review, comments = talk
    page = browse(bob)

    def tamper(route: Route) -> None:
        route.fulfill(
            body=HTMX.read_text(encoding="utf-8") + "\ndocument.title = 'tampered'",
            content_type="text/javascript; charset=utf-8",
            headers={"access-control-allow-origin": "*"},
        )

    page.route(HTMX_ON_CDN, tamper)
    page.goto(f"/reviews/{review.id}")
    assert page.evaluate("typeof htmx") == "undefined"
    assert page.title() != "tampered"
    comment(page, comments[6]).get_by_role("link", name="Reply", exact=True).click()
    expect(page).to_have_url(re.compile(f"/comments/{comments[6].id}"))
    page.get_by_label("Reply", exact=True).fill("By the plain way.")
    page.get_by_role("button", name="Post reply").click()

    expect(page).to_have_url(re.compile(rf"/reviews/{review.id}#comment-\d+$"))
    expect(page.locator(f"#replies-{comments[6].id} .comment")).to_contain_text("By the plain way.")
    assert said()[-1] == "By the plain way."


@DEVICES
def test_the_keyboard_alone_is_enough(open_talk, talk, said, phone):
    _, comments = talk
    page = open_talk(phone=phone)

    def tab_to(wanted: Locator) -> None:
        for _ in range(80):
            page.keyboard.press("Tab")
            if wanted.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"the keyboard never came to {wanted}")

    tab_to(comment(page, comments[1]).get_by_role("link", name="Reply", exact=True))
    page.keyboard.press("Enter")
    form = comment(page, comments[1]).locator("form")
    expect(of(form)).to_be_focused()
    page.keyboard.type("Typed, not clicked.")
    tab_to(form.get_by_role("button", name="Post reply"))
    page.keyboard.press("Enter")

    posted = page.locator(f"#replies-{comments[1].id} .comment")
    expect(posted).to_be_focused()
    tab_to(posted.get_by_role("link", name="Reply", exact=True))
    page.keyboard.press("Enter")
    expect(of(posted)).to_be_focused()
    page.keyboard.press("Escape")
    expect(posted.get_by_role("link", name="Reply", exact=True)).to_be_focused()
    assert said()[-1] == "Typed, not clicked."


def test_a_locked_reply_is_revealed_in_its_place(browse, bob, save, talk, alice):
    review, comments = talk
    ahead = save(make_comment(review.thread, alice, "At the very end.", parent=comments[3], horizon=10_000))
    page = browse(bob)
    page.goto(f"/reviews/{review.id}")
    page.evaluate("window.here = true")
    assert "At the very end." not in page.content()
    expect(comment(page, ahead)).to_contain_text("Alice, for people who have finished.")
    comment(page, ahead).get_by_role("link", name="Reveal anyway").click()

    expect(comment(page, ahead)).to_contain_text("At the very end.")
    expect(comment(page, ahead)).to_be_focused()
    assert page.evaluate("window.here")
    page.reload()
    expect(comment(page, ahead)).not_to_contain_text("At the very end.")


def test_the_page_of_a_single_comment_takes_replies_and_edits_in_place(browse, bob, save, talk, said):
    review, comments = talk
    mine = save(make_comment(review.thread, bob, "Mine.", parent=comments[0]))
    page = browse(bob)
    page.goto(f"/comments/{mine.id}")
    form = page.locator(f"#reply-{mine.id}")
    comment(page, mine).get_by_role("link", name="Reply", exact=True).click()
    expect(of(form)).to_be_focused()
    of(form).fill("Adding to that.")
    send(form)
    posted = page.locator(f"#replies-{mine.id} .comment")
    expect(posted).to_be_focused()
    expect(of(form)).to_have_value("")

    comment(page, mine).get_by_role("link", name="Edit", exact=True).click()
    comment(page, mine).get_by_label("Your words").fill("Mine, and better.")
    comment(page, mine).get_by_role("button", name="Save").click()
    expect(comment(page, mine)).to_be_focused()
    expect(comment(page, mine)).to_contain_text("Mine, and better.")
    expect(posted).to_contain_text("Adding to that.")
    assert said()[-2:] == ["Mine, and better.", "Adding to that."]
