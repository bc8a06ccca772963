"""Members whom a text mentions."""

from __future__ import annotations

import pytest

from bookclub.lib.text.member_mentions import (
    MOST_MENTIONED,
    find_members,
    is_mentioned,
    link_members,
)
from tests.plain_prose import render


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@bob, look", ["bob"]),
        ("Ask @Bob.", ["bob"]),
        ("(@bob) and @bob and @alice", ["bob", "alice"]),
        ("*@bob*", ["bob"]),
        ("@a.rather-long_username.is-30", ["a.rather-long_username.is-30"]),
        ("bob@example.org", []),
        ("https://social.example/@bob", []),
        ("@@bob", []),
        ("@", []),
        ("@b", []),
        ("`@bob`", []),
        ("```\n@bob\n```\n@alice", ["alice"]),
        ("@" + "x" * 40, []),
    ],
)
def test_a_mention_is_a_username_after_an_at_sign(text, names):
    assert find_members(text) == names


def test_so_many_are_mentioned_and_no_more():
    text = " ".join(f"@reader{number}" for number in range(50))

    assert find_members(text) == [f"reader{number}" for number in range(MOST_MENTIONED)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Ask @Bob.", 'Ask <a href="/bob">@Bob</a>.'),
        ("*@bob* & @bob-", '<em><a href="/bob">@bob</a></em> &amp; <a href="/bob">@bob</a>-'),
        ("@bobby and @nobody", "@bobby and @nobody"),
        ("`@bob`", "<code>@bob</code>"),
        ("```\n@bob\n```", "@bob\n</code></pre>"),
        ("[ask @bob](https://a.example)", ">ask @bob</a>"),
        ("https://social.example/@bob", ">https://social.example/@bob</a>"),
        ("bob@bob", "bob@bob"),
        ('[x](https://a.example "@bob")', ">x</a>"),
        ("<i>@bob", '&lt;i&gt;<a href="/bob">@bob</a>'),
    ],
)
def test_a_mention_becomes_a_link_outside_code_and_links(text, part):
    html = link_members(render(text).html, {"bob": "/bob"}.get)

    assert part in html
    assert html.count('"/bob"') == part.count('"/bob"')


def test_a_name_between_bars_is_linked_only_in_the_full_text():
    prose = render("It was ||@bob||!")

    assert '<span class="spoiler"><a href="/bob">@bob</a></span>' in link_members(
        prose.html, {"bob": "/bob"}.get
    )
    assert "bob" not in link_members(prose.safe_html, {"bob": "/bob"}.get)


def test_a_member_is_mentioned_in_what_can_be_read():
    prose = render("@alice, it was ||@bob||.")

    assert is_mentioned("Bob", prose.html)
    assert is_mentioned("Alice", prose.safe_html)
    assert not is_mentioned("Bob", prose.safe_html)
