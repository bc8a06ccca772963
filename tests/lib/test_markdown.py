"""Tests for Markdown, its spoilers, and what is refused."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bookclub.lib.text.borrowed_spoilers import find_borrowed_spoilers
from bookclub.lib.text.errors import TextError
from bookclub.lib.text.headings import MAX_NESTING
from bookclub.lib.text.markdown import LONGEST_HTML, MOST_CHARACTERS, MOST_LINES, MOST_SIGNS, Prose, excerpt
from bookclub.lib.text.markdown import render as render_whole
from bookclub.lib.text.spoilers import PLACEHOLDER
from tests.plain_prose import render

CANARY = "Wrenfield"
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "span": {"class"}}
BLOCKS = {"p", "hr", "h3", "h4", "h5", "h6", "pre", "blockquote", "figure", "figcaption", "ol", "ul", "li"}
PHRASING = {"a", "br", "code", "em", "s", "span", "strong"}


class Checker(HTMLParser):
    """Read HTML as strictly as a careful person would, and keep what it says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.words: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if tag not in BLOCKS | PHRASING or not set(names) <= ATTRIBUTES.get(tag, set()):
            self.problems.append(f"<{tag} {attrs}> is not on the list")
        for name, value in attrs:
            if name == "href" and not re.match(r"https?://|mailto:|/(?!/)", value or ""):
                self.problems.append(f"{value} is not an allowed address")
            if name == "class" and value not in {"spoiler", "spoiler locked"}:
                self.problems.append(f"class {value}")
            if name == "rel" and value != "nofollow ugc noopener":
                self.problems.append(f"rel {value}")
        if tag in {"a", "span"} and tag in self.open:
            self.problems.append(f"<{tag}> within <{tag}>")
        if tag in BLOCKS and {"p", *PHRASING} & set(self.open):
            self.problems.append(f"<{tag}> within {self.open}")
        if tag not in {"br", "hr"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.problems.append("a comment")


def checked(text: str) -> Prose:
    """Render a text, and insist that both results are well-formed, allowed HTML."""
    prose = render(text)
    for page in (prose.html, prose.safe_html):
        checker = Checker()
        checker.feed(page)
        checker.close()
        assert checker.problems == []
        assert checker.open == []
        assert not re.search(r"[\x00-\x08]", page)
    return prose


def words(page: str) -> str:
    checker = Checker()
    checker.feed(page)
    checker.close()
    return "".join(checker.words)


# What a writer may put around things: any Markdown, but no bars of their own and nothing refused.
FRAGMENTS = st.sampled_from(
    [
        "*",
        "**",
        "_",
        "`",
        "``",
        "~~",
        "[",
        "](",
        "](/a)",
        "]: /a\n",
        "<",
        ">",
        "![",
        ")",
        "(",
        '"',
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "    ",
        "```\n",
        "---\n",
        "— ",
        "&amp;",
        "&",
        "<b>",
        "https://a.example/b",
        "\\\\",
        "word",
        " ",
        "\u3000",
        "ä",
        "日本語",
        "🦉",
    ]
)
SAFE_CHARACTERS = st.characters(exclude_characters="|\\", exclude_categories=["Cc", "Cs"])
MARKDOWN = st.lists(FRAGMENTS | st.text(SAFE_CHARACTERS, max_size=5), max_size=12).map("".join)
WITH_BARS = st.lists(
    FRAGMENTS | st.sampled_from(["|", "||", "\\|", "||a||", "\\", "\t", "\r"]), max_size=14
).map("".join)


def rendered_or_refused(text: str) -> Prose | None:
    try:
        return checked(text)
    except TextError:
        return None


def test_what_a_blogger_writes_comes_out_as_html():
    prose = checked("# One\n\nSome *soft* and **loud** words, ~~gone~~.\n\n- a\n- b\n\n3. c\n\n`x < y`")

    assert prose.html == (
        "<h3>One</h3>\n<p>Some <em>soft</em> and <strong>loud</strong> words, <s>gone</s>.</p>\n"
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start="3">\n<li>c</li>\n</ol>\n'
        "<p><code>x &lt; y</code></p>\n"
    )
    assert prose.safe_html == prose.html
    assert not prose.has_spoilers


def test_headings_are_shifted_below_the_pages_own():
    source = "\n\n".join("#" * level + f" {level}" for level in range(1, 7)) + "\n\nseven\n=====\n"

    assert re.findall(r"<(h\d)>(\w+)</\1>", checked(source).html) == [
        ("h3", "1"), ("h4", "2"), ("h5", "3"), ("h6", "4"), ("h6", "5"), ("h6", "6"), ("h3", "seven"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "source",
    ["<b>x</b>", "<script>alert(1)</script>", "<!-- x -->", "<img src=x onerror=alert(1)>", '<p id="a">'],
)
def test_html_is_shown_and_never_obeyed(source):
    page = checked(source).html

    assert words(page).strip() == source
    assert re.fullmatch(r"<p>[^<>]*</p>\n", page)


def test_tables_stay_text():
    assert "<table" not in checked("| a | b |\n|---|---|\n| c | d |").html


@pytest.mark.parametrize(
    "address", ["https://a.example/b?c=d&e", "http://a.example", "mailto:bob@a.example", "/books/emma"]
)
def test_links_go_to_the_web_to_mail_and_within_the_site(address):
    escaped = address.replace("&", "&amp;")
    expected = f'<p><a href="{escaped}" rel="nofollow ugc noopener">b</a></p>\n'

    assert checked(f'[b]({address} "a title")').html == expected
    assert checked(f"[b]\n\n[b]: {address}").html == expected


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#10;script:alert(1)",
        "data:text/html,x",
        "file:///etc",
        "vbscript:x",
        "//evil.example",
        "/\\\\evil.example",
        "evil",
        "#top",
        "?a",
        "https:evil",
        "ftp://a.example",
        "\u00a0javascript:alert(1)",
        "https://" + "a" * 2000,
    ],
)
def test_links_go_nowhere_else(address):
    page = checked(f"[b]({address}) [b](<{address}>) <{address}>\n\n[c]: {address}\n\n[c]").html

    assert re.findall(r'href="(?!https?://|/%5C)', page) == []
    assert "evil.example" not in "".join(re.findall(r'href="//[^"]*"', page))


