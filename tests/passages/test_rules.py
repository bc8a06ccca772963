"""Lengths and places of passages, and what is said of locked ones."""

from __future__ import annotations

import pytest

from bookclub.extensions import utcnow
from bookclub.lib.positions.contents import Contents, SectionPlace
from bookclub.lib.positions.measures import EditionLength, Measures
from bookclub.lib.positions.places import PlaceError
from bookclub.passages import rules
from bookclub.passages.models import Passage
from bookclub.passages.places import PassagePlace, place_from, position_now
from bookclub.passages.rules import PassageCount, PassageKey, PassageRow
from bookclub.threads.composer import Writer

CHAPTERS = Contents(
    (SectionPlace(7, 1, "One", 0), SectionPlace(8, 2, "Two", 2500), SectionPlace(9, 3, "", 6000))
)
MEASURES = Measures(CHAPTERS, (EditionLength(1, "Paperback", 400, None),))
WRITER = Writer(mark=5000, measures=MEASURES, edition_id=1)


def row(number: int, horizon: int, *, author: str = "Bob", member_id: int = 2, text: str | None = None):
    return PassageRow(
        id=number, book_id=1, book_title="Emma", book_slug="emma", thread_id=None, member_id=member_id,
        author=author, username="bob", created_at=utcnow(), edited_at=None, deleted_at=None,
        removed_by_id=None, removal_reason=None, horizon=horizon, entry=f"{horizon / 100:g}",
        entry_unit="percent", text=text, html=text and "", is_mine=False,
    )  # fmt: skip


def test_a_quotation_has_one_to_five_hundred_characters():
    assert rules.length_problem("x" * 500) is None
    assert rules.length_problem("📚" * 500) is None
    assert "501 characters" in rules.length_problem("x" * 501)
    assert rules.length_problem("") == "Type the words from the book."


@pytest.mark.parametrize(
    ("unit", "typed", "place"),
    [
        ("percent", "37.125", PassagePlace("percent", "37.125", 3713)),
        ("page", "p. 61", PassagePlace("page", "61", 1525, 1)),
        ("page", "62", PassagePlace("page", "62", 1550, 1)),
        ("section", "2", PassagePlace("section", "section-8", 6000)),
        ("section", "Chapter 3", PassagePlace("section", "section-9", 10_000)),
    ],
)
def test_a_place_is_rounded_up_and_a_chapter_means_its_end(unit, typed, place):
    assert place_from(unit, typed, WRITER) == place


def test_pages_of_ones_own_printing_count_in_that():
    writer = Writer(mark=5000, measures=MEASURES, edition_id=1, length=200, length_unit="page")

    assert place_from("page", "61", writer) == PassagePlace("page", "61", 3050, 1, 200)
    assert place_from("percent", "61", writer).length is None


@pytest.mark.parametrize(
    ("unit", "typed", "words"),
    [
        ("page", " ", "Say where the passage stands."),
        ("page", "401", "Type a page from 0 to 400."),
        ("percent", "101", "from 0 to 100"),
        ("minute", "10", "how long the recording is"),
        ("section", "4", "in which the passage stands"),
        ("page", "9" * 21, "too long for a place"),
        ("league", "3", "percentage, a page, a time or a chapter"),
    ],
)
def test_a_place_outside_the_book_is_refused_in_words(unit, typed, words):
    with pytest.raises(PlaceError, match=words):
        place_from(unit, typed, WRITER)


def test_a_book_without_chapters_takes_none():
    with pytest.raises(PlaceError, match="Nobody has entered the chapters"):
        place_from("section", "1", Writer())


@pytest.mark.parametrize(
    ("unit", "entry", "pages", "position"),
    [
        ("page", "61", 400, 1525),
        ("page", "61", 200, 3050),
        # A longer printing would open it to readers who were to wait.
        ("page", "61", 800, 1525),
        ("page", "61", None, 1525),
        ("percent", "15", 200, 1525),
    ],
)
def test_a_place_moves_forwards_with_the_length_of_its_book_and_never_back(unit, entry, pages, position):
    passage = Passage(entry_unit=unit, entry=entry, own_horizon=1525)

    assert position_now(passage, Measures(CHAPTERS, (EditionLength(1, "", pages, None),))) == position


def test_a_chapter_that_is_gone_leaves_the_place_where_it_was():
    passage = Passage(entry_unit="section", entry="section-8", own_horizon=5000)

    assert position_now(passage, MEASURES) == 6000
    assert position_now(passage, Measures()) == 5000


@pytest.mark.parametrize(
    ("position", "unit", "entry", "words"),
    [
        (1525, "page", "61", ["chapter 1", "page 61"]),
        (6000, "section", "section-8", ["chapter 2"]),
        (6000, "section", "section-99", ["chapter 2"]),
        (3700, "percent", "37", ["chapter 2", "37 %"]),
        (9000, "minute", "1:32", ["chapter 3", "at 1 h 32 min"]),
        (9000, "minute", "soon", ["chapter 3", "at soon"]),
        (0, "percent", "0", ["0 %"]),
    ],
)
def test_a_place_is_said_by_its_chapter_and_as_it_was_typed(position, unit, entry, words):
    assert rules.places_of(position, unit, entry, CHAPTERS) == words


def test_without_chapters_a_chapter_that_is_gone_is_a_percentage():
    assert rules.places_of(6000, "section", "section-8") == ["60 %"]


def test_locked_passages_in_a_row_are_one_line():
    carol = {"author": "Carol", "member_id": 3}
    passages = [row(1, 100, text="Seen."), row(2, 200, text="Too."), row(3, 3000), row(4, 6500, **carol)]
    runs = rules.runs_of(passages)

    assert [[passage.id for passage in run] for run in runs] == [[1], [2], [3, 4]]
    assert rules.say_locked_passages(runs[2], CHAPTERS) == "2 passages by Bob and Carol, chapters 2 to 3."
    assert rules.say_locked_passages(runs[2][:1], CHAPTERS) == "Bob, up to chapter 2."


def test_counts_say_what_this_reader_sees():
    assert PassageCount(4, 4).say() == "4 passages"
    assert PassageCount(9, 4).say() == "9 passages: 4 here, 5 ahead of you"


def test_a_key_is_read_as_it_was_written():
    assert PassageKey.parse(str(PassageKey(4200, 17))) == PassageKey(4200, 17)
    for nonsense in (None, "", "4200", "4200-", "x-1", "1-2-3"):
        assert PassageKey.parse(nonsense) is None
