"""What readers keep for themselves, as it is typed and as it is said."""

from __future__ import annotations

from datetime import date

import pytest

from bookclub.lib.matches.field_values import FieldError
from bookclub.lib.text.limits import MAX_NOTES
from bookclub.readings.rules import (
    MAX_OWN_TAG,
    MAX_OWN_TAGS,
    earlier_text,
    notes_from,
    own_tag,
    own_tags_from,
)


def test_notes_keep_their_lines_and_lose_what_cannot_be_kept():
    assert notes_from("\r\nFrom Aunt May.\r\n\r\n\tBack\x00 by June.\x1b  \r\n") == (
        "From Aunt May.\n\n Back by June."
    )
    assert notes_from(" \n\t\n") == ""
    assert len(notes_from("x" * MAX_NOTES)) == MAX_NOTES
    with pytest.raises(FieldError, match="Notes may have 20,000 characters; these have 20,001"):
        notes_from("x" * (MAX_NOTES + 1))


def test_own_tags_are_spelt_as_typed_and_each_stands_once():
    assert own_tags_from(" Summer 2019, to  lend,summer 2019,\nC++ ,, ") == ("Summer 2019", "to lend", "C++")
    assert own_tags_from("") == ()
    with pytest.raises(FieldError, match="A tag may have 100 characters"):
        own_tags_from("x" * (MAX_OWN_TAG + 1))
    with pytest.raises(FieldError, match="50 tags of your own; these are 51"):
        own_tags_from(",".join(map(str, range(MAX_OWN_TAGS + 1))))


@pytest.mark.parametrize(
    ("shelf", "tag"),
    [
        ("sci-fi", "sci-fi"),
        ("Paris, je t’aime", "Paris je t’aime"),
        ("a\0b\n c\t", "ab c"),
        ("x" * 300, "x" * MAX_OWN_TAG),
        ("\u200b \u202e", ""),
        ("", ""),
    ],
)
def test_any_foreign_shelf_becomes_a_tag_that_can_be_typed_again_or_none(shelf, tag):
    assert own_tag(shelf) == tag
    assert own_tags_from(tag) == ((tag,) if tag else ())


def test_earlier_times_are_said_by_their_years():
    assert earlier_text([]) == earlier_text([(None, None)]) == ""
    assert earlier_text([(date(2018, 12, 1), date(2019, 1, 2))]) == "Read in 2019"
    times = [
        (date(2019, 5, 1), None),
        (None, date(2015, 1, 1)),
        (None, date(2015, 9, 1)),
        (None, date(1999, 1, 1)),
    ]
    assert earlier_text(times) == "Read in 1999, 2015 and 2019"