def test_an_image_is_a_link_and_is_never_fetched():
    link = '<a href="https://a.example/b.png" rel="nofollow ugc noopener">an owl</a>'

    assert checked("![an owl](https://a.example/b.png)").html == f"<p>{link}</p>\n"
    assert checked("![an owl][1]\n\n[1]: https://a.example/b.png").html == f"<p>{link}</p>\n"


def test_an_image_within_a_link_leaves_the_outer_link_only():
    assert (
        checked("[![an owl](/b.png)](/c)").html
        == '<p><a href="/c" rel="nofollow ugc noopener">an owl</a></p>\n'
    )


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("see https://a.example/b_c_d.", "https://a.example/b_c_d"),
        ("(http://a.example/b)", "http://a.example/b"),
        ("https://en.example/Emma_(novel), she said", "https://en.example/Emma_(novel)"),
        ("“https://a.example”", "https://a.example"),
        ("*https://a.example*", "https://a.example"),
    ],
)
def test_a_bare_address_becomes_a_link_without_the_punctuation_after_it(source, address):
    page = checked(source).html

    assert f'<a href="{address}" rel="nofollow ugc noopener">{address}</a>' in page
    assert words(page).strip() == source.strip("*")


@pytest.mark.parametrize(
    "source", ["`https://a.example`", "    https://a.example", "http://", "xhttp://a.example"]
)
def test_code_and_half_an_address_are_not_linked(source):
    assert "<a" not in checked(source).html


