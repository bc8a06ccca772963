"""Pictures in a text: where they stand, which words stay when one may not show, and what bars hide."""

from __future__ import annotations

import pytest

from bookclub.lib.text.markdown import excerpt, plain_text, render
from bookclub.lib.text.pictures import (
    insert_references,
    pictures_named,
    pictures_shown,
    pictures_without_words,
    reference,
    without_pictures,
)
from bookclub.lib.text.spoilers import PLACEHOLDER

SIZES = {12: [(480, 320), (960, 640), (1600, 1067)], 13: [(300, 200)]}
DOOR = (
    '<figure><img src="/pictures/12/960.webp" srcset="/pictures/12/480.webp 480w, '
    '/pictures/12/960.webp 960w, /pictures/12/1600.webp 1600w" '
    'sizes="(max-width: 40rem) 100vw, 38rem" width="1600" height="1067" '
    'alt="A door" loading="lazy" decoding="async">{}</figure>'
)


def html(text):
    return render(text, {}, SIZES).html


def test_a_picture_is_a_figure_with_its_copies_and_its_size():
    assert html("![A door](/pictures/12)") == DOOR.format("") + "\n"


def test_a_small_picture_offers_what_it_has():
    page = html("![A cat](/pictures/13)")
    assert 'src="/pictures/13/300.webp"' in page
    assert 'width="300" height="200"' in page


