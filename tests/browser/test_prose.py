"""Prose looks the same wherever it stands, and as its preview; on paper it is dark on white."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy import update

from bookclub.archive.site import Site
from bookclub.books.models import Book
from bookclub.extensions import begin_write, db
from bookclub.lib.positions.places import END
from bookclub.lib.text.markdown import render
from bookclub.members.models import Club, Member
from tests.browser.conftest import DESKTOP
from tests.factories import make_book, make_comment, make_reading, make_report, make_review, make_thread

SAMPLE = """\
Two roads,
not **one** and *not* ~~three~~: `code`, https://a.example/b_ and [a link](https://a.example).

# A heading

## And one below

### A third

1. Emma
2. Persuasion
   1. its ending
   - and its sea

* a point

  of two paragraphs

> Badly done.
>
> — Mr Knightley

> without a name

---

    four spaces

```
a fence
```
"""
HTML = render(SAMPLE).html
# The styles of every element in a piece of prose, but for those that follow from the room that there is.
STYLES = """(element) => [element, ...element.querySelectorAll("*")].map((each, number) => {
    const room = /^(width|height|(inline|block)-size|(perspective|transform)-origin)$/;
    const own = number ? room : /^(?!color|font|line-height|letter|text|white-space|quotes|direction)/;
    const ruled = each.tagName === "HR" ? /^margin-(left|right|inline.*)$/ : /^$/;
    const styles = {};
    for (const name of getComputedStyle(each)) {
        if (!room.test(name) && !own.test(name) && !ruled.test(name) && !name.startsWith("--")) {
            styles[name] = getComputedStyle(each).getPropertyValue(name);
        }
    }
    return [each.tagName, styles];
})"""
REFERENCE = (
    "(html) => { document.body.innerHTML = `<div><div class='prose' dir='auto'>${html}</div></div>`; }"
)


@pytest.fixture
def places(app, save, alice, bob) -> dict[str, str]:
    """The addresses of pages with the same prose, for Alice, who wrote it."""
    book = save(make_book("Emma"))
    save(make_reading(alice, book, position=END), make_reading(bob, book, position=END))
    review = save(make_review(alice, book, SAMPLE))
    thread = save(make_thread(alice, book, "The picnic"))
    comment = save(make_comment(thread, alice, SAMPLE))
    deep = comment
    for _ in range(7):
        deep = save(make_comment(thread, alice, SAMPLE, parent=deep))
    save(make_report(bob, comment, horizon=5000))
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(words=SAMPLE, renderer_version=0, is_public=True))
        db.session.execute(update(Member).values(about=SAMPLE, renderer_version=0))
        db.session.execute(update(Book).values(description=SAMPLE, renderer_version=0))
        db.session.commit()
    return {
        "review": f"/reviews/{review.id}",
        "thread": f"/threads/{thread.id}",
        "comment": f"/comments/{deep.id}",
        "composer": f"/comments/{comment.id}",
        "book": "/books/emma",
        "member": "/members/alice",
        "report": "/reports/1",
        "preview": f"/threads/{thread.id}",
    }


def styles_on(page: Page) -> list[Any]:
    pieces = page.locator(".prose")
    return [piece.evaluate(STYLES) for piece in pieces.all()]


def reference(page: Page) -> Any:
    page.goto("/books")
    page.evaluate(REFERENCE, HTML)
    return page.locator(".prose").evaluate(STYLES)


def differences(styles: Any, wanted: Any) -> list[str]:
    assert [tag for tag, _ in styles] == [tag for tag, _ in wanted]
    return [
        f"<{tag.lower()}> {name}: {found[name]}, and not {meant[name]}"
        for (tag, found), (_, meant) in zip(styles, wanted, strict=True)
        for name in meant
        if found[name] != meant[name]
    ]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_prose_looks_the_same_wherever_it_stands(browse, alice, places, phone):
    page = browse(alice, phone=phone)
    wanted = reference(page)
    counts = {}

    for name, address in places.items():
        page.goto(address)
        if name == "preview":
            form = page.locator("#new-comment")
            form.get_by_label("Reply", exact=True).fill(SAMPLE)
            form.get_by_role("button", name="Preview").click()
            page.locator(".preview .prose").first.wait_for()
        found = styles_on(page)
        counts[name] = len(found)
        for styles in found:
            assert not differences(styles, wanted), name

    assert counts.pop("thread") == 8
    assert counts.pop("preview") > 8
    assert min(counts.values()) >= 1


def test_prose_looks_the_same_to_visitors_and_in_the_copy(browse, chromium, app, places, tmp_path):
    page = browse()
    wanted = reference(page)
    page.goto("/")
    assert not differences(styles_on(page)[0], wanted)

    with app.app_context():
        Site(app, tmp_path / "site", everything=True).write()
    with chromium.new_context(viewport=DESKTOP, reduced_motion="reduce") as context:
        copy = context.new_page()
        for part in ("index", "books/emma", "reviews/1", "threads/2", "members/alice"):
            copy.goto((tmp_path / "site" / f"{part}.html").as_uri())
            found = styles_on(copy)
            assert found, part
            for styles in found:
                assert not differences(styles, wanted), part


def test_numbers_of_a_list_show(browse, alice, places):
    page = browse(alice)
    page.goto(places["thread"])

    kinds = page.locator(".prose ol").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).listStyleType)"
    )
    assert set(kinds) == {"decimal"}


def test_hebrew_stands_on_the_right_and_its_list_has_its_numbers_there(browse, save, alice):
    review = save(
        make_review(alice, save(make_book("אמה")), "שלום לכם.\n\n1. אחת\n2. שתיים\n\nHello.", title="יפה")
    )
    page = browse(alice)
    page.goto(f"/reviews/{review.id}")

    directions = page.locator("h1, .prose > *").evaluate_all(
        "(all) => all.map((each) => getComputedStyle(each).direction)"
    )
    assert directions == ["rtl", "rtl", "rtl", "ltr"]


@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_paper_is_white_whatever_the_screen_is(browse, app, save, alice, places, theme):
    with app.app_context():
        begin_write()
        db.session.execute(update(Member).values(theme=theme))
        db.session.commit()
    page = browse(alice, dark=True)
    for address in places.values():
        page.goto(address)
        page.emulate_media(media="print", color_scheme="dark")
        shown = page.evaluate(
            """() => ["body", ".prose", "h1", ".prose p"].map((name) => {
                const styles = getComputedStyle(document.querySelector(name) || document.body);
                return [styles.color, styles.backgroundColor];
            })"""
        )
        assert {brightness(ink) < 100 for ink, _ in shown} == {True}, shown
        assert brightness(shown[0][1]) == 255
        for name in (".top", ".foot", "form", ".link", "nav"):
            assert page.locator(f"{name}:visible").count() == 0, name
        page.emulate_media(media="screen", color_scheme="dark")


def brightness(color: str) -> float:
    red, green, blue = map(float, re.findall(r"[\d.]+", color)[:3])
    return 0.3 * red + 0.59 * green + 0.11 * blue
