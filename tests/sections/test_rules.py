"""Chapters typed a line each: what the lines mean, and which chapter is still which."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches.editions import EditionFields
from bookclub.lib.matches.field_values import FieldError, line_from
from bookclub.lib.positions.section_lists import (
    MAX_SECTIONS,
    Chapter,
    ChapterLine,
    lines_from,
    plan_sections,
    write_box,
)
from bookclub.lib.positions.section_starts import Start, refuse_falling_starts, refuse_length, start_from

PAPERBACK, RECORDING = EditionFields(pages=282), EditionFields(minutes=586)


def chapters(*titles):
    return [Chapter(100 + number, title) for number, title in enumerate(titles)]


def ids(text, *titles):
    """The ids with which a list of these titles comes out once the box says ``text``."""
    return [one.id for one in plan_sections(lines_from(text), chapters(*titles))]


# Starts


@pytest.mark.parametrize(
    ("typed", "start"),
    [
        ("p. 61", Start("page", 61)),
        ("p61", Start("page", 61)),
        ("Page 61", Start("page", 61)),
        ("pp. 61", Start("page", 61)),
        ("p. xii", Start("page", 0)),
        ("61", Start("", 61)),
        ("20 %", Start("percent", 2000)),
        ("20,5%", Start("percent", 2050)),
        ("33.333 %", Start("percent", 3334)),
        ("33.3300 %", Start("percent", 3333)),
        ("100%", Start("percent", 10_000)),
        ("1:05", Start("minute", 65)),
        ("1:05:00", Start("minute", 65)),
        ("1:05:01", Start("minute", 66)),
        ("65 min", Start("minute", 65)),
        ("0:00", Start("minute", 0)),
        ("", None),
        ("  ", None),
    ],
)
def test_a_start_is_a_page_a_time_or_a_percentage_rounded_up(typed, start):
    assert start_from(typed) == start


@pytest.mark.parametrize(
    "typed", ["sixty", "-3", "p.", "100.01 %", "101%", "p. 99999", "1:65", "٣", "1e5", "%", "p. -1"]
)
def test_what_is_no_start_is_refused(typed):
    with pytest.raises(FieldError):
        start_from(typed)


@given(st.sampled_from(["percent", "page", "minute", ""]), st.integers(0, 10_000))
def test_a_start_that_is_shown_can_be_typed_again(unit, place):
    assert start_from(str(Start(unit, place))) == Start(unit, place)


@pytest.mark.parametrize(
    ("start", "edition", "words"),
    [
        (Start("page", 283), PAPERBACK, "p. 283 is beyond the end of this edition, which has 282 pages."),
        (Start("minute", 587), RECORDING, "9:47 is beyond the end of this edition, which has 9:46."),
        (Start("page", 1), RECORDING, "this edition has no number of pages"),
        (Start("minute", 1), None, "this edition has no length in minutes"),
    ],
)
def test_a_start_lies_within_its_edition(start, edition, words):
    with pytest.raises(FieldError, match=words.replace(".", r"\.")):
        refuse_length(start, edition)


def test_a_start_at_the_very_end_or_in_percent_lies_within():
    refuse_length(Start("page", 282), PAPERBACK)
    refuse_length(Start("percent", 10_000), None)


def test_starts_rise_down_the_list():
    refuse_falling_starts([(1, Start("page", 3)), (2, None), (3, Start("page", 3)), (4, Start("page", 9))])

    with pytest.raises(FieldError, match=r"^Line 4: .* which starts at p\. 9\.$"):
        refuse_falling_starts(
            [(1, Start("page", 3)), (2, Start("page", 9)), (3, None), (4, Start("page", 8))]
        )


# Lines


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("The Boat", ChapterLine(1, "The Boat")),
        ("  The   Boat ", ChapterLine(1, "The Boat")),
        ("The Boat | p. 61", ChapterLine(1, "The Boat", None, Start("page", 61))),
        ("The Boat|61", ChapterLine(1, "The Boat", None, Start("", 61))),
        ("The Boat\t20 %", ChapterLine(1, "The Boat", None, Start("percent", 2000))),
        ("The Boat @ 1:05", ChapterLine(1, "The Boat", None, Start("minute", 65))),
        ("The Boat, p. 61", ChapterLine(1, "The Boat", None, Start("page", 61))),
        ("The Boat (20 %)", ChapterLine(1, "The Boat", None, Start("percent", 2000))),
        ("The Boat 20.5%", ChapterLine(1, "The Boat", None, Start("percent", 2050))),
        ("Chapter 1 - page 3", ChapterLine(1, "Chapter 1", None, Start("page", 3))),
        ("Of the 99 % |", ChapterLine(1, "Of the 99 %")),
        ("p. 61", ChapterLine(1, "p. 61")),
        ("me@example.org", ChapterLine(1, "me@example.org")),
        ("Malcolm | X |", ChapterLine(1, "Malcolm | X")),
        ("7.", ChapterLine(1, "", 7)),
        ("[7]", ChapterLine(1, "", 7)),
        ("[7] | p. 61", ChapterLine(1, "", 7, Start("page", 61))),
        ("1. The Boat", ChapterLine(1, "The Boat")),
        ("1) The Boat", ChapterLine(1, "The Boat")),
        ("2. The Boat", ChapterLine(1, "2. The Boat")),
        ("1984", ChapterLine(1, "1984")),
        ("-", ChapterLine(1, "")),
        ("| p. 61", ChapterLine(1, "", None, Start("page", 61))),
        ("1. -", ChapterLine(1, "-")),
    ],
)
def test_a_line_is_a_title_or_a_number_and_perhaps_a_start(typed, line):
    assert lines_from(typed) == (line,)


def test_empty_lines_are_left_out_and_counted():
    assert lines_from("\r\nOne\r\n\r\n  \r\nTwo\r\n") == (ChapterLine(2, "One"), ChapterLine(5, "Two"))
    assert lines_from("") == lines_from(" \n\t\n") == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("One\nTwo | soon", "Line 2: “soon” is not a start"),
        ("Malcolm | X", "end the line with “|”"),
        ("x" * 201, "Line 1: A title may have 200 characters; this has 201."),
        ("One\n\u200b", "Line 2: nothing here is visible"),
        ("\n".join(["a chapter"] * (MAX_SECTIONS + 1)), "line 501 is one more"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(typed, words):
    with pytest.raises(FieldError) as refusal:
        lines_from(typed)

    assert words in str(refusal.value)


def test_five_hundred_chapters_are_taken():
    assert len(lines_from("\n".join(["a chapter"] * MAX_SECTIONS))) == 500


# Which is still which


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boat\nIsland\nHome", [100, 101, 102]),
        ("boat!\nISLAND\n home", [100, 101, 102]),
        ("Boat\nThe Isle\nHome", [100, 101, 102]),
        ("Boat\nStorm\nIsland\nHome", [100, None, 101, 102]),
        ("Boat\nHome", [100, 102]),
        ("Storm\nBoat\nIsland\nHome\nEnd", [None, 100, 101, 102, None]),
        ("[1]\n[2]\n[3]", [100, 101, 102]),
        ("Boat\n[2]\nEnd", [100, 101, 102]),
        ("Boat\nStorm\n[2]\n[3]", [100, None, 101, 102]),
        ("Boat\nStorm\n[3]", [100, 101, 102]),
        ("[3]", [102]),
        ("1.\n2.\n3.\n4.\n5.", [100, 101, 102, None, None]),
        ("Home\nBoat\nIsland", [None, 100, 101]),
        ("Wind\nRain", [100, 101]),
        ("", []),
    ],
)
def test_chapters_stay_who_they_are(text, expected):
    assert ids(text, "Boat", "Island", "Home") == expected


def test_a_number_leaves_the_title_alone_and_a_hyphen_takes_it_away():
    plan = plan_sections(lines_from("[1]\n-"), chapters("Boat", "Island"))

    assert [(one.id, one.title) for one in plan] == [(100, "Boat"), (101, "")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[2]\n[2]", "Line 2: chapter 2 is there already."),
        ("[2]\n[1]", "Line 2: chapter 1 comes before chapter 2."),
        ("[0]", "Line 1: chapters are counted from 1."),
    ],
)
def test_numbers_that_make_no_sense_are_refused(text, words):
    with pytest.raises(FieldError) as refusal:
        ids(text, "Boat", "Island", "Home")

    assert str(refusal.value).startswith(words)


def test_a_number_alone_counts_in_what_the_edition_counts():
    lines = lines_from("Boat | 61")

    assert plan_sections(lines, [], PAPERBACK)[0].start == Start("page", 61)
    assert plan_sections(lines, [], RECORDING)[0].start == Start("minute", 61)
    for unknown in (EditionFields(), None):
        with pytest.raises(FieldError, match="Line 1: no edition has a length yet"):
            plan_sections(lines, [], unknown)


def test_only_a_start_that_the_box_did_not_show_moves():
    kept = [Chapter(1, "Boat", Start("page", 3)), Chapter(2, "Island", Start("percent", 2000))]
    lines = lines_from("Boat | 3\nIsland | p. 61\nHome\nEnd | 99 %")

    assert [one.moves for one in plan_sections(lines, kept, PAPERBACK)] == [False, True, False, True]
    assert [one.moves for one in plan_sections(lines_from("Boat\nIsland | 20%"), kept)] == [True, False]


def shown(title):
    try:
        return line_from(title, 200, "A title")
    except FieldError:
        return ""


starts = st.none() | st.builds(Start, st.sampled_from(["percent", "page", "minute"]), st.integers(0, 10_000))
telling = st.sampled_from(
    ["7.", "[2]", "-", "—", "1. One", "2) Two", "a | b", "x @ y", "|", "p. 6", "a p. 6", "The 99 %", "A", "a"]
)
titles = st.text(max_size=30).map(shown) | telling
whole = st.lists(st.tuples(titles, starts, st.booleans()), max_size=12).map(
    lambda rows: [Chapter(7 * number, *row) for number, row in enumerate(rows, start=1)]
)


@given(whole)
def test_a_box_sent_back_unchanged_changes_nothing(kept):
    plan = plan_sections(lines_from(write_box(kept)), kept, PAPERBACK)

    assert [(one.id, one.title, one.moves) for one in plan] == [(one.id, one.title, False) for one in kept]


@given(whole)
def test_a_box_shows_no_title_ahead(kept):
    canaries = [Chapter(one.id, "canary", one.shown, True) for one in kept]

    assert "canary" not in write_box(canaries)


@given(whole, st.lists(telling | st.integers(0, 14).map("[{}]".format), max_size=14))
def test_no_chapter_is_there_twice_and_none_passes_another(kept, typed):
    try:
        plan = plan_sections(lines_from("\n".join(typed)), kept, PAPERBACK)
    except FieldError:
        return
    used = [one.id for one in plan if one.id is not None]

    assert used == sorted(set(used))
    assert set(used) <= {one.id for one in kept}
