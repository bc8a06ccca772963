"""Reviews from elsewhere as Markdown: their marks, their spoilers, and signs that meant themselves."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bookclub.lib.library_files.html_runs import has_marks
from bookclub.lib.library_files.review_markdown import from_html, from_markdown, text_from
from bookclub.lib.text.spoilers import find_spoilers
from tests.plain_prose import render


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("So <b>good</b> &amp; <i> sad </i>.", "So **good** & *sad* ."),
        ("One<br>two<br/><br />three", "One  \ntwo\n\nthree"),
        ("<p>One</p><p>two</p>", "One\n\ntwo"),
        ("<div>One<br></div><div>two</div>", "One  \ntwo"),
        ("He <spoiler> dies </spoiler>, sadly.", "He ||dies|| , sadly."),
        ("<spoiler>a<br><br>b</spoiler> c", "||a||\n\n||b|| c"),
        ("x <spoiler>he <b>dies</b>", "x ||he **dies**||"),
        ("[spoiler]dies[/spoiler] [I]t", "||dies|| \\[I\\]t"),
        (">!he <b>dies</b>!< soon", "||he **dies**|| soon"),
        ("<details><summary>The end</summary>he dies</details>soon", "||The end: he dies||soon"),
        ('<span class="spoiler">he dies</span> soon', "||he dies|| soon"),
        ("&lt;spoiler&gt;he dies&lt;/spoiler&gt; soon", "||he dies|| soon"),
        ("he dies</spoiler> soon", "||he dies|| soon"),
        ("<b><spoiler>he dies</b> soon</spoiler> yes", "||**he dies** soon|| yes"),
        ("<blockquote><spoiler>he</blockquote>dies</spoiler> yes", "> ||he||\n\n||dies|| yes"),
        ("<b>" * 1_000 + "deep", "**deep**"),
        ("see <a href='https://x.y/z'>this</a>", "see [this](https://x.y/z)"),
        ('<a href="javascript:alert(1)">this</a>', "this"),
        ('<a href="/book/show/1">Emma</a>', "[Emma](https://www.goodreads.com/book/show/1)"),
        ('<img src="https://x.y/z.png" alt="a cat">', "[a cat](https://x.y/z.png)"),
        ("<blockquote>To be</blockquote>or not", "> To be\n\nor not"),
        ("Likes:<ul><li>this</li><li>that</li></ul>end", "Likes:\n\n- this\n- that\n\nend"),
        ("<script>alert(1)</script><!-- not this -->yes", "yes"),
        ("I <3 this, 5* & more || less", "I \\<3 this, 5\\* & more \\|\\| less"),
        ("# 1 book", "\\# 1 book"),
        ("1. first\n- second", "1\\. first  \n\\- second"),
        ("https://x.y/a_b_c_", "https://x.y/a_b_c_"),
        ("https://x.y/51K3._SL75_.jpg", "https://x.y/51K3._SL75_.jpg"),
        (
            "Like [b:Mist &amp; Moss|12|Mist & Moss|Ann Ash|https://x.y/1._SX50_.jpg|34]!",
            "Like *Mist & Moss*!",
        ),
        (
            "[bc:Mist|12|Mist|Ann Ash|https://x.y/1.jpg|34] [book:[Un]Known (Moss, #1)|5]",
            "*Mist* *\\[Un\\]Known (Moss, #1)*",
        ),
        ("by [a:Ann Ash|7|Ann Ash|https://x.y/7.jpg], [author: Ben Birch|8]", "by Ann Ash, Ben Birch"),
        ("[series:Moss|9] [group:Ferns|1] [person:Cy|2] [review:mine|3]", "Moss Ferns Cy mine"),
        (
            "[r:1|2 or not] [b:no number|x] [b|12] [note: a|b]",
            "\\[r:1\\|2 or not\\] \\[b:no number\\|x\\] \\[b\\|12\\] \\[note: a\\|b\\]",
        ),
        ("   four spaces", "four spaces"),
        ("", ""),
        ("<br><br>", ""),
    ],
)
def test_a_review_keeps_what_its_marks_meant(html, markdown):
    assert from_html(html) == markdown


def test_markdown_stays_as_it_is_unless_it_is_html_after_all():
    assert from_markdown("**bold** <3\r\n\n* one") == "**bold** <3\n\n* one"
    assert from_markdown("<p>**not** bold</p>") == "\\*\\*not\\*\\* bold"


def test_private_notes_are_plain_text():
    assert text_from("a * b || c") == "a * b || c"
    assert text_from("a<br/>b &amp; c<p>d</p>") == "a\nb & c\n\nd"


def test_goodreads_marks_are_names_in_notes_and_in_markdown_too():
    assert text_from("See [b:Mist|12|Mist|Ann Ash|https://x.y/1.jpg|34].") == "See Mist."
    assert from_markdown("See [b:Mist|12|Mist] by [a:Ann|7].") == "See *Mist* by Ann."


@pytest.mark.parametrize("address", ["https://x.y/51K3._SL75_.jpg", "https://x.y/_a_", "https://x.y/~a~~b~~"])
@pytest.mark.parametrize("around", ["{}", "see <i>{} here</i>", "<b>{}</b>", "<a href='{}'>{}</a>", "{}."])
def test_an_imported_address_keeps_every_sign(address, around):
    html = render(from_html(around.format(address, address))).html

    assert html.count(f'<a href="{address}"') == 1
    assert f">{address}</a>" in html


def words(html):
    """The letters and signs that a reader sees."""
    return re.sub(r"\s+", "", unescape(re.sub(r"<[^>]*>", "", html)))


SIGNS = [*"|\\*_`~[]()<>&!#=-+:$\"' \n\t", "||", "**", "```", "~~", "<3", "\n\n", "- ", "1. ", "> ", "    "]
PLAIN = st.lists(
    st.sampled_from([*SIGNS, "word", "a", "[[Emma]]", "@alice", "===", "---", "x_y"]), max_size=14
).map("".join)


@given(PLAIN)
def test_a_plain_review_shows_every_sign_that_was_typed_and_nothing_else(text):
    # Signs that open a spoiler elsewhere, as ">!" and "~!", hide what stands behind them: see below.
    assume(not has_marks(text) and not find_spoilers(text, is_foreign=True))

    html = render(from_html(text)).html

    assert words(html) == words(text.replace("<", "&lt;").replace(">", "&gt;"))
    assert set(re.findall(r"</?([a-z]+)", html)) <= {"p", "br"}


TAGS = [
    *("<b>", "</b>", "<i>", "</i>", "<s>", "</s>", "<br/>", "<p>", "</p>", "<li>", "<div>", "<blockquote>"),
    *(
        "</blockquote>",
        '<a href="http://x.y/z">',
        "</a>",
        "&lt;",
        "&#124;",
        "&nbsp;",
        "<spoiler>",
        "</spoiler>",
    ),
    "<img src='http://x.y/z' alt='||'>",
]


@given(st.lists(st.one_of(PLAIN, st.sampled_from(TAGS)), max_size=16))
def test_what_was_marked_as_a_spoiler_is_hidden_and_nothing_beyond_it(parts):
    depth, end, written = 0, 0, []
    for part in parts:
        if part == "</spoiler>" and not depth:
            written[end:] = ["SECRET" if word == "OPEN" else word for word in written[end:]]
        depth = max(0, depth + (part == "<spoiler>") - (part == "</spoiler>"))
        written += [part, "SECRET" if depth else "OPEN"]
        end = len(written) - 1 if part == "</spoiler>" and not depth else end
    assume("<!--" not in "".join(written))
    # A sign such as "~!" opens a spoiler only before a word: ours belong to the text.
    assume(not find_spoilers("".join(part for part in written if "spoiler" not in part), is_foreign=True))

    markdown = from_html("".join(written))
    prose = render(markdown)

    assert "SECRET" not in prose.safe_html
    assert prose.safe_html.count("OPEN") == prose.html.count("OPEN") == written.count("OPEN")
    assert not any(spoiler.doubt for spoiler in find_spoilers(markdown))
