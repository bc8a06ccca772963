"""The predicate by which nobody is spoiled, and the horizon that is in force."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.places import END, START
from bookclub.lib.positions.visibility import effective_horizon, is_visible_to, shows_spoilers

positions = st.integers(START, END)


@pytest.mark.parametrize(
    ("horizon", "mark", "seen"),
    [
        (0, 0, True),
        (0, None, True),
        (1, 0, False),
        (1, None, False),
        (2000, 1999, False),
        (2000, 2000, True),
        (2000, 2001, True),
        (END, 9999, False),
        (END, END, True),
        (None, END, False),
        (None, None, False),
    ],
)
def test_a_text_is_visible_up_to_and_at_the_mark_and_what_is_unknown_is_locked(horizon, mark, seen):
    assert is_visible_to(horizon, mark) is seen


@pytest.mark.parametrize("horizon", [None, 0, 5000, END])
@pytest.mark.parametrize("mark", [None, 0, 4999, END])
def test_ones_own_words_and_what_one_chose_to_reveal_are_always_visible(horizon, mark):
    assert is_visible_to(horizon, mark, own=True)
    assert is_visible_to(horizon, mark, revealed=True)


@given(horizon=positions, mark=positions, further=positions)
def test_to_read_on_never_hides_what_was_visible(horizon, mark, further):
    if is_visible_to(horizon, mark):
        assert is_visible_to(horizon, max(mark, further))


@pytest.mark.parametrize(("mark", "opened"), [(None, False), (0, False), (9999, False), (END, True)])
def test_inline_spoilers_open_at_the_end_of_the_book_and_not_before(mark, opened):
    assert shows_spoilers(mark) is opened
    assert shows_spoilers(mark, own=True)
    assert shows_spoilers(mark, revealed=True)


@pytest.mark.parametrize(
    ("own", "parent", "floor", "expected"),
    [(0, None, 0, 0), (500, None, 0, 500), (500, 700, 0, 700), (500, 700, 900, 900), (950, 700, 900, 950)],
)
def test_the_horizon_in_force_is_the_greatest_of_its_own_its_parents_and_the_threads(
    own, parent, floor, expected
):
    assert effective_horizon(own, parent, floor) == expected


@given(own=positions, parent=st.none() | positions, floor=positions, mark=positions)
def test_whoever_sees_a_reply_may_see_what_it_answers(own, parent, floor, mark):
    if is_visible_to(effective_horizon(own, parent, floor), mark):
        assert is_visible_to(parent or START, mark)
        assert is_visible_to(floor, mark)


@given(own=positions, parent=st.none() | positions, floor=positions, lifted=positions)
def test_a_report_can_only_lift_what_a_post_gives_away(own, parent, floor, lifted):
    assert effective_horizon(own, parent, floor, lifted) == max(effective_horizon(own, parent, floor), lifted)
    assert effective_horizon(own, parent, floor, START) == effective_horizon(own, parent, floor)


@given(own=positions, parent=positions, floor=positions)
def test_a_reply_is_never_safer_than_what_it_answers_nor_than_its_thread(own, parent, floor):
    assert START <= max(own, parent, floor) == effective_horizon(own, parent, floor) <= END
