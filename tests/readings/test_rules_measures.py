"""Lengths, noted starts, and what a place means by them."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.measures import EditionLength, Measures, StartNote, derive_starts, scale_of
from bookclub.lib.positions.places import END, START, PlaceError, Scale, from_page

positions = st.integers(START, END)
PAPERBACK, HARDBACK, RECORDING = 1, 2, 3
LENGTHS = {(PAPERBACK, "page"): 200, (HARDBACK, "page"): 400, (RECORDING, "minute"): 600}
notes = st.lists(
    st.one_of(
        st.builds(
            StartNote,
            st.integers(1, 6),
            st.sampled_from([PAPERBACK, HARDBACK]),
            st.just("page"),
            st.integers(0, 450),
        ),
        st.builds(StartNote, st.integers(1, 6), st.just(RECORDING), st.just("minute"), st.integers(0, 650)),
    ),
    max_size=10,
    unique_by=lambda note: (note.section_id, note.edition_id, note.unit),
)


def known(starts: dict[int, int | None]) -> list[int]:
    return [start for start in starts.values() if start is not None]


# Where sections start


def test_a_page_of_an_edition_tells_where_a_section_starts():
    starts = derive_starts({1: None, 2: None}, [StartNote(2, PAPERBACK, "page", 50)], LENGTHS)

    assert starts == {1: None, 2: 2500}


def test_a_minute_of_a_recording_tells_it_too():
    assert derive_starts({1: None}, [StartNote(1, RECORDING, "minute", 90)], LENGTHS) == {1: 1500}


def test_the_start_that_was_noted_first_decides_and_the_others_say_how_their_edition_runs():
    noted = [StartNote(1, PAPERBACK, "page", 50), StartNote(1, HARDBACK, "page", 120)]
    starts = derive_starts({1: None}, noted, LENGTHS)

    assert starts == {1: 2500}
    assert scale_of(HARDBACK, "page", 400, noted, starts).position(120) == 2500
    assert derive_starts({1: None}, noted[::-1], LENGTHS) == {1: 3000}


def test_a_start_that_was_typed_goes_before_every_note():
    assert derive_starts({1: 4000}, [StartNote(1, PAPERBACK, "page", 50)], LENGTHS) == {1: 4000}


def test_a_note_is_read_by_the_sections_whose_start_is_known_in_its_edition():
    noted = [StartNote(1, PAPERBACK, "page", 100), StartNote(2, PAPERBACK, "page", 150)]

    assert derive_starts({1: 8000, 2: None}, noted, LENGTHS) == {1: 8000, 2: 9000}


def test_a_note_that_contradicts_the_order_of_the_sections_is_left_out():
    noted = [StartNote(2, PAPERBACK, "page", 50), StartNote(1, PAPERBACK, "page", 100)]

    assert derive_starts({1: None, 2: None}, noted, LENGTHS) == {1: None, 2: 2500}


def test_a_note_in_an_edition_of_unknown_length_tells_nothing():
    assert derive_starts({1: None}, [StartNote(1, 9, "page", 50)], LENGTHS) == {1: None}
    assert derive_starts({1: None}, [StartNote(1, RECORDING, "page", 50)], LENGTHS) == {1: None}


@pytest.mark.parametrize("page", [200, 201, 5000])
def test_a_start_that_leaves_nothing_to_read_tells_nothing(page):
    """Whoever has read the section before it would be taken to have finished the book."""
    assert derive_starts({1: None}, [StartNote(1, PAPERBACK, "page", page)], LENGTHS) == {1: None}


def test_a_typed_start_before_an_earlier_one_is_left_out():
    assert derive_starts({1: 100, 2: 5000, 3: 3000, 4: 6000}, [], {}) == {1: 100, 2: 5000, 3: None, 4: 6000}


def test_notes_on_sections_of_other_books_tell_nothing():
    assert derive_starts({1: None}, [StartNote(7, PAPERBACK, "page", 50)], LENGTHS) == {1: None}


@given(st.lists(st.none() | positions, max_size=6), notes)
def test_starts_are_always_in_the_order_of_the_sections(typed, noted):
    starts = derive_starts(dict(enumerate(typed, 1)), noted, LENGTHS)

    assert list(starts) == list(range(1, len(typed) + 1))
    assert known(starts) == sorted(known(starts))
    assert all(START <= start <= END for start in known(starts))


@given(
    st.lists(st.none() | positions, max_size=6).map(
        lambda starts: sorted(starts, key=lambda start: start or 0)
    ),
    notes,
)
def test_what_was_typed_in_order_is_never_changed_by_notes(typed, noted):
    starts = derive_starts(dict(enumerate(typed, 1)), noted, LENGTHS)

    for number, start in enumerate(typed, 1):
        assert start is None or starts[number] == start


# What a place means


def measures(*starts: int | None, noted: tuple[StartNote, ...] = ()) -> Measures:
    sections = (SectionPlace(number, number, "", start) for number, start in enumerate(starts, 1))
    return Measures(
        Contents(tuple(sections)),
        (
            EditionLength(PAPERBACK, "paperback", 200, None),
            EditionLength(HARDBACK, "hardback", 400, None),
            EditionLength(RECORDING, "audiobook", None, 600),
            EditionLength(4, "e-book", None, None),
        ),
        noted,
    )


def test_a_page_means_another_place_in_each_edition():
    book = measures()

    assert book.position("page", "100", edition_id=PAPERBACK) == 5000
    assert book.position("page", "100", edition_id=HARDBACK) == 2500


def test_a_reader_s_own_length_goes_before_every_edition_s():
    assert measures().position("page", "100", edition_id=PAPERBACK, length=1000) == 1000
    assert measures().position("minute", "1:40", length=1000) == 1000


def test_without_an_edition_the_first_whose_length_is_known_counts():
    assert measures().position("page", "100") == 5000
    assert measures().position("minute", "1:00") == 1000
    assert measures().position("page", "100", edition_id=RECORDING) == 5000


def test_where_no_length_is_known_only_percentages_and_chapters_mean_something():
    bare = Measures(Contents((SectionPlace(1, 1, "", 0),)))

    assert bare.position("percent", "33.339") == 3333
    assert bare.position("section", "1") == END
    for unit in ("page", "minute"):
        with pytest.raises(PlaceError, match="percentage instead"):
            bare.position(unit, "1")


def test_a_book_without_sections_or_length_still_has_percentages():
    assert Measures().position("percent", "40") == 4000
    for unit in ("page", "minute", "section"):
        with pytest.raises(PlaceError, match="percentage"):
            Measures().position(unit, "1")


@pytest.mark.parametrize("unit", ["", "pages", "mile"])
def test_another_unit_is_refused_in_words(unit):
    with pytest.raises(PlaceError, match="percentage, a page, a time or a chapter"):
        measures().position(unit, "1")


def test_two_readers_of_different_editions_meet_at_the_start_of_a_chapter():
    noted = (
        StartNote(2, PAPERBACK, "page", 60),
        StartNote(2, HARDBACK, "page", 100),
        StartNote(2, RECORDING, "minute", 200),
    )
    book = measures(0, 3000, noted=noted)

    assert book.position("page", "60", edition_id=PAPERBACK) == 3000
    assert book.position("page", "100", edition_id=HARDBACK) == 3000
    assert book.position("minute", "3:20", edition_id=RECORDING) == 3000
    assert book.position("section", "1") == 3000


def test_a_length_corrected_from_200_to_400_pages_halves_a_place():
    def known_by(pages: int) -> Measures:
        return Measures(editions=(EditionLength(1, "paperback", pages, None),))

    assert known_by(200).position("page", "100") == 5000
    assert known_by(400).position("page", "100") == 2500


def test_a_story_collection_is_read_as_a_line():
    """What is said of the second story is for those who have come to the third, whatever they began with."""
    stories = measures(0, 2000, 4000, 6000, 8000)

    assert stories.position("section", "1") == 2000
    assert [stories.contents.end(story, up=True) for story in stories.contents.sections] == [
        2000,
        4000,
        6000,
        8000,
        END,
    ]


@given(st.integers(1, 400), st.lists(st.none() | positions, max_size=6), notes)
def test_pages_keep_their_order_whatever_was_noted(page, typed, noted):
    starts = derive_starts(dict(enumerate(typed, 1)), noted, LENGTHS)
    book = measures(*starts.values(), noted=tuple(noted))

    for up in (False, True):
        before, after = (
            book.position("page", str(at), edition_id=HARDBACK, up=up) for at in (page - 1, page)
        )
        assert START <= before <= after <= END


@given(st.sampled_from(["percent", "page", "minute", "section"]), st.text(max_size=8), notes)
def test_whatever_is_typed_in_any_unit_is_a_position_or_refused(unit, entry, noted):
    book = measures(0, None, 5000, noted=tuple(noted))
    with contextlib.suppress(PlaceError):
        down = book.position(unit, entry)
        assert START <= down <= book.position(unit, entry, up=True) <= END


def test_a_scale_of_one_s_own_knows_no_sections():
    noted = (StartNote(2, PAPERBACK, "page", 60),)

    assert measures(0, 3000, noted=noted).scale("page", PAPERBACK, 500) == Scale("page", 500)
    assert from_page("250", Scale("page", 500)) == 5000
