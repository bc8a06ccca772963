"""The series of a book, as it is typed and shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches.field_values import FieldError
from bookclub.lib.matches.series import Series, series_from, series_text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", ("", None)),
        ("  ", ("", None)),
        ("Earthsea", ("Earthsea", None)),
        ("Earthsea, 2", ("Earthsea", 2)),
        ("Earthsea #2", ("Earthsea", 2)),
        ("Earthsea, #2.5", ("Earthsea", 2.5)),
        ("The Hitchhiker's Guide, a trilogy", ("The Hitchhiker's Guide, a trilogy", None)),
    ],
)
def test_a_series_is_read_as_people_write_it(typed, meant):
    assert series_from(typed) == Series(*meant)


@pytest.mark.parametrize("typed", ["#2", ", 3", "Earthsea #two", "Earthsea #-1", "x" * 201])
def test_what_is_no_series_is_refused_in_words(typed):
    with pytest.raises(FieldError):
        series_from(typed)


@given(
    st.text("abc XYZ'é", max_size=12), st.none() | st.integers(0, 999) | st.sampled_from([0.5, 2.5, 10.25])
)
def test_a_series_that_is_shown_is_read_as_the_same(name, number):
    name = " ".join(name.split())
    series = Series(name, float(number)) if name and number is not None else Series(name)

    if not name or any(letter.isalnum() for letter in name):
        assert series_from(series_text(series)) == series
