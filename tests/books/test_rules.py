"""What a book's facts may be, and how titles, names and slugs are made."""

from __future__ import annotations

import base64
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches import book_fields, bylines, editions, field_values, ratings
from bookclub.lib.matches.book_fields import BookFields
from bookclub.lib.matches.field_values import AdaptationFields, FieldError
from bookclub.lib.text import cursors, keys, search_words
from bookclub.lib.text.cursors import Key

THIS_YEAR = 2026
everything = st.text(st.characters(exclude_categories=()), max_size=300)


def refusal_of(rule, text):
    try:
        rule(text)
    except FieldError as refusal:
        return str(refusal)
    return None


# Folding


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Kazuo  Ishiguro", "kazuo ishiguro"),
        (" Antoine de Saint-Exupéry ", "antoine de saint exupery"),
        ("J.R.R. Tolkien", "j r r tolkien"),
        ("Flann O’Brien", "flann obrien"),
        ("Jo Nesbø", "jo nesbo"),
        ("Stanisław Lem", "stanislaw lem"),
        ("Die Straße", "die strasse"),
        ("Ｎｏｒｗｅｇｉａｎ", "norwegian"),
        ("Ёлка", "елка"),
        ("パパ", "パパ"),
        ("גֶּבֶר", "גבר"),
        ("한강", "한강"),
        ("!?…", ""),
        ("a\u200db\x00c", "ab c"),
    ],
)
def test_case_accents_and_punctuation_do_not_count(typed, folded):
    assert keys.fold(typed) == folded


def test_letters_of_other_scripts_that_differ_stay_different():
    assert keys.fold("ハハ") != keys.fold("パパ")


@given(everything)
def test_folding_twice_changes_nothing(text):
    assert keys.fold(keys.fold(text)) == keys.fold(text)


@given(everything)
def test_what_is_folded_can_be_stored_and_searched(text):
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in keys.key_of(text))
    assert len(keys.key_of(text)) <= 400
    assert len(keys.title_key(text)) <= 600


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The Remains of the Day", "remains of the day"),
        ("A Pale View of Hills", "pale view of hills"),
        ("An Artist of the Floating World", "artist of the floating world"),
        ("The", "the"),
        ("Formula X", "formula x"),
        ("!!!", "!!!"),
    ],
)
def test_titles_sort_without_their_article(title, key):
    assert keys.title_key(title) == key


def test_a_search_takes_an_isbn_however_it_is_written():
    book = BookFields(title="Nocturnes", authors=("Kazuo Ishiguro",), isbn="9780571244980")
    key = book_fields.search_key(book)

    for typed in ("978-0-571-24498-0", "ISBN 9780571244980", "0-571-24498-X", "057124498x"):
        assert all(word in key for word in search_words.search_words(typed)), typed


def test_an_empty_search_asks_for_nothing():
    assert search_words.search_words("  ") == []
    assert search_words.search_words("\x00\u200b") == []


@given(everything)
def test_any_search_gives_a_few_words(text):
    words = search_words.search_words(text)

    assert len(words) <= 8
    assert not any("\x00" in word for word in words)


# Slugs


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Never Let Me Go", "never-let-me-go"),
        ("Finnegan’s Wake", "finnegans-wake"),
        ("Ångström & Söhne", "angstrom-sohne"),
        ("Война и мир", "voyna-i-mir"),
        ("わたしを離さないで", "watashiolisanaide"),
        ("100 Years", "100-years"),
        ("x" * 300, "x" * 70),
    ],
)
def test_a_slug_spells_the_title_in_plain_letters(title, slug):
    assert keys.slug_base(title, "book") == slug


def test_a_long_slug_ends_with_a_word():
    slug = keys.slug_base("word " * 40, "book")

    assert len(slug) <= 70
    assert slug.endswith("-word")


def test_a_title_of_punctuation_gets_a_slug_of_its_own():
    dots, marks = keys.slug_base("…!", "book"), keys.slug_base("?!", "book")

    assert dots.startswith("book-")
    assert marks.startswith("book-")
    assert dots != marks


@given(everything)
def test_every_title_gets_a_slug(title):
    base = keys.slug_base(title, "book")

    assert keys.is_slug(base)
    assert keys.slug_base(title, "book") == base


@given(st.sampled_from(["new", "emma", "emma-2"]), st.integers(0, 40))
def test_a_slug_that_is_taken_gets_the_next_number(base, count):
    taken: list[str] = []
    for _ in range(count):
        slug = keys.free_slug(base, taken)
        assert slug not in taken
        assert slug != "new"
        assert keys.is_slug(slug)
        taken.append(slug)


