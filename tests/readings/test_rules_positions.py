"""Percentages, pages and times to positions, and back."""

from __future__ import annotations

import contextlib
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bookclub.lib.positions.places import (
    END,
    START,
    PlaceError,
    Scale,
    from_minute,
    from_page,
    from_percent,
    minutes_from,
    percent,
)
from bookclub.lib.text.durations import minutes_text

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
    "1e1",
    "1e-999999",
    "1_0",
    "12 34",
    "0x10",
    "½",
    "1\0",
    ".",
    "1.2.3",
]
BOOK = Scale("page", 300)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """A printing of up to 2 000 pages, with sections that members said start somewhere, right or wrong."""
    length = draw(st.integers(1, 2000))
    knots = draw(st.lists(st.tuples(st.integers(0, length + 5), positions), max_size=6))
    return Scale.through("page", length, knots)


# Percentages


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
        ("99." + "9" * 60, 9999),
        ("100", END),
        ("100.00", END),
        ("-0", 0),
        ("+5", 500),
        (".5", 50),
        ("5.", 500),
    ],
)
def test_a_readers_percentage_is_rounded_down(entry, position):
    assert from_percent(entry) == position


@pytest.mark.parametrize(
    ("entry", "position"),
    [
        ("33.331", 3334),
        ("0.001", 1),
        ("37", 3700),
        ("99.999", END),
        ("50." + "0" * 60 + "1", 5001),
    ],
)
def test_a_posts_percentage_is_rounded_up(entry, position):
    assert from_percent(entry, up=True) == position


@pytest.mark.parametrize("entry", ["-1", "-0.001", "100.001", "101", "1e5", "9e999999", *not_numbers])
def test_what_is_no_percentage_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match=r"\w+.*\."):
        from_percent(entry)


@given(st.decimals(0, 100, places=3), st.decimals(0, 100, places=3))
def test_percentages_keep_their_order_and_stay_within_the_book(one, other):
    low, high = sorted([one, other])
    for up in (False, True):
        assert START <= from_percent(str(low), up=up) <= from_percent(str(high), up=up) <= END


@given(st.decimals(0, 100, places=40))
def test_a_post_never_gives_away_less_than_a_reader_at_the_same_place_has_read(place):
    down, up = from_percent(f"{place:f}"), from_percent(f"{place:f}", up=True)
    assert down <= Fraction(place) * 100 <= up
    assert up - down <= 1


@given(positions)
def test_a_position_said_in_percent_is_never_ahead_of_itself(position):
    assert from_percent(percent(position)) <= position < from_percent(percent(position)) + 100


# Pages


@pytest.mark.parametrize(
    ("entry", "pages", "position"),
    [
        ("0", 300, 0),
        ("1", 300, 33),
        ("150", 300, 5000),
        ("299", 300, 9966),
        ("300", 300, END),
        ("1", 1, END),
        (" 150 ", 300, 5000),
        ("p. 150", 300, 5000),
        ("p150", 300, 5000),
        ("pp. 150", 300, 5000),
        ("Page 150", 300, 5000),
        ("150.5", 300, 5016),
    ],
)
def test_a_readers_page_is_rounded_down(entry, pages, position):
    assert from_page(entry, Scale("page", pages)) == position


def test_a_posts_page_is_rounded_up():
    assert from_page("1", BOOK, up=True) == 34
    assert from_page("150", BOOK, up=True) == 5000


@pytest.mark.parametrize("page", ["i", "v", "xii", "XII", "p. xii", "xcix", "mmxxvi"])
def test_a_reader_in_the_front_matter_has_not_begun_and_a_post_there_reaches_to_the_first_page(page):
    assert from_page(page, BOOK) == START
    assert from_page(page, BOOK, up=True) == from_page("1", BOOK, up=True) == 34


@pytest.mark.parametrize("entry", ["iiii", "vx", "xiix", "page", "p.", "x i"])
def test_what_looks_like_a_roman_page_and_is_none_is_refused(entry):
    with pytest.raises(PlaceError, match="is not a page number"):
        from_page(entry, BOOK)


@pytest.mark.parametrize("entry", ["-1", "301", "300.01", "1e5", *not_numbers])
def test_a_page_that_the_printing_does_not_have_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match=r"\w+.*\."):
        from_page(entry, BOOK)


def test_a_page_means_nothing_where_nobody_knows_the_length():
    for entry in ("12", "xii", "nonsense"):
        with pytest.raises(PlaceError, match="percentage instead"):
            from_page(entry, None)


def test_the_same_chapter_stands_on_different_pages_of_two_editions():
    paperback, large_print = Scale("page", 300, ((90, 3000),)), Scale("page", 600, ((200, 3000),))

    assert paperback.position(90) == large_print.position(200) == 3000
    assert paperback.position(45) == large_print.position(100) == 1500
    assert paperback.position(195) == large_print.position(400) == 6500


# Times in a recording


@pytest.mark.parametrize(
    ("entry", "position"),
    [
        ("0", 0),
        ("1:00", 1000),
        ("60", 1000),
        ("1:30", 1500),
        ("1:30:00", 1500),
        ("1:30:03", 1500),
        ("1:30:04", 1501),
        ("92", 1533),
        ("92,5", 1541),
        ("10:00", END),
        (" 0:06 ", 100),
    ],
)
def test_a_listeners_time_is_rounded_down(entry, position):
    assert from_minute(entry, Scale("minute", 600)) == position


def test_a_posts_time_is_rounded_up():
    assert from_minute("1:30:03", Scale("minute", 600), up=True) == 1501
    assert from_minute("1:30", Scale("minute", 600), up=True) == 1500


