"""What the strip of progress offers and says, and what a reader says besides a place."""

from __future__ import annotations

from datetime import date

import pytest

from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.measures import EditionLength, Measures
from bookclub.lib.positions.places import END, PlaceError
from bookclub.lib.positions.progress import Progress, ReadingTimes, day_from, length_from, month_text
from bookclub.readings.rules import ProgressStrip

TODAY = date(2026, 11, 21)


def at(position, *starts, status="reading", entry="", **said):
    """A reader of a book whose chapters start there."""
    sections = tuple(SectionPlace(10 + number, number, "", start) for number, start in enumerate(starts, 1))
    measures = Measures(Contents(sections), (EditionLength(1, "paperback", 300, None),))
    progress = Progress(status, position, position or 0)
    return ProgressStrip(progress=progress, measures=measures, entry=entry, **said)


@pytest.mark.parametrize(
    ("strip", "number"),
    [
        (at(None, 0, 1000, 2000), 1),
        (at(0, 0, 1000, 2000), 1),
        (at(999, 0, 1000, 2000), 1),
        (at(1000, 0, 1000, 2000), 2),
        (at(2000, 0, 1000, 2000), 3),
        (at(9999, 0, 1000, 2000), 3),
        (at(500, 0, None, 2000), 2),
        (at(500, None, 1000, 2000), 1),
        (at(500), None),
        (at(500, None, None, None), None),
        (at(500, 0, None, None, None), None),
        (at(0, None, None, None, entry="section-12"), 3),
        (at(0, None, None, None, entry="section-11"), None),
        (at(END, 0, 1000, status="finished"), None),
        (at(500, 0, 1000, status="did_not_finish"), None),
        (ProgressStrip(), None),
    ],
)
def test_the_chapter_offered_is_the_next_and_never_one_far_ahead(strip, number):
    assert (strip.following.number if strip.following else None) == number


def test_the_field_offers_what_can_be_told_and_begins_with_what_was_used_last():
    assert (at(500).units, at(500).default_unit) == (("page", "percent"), "page")
    assert at(500, unit="percent").default_unit == "percent"
    assert at(500, unit="section").default_unit == "page"
    assert at(500, unit="minute").default_unit == "page"
    assert at(500, unit="percent", typed_unit="page").default_unit == "page"
    assert ProgressStrip().units == ("percent",)
    own = at(500, unit="minute", length=300, length_unit="minute")
    assert own.units == ("page", "minute", "percent")


@pytest.mark.parametrize(
    ("strip", "words", "details"),
    [
        (ProgressStrip(), "You have not said how far you are.", ()),
        (
            at(None, status="to_read", planned_month="2026-12"),
            "You want to read it.",
            ("planned for December",),
        ),
        (at(3333, unit="page", entry="p. 100"), "You are at 33 %.", ("page 100 of 300", "33 %")),
        (at(0, unit="page", entry="xii"), "You are at 0 %.", ("page xii of 300", "0 %")),
        (at(3700, unit="percent", entry="37"), "You are at 37 %.", ()),
        (at(3700, 0, 1000), "You are at chapter 2.", ("37 %",)),
        (at(6000, 0, 1000, status="did_not_finish"), "You stopped at 60 %.", ()),
        (at(None, status="did_not_finish"), "You stopped reading.", ()),
        (
            at(END, status="finished", times=ReadingTimes(times_read=3), is_private=True),
            "You have finished it.",
            ("read 3 times", "only you see this"),
        ),
    ],
)
def test_where_a_reader_is_in_words(strip, words, details):
    assert (strip.words, strip.details(2026)) == (words, details)


def test_to_read_again_is_said():
    again = ProgressStrip(progress=Progress("reading", None, END, again=True))
    as_new = ProgressStrip(progress=Progress("reading", 1000, 1000, again=True, held=END))

    assert again.words == "You are reading it again."
    assert as_new.details(2026) == ("as if it were new", "reading it again")


def test_a_day_is_not_far_in_the_future_and_not_before_anybody_could_read():
    assert day_from(" 2026-11-22 ", TODAY) == date(2026, 11, 22)
    assert day_from("", TODAY) is None
    for entry in ("2026-11-23", "1899-12-31", "yesterday", "2026-02-30", "\0"):
        with pytest.raises(PlaceError):
            day_from(entry, TODAY)


def test_a_length_of_ones_own_is_in_the_unit_asked_or_in_hours():
    assert length_from("352", "page") == (352, "page")
    assert length_from("590", "minute") == (590, "minute")
    assert length_from("7:32", "page") == (452, "minute")
    assert length_from(" ", "page") is None
    for entry in ("0", "-1", "1.5", "20001", "1e99", "7:32:10", "many", "\0"):
        with pytest.raises(PlaceError):
            length_from(entry, "page")


def test_a_planned_month_names_its_year_where_it_is_another():
    assert month_text("2026-12", 2026) == "December"
    assert month_text("2027-01", 2026) == "January 2027"