@pytest.mark.parametrize(
    ("source", "quoted", "name"),
    [
        ("> All children are told.\n> - Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> All children are told.\n> -- Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> All children are told.\n> – Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> All children are told.\n— Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> All children are told.\n>\n> — Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> All children are told.\n>\n> - Ishiguro", "<p>All children are told.</p>", "Ishiguro"),
        ("> one\\\n> two\\\n> —Ishiguro", "<p>one<br>\ntwo</p>", "Ishiguro"),
        ("> one  \n> — *The Guardian*, [2005](/a)", "<p>one</p>", None),
    ],
)
def test_a_quote_whose_last_line_starts_with_a_dash_becomes_a_figure(source, quoted, name):
    page = checked(source).html
    caption = name or '<em>The Guardian</em>, <a href="/a" rel="nofollow ugc noopener">2005</a>'

    assert page == (
        f"<figure>\n<blockquote>\n{quoted}\n</blockquote>\n<figcaption>{caption}</figcaption>\n</figure>\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "> — Ishiguro",
        "> - Ishiguro",
        "> one\n> - two\n> - three",
        "> one\n> * two",
        "> one — two",
        "> one\n> —",
        "> — one\n> two",
        "one\n\n— two",
        "> one\n> - two\n>\n>   three",
        "> one\n> - two\n>   — three",
        "> one\n> ---\n> two",
    ],
)
def test_other_quotes_have_no_attribution(source):
    assert "<figure" not in checked(source).html
    assert "<figcaption" not in checked(source).html


def test_a_quote_within_a_quote_has_its_own_attribution():
    page = checked("> one\n> > two\n> > — Bob\n>\n> — Alice").html

    assert re.findall(r"</blockquote>\n<figcaption>(\w+)<", page) == ["Bob", "Alice"]


@pytest.mark.parametrize(
    "text",
    [
        "“Curly” ‘quotes’ … — – « »",
        "'straight' -- \"quotes\" ... (c)",
        "مرحبا بالعالم \u200fוגם עברית",
        "กำลังอ่านหนังสือ",
        "नमस्ते क्षत्रिय ണ്‍",
        "日本語の\u3000文章、한국어",
        "\u3000　paragraph indented as in Tokyo\u3000",
        "👩‍👩‍👧‍👦 🏳️‍🌈 🇯🇵 👍🏽",
        "e\u0301 is not é; a\u0323\u0307",
        "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 𒀀 \U0010fffd",
        "soft\u00adhyphen no\u00a0break zero\u200bwidth word\u2060joiner",
    ],
)
def test_every_script_survives_byte_for_byte(text):
    assert checked(text).html == f"<p>{text}</p>\n"
    assert checked(f"- {text}").html == f"<ul>\n<li>{text}</li>\n</ul>\n"


def test_line_endings_of_all_kinds_are_the_same():
    assert checked("a\r\n\r\nb\rc").html == checked("a\n\nb\nc").html == "<p>a</p>\n<p>b<br>\nc</p>\n"


@pytest.mark.parametrize("sign", ["\x00", "\x01", "\x02", "\x05", "\x1b", "\x7f", "\ud800"])
def test_control_characters_and_half_characters_are_left_out(sign):
    assert checked(f"on{sign}e").html == "<p>one</p>\n"


@pytest.mark.parametrize("entity", ["&#2;", "&#x3;", "&#4;", "&#0;", "&#xd800;"])
def test_our_own_signs_cannot_be_written_as_entities(entity):
    prose = checked(f"a |{entity}| b")

    assert not prose.has_spoilers
    assert "<span" not in prose.html


def test_a_spoiler_is_a_span_for_those_who_have_finished_and_a_placeholder_for_the_others():
    prose = checked("Before ||the *butler* did [it](/x)|| after")

    assert prose.has_spoilers
    assert prose.html == (
        '<p>Before <span class="spoiler">the <em>butler</em> did '
        '<a href="/x" rel="nofollow ugc noopener">it</a></span> after</p>\n'
    )
    assert prose.safe_html == f"<p>Before {PLACEHOLDER} after</p>\n"


