"""The three-way merge: what the file says, what it said before, and what stands here."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.imports.recorded_values import RecordedValues, remember
from bookclub.imports.three_way_merge import RANKS, merge

DAYS = st.none() | st.dates(date(2001, 1, 1), date(2024, 1, 1))
TIMES = st.tuples(DAYS, DAYS).filter(any)
SAID = st.builds(
    RecordedValues,
    status=st.sampled_from(["to_read", "reading", "finished", "did_not_finish"]),
    rating=st.none() | st.integers(1, 10),
    started_on=DAYS,
    finished_on=DAYS,
    times_read=st.integers(0, 3),
    earlier=st.lists(TIMES, max_size=2, unique=True).map(tuple),
    notes=st.sampled_from(["", "Lent to Ann", "From Ben"]),
    tags=st.lists(st.sampled_from(["a", "b", "c"]), unique=True).map(tuple),
    review=st.sampled_from(["", "Good.", "Not so good."]),
)
EMPTY = RecordedValues()


@given(SAID, SAID)
def test_the_same_file_a_second_time_changes_nothing(here, file):
    first = merge(here, {}, file)
    again = merge(first.values, first.remembered, file)

    assert again.values == first.values
    assert again.changed == ()
    assert again.remembered == first.remembered


@given(SAID)
def test_a_reading_that_is_not_here_takes_everything(file):
    merged = merge(EMPTY, {}, file)

    times = max(file.times_read, file.status == "finished")
    assert merged.values == replace(file, times_read=times)
    assert merged.kept == ()


@given(SAID, SAID, SAID)
def test_what_the_member_changed_here_wins_over_every_later_file(first, mine, later):
    begun = merge(EMPTY, {}, first)
    changed = [f.name for f in fields(RecordedValues) if _differs(begun.values, mine, f.name)]
    here = replace(begun.values, **{name: getattr(mine, name) for name in changed})

    merged = merge(here, begun.remembered, later)

    for name in set(changed) - {"earlier", "tags"}:
        assert getattr(merged.values, name) == getattr(here, name) or name == "times_read"
    for name in ("earlier", "tags"):
        assert set(getattr(merged.values, name)) >= set(getattr(here, name))


def _differs(one, other, name):
    return remember(one).get(name) != remember(other).get(name) and getattr(other, name)


@given(SAID, SAID, SAID)
def test_no_file_takes_a_status_back(here, first, second):
    merged = merge(here, {}, first)
    merged = merge(merged.values, merged.remembered, second)

    assert RANKS[merged.values.status] >= RANKS[here.status]


@given(SAID, SAID)
def test_two_rows_about_one_book_come_out_alike_each_time(one, other):
    def run(here, remembered):
        first = merge(here, remembered, one)
        return merge(first.values, first.remembered, other, is_repeated=True)

    first = run(EMPTY, {})
    again = run(first.values, first.remembered)

    assert again.values == first.values


def test_a_rating_changed_here_is_kept_and_said():
    first = merge(EMPTY, {}, RecordedValues(status="finished", rating=6))
    here = replace(first.values, rating=8)

    merged = merge(here, first.remembered, RecordedValues(status="finished", rating=6))

    assert merged.values.rating == 8
    assert [*map(str, merged.kept)] == ["Your rating here stays 4; the file says 3."]


def test_a_rating_that_was_never_given_here_is_taken():
    merged = merge(
        RecordedValues(status="finished", times_read=1), {}, RecordedValues(status="finished", rating=9)
    )

    assert merged.values.rating == 9
    assert merged.changed == ("rating",)
    assert merged.kept == ()


def test_a_rating_that_changed_elsewhere_is_followed():
    first = merge(EMPTY, {}, RecordedValues(status="finished", rating=6))

    assert (
        merge(first.values, first.remembered, RecordedValues(status="finished", rating=7)).values.rating == 7
    )


def test_what_the_file_leaves_empty_takes_nothing_away():
    first = merge(
        EMPTY, {}, RecordedValues(status="finished", rating=6, notes="Lent", tags=("a",), review="Good.")
    )

    merged = merge(first.values, first.remembered, RecordedValues(status="finished"))

    assert merged.values == first.values
    assert merged.kept == ()


def test_a_tag_taken_off_here_stays_off():
    first = merge(EMPTY, {}, RecordedValues(status="finished", tags=("a", "b")))
    here = replace(first.values, tags=("b",))

    merged = merge(here, first.remembered, RecordedValues(status="finished", tags=("A", "b", "c")))

    assert merged.values.tags == ("b", "c")
    assert [*map(str, merged.kept)] == ["You have removed the tag “A” here, so it was left out."]


def test_a_draft_that_was_published_does_not_come_back():
    first = merge(EMPTY, {}, RecordedValues(status="finished", review="Good."))
    here = replace(first.values, review="")

    merged = merge(here, first.remembered, RecordedValues(status="finished", review="Good."))

    assert merged.values.review == ""
    assert merged.kept == ()


def test_a_new_time_of_reading_makes_the_last_an_earlier_one():
    first = merge(EMPTY, {}, RecordedValues(status="finished", finished_on=date(2015, 3, 1), times_read=1))

    merged = merge(
        first.values,
        first.remembered,
        RecordedValues(status="finished", finished_on=date(2020, 5, 1), times_read=2),
    )

    assert merged.values.finished_on == date(2020, 5, 1)
    assert merged.values.earlier == ((None, date(2015, 3, 1)),)


def test_a_book_read_again_here_is_not_set_back_by_the_older_time():
    first = merge(EMPTY, {}, RecordedValues(status="finished", finished_on=date(2015, 3, 1), times_read=1))
    here = replace(
        first.values, finished_on=date(2024, 1, 1), times_read=2, earlier=((None, date(2015, 3, 1)),)
    )

    merged = merge(
        here, first.remembered, RecordedValues(status="finished", finished_on=date(2015, 3, 1), times_read=1)
    )

    assert merged.values == here
    assert merged.kept == ()


@pytest.mark.parametrize("status", ["to_read", "reading", "did_not_finish"])
def test_who_has_finished_here_has_finished(status):
    here = RecordedValues(status="finished", times_read=1)

    merged = merge(here, {}, RecordedValues(status=status))

    assert merged.values.status == "finished"
    assert len(merged.kept) == 1


def run(rows, here=EMPTY, remembered=None):
    """Import a file of rows about one book: what stands here then, what is remembered, and what was said."""
    remembered, said = remembered or {}, []
    for number, row in enumerate(rows):
        merged = merge(here, remembered, row, is_repeated=number > 0)
        here, remembered = merged.values, merged.remembered
        said += merged.kept
    return here, remembered, said


MARCH, APRIL = (date(2019, 3, 1), date(2019, 3, 7)), (date(2020, 4, 1), date(2020, 4, 9))


def finished(time, **said):
    """A row that says when the book was read."""
    return RecordedValues(status="finished", started_on=time[0], finished_on=time[1], times_read=1, **said)


@pytest.mark.parametrize("rows", [(MARCH, APRIL), (APRIL, MARCH)])
def test_a_second_row_is_another_time_of_reading(rows):
    here, remembered, _ = run([finished(time) for time in rows])

    assert (here.started_on, here.finished_on) == APRIL
    assert here.earlier == (MARCH,)
    assert here.times_read == 2
    assert run([finished(time) for time in rows], here, remembered)[:2] == (here, remembered)


def test_a_second_rating_and_review_are_told_and_kept():
    rows = [finished(MARCH, rating=8, review="Good."), finished(MARCH, rating=6, review="Not so good.")]

    here, remembered, said = run(rows)
    again, _, said_again = run(rows, here, remembered)

    assert (here.rating, here.review, here.notes) == (8, "Good.", "Not so good.")
    assert "4, and this one 3: your rating is 4" in " ".join(map(str, said))
    assert "in your private notes" in " ".join(map(str, said))
    assert again == here
    assert said_again == []


def test_rows_with_different_read_counts_settle():
    rows = [RecordedValues(status="finished", times_read=1), RecordedValues(status="finished", times_read=3)]

    here, remembered, _ = run(rows)
    merged = merge(here, remembered, rows[0])

    assert here.times_read == 3
    assert merged.changed == ()


@pytest.mark.parametrize(
    "mine",
    [
        {"finished_on": date(2019, 3, 9)},
        {"status": "reading", "finished_on": None},
        {"status": "did_not_finish", "started_on": None, "finished_on": None},
        {"started_on": None, "finished_on": None},
    ],
)
@pytest.mark.parametrize(
    "later", [finished(MARCH), RecordedValues(status="finished", earlier=(MARCH,), times_read=1)]
)
def test_a_day_that_was_changed_here_does_not_return(mine, later):
    here, remembered, _ = run([finished(MARCH)])
    changed = replace(here, **mine)

    merged = merge(changed, remembered, later)

    assert merged.values.finished_on == changed.finished_on
    assert MARCH not in merged.values.earlier


def test_a_new_last_time_leaves_the_one_before_among_the_earlier():
    here, remembered, _ = run([finished(MARCH)])

    told = replace(finished(APRIL), earlier=(MARCH,), times_read=2)
    merged = merge(here, remembered, told)

    assert (merged.values.started_on, merged.values.finished_on) == APRIL
    assert merged.values.earlier == (MARCH,)