@pytest.mark.parametrize(
    "entry", ["10:01", "10:00:01", "601", "1:60", "1:30:60", ":30", "1:", "-5", *not_numbers]
)
def test_a_time_that_the_recording_does_not_have_is_refused_in_words(entry):
    with pytest.raises(PlaceError, match=r"\w+.*\."):
        from_minute(entry, Scale("minute", 600))


def test_a_time_means_nothing_where_nobody_knows_how_long_the_recording_is():
    with pytest.raises(PlaceError, match="percentage instead"):
        from_minute("1:30", None)


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_clock_and_minutes_say_the_same(hours, minutes, seconds):
    exact = hours * 60 + minutes + Fraction(seconds, 60)

    assert minutes_from(f"{hours}:{minutes:02}:{seconds:02}") == exact
    assert minutes_from(f"{hours}:{minutes:02}") == minutes_from(str(hours * 60 + minutes))


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (420, "7 h"), (452, "7 h 32 min")]
)
def test_a_length_of_time_is_said_in_hours_and_minutes(minutes, words):
    assert minutes_text(minutes) == words


# Along the book, with and without sections whose start is known


@given(scales(), st.data())
def test_places_keep_their_order_and_stay_within_the_book(scale, data):
    low, high = sorted(data.draw(st.decimals(0, scale.length, places=2)) for _ in range(2))
    for up in (False, True):
        assert START <= scale.position(low, up=up) <= scale.position(high, up=up) <= END
        assert scale.position(0, up=up) == START
        assert scale.position(scale.length, up=up) == END


@given(scales(), st.data())
def test_a_place_in_a_post_is_at_most_one_position_beyond_the_same_place_of_a_reader(scale, data):
    place = data.draw(st.decimals(0, scale.length, places=2))
    down, up = scale.position(place), scale.position(place, up=True)

    assert 0 <= up - down <= 1


@given(scales())
def test_a_place_where_a_section_is_known_to_start_has_exactly_that_position(scale):
    for page, position in scale.knots:
        assert scale.position(page) == scale.position(page, up=True) == position


@given(scales(), st.data())
def test_between_two_known_starts_the_way_is_straight(scale, data):
    points = [(0, START), *scale.knots, (scale.length, END)]
    number = data.draw(st.integers(0, len(points) - 2))
    (low, start), (high, end) = points[number], points[number + 1]
    place = data.draw(st.integers(low, high))
    exact = start + Fraction((place - low) * (end - start), high - low)

    assert scale.position(place) <= exact <= scale.position(place, up=True)


@given(st.integers(1, 5000), st.data())
def test_without_known_starts_a_page_is_its_share_of_the_book(length, data):
    page = data.draw(st.integers(0, length))

    assert Scale("page", length).position(page) == page * END // length


@given(scales(), positions)
def test_to_go_to_a_place_and_back_never_leads_on(scale, position):
    place = scale.place(position)

    assert 0 <= place <= scale.length
    assert scale.position(place) <= position
    if place < scale.length:
        assert scale.position(place + 1, up=True) > position


@given(scales(), st.data())
@example(Scale("page", 300, ((100, 5000), (200, 5000))), None)
def test_to_go_to_a_position_and_back_leads_to_the_last_place_that_is_not_ahead(scale, data):
    place = 150 if data is None else data.draw(st.integers(0, scale.length))

    assert scale.place(scale.position(place, up=True)) >= place
    assert scale.position(scale.place(scale.position(place))) <= scale.position(place)


@given(scales(), positions)
def test_the_first_place_that_has_come_to_a_position_is_the_first(scale, position):
    first = scale.first_at(position)

    assert 0 <= first <= scale.length
    assert scale.position(first) >= position
    if scale.place(position) < first:
        assert scale.position(first - 1) < position


@given(scales(), positions, positions)
def test_positions_keep_their_order_as_places(scale, one, other):
    low, high = sorted([one, other])

    assert scale.place(low) <= scale.place(high)


@given(st.integers(1, 500), st.lists(st.tuples(st.integers(-3, 600), st.integers(-5, END + 5)), max_size=8))
def test_a_scale_takes_in_only_starts_that_rise_together_within_the_book(length, knots):
    kept = Scale.through("page", length, knots).knots

    assert set(kept) <= set(knots)
    assert all(0 < page < length and START <= position <= END for page, position in kept)
    assert [page for page, _ in kept] == sorted({page for page, _ in kept})
    assert [position for _, position in kept] == sorted(position for _, position in kept)


@given(st.text(max_size=20) | st.from_regex(r"[\dpxivc:.,%e+-]{0,8}", fullmatch=True), st.booleans())
def test_whatever_is_typed_as_a_place_is_a_position_or_refused(entry, up):
    readers = (
        lambda: from_percent(entry, up=up),
        lambda: from_page(entry, BOOK, up=up),
        lambda: from_minute(entry, Scale("minute", 452), up=up),
    )
    for read in readers:
        with contextlib.suppress(PlaceError):
            assert START <= read() <= END


@given(scales(), st.decimals(0, 2000, places=3))
def test_a_typed_page_of_a_post_is_never_before_that_of_a_reader(scale, page):
    entry = f"{page:f}"
    try:
        down = from_page(entry, scale)
    except PlaceError:
        assert page > scale.length
    else:
        assert down <= from_page(entry, scale, up=True) <= down + 1


@pytest.mark.parametrize(("position", "words"), [(0, "0 %"), (3799, "37 %"), (9999, "99 %"), (END, "100 %")])
def test_a_position_is_said_rounded_down(position, words):
    assert percent(position) == words


def test_a_fraction_of_a_page_counts():
    assert Scale("page", 2).position(Decimal("0.5")) == 2500
