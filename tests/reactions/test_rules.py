"""Whose reactions are named and counted, as pure functions."""

from __future__ import annotations

import pytest

from bookclub.lib.positions.visibility import Viewer
from bookclub.reactions.rules import KINDS, ReactionRow, count_kinds, is_shown

ALICE, BOB = 1, 2


def reaction(kind="like", member_id=ALICE, name="Alice", *, private=False):
    return ReactionRow(kind, member_id, name, private)


@pytest.mark.parametrize(
    ("horizon", "private", "viewer", "shown"),
    [
        (0, False, BOB, True),
        (0, True, BOB, True),  # Everybody may read a safe post, so a reaction to it tells nothing.
        (0, True, None, True),
        (1, False, BOB, True),
        (1, True, BOB, False),
        (1, True, None, False),
        (1, True, ALICE, True),
        (10_000, True, BOB, False),
    ],
)
def test_a_private_reading_hides_a_reaction_to_what_gives_something_away(horizon, private, viewer, shown):
    assert is_shown(reaction(private=private), horizon, Viewer(viewer)) is shown


def test_each_kind_is_counted_in_the_order_of_the_buttons():
    given = [reaction("thanks"), reaction("like"), reaction("like", BOB, "Bob")]

    counted = count_kinds(given, 0, Viewer(BOB))

    assert [one.kind for one in counted] == list(KINDS)
    assert [(one.count, one.names, one.is_mine) for one in counted[:2]] == [
        (2, ["Alice", "Bob"], True),
        (1, ["Alice"], False),
    ]
    assert [one.count for one in counted[2:]] == [0, 0]


def test_what_is_hidden_is_missing_from_the_count():
    given = [reaction(private=True), reaction("like", BOB, "Bob")]

    assert count_kinds(given, 5000, Viewer(BOB))[0].names == ["Bob"]
    assert count_kinds(given, 5000, Viewer(ALICE))[0].names == ["Alice", "Bob"]