@pytest.mark.parametrize(
    "source",
    [
        "||Wrenfield||",
        "a||Wrenfield||b",
        "|| Wrenfield ||",
        "**||Wrenfield||**",
        "||**Wrenfield**||",
        "*a ||b* Wrenfield||",
        "||`Wrenfield`||",
        "`||Wrenfield||`",
        "``a ||`Wrenfield`|| b``",
        "||a `b Wrenfield|| c` ||d||",
        "    ||Wrenfield||",
        "```\n||Wrenfield||\n```",
        "```||Wrenfield||\ncode\n```",
        "||\n```\nWrenfield\n```\n||",
        "# A ||Wrenfield|| heading",
        "||# Wrenfield||",
        "||\n\n# Wrenfield\n\n||",
        "[||Wrenfield||](/x)",
        "[a||b](/x) Wrenfield||",
        "||[Wrenfield](/x)||",
        "||[a](/Wrenfield)||",
        "[a](/||Wrenfield||)",
        "[a](</||Wrenfield||>)",
        '[a](/x "||Wrenfield||")',
        "![||Wrenfield||](/x)",
        "||![Wrenfield](/x)||",
        "<https://a.example/||Wrenfield||>",
        "https://a.example/||Wrenfield||",
        "[a]\n\n[a]: /||Wrenfield||",
        "||[a]: /Wrenfield||\n\n[a]",
        "> one\n> — ||Wrenfield||",
        "> one ||two\n> — Wrenfield||",
        "> ||one\n>\n> Wrenfield||",
        "- ||a\n- Wrenfield||",
        "1. ||a\n\n2. Wrenfield\n\n3. c||",
        "||a\n\nWrenfield\n\nb||",
        "||a\n\n> Wrenfield||",
        "||a\n\n---\n\n- Wrenfield\n\nb|| ||c||",
        "<b title='||Wrenfield||'>",
        "&||Wrenfield||amp;",
        "\\\\||Wrenfield||",
    ],
)
def test_what_is_between_bars_is_in_no_part_of_the_safe_page(source):
    prose = checked(source)

    assert prose.has_spoilers
    assert CANARY not in prose.safe_html
    assert PLACEHOLDER in prose.safe_html or CANARY not in prose.html
    assert CANARY not in excerpt(prose.safe_html)


@pytest.mark.parametrize(
    "source",
    [
        "a ||Wrenfield",
        "a ||b\n\nWrenfield",
        "Wrenfield|| a",
        "> Wrenfield|| a",
        "- one\n- Wrenfield|| a",
        "a || b\n\n||Wrenfield||",
        "a || b\n\nc||Wrenfield||d",
        "a || b and ||Wrenfield|| and c || d",
        "a||b\n\nc||Wrenfield||d\n\ne||f",
        "||a ||Wrenfield||",
        "a || b ||Wrenfield||c",
        "||||Wrenfield||||",
        "|||Wrenfield|||",
        "||a||||Wrenfield||",
        "||a|||Wrenfield||",
        "|| ||Wrenfield|| ||",
        "\\||Wrenfield||",
        "|\\|Wrenfield||",
        "||Wrenfield\\||",
        "||Wrenfield|\\|",
        "`\\||Wrenfield||`",
        "if (a || b)\n\n    x ||Wrenfield||",
        "||a\n\nb ||Wrenfield|| c\n\nd||",
    ],
)
def test_bars_that_do_not_clearly_pair_hide_everything_after_them(source):
    prose = checked(source + "\n\nLater")

    assert CANARY not in prose.safe_html
    assert "Later" not in prose.safe_html
    assert CANARY in prose.html
    assert "Later" in prose.html


def test_what_stands_before_an_unclosed_spoiler_stays():
    assert checked("Before ||after\n\nlater").safe_html == f"<p>Before {PLACEHOLDER}</p>\n"
    assert checked("Before\n\nsecret|| after").safe_html == f"<p>Before</p>\n<p>{PLACEHOLDER}</p>\n"


def test_a_backslash_that_is_itself_escaped_escapes_no_bars():
    assert checked("\\\\||a|| b").safe_html == f"<p>\\{PLACEHOLDER} b</p>\n"


def test_a_spoiler_that_ends_in_the_middle_of_emphasis_is_marked_piece_by_piece():
    assert checked("||a *b|| c*").html == (
        '<p><span class="spoiler">a </span><em><span class="spoiler">b</span> c</em></p>\n'
    )


def test_a_bar_that_shows_is_one_or_is_escaped():
    prose = checked("a | b, \\|\\|c\\|\\|, &#124;&#124;d&#124;&#124;, e\\|f")

    assert not prose.has_spoilers
    assert prose.safe_html == prose.html == "<p>a | b, ||c||, ||d||, e|f</p>\n"