def test_numbers_are_given_in_order():
    assert keys.free_slug("emma", ["emma", "emma-2", "emma-woodhouse"]) == "emma-3"
    assert keys.free_slug("new", []) == "new-2"


@pytest.mark.parametrize(
    "text", ["", "Emma", "emma--2", "-emma", "emma\n", "em\x00ma", "x" * 81, "émma", None]
)
def test_what_cannot_be_a_slug_is_not_looked_for(text):
    assert not keys.is_slug(text)


# ISBN


@pytest.mark.parametrize(
    "typed",
    [
        "9780571258093",
        "978-0-571-25809-3",
        "978 0 571 25809 3",
        "0571258093",
        "0-571-25809-3",
        "ISBN 0-571-25809-3",
        "ISBN-13: 978-0-571-25809-3",
        "978–0–571–25809–3",
        "９７８０５７１２５８０９３",
    ],
)
def test_both_lengths_of_an_isbn_become_the_long_one(typed):
    assert editions.isbn_from(typed) == "9780571258093"


def test_an_isbn_may_end_in_x():
    assert editions.isbn_from("0-8044-2957-x") == "9780804429573"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9780571258094", "wrong digit"),
        ("0571258094", "wrong digit"),
        ("123", "10 or 13 digits"),
        ("4006381333931", "10 or 13 digits"),
        ("97805712580930", "10 or 13 digits"),
        ("x" * 5000, "10 or 13 digits"),
        ("978\x0005712580", "10 or 13 digits"),
    ],
)
def test_a_wrong_isbn_is_refused_in_words(typed, sentence):
    with pytest.raises(FieldError, match=sentence):
        editions.isbn_from(typed)


@given(st.integers(10**8, 10**9 - 1))
def test_every_isbn_survives_both_forms(number):
    digits = f"{number:09}"
    check = -sum((10 - place) * int(digit) for place, digit in enumerate(digits)) % 11
    short = digits + ("X" if check == 10 else str(check))
    long = editions.isbn_from(short)

    assert long is not None
    assert editions.isbn_from(editions.isbn_text(long)) == long


# Authors and tags


def test_authors_are_separated_by_semicolons_or_lines():
    assert bylines.names_from("Terry Pratchett; Neil  Gaiman\r\n;\nKazuo Ishiguro;") == (
        "Terry Pratchett",
        "Neil Gaiman",
        "Kazuo Ishiguro",
    )


def test_a_family_name_in_front_goes_behind_and_a_suffix_may_follow_a_comma():
    assert bylines.names_from("King, Martin Luther, Jr.") == ("Martin Luther King Jr.",)
    assert bylines.names_from("Kurt Vonnegut, Jr.") == ("Kurt Vonnegut, Jr.",)


def test_an_author_is_named_once_however_it_is_written():
    assert bylines.names_from("Kazuo Ishiguro; kazuo  ISHIGURO") == ("Kazuo Ishiguro",)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "at least one author"),
        (" ;;\n", "at least one author"),
        ("\u200b\u200d", "at least one author"),
        ("---", "not a name"),
        ("a" * 121, "120 characters"),
        ("; ".join(f"Author {number}" for number in range(400)), "these are 400"),
    ],
)
def test_names_that_cannot_be_taken_are_refused_in_words(typed, sentence):
    with pytest.raises(FieldError, match=sentence):
        bylines.names_from(typed)


def names(limit: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(categories=("L", "N", "Zs")), min_size=1, max_size=limit)


@given(st.lists(names(30), min_size=1, max_size=20))
def test_authors_can_be_typed_as_they_are_shown(typed):
    try:
        found = bylines.names_from(";".join(typed))
    except FieldError:
        return
    assert bylines.names_from("; ".join(found)) == found
    assert bylines.names_from("\n".join(found)) == found
    assert len(book_fields.authors_line(found)) <= 800


@given(everything)
def test_names_are_taken_or_refused_and_nothing_else(text):
    for rule in (
        bylines.names_from,
        field_values.tags_from,
        field_values.title_from,
        field_values.subtitle_from,
    ):
        refusal = refusal_of(rule, text)
        assert refusal is None or refusal.strip()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C", "D"], "A, B, C and D"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 others"),
        ([], ""),
    ],
)
def test_many_authors_are_summed_up(typed, line):
    assert book_fields.authors_line(typed) == line


