"""Open Library's records are read whatever is in them; what is typed becomes a question fit to be asked."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches.field_values import MAX_TITLE, FieldError
from bookclub.openlibrary import outages, urls
from bookclub.openlibrary import records as reading
from bookclub.openlibrary import subjects as openlibrary_subjects
from bookclub.openlibrary.records import USED, FoundBook
from bookclub.openlibrary.urls import Sought
from tests.openlibrary.stand_in import RECORDS, WIZARD, found

LATEST = 2029
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "words", "isbn"),
    [
        ("978-0-14-135491-0", "", "9780141354910"),
        ("ISBN: 0141354917", "", "9780141354910"),
        ("1984", "1984", None),
        ("Fahrenheit  451", "fahrenheit 451", None),
        ('title:"Emma" AND (author:Austen) -zombies OR *', "title emma and author austen zombies or", None),
        ("Catch-22", "catch-22", None),
        ("O’Brien's --dog", "o’brien's dog", None),
        ("हिन्दी की किताब", "हिन्दी की किताब", None),
        ("わたしを離さないで", "わたしを離さないで", None),
    ],
)
def test_what_is_typed_becomes_an_isbn_or_plain_words(typed, words, isbn):
    assert urls.sought_from(typed) == Sought(words, isbn)


@pytest.mark.parametrize("typed", ["", "  ", "?!", "—", "\u202e"])
def test_nothing_is_looked_for_where_there_is_no_word(typed):
    assert urls.sought_from(typed) is None


@pytest.mark.parametrize("typed", ["9780141354911", "978-0-14-135491-", "x" * 201])
def test_what_cannot_be_looked_for_is_refused_in_words(typed):
    with pytest.raises(FieldError, match=r"[.]$"):
        urls.sought_from(typed)


@given(st.text(max_size=200))
def test_whatever_is_typed_the_question_has_one_path_and_no_command(typed):
    try:
        sought = urls.sought_from(typed)
    except FieldError:
        return
    if sought:
        parts = urlsplit(sought.path)
        assert parts.path == "/search.json"
        (query,) = parse_qs(parts.query)["q"]
        assert sought.isbn or not set(query) & set(':()[]{}"^~*?\\/!+&|')


def test_the_books_of_a_search_are_told_apart_by_author_year_and_editions():
    first, *others = reading.choices_from(
        RECORDS["search ursula le guin wizard"], Sought("ursula le guin wizard"), LATEST
    )

    assert first == FoundBook(
        WIZARD,
        "A Wizard of Earthsea",
        "",
        ("Ursula K. Le Guin", "Ruth Robbins"),
        1968,
        205,
        104,
        cover=13617691,
    )
    # Neither a year nor an author has to be there, and a year that cannot be is none.
    assert [(one.title, one.authors_line, one.year, one.note) for one in others] == [
        ("Wizard of Earthsea. Tehanu", "Ursula K. Le Guin", None, "1 edition"),
        ("The wizard", "", None, ""),
    ]


def test_a_book_is_called_by_the_title_under_which_it_was_looked_for():
    answer = RECORDS["search one hundred years of solitude"]

    (english,) = reading.choices_from(answer, Sought("one hundred years of solitude"), LATEST)
    (spanish,) = reading.choices_from(answer, Sought("cien años garcía márquez"), LATEST)

    assert (english.title, spanish.title) == ("One Hundred Years of Solitude", "Cien años de soledad")


def test_what_is_no_book_or_has_no_title_is_left_out_and_each_book_comes_once():
    entries = [
        {"key": "/authors/OL1A", "title": "An author"},
        {"key": "/works/OL1W/../../admin", "title": "A path"},
        {"key": "/works/OL1W", "title": " \u202e "},
        {"key": 7, "title": "A number"},
        "a word",
        None,
        *[{"key": "/works/OL2W", "title": f"Twice {n}"} for n in range(2)],
        *[{"key": f"/works/OL{n}W", "title": f"Book {n}"} for n in range(10, 40)],
    ]
    choices = reading.choices_from({"docs": entries}, Sought("book"), LATEST)

    assert [choice.title for choice in choices] == ["Twice 0", *[f"Book {n}" for n in range(10, 19)]]


def test_long_and_strange_lines_are_made_to_fit():
    entry = {
        "key": "/works/OL1W",
        "title": "A\x00title\n" + "x" * 5000,
        "author_name": ["Le Guin; Ursula", "LE GUIN, URSULA", "", "…", 5, None, "N" * 500],
        "number_of_pages_median": 10**9,
        "first_publish_year": True,
    }
    (choice,) = reading.choices_from(found(entry), Sought("a"), LATEST)

    assert (len(choice.title), choice.title[:9]) == (MAX_TITLE, "Atitle xx")
    assert choice.authors == ("Ursula Le Guin", "N" * 120)
    assert (choice.pages, choice.year) == (None, None)


@pytest.mark.parametrize(
    ("record", "pages"),
    [
        ({"number_of_pages": 247}, 247),
        ({"number_of_pages": "247"}, 247),
        ({"pagination": "xi, 221 p. ;"}, 221),
        ({"number_of_pages": 0, "pagination": "2 v. (300 p., 410 pages)"}, 410),
        ({"number_of_pages": -3, "pagination": ["221 p."]}, None),
        ({"pagination": "1 sound disc"}, None),
    ],
)
def test_pages_are_read_as_they_are_written(record, pages):
    assert reading.pages_in(record) == pages


@pytest.mark.parametrize(
    ("description", "text"),
    [
        (RECORDS[f"/works/{WIZARD}.json"]["description"], "Ged, a boy of Gont,\nlets a shadow loose."),
        ("Plain. ([source][1])\r\n\r\n  [1]: http://x", "Plain."),
        (["a list"], ""),
        ({"value": None}, ""),
        ("a\x00b\ud800", "ab"),
    ],
)
def test_a_description_is_made_safe_for_everybody(description, text):
    assert reading.description_in({"description": description}) == text


def test_a_description_is_cut_where_it_is_too_long():
    assert len(reading.description_in({"description": "word " * 9000})) <= 10_000


def test_subjects_make_tags_where_the_club_or_everybody_knows_them():
    subjects = openlibrary_subjects.subjects_in(RECORDS[f"/works/{WIZARD}.json"]["subjects"])

    assert {"coming of age", "fantasy"} <= set(subjects)
    assert openlibrary_subjects.tags_among(subjects, []) == ("fantasy",)
    assert openlibrary_subjects.tags_among(subjects, ["Coming-of-Age"]) == ("Coming-of-Age", "fantasy")
    assert (
        openlibrary_subjects.subjects_in("Fiction") == openlibrary_subjects.subjects_in([None, {}, 3]) == []
    )


@pytest.mark.parametrize(
    ("authors", "ids"),
    [
        ([{"author": {"key": "/authors/OL1A"}}, {"key": "/authors/OL2A"}], ["OL1A", "OL2A"]),
        ([{"author": "/authors/OL3A"}, "/authors/OL4A", {"author": {}}, {}, None], ["OL3A", "OL4A"]),
        ("/authors/OL1A", []),
    ],
)
def test_authors_are_found_in_every_shape_that_is_in_use(authors, ids):
    assert reading.author_ids_in({"authors": authors}) == ids


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.sampled_from(["/works/OL1W"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["key", "value", "docs"]), inner)
    ),
    max_leaves=8,
)
NAMES = (*USED, "author_name", "first_publish_year", "editions")


@given(st.dictionaries(st.sampled_from(NAMES), anything, max_size=6))
def test_no_record_is_too_strange_to_be_read(record):
    reading.choices_from({"docs": [record, *record.values()]}, Sought("word"), LATEST)
    reading.book_of_edition(record, "9780141354910")
    read = (reading.moved_to(record), reading.work_of(record), reading.year_in(record, LATEST))
    assert json.dumps(
        [*read, reading.description_in(record), openlibrary_subjects.subjects_in(record.get("subjects"))]
    )


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("120", 120),
        ("0", 0),
        ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 11:02:00 GMT", 0),
        ("99999999999999999999", 3600),
        ("soon", 0),
        ("", 0),
        ("-5", 0),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(retry_after, seconds):
    assert outages.wait_from(retry_after, NOW) == timedelta(seconds=seconds)


def test_every_trouble_is_told_in_a_sentence_that_says_what_to_do():
    for status in (-1, 0, 403, 429, 500, 502, 503):
        assert "ill in the form yourself" in (outages.trouble_of(status, timedelta(minutes=3), True) or "")
    assert "in 3 minutes" in (outages.trouble_of(429, timedelta(seconds=150), True) or "")
    assert "BOOKCLUB_URL" in (outages.trouble_of(403, timedelta(0), False) or "")
    assert [outages.trouble_of(status, timedelta(0), True) for status in (200, 404)] == [None, None]