def test_a_spoiler_over_several_paragraphs_is_one_placeholder():
    prose = checked("One ||two\n\n*three\n\nfour|| five\n\nsix ||seven||")

    assert prose.safe_html == f"<p>One {PLACEHOLDER} five</p>\n<p>six {PLACEHOLDER}</p>\n"
    assert prose.html.count('<span class="spoiler">') == 4
    assert words(prose.html).split() == ["One", "two", "*three", "four", "five", "six", "seven"]


@given(MARKDOWN, MARKDOWN, MARKDOWN, MARKDOWN)
@example("`", "", "", "`")
@example("[a](<", "", "", ">)")
@example("```", "", "", "\n")
@example("[a]: /b '", "\n", "\n", "'\n\n[a]")
@example("", "*", "\n\n> ", "\n\n- b")
def test_a_canary_between_bars_never_shows(before, opening, closing, after):
    prose = rendered_or_refused(f"{before}||{opening}{CANARY}{closing}||{after}")

    assert prose is None or CANARY not in prose.safe_html


@given(WITH_BARS, WITH_BARS)
def test_a_canary_never_shows_whatever_bars_come_before_and_after_it(before, after):
    prose = rendered_or_refused(f"{before} ||{CANARY}|| {after}")

    assert prose is None or CANARY not in prose.safe_html


@given(WITH_BARS, WITH_BARS)
def test_the_safe_page_does_not_depend_on_what_is_hidden(before, after):
    one, two = (rendered_or_refused(f"{before} ||{word}|| {after}") for word in ("butler", "*a*[b](/c)`d`"))
    assume(one and two)

    assert one.safe_html == two.safe_html


@given(MARKDOWN)
def test_what_is_outside_bars_shows_to_everybody(middle):
    assume("\n" not in middle)
    # Another mark than bars would hide more.
    assume(not find_borrowed_spoilers(f"x{middle}x", has_escapes=True))
    prose = rendered_or_refused(f"{CANARY}1 ||x{middle}x|| {CANARY}2 ||y|| {CANARY}3")

    assert prose is None or all(f"{CANARY}{n}" in words(prose.safe_html) for n in (1, 2, 3))


@given(WITH_BARS)
def test_whatever_is_written_gives_well_formed_pages_or_is_refused(text):
    prose = rendered_or_refused(text)

    assert prose is None or prose.has_spoilers or prose.safe_html == prose.html


@given(st.text(SAFE_CHARACTERS, max_size=60))
def test_any_characters_give_well_formed_pages(text):
    checked(text)


PATHOLOGICAL = {
    "quotes": ">" * 99_999,
    "quotes in steps": "".join(">" * level + "a\n" for level in range(1, 440)),
    "lists on a line": "* " * 50_000,
    "lists and quotes": "> - " * 25_000,
    "brackets": "[" * 100_000,
    "pictures": "![" * 50_000,
    "open links": "[a](" * 25_000,
    "links in links": "[a" * 12_500 + "](b)" * 12_500,
    "definitions": "".join(f"[a{n}]: /b\n" for n in range(8_000)),
    "definitions never closed": "[a]: /b 'c\n" * 9_000,
    "emphasis": "*a **b " * 14_000,
    "stars": "*a" * 50_000,
    "dashes below": "_a" * 50_000,
    "nested strength": "**a " * 12_500 + "b** " * 12_500,
    "strikes": "~~a " * 25_000,
    "growing code": "".join("`" * length + " " for length in range(1, 440)),
    "tags": "<a " * 33_333,
    "addresses": "http://a " * 11_111,
    "entities": "&#1234" * 16_666,
    "bars": "||" * 50_000,
    "spoilers": "||a|| " * 16_666,
    "escapes": "\\" * 100_000,
    "rules": "***\n" * 25_000,
    "headings": "#\n" * 50_000,
    "lines": "a\n" * 50_000,
    "empty lines": "\n" * 100_000,
}


