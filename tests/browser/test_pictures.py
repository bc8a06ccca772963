"""A picture put into a post: chosen, pasted and dropped, with JavaScript and without, and seen by others."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.factories import make_book, make_thread
from tests.pictures.samples import packed, picture

# In EXIF, and what it says of a camera that was turned by a quarter.
ORIENTATION, TURN_RIGHT = 0x0112, 6
# What a browser does with files that are pasted or dropped, given as base64 by name.
BRING = """(area, [kind, files]) => {
  const brought = new DataTransfer();
  for (const [name, content] of Object.entries(files)) {
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    brought.items.add(new File([bytes], name, { type: "image/png" }));
  }
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { clipboardData: brought, bubbles: true, cancelable: true })
    : new DragEvent("drop", { dataTransfer: brought, bubbles: true, cancelable: true });
  return area.dispatchEvent(event);
}"""


@pytest.fixture
def thread(save, alice):
    return save(make_thread(alice, save(make_book("Emma")), "The picnic"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A photo of a door."""
    file = tmp_path / "door.jpg"
    file.write_bytes(packed(picture(1200, 800)))
    return file


def composer(page: Page, thread) -> Locator:
    page.goto(f"/threads/{thread.id}")
    return page.locator("#new-comment")


def is_loaded(image: Locator) -> None:
    """The browser could decode it."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_a_photo_is_chosen_described_and_posted(browse, page_allows, alice, bob, thread, file, phone):
    page_allows("status of 422")
    page = browse(alice, phone=phone)
    form = composer(page, thread)
    area = form.locator("textarea[name=body]")
    area.fill("Before. After.")
    area.evaluate("area => { area.focus(); area.setSelectionRange(7, 7); }")
    form.get_by_text("Add a picture").click()
    form.get_by_label("Picture", exact=True).set_input_files(file)
    form.get_by_label("What it shows").fill("A door")
    form.get_by_label("Caption").fill("The hall")
    form.get_by_label("Where it is from").fill("Photo by Bob")
    form.get_by_role("button", name="Put it into the text").click()

    expect(area).to_be_focused()
    expect(area).to_have_value('Before.\n\n![A door](/pictures/1 "The hall\n— Photo by Bob")\n\nAfter.')
    is_loaded(form.locator(".thumbnails img"))
    expect(form.get_by_text("You have unsaved words")).to_have_count(0)
    form.get_by_role("button", name="No spoilers").click()
    form.get_by_role("button", name="Post reply").click()
    is_loaded(page.locator(".prose figure img"))

    other = browse(bob, phone=phone)
    other.goto(f"/threads/{thread.id}")
    is_loaded(other.get_by_role("img", name="A door"))
    expect(other.locator("figcaption")).to_have_text("The hall Photo by Bob")
    assert other.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_several_files_are_pasted_or_dropped_into_the_text(browse, alice, thread, kind):
    page = browse(alice)
    form = composer(page, thread)
    area = form.locator("textarea[name=body]")
    area.fill("Look.")
    files = {
        f"{size}.png": base64.b64encode(packed(picture(size, size), "PNG")).decode() for size in (40, 60)
    }
    assert area.evaluate(BRING, [kind, files]) is False, "the browser would open the file"

    words = form.get_by_label("What it shows")
    expect(words).to_have_count(2)
    expect(words.first).to_be_focused()
    form.get_by_role("button", name="No spoilers").click()
    # A picture without words is not sent: the browser says so at the field.
    form.get_by_role("button", name="Post reply").click()
    expect(words.first).to_be_focused()
    words.first.fill("One")
    words.last.fill("Two")
    form.get_by_role("button", name="Post reply").click()

    is_loaded(page.get_by_role("img", name="One"))
    is_loaded(page.get_by_role("img", name="Two"))


def test_text_that_is_pasted_with_a_picture_stays_text(browse, alice, thread):
    page = browse(alice)
    area = composer(page, thread).locator("textarea[name=body]")
    area.focus()
    area.evaluate(
        """area => {
          const brought = new DataTransfer();
          brought.setData("text/plain", "A row of a table");
          brought.items.add(new File(["x"], "table.png", { type: "image/png" }));
          const choices = { clipboardData: brought, bubbles: true, cancelable: true };
          area.dispatchEvent(new ClipboardEvent("paste", choices));
        }"""
    )
    assert page.locator("[data-file]").evaluate("input => input.files.length") == 0


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of a camera that was turned: 4000 by 3000 pixels to be shown upright, and more than 10 MB."""
    grain = Image.effect_noise((4000, 3000), 90).convert("RGB")
    turned = Image.Exif()
    turned[ORIENTATION] = TURN_RIGHT
    file = tmp_path / "camera.jpg"
    file.write_bytes(packed(grain, quality=95, exif=turned))
    assert file.stat().st_size > 10 * 1024 * 1024
    return file