@pytest.mark.parametrize(
    ("typed", "before", "last"),
    [
        ("", "", ""),
        ("kaz", "", "kaz"),
        ("Terry Pratchett; nei", "Terry Pratchett; ", "nei"),
        ("A;B; ", "A;B; ", ""),
    ],
)
def test_the_last_name_is_the_one_being_typed(typed, before, last):
    assert field_values.split_last_name(typed) == (before, last)


def test_tags_are_in_lower_case_and_each_once():
    assert field_values.tags_from("Dystopia, memory,, DYSTOPIA , Sci-Fi，sci fi") == (
        "dystopia",
        "memory",
        "sci-fi",
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 51, "50 characters"),
        (",".join(f"tag {number}" for number in range(30)), "these are 30"),
        ("fine, !!", "not a tag"),
    ],
)
def test_tags_that_cannot_be_taken_are_refused_in_words(typed, sentence):
    with pytest.raises(FieldError, match=sentence):
        field_values.tags_from(typed)


# Titles


@pytest.mark.parametrize("title", ["!!!", "?", "💔", "1984", "Война и мир", "שלום", "  x  "])
def test_a_title_may_be_nearly_anything(title):
    assert field_values.title_from(title) == title.strip()


@pytest.mark.parametrize("title", ["", "  ", "\u200b", "\u202e\u202e", "\u0301"])
def test_a_title_that_nobody_sees_is_none(title):
    with pytest.raises(FieldError, match="Give the title"):
        field_values.title_from(title)


def test_a_title_cannot_turn_the_page_around():
    assert field_values.title_from("\u202eevil\u202c twin") == "evil twin"


def test_emoji_made_of_several_signs_stay_whole():
    assert field_values.title_from("The 👩‍👩‍👧 book") == "The 👩‍👩‍👧 book"


# Years and pages


@pytest.mark.parametrize(
    ("typed", "year"),
    [
        ("2005", 2005),
        (" 2029 ", 2029),
        ("-800", -800),
        ("−800", -800),
        ("800 BC", -800),
        ("800 b.c.", -800),
        ("800BCE", -800),
        ("٢٠٠٥", 2005),
        ("２００５", 2005),
        ("", None),
    ],
)
def test_years_are_read_as_people_write_them(typed, year):
    assert field_values.year_from(typed, THIS_YEAR + 3) == year


@pytest.mark.parametrize("typed", ["0", "-0", "3000", "-5000", "9" * 5000, "-" + "9" * 5000, "5000 BC"])
def test_a_year_that_cannot_be_is_refused(typed):
    with pytest.raises(FieldError, match="Type a year from 4000 BC to 2029"):
        field_values.year_from(typed, THIS_YEAR + 3)


@pytest.mark.parametrize("typed", ["MCM", "2005²", "½", "20.5", "1e3", "--5", "\x00", "2005 AD", "௰"])
def test_what_is_no_year_is_refused(typed):
    with pytest.raises(FieldError, match="is not a year"):
        field_values.year_from(typed, THIS_YEAR)


@given(everything)
def test_years_and_pages_are_taken_or_refused_and_nothing_else(text):
    for rule in (
        lambda typed: field_values.year_from(typed, THIS_YEAR),
        editions.pages_from,
        editions.isbn_from,
    ):
        assert "\x00" not in (refusal_of(rule, text) or "")


@given(st.integers(-4000, THIS_YEAR).filter(bool))
def test_a_year_is_read_as_it_is_shown(year):
    assert field_values.year_from(field_values.year_text(year), THIS_YEAR) == year


@pytest.mark.parametrize(
    ("typed", "pages"), [("288", 288), ("", None), ("٢٨٨", 288), (" 1 ", 1), ("20000", 20000)]
)
def test_pages_are_a_number(typed, pages):
    assert editions.pages_from(typed) == pages


@pytest.mark.parametrize("typed", ["0", "-3", "20001", "9" * 400, "²", "3.5", "lots", "\x00"])
def test_a_number_of_pages_that_cannot_be_is_refused(typed):
    with pytest.raises(FieldError, match="number of pages"):
        editions.pages_from(typed)


# Adaptations