@pytest.mark.parametrize("text", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_hostile_markdown_is_refused_in_words_before_it_is_parsed(text, monkeypatch):
    monkeypatch.setattr("bookclub.lib.text.markdown._MARKDOWN", None)

    assert len(text) <= MOST_CHARACTERS
    with pytest.raises(
        TextError, match=r"^This has more than \d+,000 (lines|Markdown signs)\. (Join|Use) .*\.$"
    ):
        render(text)


@pytest.mark.parametrize("text", PATHOLOGICAL.values(), ids=PATHOLOGICAL.keys())
def test_hostile_markdown_within_the_limits_is_rendered_or_refused_in_words(text):
    rendered_or_refused(text[:MOST_SIGNS])


@pytest.mark.parametrize(
    "text", ["a" * MOST_CHARACTERS, "本" * MOST_CHARACTERS, " " * MOST_CHARACTERS, "\t" * 90_000]
)
def test_a_long_text_of_plain_characters_is_rendered(text):
    assert words(checked(text).html).strip() == text.strip()


def test_a_text_that_is_too_long_is_refused_in_words():
    with pytest.raises(TextError, match=r"^This is longer than 100,000 characters\. Shorten it\.$"):
        render("a" * (MOST_CHARACTERS + 1))


def test_the_limits_are_the_last_that_is_taken():
    assert checked("!" * MOST_SIGNS)
    assert checked("a\n" * MOST_LINES)
    for text in ("!" * (MOST_SIGNS + 1), "a\n" * (MOST_LINES + 1)):
        with pytest.raises(TextError):
            render(text)


@pytest.mark.parametrize("nested", [">", "> ", "- ", "* ", "1. ", "> - "])
def test_quotes_and_lists_may_be_deep_but_lose_no_words(nested):
    assert CANARY in checked(nested * 5 + CANARY).html
    for levels in range(6, 2 * MAX_NESTING):
        prose = rendered_or_refused(nested * levels + CANARY)
        assert prose is None or CANARY in prose.html
    with pytest.raises(TextError, match="nested too deeply"):
        render(nested * 2 * MAX_NESTING + CANARY)


def test_lists_that_go_deeper_line_by_line_are_refused_in_words():
    with pytest.raises(TextError, match="nested too deeply"):
        render("".join("  " * level + "- a\n" for level in range(300)))


def test_a_short_text_cannot_become_a_huge_page():
    text = "[a]: /" + "b" * 1_900 + "\n\n" + "[a]" * 2_600

    assert len(text) * 10 < LONGEST_HTML < 1_900 * 2_600
    with pytest.raises(TextError, match="too long a page"):
        render(text)


def test_a_teaser_is_plain_and_cut_between_words():
    page = checked("# Title\n\nSome *soft*, loud words & <b> more\n\n- one\n- two").safe_html

    assert excerpt(page) == "Title Some soft, loud words & <b> more one two"
    assert excerpt(page, 17) == "Title Some soft…"
    assert excerpt(page, 16) == "Title Some…"
    assert excerpt("<p>Unbreakable</p>", 6) == "Unbre…"
    assert excerpt("") == ""


def test_a_teaser_never_holds_a_spoiler_not_even_of_the_full_page():
    prose = checked(f"Before ||{CANARY} *{CANARY}*\n\n- {CANARY}|| after")

    assert excerpt(prose.safe_html) == "Before … after"
    assert CANARY not in excerpt(prose.html)


@given(MARKDOWN, st.integers(min_value=1, max_value=80))
def test_a_teaser_is_never_longer_than_asked(text, length):
    prose = rendered_or_refused(text)

    assert prose is None or len(excerpt(prose.safe_html, length)) <= length


def test_headings_skip_no_level_however_many_signs_they_were_typed_with():
    html = render("### a\n\n# b\n\n### c\n\n## d").html

    assert re.findall(r"<(h\d)>(\w)", html) == [("h3", "a"), ("h3", "b"), ("h4", "c"), ("h4", "d")]


def test_a_verse_keeps_its_lines():
    assert render("Two roads,\nnot one").html == "<p>Two roads,<br>\nnot one</p>\n"
    assert render("- Two roads,\n  not one").html == "<ul>\n<li>Two roads,<br>\nnot one</li>\n</ul>\n"
    assert render("> Two roads,\n> not one").html.count("<br>") == 1
    assert excerpt(render("Two roads,\nnot one").html) == "Two roads, not one"


def test_a_spoiler_on_lines_of_its_own_begins_with_no_empty_line():
    assert render("See\n||\nhe dies\n||\nso").html == (
        '<p>See<br>\n<span class="spoiler">he dies</span><br>\nso</p>\n'
    )


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("**重要：**これ", "<strong>重要：</strong>これ"),
        ("これ**「重要」**です", "これ<strong>「重要」</strong>です"),
        ("*まさか！*と", "<em>まさか！</em>と"),
        ("~~消す。~~残す", "<s>消す。</s>残す"),
        ("**「잔디」**는", "<strong>「잔디」</strong>는"),
        ("**용어(term)**를", "<strong>용어(term)</strong>를"),
        ("**𠮷野家。**𠮷", "<strong>𠮷野家。</strong>𠮷"),
        ("**葛\U000e0100。**城", "<strong>葛\U000e0100。</strong>城"),
        ("中**（文）**字", "中<strong>（文）</strong>字"),
        ("中**a.**字", "中<strong>a.</strong>字"),
        ("**‘引’\ufe01**字", "<strong>‘引’\ufe01</strong>字"),
        # All other scripts go by CommonMark.
        ("**a.**b", "**a.**b"),
        ("a**(b)**c", "a**(b)**c"),
        ("snake_case_name", "snake_case_name"),
        ("a **b** c", "a <strong>b</strong> c"),
        ("🦉**(b)**c", "🦉**(b)**c"),
    ],
)
def test_emphasis_needs_no_spaces_in_scripts_without_them(text, marked):
    assert checked(text).html == f"<p>{marked}</p>\n"