def test_large_photos_are_made_smaller_before_they_are_sent(browse, alice, thread, photo):
    page = browse(alice)
    form = composer(page, thread)
    form.locator("textarea[name=body]").fill("Look.")
    form.get_by_text("Add a picture").click()
    chosen = form.get_by_label("Picture", exact=True)
    chosen.set_input_files(photo)
    page.wait_for_function("input => input.files[0].size < 10 * 1024 * 1024", arg=chosen.element_handle())
    form.get_by_label("What it shows").fill("A wall")
    form.get_by_role("button", name="No spoilers").click()
    form.get_by_role("button", name="Post reply").click()

    image = page.get_by_role("img", name="A wall")
    is_loaded(image)
    assert image.get_attribute("width") == "1600"
    assert image.get_attribute("height") == "2133", "it lies on its side"


def test_a_large_photo_becomes_a_cover(browse, alice, thread, photo):
    page = browse(alice, phone=True)
    page.goto("/books/emma/cover")
    chosen = page.get_by_label("Picture", exact=True)
    chosen.set_input_files(photo)
    page.wait_for_function("input => input.files[0].size < 10 * 1024 * 1024", arg=chosen.element_handle())
    page.get_by_role("button", name="Use this picture").click()

    is_loaded(page.locator(".hero img.cover"))


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ((10_500_000,), "This picture is larger than 10 MB. Choose a smaller one."),
        (
            (5_500_000, 5_500_000),
            "The pictures together are larger than 10 MB. Add them one after the other.",
        ),
    ],
    ids=["one", "two"],
)
def test_files_that_stay_too_large_are_not_sent(browse, alice, thread, sizes, complaint):
    page = browse(alice)
    form = composer(page, thread)
    area = form.locator("textarea[name=body]")
    area.fill("Look.")
    # No browser can make these smaller.
    files = {f"{at}.png": base64.b64encode(b"x" * size).decode() for at, size in enumerate(sizes)}
    area.evaluate(BRING, ["drop", files])
    for words in form.get_by_label("What it shows").all():
        words.fill("A door")
    form.get_by_role("button", name="Post reply").click()

    message = form.locator("[data-file]").last.evaluate("input => input.validationMessage")
    assert message == complaint
    expect(page.locator(".prose")).to_have_count(0)


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_without_javascript_a_review_gets_its_picture(browse, alice, bob, thread, file, phone):
    page = browse(alice, phone=phone, javascript=False)
    page.goto("/books/emma/reviews/new")
    page.get_by_label("Title", exact=True).fill("Fine")
    page.get_by_label("Your review").fill("Good.")
    page.get_by_label("Who can read this?").select_option("0")
    page.get_by_text("Add a picture").click()
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_label("What it shows").fill("A door")
    page.get_by_role("button", name="Publish").click()

    is_loaded(page.get_by_role("img", name="A door"))


def test_the_fields_for_a_picture_are_accessible(
    browse, alice, thread, file, check_accessibility, page_allows
):
    page_allows("status of 422")
    page = browse(alice, dark=True)
    form = composer(page, thread)
    form.get_by_text("Add a picture").click()
    form.get_by_label("Picture", exact=True).set_input_files(file)
    check_accessibility(page)
    form.get_by_label("What it shows").fill("A door")
    form.get_by_role("button", name="Put it into the text").click()
    expect(form.locator(".thumbnails img")).to_be_visible()
    check_accessibility(page)
