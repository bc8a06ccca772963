"""A book gets a cover and a member a face, on a phone and with a keyboard, with JavaScript and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.factories import make_book, make_comment, make_thread
from tests.pictures.samples import packed, picture


@pytest.fixture
def book(save):
    return save(make_book("Emma", author="Jane Austen"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A picture that is wider than a cover, and higher than a face."""
    file = tmp_path / "emma.jpg"
    file.write_bytes(packed(picture(1000, 1200)))
    return file


def is_loaded(image: Locator) -> None:
    """The browser could decode it."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_member_gives_a_book_a_cover_on_a_phone(browse, save, alice, bob, book, file, javascript):
    save(make_book("Kim", author="Rudyard Kipling"))
    page = browse(alice, phone=True, javascript=javascript)
    page.goto("/books/emma")
    page.get_by_role("link", name="Add a cover").click()
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_role("button", name="Use this picture").click()

    expect(page.get_by_text("The book has a new cover.")).to_be_visible()
    is_loaded(page.locator(".hero img.cover"))
    other = browse(bob, phone=True)
    other.goto("/books")
    uploaded, drawn = other.locator(".catalogue img.cover"), other.locator(".catalogue svg.cover")
    is_loaded(uploaded)
    one, two = uploaded.bounding_box(), drawn.bounding_box()
    assert one
    assert two
    assert (round(one["width"]), round(one["height"])) == (round(two["width"]), round(two["height"]))
    assert not other.evaluate("document.documentElement.scrollWidth > innerWidth")

    page.get_by_role("link", name="Change the cover").click()
    page.get_by_role("button", name="Remove the cover").click()
    expect(page.get_by_text("The cover is drawn again.")).to_be_visible()
    expect(page.locator(".hero svg.cover")).to_be_visible()


def test_a_refused_file_is_said_beside_the_field(browse, page_allows, alice, book, tmp_path):
    page_allows("status of 422")
    page = browse(alice, phone=True, javascript=False)
    drawing = tmp_path / "drawing.svg"
    drawing.write_text("<svg/>")
    page.goto("/books/emma/cover")
    page.get_by_label("Picture", exact=True).set_input_files(drawing)
    page.get_by_role("button", name="Use this picture").click()

    expect(page.locator("#picture-error")).to_contain_text("“drawing.svg” is not a picture")


def test_a_member_shows_a_face_beside_their_words(browse, save, alice, bob, book, file):
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "Badly done."), make_comment(thread, bob, "Indeed."))
    page = browse(alice, phone=True)
    page.goto("/settings")
    page.get_by_role("link", name="Add a picture of yourself").click()
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_role("button", name="Use this picture").click()
    expect(page.get_by_text("This is your picture now.")).to_be_visible()

    other = browse(bob, phone=True)
    other.goto(f"/threads/{thread.id}")
    face, initials = other.locator("main img.avatar"), other.locator("main span.avatar")
    is_loaded(face)
    one, two = face.bounding_box(), initials.bounding_box()
    assert one
    assert two
    assert (round(one["width"]), round(one["height"])) == (round(two["width"]), round(two["height"]))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_with_pictures_are_accessible(
    browse, save, alice, olive, book, file, check_accessibility, dark
):
    page = browse(olive, phone=True, dark=dark)
    for address in ("/books/emma/cover", "/settings/picture", "/club/picture"):
        page.goto(address)
        check_accessibility(page)
        page.get_by_label("Picture", exact=True).set_input_files(file)
        page.get_by_role("button", name="Use this picture").click()
        expect(page.locator(".notice.good")).to_be_visible()
    for address in (
        "/",
        "/books",
        "/books/emma",
        "/members/olive",
        "/members",
        "/settings",
        "/books/emma/cover",
    ):
        page.goto(address)
        check_accessibility(page)
