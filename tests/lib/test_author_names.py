"""Who is the same: one key for every way of writing an author's name, and none for two people."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches.author_names import identity_key, natural_name, same_author
from bookclub.lib.text.keys import NAME_KEY_LENGTH, key_of

ONE_PERSON = [
    ("J. Q. Marlin", "J.Q. Marlin", "JQ Marlin", "Marlin, J. Q.", "j q marlin", "Marlin J Q"),
    ("K. T. Ash", "Ｋ．Ｔ．Ａｓｈ", "K.\u00a0T.\u2009Ash", "\u200eAsh, K. T."),
    ("Orla K. Le Brin", "Le Brin, Orla K.", "LeBrin, Orla K", "Brin, Orla K. Le", "LE BRIN Orla K."),
    ("Honoré de Vasc", "Vasc, Honoré de", "de Vasc, Honoré", "Honore De Vasc", "Honore\u0301 de Vasc"),
    ("Kurt Vonlind", "Kurt Vonlind, Jr.", "Kurt Vonlind Jr", "Vonlind, Kurt, Jr.", "Vonlind Jr., Kurt"),
    ("Tarō Ōbe", "Obe Taro", "Ōbe, Tarō"),
    ("Flann O'Dray", "Flann O’Dray", "O'Dray, Flann", "Flann O' Dray", "Flann O Dray"),
    ("Лев Толмин", "Толмин, Лев", "ТОЛМИН Лев"),
    ("海野月子", "海野 月子", "海野・月子", "海野, 月子"),
    ("Sir Archie Conan Bole", "Archie Conan Bole", "Bole, Archie Conan", "Conan Bole, Sir Archie"),
    ("Jean-Paul Sartin", "Jean Paul Sartin", "Sartin, Jean-Paul", "Jean‐Paul Sartin"),
    ("Oriel Sacke", "Oriel Sacke, M.D.", "Dr. Oriel Sacke", "Sacke, Oriel, MD", "Oriel Sacke, Ph.D."),
    ("Abel García Marquín", "García Marquín, Abel", "GARCIA MARQUIN Abel"),
    ("Kim Yung-sa", "Yung-sa Kim", "Kim, Yung-sa", "Yungsa Kim"),
    ("Dr. Moss", "Dr Moss", "dr.moss"),
    ("Vera van der Hol", "van der Hol, Vera", "Hol, Vera van der"),
    ("Henry James", "James, Henry", "henry  james", "Hen\u200bry James", "\u202aHenry James\u202c"),
]  # fmt: skip
TWO_PEOPLE = [
    ("J. Hale", "John Hale"),
    ("John Hale", "Joan Hale"),
    ("John Hale", "John R. Hale"),
    ("John Hale", "John Hale (2)"),
    ("Henry James", "James Henry"),
    ("George Martin", "Martin George"),
    ("Martin Hale Sr.", "Martin Hale Jr."),
    ("William Hale", "William Hale III"),
    ("Ann Bell", "Anne Bell"),
    ("Miss Reed", "Mr. Reed"),
    ("Ann Hale, Bo Reed", "Ann Hale"),
    ("Ronald Vane", "Arnold Vane"),
    ("Толмин", "Толмина"),
]


@pytest.mark.parametrize("names", ONE_PERSON, ids=lambda names: names[0])
def test_one_person_has_one_key_however_written(names):
    assert {identity_key(name) for name in names} == {identity_key(names[0])}


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_two_people_have_two_keys(one, other):
    assert not same_author(one, other)


def test_all_people_of_the_table_stay_apart():
    keys = [identity_key(names[0]) for names in ONE_PERSON]

    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("typed", "natural"),
    [
        ("Le Brin, Orla K.", "Orla K. Le Brin"),
        ("Vasc, Honoré de", "Honoré de Vasc"),
        ("García Marquín, Abel", "Abel García Marquín"),
        ("King, Martin Lothar, Jr.", "Martin Lothar King Jr."),
        ("Kurt Vonlind, Jr.", "Kurt Vonlind, Jr."),
        ("海野, 月子", "海野 月子"),
        ("Ann Hale, Bo Reed", "Ann Hale, Bo Reed"),
        ("Homer, Ann Hale", "Homer, Ann Hale"),
        ("  Ann   Hale ", "Ann Hale"),
    ],
)
def test_a_name_comes_in_its_natural_order(typed, natural):
    assert natural_name(typed) == natural
    assert natural_name(natural) == natural


@given(st.text(min_size=1, max_size=200))
def test_every_text_has_a_key_that_fits(name):
    key = identity_key(name)

    assert 0 < len(key) <= NAME_KEY_LENGTH
    assert identity_key(natural_name(name)) == key


@given(st.text("abcdeéöß. -'’JKдж月", min_size=1, max_size=40), st.sampled_from(["NFC", "NFD", "NFKC"]))
def test_names_that_fold_alike_have_one_key(name, form):
    other = unicodedata.normalize(form, name)

    assert key_of(other) == key_of(name)
    assert same_author(name, other)
