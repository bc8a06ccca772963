"""What a composer offers, what a choice means, and how a post looks before it is posted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.measures import EditionLength, Measures
from bookclub.lib.positions.places import END, PlaceError
from bookclub.threads.composer import Writer, becomes_text, horizon_choices
from bookclub.threads.preview import preview

TITLES = ("The Boat", "The Storm", "The Wreck", "The Shore")
# Four chapters of a quarter each; their ids are not their numbers.
CONTENTS = Contents(
    tuple(
        SectionPlace(10 + number, number, title, 2500 * (number - 1))
        for number, title in enumerate(TITLES, 1)
    )
)
EDITIONS = (EditionLength(1, "paperback", 300, None), EditionLength(2, "audiobook", None, 600))
MEASURES = Measures(CONTENTS, EDITIONS)
marks = st.integers(0, END)


def offered(**known) -> dict[str, str]:
    """What a writer is offered, by value."""
    return {choice.value: choice.label for choice in horizon_choices(Writer(**known))}


# What is offered


def test_a_writer_in_the_middle_is_offered_all_of_the_book_from_the_least_on():
    assert offered(mark=2600, measures=MEASURES) == {
        "0": "no spoilers: everybody can read it",
        "mine": "up to where I am: chapter 2",
        "section-11": "up to the end of chapter 1: The Boat",
        "section-12": "up to the end of chapter 2: The Storm",
        "section-13": "up to the end of chapter 3",
        "section-14": "up to the end of chapter 4",
        "place": "up to a page, a time or a percentage …",
        "finished": "the ending: for people who have finished",
    }


def test_who_is_at_the_start_of_a_chapter_gives_away_the_one_before():
    start = CONTENTS.sections[1].start

    assert offered(mark=start, measures=MEASURES)["mine"] == "up to where I am: chapter 1"
    assert offered(mark=start + 1, measures=MEASURES)["mine"] == "up to where I am: chapter 2"


def test_chapters_are_listed_in_a_group_of_their_own():
    groups = {choice.group for choice in horizon_choices(Writer(2600, MEASURES)) if "section" in choice.value}

    assert groups == {"Up to a chapter"}


def test_without_chapters_a_place_is_told_in_percent():
    assert offered(mark=2600) == {
        "0": "no spoilers: everybody can read it",
        "mine": "up to where I am: 26 %",
        "place": "up to a page, a time or a percentage …",
        "finished": "the ending: for people who have finished",
    }


@given(mark=st.none() | marks)
def test_no_title_is_offered_to_a_writer_who_has_not_come_to_it(mark):
    words = " ".join(offered(mark=mark, measures=MEASURES).values())

    for section in CONTENTS.sections:
        assert (section.title in words) == (section.start <= (mark or 0))


def test_who_has_finished_is_offered_the_ending_once_and_who_said_nothing_not_where_they_are():
    assert "mine" not in offered(mark=END)
    assert "mine" not in offered(mark=None)
    assert "mine" in offered(mark=0)


@given(mark=st.none() | marks, least=marks)
def test_a_reply_is_offered_nothing_safer_than_what_it_answers(mark, least):
    writer = Writer(mark, MEASURES, least=least, answers=True)

    for choice in horizon_choices(writer):
        if choice.value not in ("0", "place"):
            assert writer.horizon(choice.value)[1] >= least
    assert writer.in_force(0) == least


def test_the_least_that_a_reply_gives_away_is_said_in_words():
    assert offered(measures=MEASURES, least=5000, answers=True)["0"] == (
        "no more than what you answer: up to chapter 2"
    )
    assert (
        offered(measures=MEASURES, least=5000)["0"] == "no more than the whole conversation: up to chapter 2"
    )
    assert offered(least=4200, answers=True)["0"] == "no more than what you answer: up to 42 %"


@pytest.mark.parametrize(
    ("mark", "least", "default"),
    [
        (None, 0, None),
        (None, 5000, None),
        (0, 0, "mine"),
        (2600, 0, "mine"),
        (2600, 2600, "mine"),
        (2600, 2601, "0"),
    ],
)
def test_the_default_is_the_greater_of_ones_own_place_and_what_one_answers(mark, least, default):
    writer = Writer(mark, MEASURES, least=least, answers=True)

    assert writer.default() == default
    if default:
        assert writer.in_force(writer.horizon(default)[1]) == max(mark, least)


# What a choice means


@pytest.mark.parametrize(
    ("choice", "typed", "kept", "horizon"),
    [
        ("0", "", "0", 0),
        ("mine", "", "mine", 2601),
        ("finished", "", "finished", END),
        ("section-11", "", "section-11", 2500),
        ("section-14", "", "section-14", END),
        ("4711", "", "4711", 4711),
        ("place", "20 %", "2000", 2000),
        ("place", "33,333%", "3334", 3334),
        ("place", "100 %", "finished", END),
        ("place", "0 %", "0", 0),
        ("place", "150", "5000", 5000),
        ("place", "p. 61", "2034", 2034),
        ("place", "xii", "34", 34),
        ("place", "1:05", "1084", 1084),
        ("place", "65 min", "1084", 1084),
        ("place", "chapter 2", "section-12", 5000),
        ("place", "Ch. 4", "section-14", END),
    ],
)
def test_a_choice_means_a_position_and_a_typed_place_is_rounded_up(choice, typed, kept, horizon):
    assert Writer(2601, MEASURES).horizon(choice, typed) == (kept, horizon)


@pytest.mark.parametrize(
    ("choice", "typed"),
    [
        ("", ""),
        ("section-99", ""),
        ("place", ""),
        ("place", "  "),
        ("place", "301"),
        ("place", "101 %"),
        ("place", "10:01"),
        ("place", "somewhere"),
        ("place", "chapter 5"),
        ("place", "section-11"),
        ("place", "9" * 5000),
        ("place", "-1"),
        ("place", "1e9"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_in_words(choice, typed):
    with pytest.raises(PlaceError, match=r"\w\.$"):
        Writer(2601, MEASURES).horizon(choice, typed)


def test_a_place_counts_in_the_edition_of_its_author():
    editions = (*EDITIONS, EditionLength(3, "large print", 600, None))
    measures = Measures(CONTENTS, editions)

    assert Writer(1, measures).horizon("place", "300")[1] == END
    assert Writer(1, measures, edition_id=3).horizon("place", "300")[1] == 5000
    assert Writer(1, measures, length=1200, length_unit="page").horizon("place", "300")[1] == 2500
    assert (
        Writer(1, measures, edition_id=3, length=1200, length_unit="minute").horizon("place", "300")[1]
        == 5000
    )
    assert Writer(1, measures, edition_id=2, counts_time=True).horizon("place", "300")[1] == 5000


# In one line


@pytest.mark.parametrize(
    ("horizon", "known", "words"),
    [
        (0, {}, "This will be safe for everybody."),
        (5000, {}, "This will be up to chapter 2."),
        (END, {}, "This will be for people who have finished."),
        (0, {"least": 5000, "answers": True}, "This will be up to chapter 2, like what you answer."),
        (2500, {"least": 5000}, "This will be up to chapter 2, like the whole conversation."),
        (5000, {"least": 5000}, "This will be up to chapter 2."),
        (7500, {"least": 5000}, "This will be up to chapter 3."),
        (0, {"lifted": 7500}, "This will be up to chapter 3, as readers reported, until that is decided."),
    ],
)
def test_what_a_post_will_give_away_is_said_in_one_line(horizon, known, words):
    assert becomes_text(horizon, Writer(2600, MEASURES, **known)) == words


# Previews


def looked(horizon, asked=None, **known):
    return preview(Writer(measures=MEASURES, **known), "Bob", "FULL", "SAFE", horizon, asked)


@pytest.mark.parametrize(
    ("horizon", "unread", "between"),
    [(0, "SAFE", "SAFE"), (5000, None, "SAFE"), (5001, None, None), (END, None, None)],
)
def test_a_preview_shows_a_post_to_three_readers_by_the_one_predicate(horizon, unread, between):
    shown = looked(horizon, "section-12", mark=2600)

    assert (shown.unread.html, shown.between.html, shown.finished.html) == (unread, between, "FULL")


def test_a_preview_says_what_stands_in_the_place_of_what_is_locked():
    shown = looked(5000, mark=2600)

    assert shown.lead == "Bob, up to chapter 2."
    assert shown.between.where == "You are at chapter 2."
    assert shown.becomes == "This will be up to chapter 2."


def test_a_preview_goes_by_what_the_post_answers_and_by_what_was_reported():
    assert looked(0, "section-12", mark=2600, least=7500).between.html is None
    assert looked(0, "section-12", mark=2600, lifted=7500).between.html is None
    assert looked(0, "section-13", mark=2600, lifted=7500).between.html == "SAFE"


@pytest.mark.parametrize(
    ("mark", "asked", "at"),
    [
        (2600, None, "mine"),
        (2600, "", "mine"),
        (2600, "section-99", "mine"),
        (2600, "section-13", "section-13"),
        (None, None, "section-12"),
        (None, "mine", "section-12"),
        (END, "5000", "section-12"),
    ],
)
def test_the_reader_between_is_where_the_author_is_unless_they_choose(mark, asked, at):
    assert looked(0, asked, mark=mark).at == at


def test_the_places_of_a_preview_hold_no_title():
    words = " ".join(place.label for place in looked(0, mark=END).places)

    assert words == " ".join(f"the end of chapter {number}" for number in range(1, 5))


def test_without_chapters_a_preview_goes_by_tenths():
    shown = preview(Writer(2600), "Bob", "FULL", "SAFE", 2600, "3000")

    assert [place.value for place in shown.places] == ["mine", *(str(1000 * step) for step in range(1, 10))]
    assert shown.at == "3000"
    assert shown.between.html == "SAFE"
    assert preview(Writer(), "Bob", "FULL", "SAFE", 2600, None).at == "5000"
