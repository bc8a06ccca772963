"""Sections of a book: where they start and end, what they are called, and the horizons they make."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.contents import (
    NO_CONTENTS,
    Contents,
    SectionPlace,
    choice_of,
    from_section,
    horizon_from,
    horizon_text,
    place_text,
    section_id_in,
    section_name,
    span_text,
)
from bookclub.lib.positions.places import END, START, PlaceError
from bookclub.lib.positions.visibility import is_visible_to

positions = st.integers(START, END)


def book(*starts: int | None) -> Contents:
    """A book of sections "Title 1", "Title 2" … with the ids 101, 102 … that start here (None: unknown)."""
    return Contents(
        tuple(
            SectionPlace(100 + number, number, f"Title {number}", start)
            for number, start in enumerate(starts, 1)
        )
    )


@st.composite
def books(draw: st.DrawFn, strictly: bool = False) -> Contents:
    """A book of up to nine sections in their order, of which some starts are unknown."""
    known = draw(st.lists(st.booleans(), min_size=1, max_size=9))
    starts = sorted(draw(st.lists(positions, min_size=len(known), max_size=len(known), unique=strictly)))
    return book(*(start if is_known else None for start, is_known in zip(starts, known, strict=True)))


MAPPED = book(0, 1000, 2500, 6000)
PATCHY = book(0, None, 2500, None, None, 6000, None)


# Where sections end


def test_a_section_ends_where_the_next_one_starts_and_the_last_with_the_book():
    for up in (False, True):
        assert [MAPPED.end(section, up=up) for section in MAPPED.sections] == [1000, 2500, 6000, END]


def test_where_an_end_is_unknown_a_post_takes_the_next_start_and_a_reader_the_one_before():
    assert [PATCHY.end(section, up=True) for section in PATCHY.sections] == [
        2500, 2500, 6000, 6000, 6000, END, END,
    ]  # fmt: skip
    assert [PATCHY.end(section, up=False) for section in PATCHY.sections] == [
        0, 2500, 2500, 2500, 6000, 6000, END,
    ]  # fmt: skip


def test_where_nothing_is_known_a_post_is_for_the_end_and_a_reader_at_the_start():
    unknown = book(None, None, None)

    assert [unknown.end(section, up=True) for section in unknown.sections] == [END, END, END]
    assert [unknown.end(section, up=False) for section in unknown.sections] == [START, START, END]


@given(books())
def test_a_reader_of_a_section_is_never_further_than_a_post_about_it(contents):
    for section in contents.sections:
        down, up = contents.end(section, up=False), contents.end(section, up=True)
        assert START <= down <= up <= END
        assert section.start is None or section.start <= down


@given(books())
def test_sections_end_in_their_order(contents):
    for up in (False, True):
        ends = [contents.end(section, up=up) for section in contents.sections]
        assert ends == sorted(ends)
        assert ends[-1] == END


@given(books(strictly=True), st.data())
def test_who_has_read_a_section_sees_nothing_of_the_sections_behind_it(contents, data):
    read, written = (data.draw(st.sampled_from(contents.sections)) for _ in range(2))

    if is_visible_to(contents.end(written, up=True), contents.end(read, up=False)):
        assert written.number <= read.number


@given(st.lists(positions, min_size=1, max_size=9, unique=True))
def test_who_has_read_a_section_sees_all_that_was_said_of_it_where_every_start_is_known(starts):
    contents = book(*sorted(starts))
    for read in contents.sections:
        for written in contents.sections[: read.number]:
            assert is_visible_to(contents.end(written, up=True), contents.end(read, up=False))


@given(books(), positions)
def test_the_section_to_read_next_is_the_first_that_leads_on(contents, position):
    following = contents.following(position)

    if following is None:
        assert position == END
    else:
        assert contents.end(following, up=False) > position
        assert all(
            contents.end(section, up=False) <= position
            for section in contents.sections[: following.number - 1]
        )


# A section as it is typed


@pytest.mark.parametrize(
    ("entry", "position"),
    [
        ("1", 1000),
        (" 2 ", 2500),
        ("chapter 3", 6000),
        ("Chapter 4", END),
        ("section-103", 6000),
        ("103", 6000),
    ],
)
def test_a_chapter_that_was_read_means_its_end(entry, position):
    assert from_section(entry, MAPPED) == position


@pytest.mark.parametrize("entry", ["", "0", "5", "-1", "1.5", "section-7", "section-", "two", "²", "9" * 50])
def test_a_chapter_that_the_book_does_not_have_is_refused_with_how_many_there_are(entry):
    with pytest.raises(PlaceError, match="This book has 4 chapters"):
        from_section(entry, MAPPED)


def test_chapters_mean_nothing_where_nobody_entered_them():
    with pytest.raises(PlaceError, match="Type a page or a percentage"):
        from_section("1", NO_CONTENTS)
    assert not NO_CONTENTS
    assert MAPPED


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
        "section-",
        "section-x",
        "section--3",
        "section-²",
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


def test_a_section_as_a_choice_means_its_end_rounded_up():
    assert horizon_from("section-101", None, MAPPED) == 1000
    assert horizon_from("section-104", None, MAPPED) == END
    assert horizon_from("section-101", 0, PATCHY) == 2500


@pytest.mark.parametrize("contents", [NO_CONTENTS, MAPPED])
def test_a_section_that_is_not_in_the_book_is_refused(contents):
    with pytest.raises(PlaceError, match="not in this book any more"):
        horizon_from("section-7", END, contents)


@given(st.text(max_size=6).map("section-".__add__) | st.integers(0, 120).map("section-{}".format), books())
def test_whatever_is_sent_as_a_section_is_a_position_or_refused(choice, contents):
    with contextlib.suppress(PlaceError):
        assert START <= horizon_from(choice, END, contents) <= END


@pytest.mark.parametrize(
    ("choice", "section_id"),
    [
        ("section-7", 7),
        ("section-0", 0),
        ("section-", None),
        ("section-²", None),
        ("section-٣", None),
        ("section-" + "9" * 19, None),
        ("7", None),
        ("mine", None),
        ("", None),
        ("section-section-7", None),
    ],
)
def test_the_id_in_a_choice(choice, section_id):
    assert section_id_in(choice) == section_id


@given(positions)
def test_a_horizon_chosen_again_is_the_same_whoever_asks(horizon):
    assert horizon_from(choice_of(horizon), None) == horizon
    assert horizon_from(choice_of(horizon, "mine"), END - 1) == horizon


def test_a_section_that_was_chosen_stays_chosen():
    assert choice_of(2500, "section-102") == "section-102"
    assert choice_of(END, "finished") == choice_of(END, "mine") == "finished"
    assert choice_of(START, "mine") == "0"


# What sections are called


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        (None, ["1. Title 1", "chapter 2", "chapter 3", "chapter 4"]),
        (0, ["1. Title 1", "chapter 2", "chapter 3", "chapter 4"]),
        (999, ["1. Title 1", "chapter 2", "chapter 3", "chapter 4"]),
        (1000, ["1. Title 1", "2. Title 2", "chapter 3", "chapter 4"]),
        (5999, ["1. Title 1", "2. Title 2", "3. Title 3", "chapter 4"]),
        (6000, ["1. Title 1", "2. Title 2", "3. Title 3", "4. Title 4"]),
    ],
)
def test_a_title_shows_once_the_reader_has_come_to_it(mark, names):
    assert [section_name(section, mark) for section in MAPPED.sections] == names


def test_a_title_whose_start_nobody_knows_shows_at_the_end_only():
    section = SectionPlace(1, 3, "The Boat", None)

    assert section_name(section, 9999) == section_name(section, None) == "chapter 3"
    assert section_name(section, END) == "3. The Boat"


def test_a_section_without_a_title_is_a_chapter():
    assert section_name(SectionPlace(1, 3, "", 0), END) == "chapter 3"


@given(books(), st.none() | positions)
def test_no_title_ahead_of_a_reader_is_ever_said(contents, mark):
    for section in contents.sections:
        is_known = section.start is not None and section.start <= (mark or START)
        assert (section.title in section_name(section, mark)) == (is_known or mark == END)


# What is said of horizons and places


@pytest.mark.parametrize(
    ("horizon", "words"),
    [
        (0, "safe for everybody"),
        (1, "up to 1 %"),
        (3700, "up to 37 %"),
        (3701, "up to 38 %"),
        (9999, "up to 100 %"),
        (END, "for people who have finished"),
    ],
)
def test_a_horizon_is_said_rounded_up(horizon, words):
    assert horizon_text(horizon) == words


@pytest.mark.parametrize(
    ("horizon", "words"),
    [
        (0, "safe for everybody"),
        (1, "up to chapter 1"),
        (1000, "up to chapter 1"),
        (1001, "up to chapter 2"),
        (2500, "up to chapter 2"),
        (6001, "up to chapter 4"),
        (9999, "up to chapter 4"),
        (END, "for people who have finished"),
    ],
)
def test_a_horizon_is_said_by_chapters_where_they_are_known(horizon, words):
    assert horizon_text(horizon, MAPPED) == words


def test_before_the_first_start_that_is_known_a_horizon_is_said_in_percent():
    assert horizon_text(900, book(None, 1000)) == "up to 9 %"
    assert horizon_text(900, book(None, None)) == "up to 9 %"


@given(books(), positions)
def test_a_horizon_said_by_chapters_never_promises_too_little(contents, horizon):
    chapter = re.fullmatch(r"up to chapter (\d+)", horizon_text(horizon, contents))

    if chapter:
        assert contents.end(contents.numbered(int(chapter[1])), up=True) >= horizon


@given(books(), st.lists(positions, min_size=1, max_size=5))
def test_nothing_that_is_said_of_horizons_and_places_names_a_title(contents, horizons):
    for words in (
        span_text(horizons, contents),
        *(horizon_text(horizon, contents) for horizon in horizons),
        *(place_text(horizon, contents) for horizon in horizons),
    ):
        assert "Title" not in words


@pytest.mark.parametrize(
    ("horizons", "words"),
    [
        ([1000], "up to chapter 1"),
        ([1000, 6000], "chapters 1 to 3"),
        ([6000, 500, 2500], "chapters 1 to 3"),
        ([2400, 2500], "up to chapter 2"),
        ([1000, END], "for people who have finished"),
        ([0, 2500], "up to chapter 2"),
    ],
)
def test_what_a_run_of_posts_gives_away_is_said_from_the_first_to_the_last_chapter(horizons, words):
    assert span_text(horizons, MAPPED) == words


def test_without_chapters_a_run_of_posts_is_said_as_its_furthest():
    assert span_text([1000, 4550]) == "up to 46 %"


def test_a_reader_is_told_where_they_are():
    assert place_text(None) == "You have not said how far you are."
    assert place_text(3799) == "You are at 37 %."
    assert place_text(3799, MAPPED) == "You are at chapter 3."
    assert place_text(6000, MAPPED) == "You are at chapter 4."
    assert place_text(0, MAPPED) == "You are at 0 %."
    assert place_text(END, MAPPED) == "You are at 100 %."
    assert place_text(500, book(None, 1000)) == "You are at 5 %."


@given(books(), positions)
def test_a_reader_is_never_told_to_be_further_than_they_are(contents, mark):
    section = contents.reached(mark)

    assert section is None or (section.start is not None and section.start <= mark)