@pytest.mark.parametrize(
    ("title", "caption"),
    [
        ("The hall", "The hall"),
        ("The hall\n— Photo by Bob", "The hall <small>Photo by Bob</small>"),
        ("— Images from the film", "<small>Images from the film</small>"),
        ("Two\nlines", "Two lines"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_the_title_is_the_caption_and_its_last_line_the_credit(title, caption):
    page = html(f'![A door](/pictures/12 "{title}")')
    assert page == DOOR.format(f'<figcaption dir="auto">{caption}</figcaption>') + "\n"


@pytest.mark.parametrize(
    ("alt", "caption", "credit"),
    [
        ("A door", "", ""),
        ("A [blue] door", "It says “Push”", "Bob"),
        ("Back\\slash `code` <b>", 'a "quoted" \\ caption', ""),
        ("] ( ) [", "", "Alice & Bob"),
        ("中文", "說明", "來源"),
    ],
)
def test_a_reference_shows_the_words_that_it_was_made_of(alt, caption, credit):
    page = html(reference(12, alt, caption, credit))
    assert pictures_shown(page) == {12}
    assert plain_text(page) == " ".join(part for part in (alt, caption, credit) if part)


def test_a_picture_within_a_paragraph_parts_it():
    page = html("Before\n![A door](/pictures/12)\nafter *it*.")
    assert page == f'<p dir="auto">Before</p>\n{DOOR.format("")}\n<p dir="auto">after <em>it</em>.</p>\n'


def test_pictures_stand_in_quotes_and_lists():
    assert html("> ![A door](/pictures/12)") == f'<blockquote dir="auto">\n{DOOR.format("")}\n</blockquote>\n'
    assert DOOR.format("") in html("- ![A door](/pictures/12)\n- And more")


@pytest.mark.parametrize(
    "text",
    ["# ![A door](/pictures/12)", "*![A door](/pictures/12)*", "[![A door](/pictures/12)](https://x.org)"],
)
def test_where_no_figure_can_stand_the_words_do(text):
    assert not pictures_shown(html(text))
    assert "A door" in html(text)


@pytest.mark.parametrize("number", [14, 999_999_999, 0])
def test_of_a_picture_that_is_not_of_this_text_only_the_typed_words_show(number):
    assert html(f'![A door](/pictures/{number} "Caption")') == '<p dir="auto">A door</p>\n'


@pytest.mark.parametrize(
    "address",
    ["/pictures/12/480.webp", "/pictures/12?x", "//pictures/12", "https://x.org/pictures/12", "/pictures/x"],
)
def test_other_addresses_are_links_as_before(address):
    assert "<img" not in html(f"![A door]({address})")
    assert "A door" in html(f"![A door]({address})")


def test_no_words_break_out_of_the_attribute():
    for alt in ('" onload="x', "<script>", "&quot;", "||", "\\"):
        page = html(f"![{alt}](/pictures/12)")
        assert page.count("<img ") <= 1
        assert "onload" not in page.replace("&quot; onload=&quot;", "")
        assert "<script" not in page


# Bars


@pytest.mark.parametrize(
    "text",
    [
        '||![KILLER](/pictures/12 "KILLER")||',
        'Look: ||![KILLER](/pictures/12 "KILLER")|| there.',
        "||He is\n\n![KILLER](/pictures/12)\n\nthe one||",
        "<spoiler>![KILLER](/pictures/12)</spoiler>",
        ">!![KILLER](/pictures/12)!<",
        "||![KILLER](/pictures/12)",
    ],
)
def test_bars_hide_a_picture_with_all_its_words(text):
    prose = render(text, {}, SIZES)
    assert pictures_shown(prose.html) == {12}
    assert "KILLER" in prose.html
    assert "<p></p>" not in prose.html
    assert not pictures_shown(prose.safe_html)
    assert "KILLER" not in prose.safe_html
    assert "/pictures/" not in prose.safe_html
    assert PLACEHOLDER in prose.safe_html


def test_bars_within_the_words_hide_those_alone():
    prose = render('![A door ||KILLER|| behind](/pictures/12 "Who ||KILLER|| is")', {}, SIZES)
    assert 'alt="A door KILLER behind"' in prose.html
    assert 'alt="A door … behind"' in prose.safe_html
    assert "KILLER" not in prose.safe_html
    assert "\x02" not in prose.html + prose.safe_html
    assert "\x04" not in prose.html + prose.safe_html


def test_bars_that_begin_in_the_words_hide_the_picture():
    prose = render("![A ||door](/pictures/12) and KILLER||", {}, SIZES)
    assert not pictures_shown(prose.safe_html)
    assert "KILLER" not in prose.safe_html


# Without pictures


def test_where_no_pictures_go_their_words_stand():
    page = html('Look:\n\n![A door](/pictures/12 "The hall\n— Bob")')
    assert without_pictures(page) == (
        '<p dir="auto">Look:</p>\n<p dir="auto">[A door] The hall <small>Bob</small></p>\n'
    )
    assert excerpt(page) == "Look: A door The hall Bob"


def test_the_pictures_of_a_source_are_found():
    text = '![a](/pictures/3) ![b [c]](/pictures/45 "t") [no](/pictures/6) ||![d](/pictures/7)||'
    assert pictures_named(text) == {3, 45, 7}
    assert pictures_named("![a](/pictures/1234567890123)") == set()


def test_a_picture_without_words_is_found():
    assert pictures_without_words(html("![](/pictures/12) ![ ](/pictures/13) ![x](/pictures/12)")) == [12, 13]
    assert pictures_without_words(html("`![](/pictures/12)`")) == []


@pytest.mark.parametrize(
    ("text", "at", "becomes"),
    [
        ("", None, "R"),
        ("One.", None, "One.\n\nR"),
        ("One.\n\nTwo.", 4, "One.\n\nR\n\nTwo."),
        ("One two.", 4, "One\n\nR\n\ntwo."),
        ("One.", 0, "R\n\nOne."),
        ("One.", 999, "One.\n\nR"),
    ],
)
def test_a_reference_goes_where_the_cursor_was(text, at, becomes):
    assert insert_references(text, ["R"], at) == becomes
    assert insert_references(text, [], at) == text


def test_a_text_full_of_pictures_is_rendered_soon():
    """The cost of rendering grows with the text, not with its square."""
    text = "\n\n".join("![a](/pictures/12)" for _ in range(900))
    assert html(text).count("<figure>") == 900
