"""What leaves the club, in a real browser: the zip into an empty club, and a copy that lies on a disk."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import delete

from bookclub.archive.site import Site
from bookclub.books.models import Author, Book
from bookclub.extensions import begin_write, db, utcnow
from bookclub.jobs import run_due_jobs
from bookclub.lib.positions.places import END
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE
from tests.factories import make_author, make_book, make_comment, make_reading, make_review, make_thread


@pytest.fixture
def life(save, alice, bob):
    """Alice has read two books, and both have written."""
    austen = make_author("Jane Austen")
    emma, other = save(make_book("Emma", author=austen), make_book("Persuasion", author=austen))
    save(make_reading(alice, emma, position=END, rating=9), make_reading(alice, other, status="to_read"))
    save(make_review(alice, emma, "Badly done, she says. ||And then he does.||", title="On the hill"))
    save(make_review(bob, emma, "They marry.", horizon=END, title="At the end"))
    thread = save(make_thread(bob, emma, "The picnic"))
    first = save(make_comment(thread, bob, "Who brought the strawberries?"))
    save(make_comment(thread, alice, "Mr Knightley's trees.", parent=first, horizon=5000))


def test_a_member_takes_everything_along_and_brings_it_to_an_empty_club(browse, app, tmp_path, alice, life):
    page = browse(alice)
    page.goto("/settings")
    page.get_by_role("link", name="Import or export").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download everything").click()
    zipped = tmp_path / "mine.zip"
    downloading.value.save_as(zipped)
    assert downloading.value.suggested_filename.startswith("bookclub-alice-")
    with app.app_context():
        begin_write()
        for model in (Book, Author):
            db.session.execute(delete(model))
        db.session.commit()

    page.get_by_role("link", name="Import a library").click()
    page.locator("input[type=file]").set_input_files(zipped)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/imports/*")
    page.locator("form[action$='/start'] button, button[formaction$='/start']").first.click()
    page.wait_for_load_state()
    run_due_jobs(app, utcnow())
    page.reload()

    page.goto("/members/alice")
    shelf = page.locator("aside .booklist")
    expect(shelf.get_by_role("link")).to_have_count(2)
    expect(shelf).to_contain_text("finished · 4.5 ★")


@pytest.mark.parametrize("phone", [False, True])
def test_a_copy_of_the_club_opens_from_a_disk_without_a_script(
    chromium, app, tmp_path, life, phone, check_accessibility
):
    with app.app_context():
        Site(app, tmp_path / "site", everything=False).write()
    said: list[str] = []
    context = chromium.new_context(
        viewport=PHONE if phone else DESKTOP, color_scheme="dark" if phone else "light"
    )
    context.set_default_timeout(PATIENCE)
    context.on("console", lambda message: said.append(message.text))
    context.on("requestfailed", lambda request: said.append(request.url))
    page = context.new_page()

    def check_page() -> None:
        assert said == []
        check_accessibility(page)
        # The checker itself asks for style sheets, which a page on a disk may not.
        said.clear()

    try:
        page.goto((tmp_path / "site" / "index.html").as_uri())
        check_page()
        page.get_by_role("navigation", name="Main").get_by_role("link", name="Books").click()
        page.get_by_role("link", name="Emma").click()
        expect(page.get_by_role("heading", name="Emma", level=1)).to_be_visible()
        check_page()
        page.get_by_role("link", name="The picnic").click()
        expect(page.get_by_text("Who brought the strawberries?")).to_be_visible()
        expect(page.locator(".locked")).to_contain_text("Alice, up to 50 %. Left out of this copy.")
        check_page()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith('"Iowan')
    finally:
        context.close()
