"""Positions, marks and horizons; and the predicate by which nobody is spoiled."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.readings.rules import (
    END,
    START,
    PlaceError,
    Progress,
    from_page,
    from_percent,
    horizon_from,
    in_force,
    move,
    percent,
    rating_from,
    say_horizon,
    say_place,
    say_reading,
    spoilers_open,
    visible,
)

positions = st.integers(START, END)
not_numbers = [
    "",
    "  ",
    "%",
    "abc",
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "1e",
    "12 34",
    "0x10",
    "½",
    "1\0",
]


# Who sees what


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
    assert visible(horizon, mark) is seen


@pytest.mark.parametrize("horizon", [None, 0, 5000, END])
@pytest.mark.parametrize("mark", [None, 0, 4999, END])
def test_ones_own_words_and_what_one_chose_to_reveal_are_always_visible(horizon, mark):
    assert visible(horizon, mark, own=True)
    assert visible(horizon, mark, revealed=True)


@given(horizon=positions, mark=positions, further=positions)
def test_to_read_on_never_hides_what_was_visible(horizon, mark, further):
    if visible(horizon, mark):
        assert visible(horizon, max(mark, further))


@pytest.mark.parametrize(("mark", "opened"), [(None, False), (0, False), (9999, False), (END, True)])
def test_inline_spoilers_open_at_the_end_of_the_book_and_not_before(mark, opened):
    assert spoilers_open(mark) is opened
    assert spoilers_open(mark, own=True)
    assert spoilers_open(mark, revealed=True)


@pytest.mark.parametrize(
    ("own", "parent", "floor", "expected"),
    [(0, None, 0, 0), (500, None, 0, 500), (500, 700, 0, 700), (500, 700, 900, 900), (950, 700, 900, 950)],
)
def test_the_horizon_in_force_is_the_greatest_of_its_own_its_parents_and_the_threads(
    own, parent, floor, expected
):
    assert in_force(own, parent, floor) == expected


@given(own=positions, parent=st.none() | positions, floor=positions, mark=positions)
def test_whoever_sees_a_reply_may_see_what_it_answers(own, parent, floor, mark):
    if visible(in_force(own, parent, floor), mark):
        assert visible(parent or START, mark)
        assert visible(floor, mark)


# Places as they are typed


@pytest.mark.parametrize(
    ("entry", "position"),
    [
        ("0", 0),
        ("37", 3700),
        (" 37 % ", 3700),
        ("37%", 3700),
        ("37.5", 3750),
        ("37,5 %", 3750),
        ("33.339", 3333),
        ("0.009", 0),
        ("99.999", 9999),
        ("100", END),
        ("100.00", END),
        ("-0", 0),
    ],
)
def test_a_readers_percentage_is_rounded_down(entry, position):
    assert from_percent(entry) == position


@pytest.mark.parametrize(
    ("entry", "position"), [("33.331", 3334), ("0.001", 1), ("37", 3700), ("99.999", END)]
)
def test_a_posts_percentage_is_rounded_up(entry, position):
    assert from_percent(entry, up=True) == position


@pytest.mark.parametrize("entry", ["-1", "-0.001", "100.001", "101", "1e5", "9e999999", *not_numbers])
def test_what_is_no_percentage_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match=r"\w+.*\."):
        from_percent(entry)


@pytest.mark.parametrize(
    ("entry", "pages", "position"),
    [("0", 300, 0), ("1", 300, 33), ("150", 300, 5000), ("299", 300, 9966), ("300", 300, END), ("1", 1, END)],
)
def test_a_readers_page_is_rounded_down(entry, pages, position):
    assert from_page(entry, pages) == position


def test_a_posts_page_is_rounded_up():
    assert from_page("1", 300, up=True) == 34
    assert from_page("150", 300, up=True) == 5000


@pytest.mark.parametrize("entry", ["-1", "301", "1e5", *not_numbers])
def test_a_page_that_the_printing_does_not_have_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match=r"\w+.*\."):
        from_page(entry, 300)


@pytest.mark.parametrize("pages", [None, 0])
def test_a_page_means_nothing_where_nobody_knows_the_length(pages):
    with pytest.raises(PlaceError, match="percentage instead"):
        from_page("12", pages)


@given(st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_percentages_keep_their_order_and_stay_within_the_book(one, other):
    low, high = sorted([one, other])
    for up in (False, True):
        assert START <= from_percent(str(low), up=up) <= from_percent(str(high), up=up) <= END


@given(st.data(), st.integers(1, 5000))
def test_pages_keep_their_order_and_stay_within_the_book(data, pages):
    low, high = sorted(data.draw(st.integers(0, pages)) for _ in range(2))
    for up in (False, True):
        assert START <= from_page(str(low), pages, up=up) <= from_page(str(high), pages, up=up) <= END


@given(st.decimals(0, 100, places=4))
def test_a_post_never_gives_away_less_than_a_reader_at_the_same_place_has_read(place):
    down, up = from_percent(str(place)), from_percent(str(place), up=True)
    assert down <= place * 100 <= up
    assert up - down <= 1


@given(st.text(max_size=20))
def test_whatever_is_typed_as_a_place_is_a_position_or_refused(entry):
    for read in (from_percent, lambda text: from_page(text, 300)):
        with contextlib.suppress(PlaceError):
            assert START <= read(entry) <= END


# Progress


def test_to_have_finished_is_to_be_at_the_end():
    assert move(None, "finished", None) == Progress("finished", END, END)
    assert move(Progress("reading", 100, 200), "finished", 300) == Progress("finished", END, END)


def test_reading_on_raises_position_and_mark():
    assert move(Progress("reading", 1000, 1000), "reading", 2500) == Progress("reading", 2500, 2500)


def test_a_correction_downwards_lowers_the_mark_so_that_things_lock_again():
    assert move(Progress("reading", 9000, 9000), "reading", 900) == Progress("reading", 900, 900)


def test_whoever_names_no_place_keeps_theirs():
    assert move(Progress("to_read", 1000, 2000), "reading", None) == Progress("reading", 1000, 2000)


def test_whoever_never_named_a_place_is_at_the_start():
    assert move(None, "reading", None) == Progress("reading", None, START)


def test_whoever_reads_a_book_again_keeps_seeing_what_they_have_read():
    again = move(Progress("finished", END, END), "reading", None)

    assert again == Progress("reading", None, END)
    assert visible(END, again.mark)


@pytest.mark.parametrize("status", ["to_read", "reading", "did_not_finish"])
def test_a_mark_is_at_least_the_position_whatever_is_said(status):
    assert move(Progress("finished", END, END), status, 400).mark == 400


# Horizons as they are chosen


@pytest.mark.parametrize(
    ("choice", "horizon"),
    [("0", 0), ("1", 1), ("2500", 2500), ("10000", END), ("finished", END), ("mine", 1234)],
)
def test_a_choice_means_a_horizon(choice, horizon):
    assert horizon_from(choice, 1234) == horizon


@pytest.mark.parametrize("mark", [0, 3333, END])
def test_mine_is_the_mark_itself_never_rounded(mark):
    assert horizon_from("mine", mark) == mark


def test_there_is_no_mine_for_a_member_who_never_said_how_far_they_are():
    with pytest.raises(PlaceError, match="not said how far"):
        horizon_from("mine", None)


@pytest.mark.parametrize(
    "choice",
    [
        "",
        " ",
        "٣",
        "²",
        "1e3",
        "-1",
        "+1",
        "10001",
        "99999",
        "0.5",
        "section-3",
        "Mine",
        "none",
        "9" * 5000,
        "1\0",
    ],
)
def test_any_other_choice_is_refused(choice):
    with pytest.raises(PlaceError, match="Choose"):
        horizon_from(choice, 5000)


@given(st.text(max_size=12), st.none() | positions)
def test_whatever_is_sent_as_a_horizon_is_a_position_or_refused(choice, mark):
    with contextlib.suppress(PlaceError):
        assert START <= horizon_from(choice, mark) <= END


# Ratings


@pytest.mark.parametrize(
    ("entry", "halves"), [("", None), ("  ", None), ("0.5", 1), ("3", 6), ("4.5", 9), ("4,5", 9), ("5", 10)]
)
def test_a_rating_counts_half_stars(entry, halves):
    assert rating_from(entry) == halves


@pytest.mark.parametrize(
    "entry",
    ["0", "-1", "5.5", "4.2", "0.25", "1e5", "9e999999", "1e-999999", *filter(str.strip, not_numbers)],
)
def test_a_rating_that_is_not_half_stars_up_to_five_is_refused(entry):
    with pytest.raises(PlaceError):
        rating_from(entry)


@given(st.integers(1, 10))
def test_every_number_of_half_stars_can_be_said_and_read_again(halves):
    assert rating_from(f"{halves / 2:g}") == halves
    assert rating_from(str(Decimal(halves) / 2)) == halves


# What is said


@pytest.mark.parametrize(("position", "words"), [(0, "0 %"), (3799, "37 %"), (9999, "99 %"), (END, "100 %")])
def test_a_position_is_said_rounded_down(position, words):
    assert percent(position) == words


@pytest.mark.parametrize(
    ("horizon", "words"),
    [
        (0, "safe for everybody"),
        (1, "up to 1 %"),
        (3700, "up to 37 %"),
        (3701, "up to 38 %"),
        (9999, "up to 100 %"),
        (END, "for those who have finished"),
    ],
)
def test_a_horizon_is_said_rounded_up(horizon, words):
    assert say_horizon(horizon) == words


def test_a_reader_is_told_where_they_are():
    assert say_place(None) == "You have not said how far you are."
    assert say_place(3799) == "You are at 37 %."


@pytest.mark.parametrize(
    ("progress", "rating", "words"),
    [
        (Progress("to_read", None, 0), None, "to read"),
        (Progress("reading", None, 0), None, "reading"),
        (Progress("reading", 3550, 3550), None, "at 35 %"),
        (Progress("finished", END, END), 9, "finished · 4.5 ★"),
        (Progress("finished", END, END), 8, "finished · 4 ★"),
        (Progress("did_not_finish", 4000, 4000), None, "stopped at 40 %"),
        (Progress("did_not_finish", None, 0), 2, "stopped reading · 1 ★"),
    ],
)
def test_a_book_on_a_shelf_is_said_in_a_few_words(progress, rating, words):
    assert say_reading(progress, rating) == words