def test_adaptations_are_read_from_their_right():
    typed = "Emma, 2020, film\n\nThe Good, the Bad, and the Ugly, 1966, Movie\nPersuasion, TV\nWe, , play"

    assert field_values.adaptations_from(typed, THIS_YEAR) == (
        AdaptationFields("The Good, the Bad, and the Ugly", 1966, "film"),
        AdaptationFields("Emma", 2020, "film"),
        AdaptationFields("Persuasion", None, "television"),
        AdaptationFields("We", None, "stage"),
    )


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Emma, 2020, film\nEmma", "Line 2: write it as"),
        ("\n\nEmma, 2020, ballet", "Line 3: “ballet” is not one of film"),
        ("Emma, soon, film", "Line 1: “soon” is not a year"),
        ("Emma, 3000, film", "Line 1: Type a year"),
        (", 2020, film", "Line 1: give its title"),
        ("x" * 201 + ", 2020, film", "Line 1: A title may have 200"),
        ("\n".join(f"Emma {number}, film" for number in range(31)), "30 adaptations"),
    ],
)
def test_an_adaptation_that_is_wrong_is_refused_by_its_line(typed, sentence):
    with pytest.raises(FieldError, match=sentence):
        field_values.adaptations_from(typed, THIS_YEAR)


titles = st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=40)
adaptations = st.builds(
    AdaptationFields,
    titles,
    st.none() | st.integers(-4000, THIS_YEAR).filter(bool),
    st.sampled_from(["film", "television", "stage", "opera", "radio", "other"]),
)


@given(st.lists(adaptations, max_size=6))
def test_adaptations_can_be_typed_as_they_are_shown(found):
    typed = "\n".join(field_values.adaptation_text(adaptation) for adaptation in found)
    try:
        once = field_values.adaptations_from(typed, THIS_YEAR)
    except FieldError:
        return
    again = "\n".join(field_values.adaptation_text(adaptation) for adaptation in once)
    assert field_values.adaptations_from(again, THIS_YEAR) == once


# Changes


def test_changes_name_the_fields_that_differ():
    before = BookFields(title="Emma", authors=("Jane Austen",), pages=300)
    after = BookFields(
        title="Emma", authors=("Jane Austen",), first_published=1815, pages=310, tags=("love",)
    )

    assert book_fields.changes_between(before, after) == {
        "first_published": ["", "1815"],
        "pages": ["300", "310"],
        "tags": ["", "love"],
    }
    assert book_fields.changes_between(after, after) == {}


def test_the_average_is_said_in_stars():
    assert ratings.average(17, 2) == "4.2"
    assert ratings.average(0, 0) == ""
    assert ratings.rating_text(17, 2) == "★ 4.2 from 2 readers"
    assert ratings.rating_text(10, 1) == "★ 5.0 from 1 reader"
    assert ratings.rating_text(0, 0) == "not rated yet"


# Keys of lists


@given(
    st.sampled_from([("title", "emma"), ("title", "мы"), ("year", 1815), ("year", None), ("rating", 8500)]),
    st.integers(0, 2**31 - 1),
)
def test_a_key_is_read_as_it_was_written(value, row_id):
    key = Key(*value, row_id)

    assert Key.read(str(key), key.sort) == key


def key_text(written: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(written).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "garbage",
        "é",
        "=",
        "A" * 100_000,
        key_text({}),
        key_text(["title", "emma"]),
        key_text(["title", "emma", "1"]),
        key_text(["title", "emma", True]),
        key_text(["title", "emma", 1.5]),
        key_text(["title", "emma", -1]),
        key_text(["title", "emma", 2**31]),
        key_text(["title", "em\x00ma", 1]),
        key_text(["title", "em\ud800ma", 1]),
        key_text(["title", None, 1]),
        key_text(["title", 5, 1]),
        key_text(["title", "x" * 601, 1]),
        key_text(["year", 1815, 1]),
        key_text("[" * 1000),
    ],
)
def test_what_is_no_key_of_this_list_is_none(text):
    assert Key.read(text, "title") is None


@pytest.mark.parametrize(
    ("sort", "value"), [("year", "1815"), ("year", 10**30), ("rating", None), ("rating", True), ("year", 1.5)]
)
def test_a_key_must_fit_its_sort(sort, value):
    assert Key.read(key_text([sort, value, 1]), sort) is None


@given(st.text(max_size=80) | st.binary(max_size=80).map(lambda raw: raw.decode("latin-1")))
def test_no_key_is_too_strange(text):
    assert Key.read(text, "title") is None or text


@pytest.mark.parametrize(
    ("text", "row_id"),
    [
        ("7", 7),
        (None, None),
        ("", None),
        ("-1", None),
        ("٧", None),
        ("2147483648", None),
        ("9" * 99, None),
        ("x", None),
    ],
)
def test_an_id_in_an_address_fits_its_column(text, row_id):
    assert cursors.row_id_from(text) == row_id