def test_bars_hide_beside_scripts_without_spaces():
    prose = checked(f"犯人は||**{CANARY}。**||だ。||것||은")

    assert CANARY not in prose.safe_html
    assert prose.safe_html.count(PLACEHOLDER) == 2
    assert f'犯人は<span class="spoiler"><strong>{CANARY}。</strong></span>だ' in prose.html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.example/b_", "https://a.example/b_"),
        ("https://a.example/51K3._SL75_.jpg", "https://a.example/51K3._SL75_.jpg"),
        ("https://a.example/_b_/c", "https://a.example/_b_/c"),
        ("https://a.example/*b*/c", "https://a.example/*b*/c"),
        ("https://a.example/~b~~c~~", "https://a.example/~b~~c~~"),
        ("https://a.example/b/.", "https://a.example/b/"),
        ("https://a.example/b?c=&", "https://a.example/b?c=&amp;"),
        ("https://a.example/b#", "https://a.example/b#"),
        ("(https://a.example/b_(c))", "https://a.example/b_(c)"),
        ("[see https://a.example/b]", "https://a.example/b"),
        ("*https://a.example/b*", "https://a.example/b"),
        ("_see https://a.example/b_c_", "https://a.example/b_c"),
        ("~~https://a.example/b~~", "https://a.example/b"),
        ("**見て https://a.example/b**。", "https://a.example/b"),
        ("これhttps://a.example/b。", "https://a.example/b"),
        ("「https://a.example/b」", "https://a.example/b"),
    ],
)
def test_a_bare_address_is_linked_with_all_of_its_signs(text, address):
    html = checked(text).html

    assert f">{address}</a>" in html
    assert html.count("<a ") == 1


def test_each_block_has_the_direction_of_its_own_words():
    html = render_whole("# כותרת\n\nText\n\n- אחת\n- שתיים\n\n> ציטוט\n> — מי\n\n```\nx\n```").html

    tags = re.findall(r"<(\w+)[^>]* dir=\"auto\"", html)
    assert tags == ["h3", "p", "ul", "blockquote", "figcaption", "pre"]
    # The parts of a list stand in line with its numbers.
    assert "<li>אחת</li>" in html


def test_members_cannot_set_a_direction():
    html = render_whole('<p dir="rtl">x</p>\n\n[x](/a"dir="rtl)').html

    assert not re.search(r'<[^>]*dir="rtl"', html)
