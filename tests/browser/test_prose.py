"""Prose looks the same wherever it stands, and as its preview; on paper it is dark on white."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
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
STYLES_OF = """(element) => [element, ...element.querySelectorAll("*")].map((each, number) => {
    const room = /^(width|height|(inline|block)-size|(perspective|transform)-origin)$/;
    const own = number ? room : /^(?!color|font|line-height|letter|text|white-space|quotes|direction)/;
    const ruled = each.tagName === "HR" ? /^margin-(left|right|inline.*)$/ : /^$/;
    const styles = {}, computed = getComputedStyle(each);
    for (const name of computed) {
        if (!room.test(name) && !own.test(name) && !ruled.test(name) && !name.startsWith("--")) {
            styles[name] = computed.getPropertyValue(name);
        }
    }
    return [each.tagName, styles];
})"""
STYLES = f"(element) => JSON.stringify(({STYLES_OF})(element))"
# How each piece on a page differs from the styles that are wanted, compared there: they are too many to send.
DIFFERENCES = f"""(pieces, wanted) => pieces.map(({STYLES_OF})).map((piece) => {{
    const meant = JSON.parse(wanted);
    if (String(piece.map(([tag]) => tag)) !== String(meant.map(([tag]) => tag))) return ["other elements"];
    return piece.flatMap(([tag, found], number) => Object.entries(meant[number][1])
        .filter(([name, value]) => found[name] !== value)
        .map(([name, value]) => `<${{tag}}> ${{name}}: ${{found[name]}}, and not ${{value}}`));
}})"""
PRINTED = """(theme) => {
    if (theme !== "auto") document.documentElement.dataset.theme = theme;
    return ["body", ".prose", "h1", ".prose p"].map((name) => {
        const styles = getComputedStyle(document.querySelector(name) || document.body);
        return [styles.color, styles.backgroundColor];
    });
}"""
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


def differences_on(page: Page, wanted: str) -> list[list[str]]:
    """How each piece of prose on a page differs from the styles that are wanted."""
    found: list[list[str]] = page.locator(".prose").evaluate_all(DIFFERENCES, wanted)
    return found


def reference(page: Page) -> str:
    """The styles of the sample standing alone, as JSON."""
    page.goto("/books")
    page.evaluate(REFERENCE, HTML)
    styles: str = page.locator(".prose").evaluate(STYLES)
    return styles


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
        found = differences_on(page, wanted)
        counts[name] = len(found)
        assert not any(found), (name, found)

    assert counts.pop("thread") == 8
    assert counts.pop("preview") > 8
    assert min(counts.values()) >= 1


def test_prose_looks_the_same_to_visitors_and_in_the_copy(browse, chromium, app, places, tmp_path):
    page = browse()
    wanted = reference(page)
    page.goto("/")
    assert differences_on(page, wanted)[0] == []

    with app.app_context():
        Site(app, tmp_path / "site", everything=True).write()
    with chromium.new_context(viewport=DESKTOP, reduced_motion="reduce") as context:
        copy = context.new_page()
        for part in ("index", "books/emma", "reviews/1", "threads/2", "members/alice"):
            copy.goto((tmp_path / "site" / f"{part}.html").as_uri())
            found = differences_on(copy, wanted)
            assert found, part
            assert not any(found), (part, found)


def test_prose_that_looks_another_way_is_found(browse):
    page = browse()
    wanted = reference(page)
    assert differences_on(page, wanted) == [[]]

    page.locator(".prose em").evaluate("(element) => { element.style.fontStyle = 'normal'; }")
    assert differences_on(page, wanted) == [["<EM> font-style: normal, and not italic"]]
    page.locator(".prose hr").evaluate("(element) => element.remove()")
    assert differences_on(page, wanted) == [["other elements"]]


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


def test_paper_is_white_whatever_the_screen_is(browse, alice, places):
    page = browse(alice, dark=True)
    for address in places.values():
        page.emulate_media(media="screen", color_scheme="dark")
        page.goto(address)
        page.emulate_media(media="print", color_scheme="dark")
        # As the device has it, and as it is for a member who has chosen dark colours.
        for theme in ("auto", "dark"):
            shown = page.evaluate(PRINTED, theme)
            assert {brightness(ink) < 100 for ink, _ in shown} == {True}, (theme, shown)
            assert brightness(shown[0][1]) == 255
            for name in (".top", ".foot", "form", ".link", "nav"):
                expect(page.locator(f"{name}:visible")).to_have_count(0)


def brightness(color: str) -> float:
    red, green, blue = map(float, re.findall(r"[\d.]+", color)[:3])
    return 0.3 * red + 0.59 * green + 0.11 * blue
