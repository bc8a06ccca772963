"""Members whom a text mentions."""

from __future__ import annotations

import pytest

from bookclub.lib.text.member_mentions import MOST_MENTIONED, find_members


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
