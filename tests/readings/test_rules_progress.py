"""What becomes of a reader's progress, their dates and their rating when they say more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.places import END, START, PlaceError
from bookclub.lib.positions.progress import (
    LEAP,
    STATUSES,
    Progress,
    ReadingTimes,
    is_leap,
    month_from,
    move,
    move_position,
    rating_from,
    reading_text,
    restore_mark,
    start_as_new,
    update_times,
)
from bookclub.lib.positions.visibility import is_visible_to

positions = st.integers(START, END)
MONDAY, FRIDAY = date(2026, 11, 2), date(2026, 11, 6)
steps = st.one_of(
    st.tuples(st.just(move), st.sampled_from(STATUSES), st.none() | positions),
    st.tuples(st.just(start_as_new)),
    st.tuples(st.just(restore_mark)),
    st.tuples(st.just(move_position), positions),
)


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    """Where a reader may stand after whatever they have said so far."""
    progress = move(None, draw(st.sampled_from(STATUSES)), draw(st.none() | positions))
    for act, *said in draw(st.lists(steps, max_size=6)):
        if act is not move_position or progress.position is not None:
            progress = act(progress, *said)
    return progress


# To read on, and back


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

    assert again == Progress("reading", None, END, again=True)
    assert is_visible_to(END, again.mark)


@pytest.mark.parametrize("status", ["to_read", "reading", "did_not_finish"])
def test_a_mark_is_at_least_the_position_whatever_is_said(status):
    assert move(Progress("finished", END, END), status, 400).mark == 400


@given(progresses())
def test_whatever_is_said_a_mark_is_in_the_book_and_nobody_is_ahead_of_theirs(progress):
    assert START <= progress.mark <= END
    assert progress.position is None or START <= progress.position <= progress.mark
    assert progress.status in STATUSES
    assert progress.status != "finished" or progress == Progress("finished", END, END)
    assert progress.held is None or (progress.again and progress.held >= START)


@given(progresses(), positions)
def test_a_place_that_is_typed_in_a_first_reading_is_the_mark_in_both_directions(progress, position):
    if not progress.again and position < END:
        assert move(progress, "reading", position).mark == position


@given(progresses(), st.sampled_from(STATUSES))
def test_whoever_names_no_place_keeps_their_mark_unless_they_have_finished(progress, status):
    assert move(progress, status, None).mark == (END if status == "finished" else progress.mark)


@pytest.mark.parametrize("status", ["to_read", "reading"])
def test_to_come_to_the_end_while_reading_is_to_have_finished(status):
    assert move(Progress("reading", 9000, 9000), status, END) == Progress("finished", END, END)
    assert move(None, status, END) == Progress("finished", END, END)


def test_whoever_did_not_finish_keeps_the_place_at_which_they_stopped():
    stopped = move(Progress("reading", 6000, 6000), "did_not_finish", None)

    assert stopped == Progress("did_not_finish", 6000, 6000)
    assert is_visible_to(6000, stopped.mark)
    assert not is_visible_to(6001, stopped.mark)


def test_to_take_a_book_off_as_finished_with_a_place_locks_what_lies_above():
    assert move(Progress("finished", END, END), "reading", 2000) == Progress("reading", 2000, 2000)


# To read it again


def test_in_a_second_reading_no_place_lowers_the_mark():
    again = move(Progress("finished", END, END), "reading", None)

    assert move(again, "reading", 1000) == Progress("reading", 1000, END, again=True)
    assert move(move(again, "reading", 5000), "reading", 200).mark == END
    assert move(again, "did_not_finish", 1000).mark == END
    assert move(again, "finished", None) == Progress("finished", END, END)


def test_a_book_that_is_planned_again_is_read_again():
    planned = move(Progress("finished", END, END), "to_read", None)

    assert planned == Progress("to_read", None, END, again=True)
    assert move(planned, "reading", 500) == Progress("reading", 500, END, again=True)


def test_to_read_as_if_new_locks_what_lies_ahead_until_that_is_taken_back():
    again = Progress("reading", 1000, END, again=True)
    new = start_as_new(again)

    assert new == Progress("reading", 1000, 1000, again=True, held=END)
    assert move(new, "reading", 2500).mark == 2500
    assert move(move(new, "reading", 2500), "reading", 400).mark == 400
    assert restore_mark(move(new, "reading", 2500)) == Progress("reading", 2500, END, again=True)
    assert restore_mark(new) == again


def test_to_read_as_if_new_from_the_start_locks_everything():
    assert start_as_new(Progress("reading", None, END, again=True)).mark == START


@given(progresses())
def test_only_a_book_that_is_read_again_can_be_read_as_if_new(progress):
    new = start_as_new(progress)

    assert new.mark <= progress.mark
    if not progress.again:
        assert new == progress
    assert start_as_new(new) == new
    assert restore_mark(restore_mark(progress)) == restore_mark(progress)
    assert restore_mark(progress).mark >= progress.mark


# Steps that are asked about


@pytest.mark.parametrize(
    ("before", "position", "asked"),
    [
        (Progress("reading", 1000, 1000), 1000 + LEAP, False),
        (Progress("reading", 1000, 1000), 1001 + LEAP, True),
        (Progress("reading", 0, 0), END, True),
        (Progress("did_not_finish", 1000, 1000), 9000, True),
        (Progress("reading", 9000, 9000), 100, False),
        (Progress("reading", 1000, 1000), None, False),
        (Progress("to_read", None, 0), 9000, False),
        (None, 9000, False),
        (Progress("reading", 1000, END, again=True), 9000, False),
    ],
)
def test_a_step_of_more_than_two_fifths_of_the_book_is_asked_about(before, position, asked):
    assert is_leap(before, position) is asked


# Days


def test_who_starts_and_finishes_is_dated():
    started = update_times(ReadingTimes(), None, Progress("reading", 100, 100), MONDAY)
    finished = update_times(started, Progress("reading", 100, 100), Progress("finished", END, END), FRIDAY)

    assert started == ReadingTimes(MONDAY)
    assert finished == ReadingTimes(MONDAY, FRIDAY, 1)


def test_to_read_on_changes_no_date():
    times = ReadingTimes(MONDAY)
    before, after = Progress("reading", 100, 100), Progress("reading", 200, 200)

    assert update_times(times, before, after, FRIDAY) == times
    assert update_times(ReadingTimes(), None, Progress("to_read", None, 0), FRIDAY) == ReadingTimes()
    assert update_times(times, before, replace(after, status="did_not_finish"), FRIDAY) == times


def test_to_have_finished_twice_the_same_reading_is_to_have_finished_once():
    finished = Progress("finished", END, END)

    assert update_times(ReadingTimes(MONDAY, MONDAY, 1), finished, finished, FRIDAY) == ReadingTimes(
        MONDAY, MONDAY, 1
    )


def test_to_take_back_that_one_has_finished_takes_the_day_and_the_count_back():
    times = update_times(
        ReadingTimes(MONDAY, FRIDAY, 1), Progress("finished", END, END), Progress("reading", 500, 500), FRIDAY
    )

    assert times == ReadingTimes(MONDAY, None, 0)


def test_a_second_reading_begins_anew_and_counts_once_it_is_finished():
    finished = Progress("finished", END, END)
    again = move(finished, "reading", None)
    begun = update_times(ReadingTimes(MONDAY, MONDAY, 1), finished, again, FRIDAY)

    assert begun == ReadingTimes(FRIDAY, MONDAY, 1)
    assert update_times(begun, again, move(again, "finished", None), FRIDAY) == ReadingTimes(
        FRIDAY, FRIDAY, 2
    )


def test_a_second_reading_that_was_planned_begins_when_it_does():
    finished = Progress("finished", END, END)
    planned = move(finished, "to_read", None)
    times = update_times(ReadingTimes(MONDAY, MONDAY, 1), finished, planned, MONDAY)

    assert times == ReadingTimes(MONDAY, MONDAY, 1)
    assert update_times(times, planned, move(planned, "reading", None), FRIDAY) == ReadingTimes(
        FRIDAY, MONDAY, 1
    )


@given(st.lists(st.tuples(st.sampled_from(STATUSES), st.none() | positions), max_size=10))
def test_a_book_is_never_read_less_than_once_by_who_has_finished_it(said):
    progress, times = None, ReadingTimes()
    for status, position in said:
        after = move(progress, status, position)
        times = update_times(times, progress, after, MONDAY)
        progress = after
        assert times.times_read >= (progress.status == "finished")
        assert (times.finished_on is None) or times.times_read


# Lengths and starts that were corrected


def test_a_corrected_length_moves_the_reader_and_their_mark():
    assert move_position(Progress("reading", 5000, 5000), 2500) == Progress("reading", 2500, 2500)
    assert move_position(Progress("did_not_finish", 2500, 2500), 5000) == Progress(
        "did_not_finish", 5000, 5000
    )


def test_a_corrected_length_takes_nothing_from_who_has_read_it_all():
    finished = Progress("finished", END, END)

    assert move_position(finished, 2500) == finished


def test_a_corrected_length_leaves_the_mark_of_a_second_reading():
    again = Progress("reading", 5000, END, again=True)
    new = start_as_new(again)

    assert move_position(again, 2500) == Progress("reading", 2500, END, again=True)
    assert move_position(new, 2500) == Progress("reading", 2500, 2500, again=True, held=END)
    assert restore_mark(move_position(new, 2500)).mark == END


@given(progresses(), positions)
def test_a_correction_never_changes_what_a_reader_says_of_the_book(progress, position):
    if progress.position is not None:
        after = move_position(progress, position)
        assert (after.status, after.again, after.held) == (progress.status, progress.again, progress.held)


# Months


@pytest.mark.parametrize(
    ("entry", "month"), [("", None), ("  ", None), ("2026-12", "2026-12"), (" 2027-01 ", "2027-01")]
)
def test_a_planned_month(entry, month):
    assert month_from(entry) == month


@pytest.mark.parametrize(
    "entry", ["2026", "2026-13", "2026-00", "1899-12", "2201-01", "12-2026", "2026-1", "December"]
)
def test_what_is_no_month_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match="such as 2026-12"):
        month_from(entry)


# Ratings


@pytest.mark.parametrize(
    ("entry", "halves"), [("", None), ("  ", None), ("0.5", 1), ("3", 6), ("4.5", 9), ("4,5", 9), ("5", 10)]
)
def test_a_rating_counts_half_stars(entry, halves):
    assert rating_from(entry) == halves


@pytest.mark.parametrize(
    "entry",
    [
        "0",
        "-1",
        "5.5",
        "4.2",
        "0.25",
        "1e5",
        "9e999999",
        "1e-999999",
        "%",
        "abc",
        "NaN",
        "Infinity",
        "½",
        "1\0",
    ],
)
def test_a_rating_that_is_not_half_stars_up_to_five_is_refused(entry):
    with pytest.raises(PlaceError):
        rating_from(entry)


@given(st.integers(1, 10))
def test_every_number_of_half_stars_can_be_said_and_read_again(halves):
    assert rating_from(f"{halves / 2:g}") == halves
    assert rating_from(str(Decimal(halves) / 2)) == halves


# What is said


@pytest.mark.parametrize(
    ("progress", "rating", "words"),
    [
        (Progress("to_read", None, 0), None, "want to read"),
        (Progress("reading", None, 0), None, "reading"),
        (Progress("reading", 3550, 3550), None, "at 35 %"),
        (Progress("finished", END, END), 9, "finished · 4.5 ★"),
        (Progress("finished", END, END), 8, "finished · 4 ★"),
        (Progress("did_not_finish", 4000, 4000), None, "stopped at 40 %"),
        (Progress("did_not_finish", None, 0), 2, "did not finish · 1 ★"),
    ],
)
def test_a_book_on_a_shelf_is_said_in_a_few_words(progress, rating, words):
    assert reading_text(progress, rating) == words
