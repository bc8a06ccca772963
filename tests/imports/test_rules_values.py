"""What single cells say: days, ratings, numbers, names, series, and the names that people give to shelves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.library_files.days import DayError, day_from, is_day_first, range_from, times_between
from bookclub.lib.library_files.names import read_typed_names, series_from, split_names, titled_from
from bookclub.lib.library_files.shelves import meaning_of
from bookclub.lib.library_files.values import (
    CellError,
    format_from,
    isbns_from,
    minutes_from,
    pages_from,
    rating_from,
    year_from,
)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019/03/07", date(2019, 3, 7)),
        ("2019-03-07", date(2019, 3, 7)),
        ("2019-3-7", date(2019, 3, 7)),
        ("20190307", date(2019, 3, 7)),
        ("[2019-03-07]", date(2019, 3, 7)),
        ("2019-03-07T23:10:00Z", date(2019, 3, 7)),
        ("2019-03-07 23:10:00 +0000", date(2019, 3, 7)),
        ("2019-03", date(2019, 3, 1)),
        ("2019", date(2019, 1, 1)),
        ("03/2019", date(2019, 3, 1)),
        ("03/07/2019", date(2019, 3, 7)),
        ("17/03/2019", date(2019, 3, 17)),
        ("7.3.2019", date(2019, 3, 7)),
        ("7 March 2019", date(2019, 3, 7)),
        ("Thu, 7 Mar 2019 00:00:00", date(2019, 3, 7)),
        ("March 7th, 2019", date(2019, 3, 7)),
        ("Mar 2019", date(2019, 3, 1)),
        ("7/Mar/2019", date(2019, 3, 7)),
        ("Thursday, March 7, 2019 at 10:20 PM", date(2019, 3, 7)),
        ("Thu Mar 07 22:20:00 CET 2019", date(2019, 3, 7)),
        ("", None),
        ("0000-00-00", None),
        ("None", None),
    ],
)
def test_a_day_is_understood_as_it_was_meant(text, day):
    assert day_from(text) == day


@pytest.mark.parametrize(
    "text",
    [
        *(
            "2019-13-45",
            "2019-02-30",
            "yesterday",
            "0019-03-07",
            "9999",
            "13/13/2019",
            "7 Marz 2019",
            "1" * 99,
        ),
        *("30 February 2019", "7 March", "March 19", "Thu 2019", "2019-03-07 and 2021", "7 March 0"),
        "10:20" + "9" * 35 + "inf 7 March 2019",
    ],
)
def test_what_is_no_day_is_told(text):
    with pytest.raises(DayError):
        day_from(text)


def test_one_day_that_leaves_no_doubt_tells_the_order_for_a_whole_file():
    assert is_day_first(["", "2019-03-07", "03/07/2019", "25/12/2019"])
    assert not is_day_first(["03/07/2019", "12/25/2019", "25/12/2019"])
    assert day_from("03/07/2019", day_first=True) == date(2019, 7, 3)


def test_times_come_oldest_first_and_begin_before_they_end():
    new, old = date(2020, 1, 1), date(2010, 1, 1)

    assert times_between([new], [old]) == ((old, new),)
    assert times_between([], [new, old, new]) == ((None, old), (None, new))
    assert times_between([None], [None]) == ()
    assert range_from("2010/01/01-2020/01/01") == (old, new)
    assert range_from("2020/01") == (None, new)
    assert range_from("-2020/01/01") == (None, new)


@pytest.mark.parametrize(
    ("text", "half_stars"),
    [("4", 8), ("4.5", 9), ("4,5", 9), ("4.25", 9), ("0.25", 1), ("5.0", 10), ("0", None), ("0.0", None),
     ("", None), ("★★★½", 7), ("****", 8), ("4½", 9), ("4 stars", 8), ("4/5", 8), ("8/10", 8),
     ("80 / 100", 8)],
)  # fmt: skip
def test_a_rating_is_counted_in_half_stars_and_zero_is_none(text, half_stars):
    assert rating_from(text) == half_stars


@pytest.mark.parametrize("text", ["6", "-1", "good", "5.5", "1e3", "4/0", "★★★★★★", "٣٣"])
def test_what_is_no_rating_is_told(text):
    with pytest.raises(CellError):
        rating_from(text)


@pytest.mark.parametrize(
    ("text", "isbns"),
    [
        ("0441172695", ("9780441172696",)),
        ("441172695", ("9780441172696",)),
        ("978-0-441-17269-6", ("9780441172696",)),
        ("978 0 441 17269 6", ("9780441172696",)),
        ("ISBN-13: 9780441172696", ("9780441172696",)),
        ("[0441172695]", ("9780441172696",)),
        ("9780441172696.0", ("9780441172696",)),
        ("080442957x, 9780441172696", ("9780804429573", "9780441172696")),
        ("080442957X 9780441172696", ("9780804429573", "9780441172696")),
        ("9780441172697, 9780441172696", ("9780441172696",)),
        ("B00B7NPRY8", ()),
        ("0000000000", ()),
        ("", ()),
    ],
)
def test_isbns_are_found_in_whatever_stands_around_them(text, isbns):
    assert isbns_from(text) == isbns


@pytest.mark.parametrize("text", ["9780441172697", "0441172696", "9.78044E+12"])
def test_an_isbn_with_a_wrong_digit_is_told(text):
    with pytest.raises(CellError):
        isbns_from(text)


def test_years_pages_minutes_and_formats():
    years = {"1979": 1979, "c1979": 1979, "2008-11-11": 2008, "11/20/2008": 2008, "-800": -800,
             "800 BC": -800, "[1979]": 1979, "1979.0": 1979,
             "Gallimard (1979), Poche": 1979, "0": None}  # fmt: skip
    assert {text: year_from(text) for text in years} == years
    pages = {"590": 590, "590 p.": 590, "xii, 590 p.": 590, "1,024": 1024, "590.0": 590, "0": None, "": None}
    assert {text: pages_from(text) for text in pages} == pages
    assert [minutes_from(text) for text in ("586", "9:46", "9:46:10", "9 hrs 46 mins", "0")] == [
        586,
        586,
        586,
        586,
        None,
    ]
    assert minutes_from("25686", "second") == 428
    formats = {"Kindle Edition": "ebook", "Mass Market Paperback": "paperback", "Audio CD": "audiobook",
               "Library Binding": "hardback", "digital": "ebook", "Unknown Binding": ""}  # fmt: skip
    assert {text: format_from(text) for text in formats} == formats
    for read, text in ((year_from, "9999"), (pages_from, "999999"), (minutes_from, "long")):
        with pytest.raises(CellError):
            read(text)


@pytest.mark.parametrize(
    ("text", "title", "series", "number"),
    [
        ("Messiah (Sand, #2)", "Messiah", "Sand", 2),
        ("Messiah (Sand #2.5)", "Messiah", "Sand", 2.5),
        ("Messiah (Sand Saga, Book 2)", "Messiah", "Sand Saga", 2),
        ("Colour (Disc (World), #1; Wind, #1)", "Colour", "Disc (World)", 1),
        ("All of it (Sand, #1-3)", "All of it", "Sand", None),
        ("Sand (Fiction & Co)", "Sand (Fiction & Co)", "", None),
        ("Sand (Volume 3)", "Sand (Volume 3)", "", None),
        ("(Sand, #1)", "(Sand, #1)", "", None),
        ("Catch #22", "Catch #22", "", None),
    ],
)
def test_a_title_is_told_from_the_series_behind_it(text, title, series, number):
    assert titled_from(text) == (title, series, number)


def test_names_are_read_in_either_order():
    assert read_typed_names("Ishiguro, Kazuo") == read_typed_names("Kazuo Ishiguro") == ("Kazuo Ishiguro",)
    assert read_typed_names("Le Guin, Ursula K.") == ("Ursula K. Le Guin",)
    assert read_typed_names("Neil Gaiman, Terry Pratchett") == read_typed_names(
        "Gaiman, Neil; Pratchett, Terry"
    )
    assert read_typed_names("Gaiman, Neil & Pratchett, Terry") == ("Neil Gaiman", "Terry Pratchett")
    assert split_names("Kurt Vonnegut, Jr., Ann Lee (Translator)") == ("Kurt Vonnegut Jr.",)
    assert split_names("Ann Lee (Translator)") == ("Ann Lee",)
    assert series_from("Sprawl (#1.0)") == series_from("Sprawl, #1; Other #2") == ("Sprawl", 1)
    assert series_from("Sprawl") == ("Sprawl", None)


@pytest.mark.parametrize(
    ("meaning", "shelves"),
    [
        ("finished", "read|Read|finished|Already read|Read but unowned|gelesen|lu|leído"),
        ("reading", "currently-reading|Currently Reading|CURRENTLY_READING|reading|paused|En cours|leyendo"),
        ("to_read", "to-read|Want to Read|want_to_read|TBR|Wishlist|à lire|a-lire|quiero leer|zu lesen"),
        ("did_not_finish", "did-not-finish|dnf|DNF|abandoned|dropped|wont-finish|won't finish|Won’t Finish|"
         "gave-up-on|couldn't-finish|dnf-2020|zz_abandoned|dnf-at-50|stopped-reading|Stopped|abgebrochen|"
         "abandonné|unfinished|did not finish (yet)|abandoned-books-2019"),
        (None, "sci-fi|read-2019|favorites|owned|already-bought|reading-group|to-read-aloud|almost-dnf|"
         "not-dnf|finished-series|Read Aloud|currently-owned||dropped-stitches|5-stars"),
    ],
)  # fmt: skip
def test_a_shelf_means_the_same_whatever_people_call_it(meaning, shelves):
    assert {shelf: meaning_of(shelf) for shelf in shelves.split("|")} == dict.fromkeys(
        shelves.split("|"), meaning
    )


READERS = (day_from, rating_from, isbns_from, year_from, pages_from, minutes_from, format_from, titled_from,
           series_from, read_typed_names, split_names, meaning_of, range_from)  # fmt: skip


@given(st.sampled_from(READERS), st.one_of(st.text(), st.from_regex(r"[\d./:,;#()\- ½★-]*", fullmatch=True)))
def test_no_text_does_more_than_to_be_no_value(read, text):
    try:
        read(text)
    except (DayError, CellError):
        return
