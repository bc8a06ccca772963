"""Spoilers marked as on other sites: what is hidden, what is not, and what its writer is asked."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.text.errors import TextError
from bookclub.lib.text.markdown import excerpt
from bookclub.lib.text.spoilers import find_doubtful_spoiler, find_spoilers, hide_spoilers, spoiler_problem
from tests.plain_prose import render

# Each marks the word in the middle, and nothing after it.
MARKED = [
    "||{}||",
    "<spoiler>{}</spoiler>",
    "<SPOILER>{}</Spoiler>",
    '<spoiler title="The end">{}</spoiler>',
    "<spoiler\n class='x'>{}</spoiler >",
    "< spoiler >{}< /spoiler >",
    "<spoilers>{}</spoilers>",
    "<spoiler>{}<\\spoiler>",
    "<tg-spoiler>{}</tg-spoiler>",
    "&lt;spoiler&gt;{}&lt;/spoiler&gt;",
    "&#60;spoiler&#62;{}&#60;/spoiler&#62;",
    '<span class="spoiler">{}</span>',
    "<span data-mx-spoiler>{}</span>",
    '<div class="bb spoiler-text">a <div>{}</div></div>',
    "<details><summary>The end</summary>\n\n{}\n</details>",
    "<details open>{}</details>",
    "<hide>{}</hide>",
    "[spoiler]{}[/spoiler]",
    "[SPOILER]{}[/SPOILER]",
    "[spoiler=The end]{}[/spoiler]",
    '[spoiler title="The end"]{}[/spoiler]',
    "[ispoiler]{}[/ispoiler]",
    "[details=The end]{}[/details]",
    "[hide]{}[/hide]",
    "{{spoiler}}{}{{/spoiler}}",
    ">!{}!<",
    ">! {} !<",
    "> !{}!<",
    "one >!{}!<",
    ">!one\n>!{}!<",
    ">!one\n\n{}!<",
    "&gt;!{}!&lt;",
    '[The end](/s "{}")',
    '[The end](#spoiler "{}")',
    "[{}](/s)",
    ":::spoiler {} :::",
    "::: spoiler The end\n{}\n:::",
    ":::details\n{}\n:::",
    "```spoiler The end\n{}\n\n```",
    "~~~ spoiler\n{}\n~~~",
    "~!{}!~",
    "[[spoiler:{}]]",
]


AROUND = ["{}", "> {}", "- {}", "`{}`", "**{}**", "# {}", "one\n\n{}"]


def with_word(mark: str) -> str:
    return mark.replace("{{", "\0").replace("}}", "\1").replace("{}", "Wrenfield").translate({0: "{", 1: "}"})


@pytest.mark.parametrize("mark", MARKED)
def test_a_common_mark_hides_its_words_and_no_others(mark):
    for around in AROUND:
        text = f"Before. {around.replace('{}', with_word(mark))}\n\nAfter."

        prose = render(text)

        assert prose.has_spoilers, text
        assert "Wrenfield" not in prose.safe_html + excerpt(prose.safe_html) + hide_spoilers(text), text
        assert "Before." in prose.safe_html, text
        assert "After." in prose.safe_html, text
        assert find_doubtful_spoiler(text) is None, text
        assert spoiler_problem(text, "The title").startswith("The title can be read by everyone")


@pytest.mark.parametrize("mark", MARKED)
def test_those_who_have_finished_read_the_words_without_marks(mark):
    text = f"Before. {with_word(mark)}"

    html = render(text).html

    if "](" in text:  # Reddit's old links stay links; their titles are in no page.
        return
    assert re.search(r'<span class="spoiler">(?:[^<]|<br>)*Wrenfield', html)
    assert not re.search(r'spoiler(?!">)|&gt;!(?!Wrenfield)|:::|details', html)


@pytest.mark.parametrize(
    "text",
    [
        "I <3 it, and 3 > 2!",
        "So good~! I love this!<3",
        "> !Important, she said.",
        "> ![an owl](/owl.png) and more",
        "[[Spoiler Alert]] by Olivia Dade",
        "[Spoiler Alert](https://a.example/spoiler-alert)",
        "[details]: https://a.example/",
        "No spoilers here: it is spoiler-free.",
        "::: Chapter one :::",
        "<b>Emma</b> <br>! <a href='/spoiler'>x</a>",
        "a | b, \\|\\|c\\|\\|",
        "\\<spoiler>, \\[spoiler] and \\>! mean themselves",
        "```python\nx = 1\n```\nand </span>",
        "what !~ that",
    ],
)
def test_what_only_looks_like_a_mark_hides_nothing(text):
    assert find_spoilers(text) == []
    assert not render(text).has_spoilers
    assert spoiler_problem(text, "The title") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A <spoiler>Wrenfield.\n\nAfter.", "opened a spoiler with “<spoiler>”"),
        ("A <spoiler Wrenfield", "“<spoiler”"),
        ("A [spoiler]Wrenfield", "Close it with “[/spoiler]”"),
        ("A [spoiler]Wrenfield</spoiler> b", "closed a spoiler with “</spoiler>”"),
        (">!Wrenfield\n\nafter", "Close it with “!<”"),
        ("A <details>Wrenfield", "“</details>”"),
        ("::: spoiler x\nWrenfield", "“:::”"),
        ("```spoiler\nWrenfield", "“```”"),
        ("~!Wrenfield", "“!~”"),
        ("[[spoiler:Wrenfield", "“]]”"),
        ('A <span class="spoiler">b <span>c</span> Wrenfield', "“</span>”"),
        ("Wrenfield</spoiler> b", "closed a spoiler with “</spoiler>”"),
        ("<spoler>Wrenfield</spoiler> b", "did not open it"),
        ("Wrenfield!< b", "closed a spoiler with “!<”"),
        ("A ||Wrenfield", "not clear where the spoiler"),
        ("A || b ||Wrenfield||", "not clear where the spoiler"),
        ("a <spoiler>b||c</spoiler> d Wrenfield", "not clear"),
    ],
)
def test_a_mark_without_its_other_half_hides_all_it_could_mean(text, words):
    prose = render(text)

    assert "Wrenfield" not in prose.safe_html
    assert "Wrenfield" in prose.html
    assert words in find_doubtful_spoiler(text).doubt


@pytest.mark.parametrize(
    "text",
    [
        "||a <spoiler>b|| Wrenfield</spoiler>",
        "<spoiler>a ||b</spoiler> Wrenfield||",
        "<spoiler>a >!b</spoiler> Wrenfield!<",
        "<spoiler>a <spoiler>b</spoiler> Wrenfield</spoiler>",
        ">!a >!b!< Wrenfield!<",
    ],
)
def test_marks_that_overlap_hide_all_that_any_of_them_hides(text):
    assert "Wrenfield" not in render(text).safe_html


SIGNS = st.sampled_from(
    [
        *("<spoiler>", "</spoiler>", "<details>", "</details>", "<summary>", "[spoiler]", "[/spoiler]"),
        *(">!", "!<", "||", "::: spoiler\n", "\n:::\n", "\n```spoiler\n", "\n```\n", "~!", "!~"),
        *("[[spoiler:", "]]", "[x](/s", '"', ")", "<span class=spoiler>", "<span>", "</span>", "\\"),
        *("word", " ", "\n", "\n\n", "> ", "- ", "*", "`", "&lt;", "&gt;", "<", ">", "!", "[", "]", "|"),
    ]
)
OPENING = ("<spoiler>", "[spoiler]", ">!", "<details>", "[[spoiler:", "<span class=spoiler>", "||")
CLOSING = ("</spoiler>", "[/spoiler]", "!<", "</details>", "]]", "</span>", "||")


@given(st.lists(SIGNS, max_size=12), st.integers(0, 6), st.lists(SIGNS, max_size=12))
def test_no_word_in_a_mark_is_in_the_safe_page_whatever_is_around(before, kind, after):
    start = "".join(before)
    # What stands right before a mark may make it another one, as a backslash does.
    text = f"{start} x\n\n {OPENING[kind]}Wrenfield{CLOSING[kind]} {''.join(after)}"
    try:
        prose = render(text)
    except TextError:
        return

    assert "Wrenfield" not in prose.safe_html
    assert "Wrenfield" not in hide_spoilers(text)


@pytest.mark.parametrize(
    "sign",
    [
        "<spoiler>", "</spoiler>", "<spoiler ", "&lt;spoiler ", "[spoiler]", "[spoiler ", '[x](/s "', ">!",
        "!<", ":::spoiler\n", "```spoiler\n", "~!", "||", "[[spoiler:", "<details><summary>", "<    ",
        "<spoiler>a</spoiler><summary>",
    ],
)  # fmt: skip
def test_many_marks_take_time_in_proportion(sign):
    def seconds(times: int) -> float:
        text, start = sign * times, time.process_time()
        find_spoilers(text)
        return time.process_time() - start

    few = min(seconds(500) for _ in range(2))
    assert min(seconds(5_000) for _ in range(2)) < 40 * few + 0.05
