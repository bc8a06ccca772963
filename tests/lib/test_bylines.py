"""The names in the field of the authors: one or several, in which order, and in which role."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.matches.author_names import identity_key
from bookclub.lib.matches.bylines import parse_authors, read_byline
from bookclub.lib.matches.contributors import ROLES, Contributor, role_of, split_role
from bookclub.lib.matches.field_values import FieldError, title_from

SURE = [
    ("Ann Hale", ("Ann Hale",)),
    ("Le Brin, Orla K.", ("Orla K. Le Brin",)),
    ("Marlin, J. Q.", ("J. Q. Marlin",)),
    ("García Marquín, Abel", ("Abel García Marquín",)),
    ("King, Martin Lothar, Jr.", ("Martin Lothar King Jr.",)),
    ("Kurt Vonlind, Jr.", ("Kurt Vonlind, Jr.",)),
    ("Ann Hale; Bo Reed", ("Ann Hale", "Bo Reed")),
    ("Ann Hale\nBo Reed", ("Ann Hale", "Bo Reed")),
    ("José Ortiz y Casset", ("José Ortiz y Casset",)),
    ("Ann Hale et al.", ("Ann Hale",)),
    ("Ann Hale (Goodreads Author)", ("Ann Hale",)),
    ("Ann Hale (2)", ("Ann Hale (2)",)),
    ("Andy Sands", ("Andy Sands",)),
    ("Jo Rubin (Translator)", ("Jo Rubin (translator)",)),
    ("Rubin, Jo (Translator)", ("Jo Rubin (translator)",)),
    ("Haru Mori, Jo Rubin (Translator)", ("Haru Mori", "Jo Rubin (translator)")),
    ("Haru Mori, translated by Jo Rubin", ("Haru Mori", "Jo Rubin (translator)")),
    ("Haru Mori (translated from the Dutch by Jo Rubin)", ("Haru Mori", "Jo Rubin (translator)")),
    ("Ann Hale; Illustrated by Bo Reed", ("Ann Hale", "Bo Reed (illustrator)")),
]
DOUBTFUL = [
    "Ann Hale, Bo Reed",
    "Ann Hale and Bo Reed", "Ann Hale & Bo Reed", "Ann Hale + Bo Reed", "Ann Hale / Bo Reed",
    "Ann Hale/Bo Reed", "Ann Hale with Bo Reed", "Ann Hale und Bo Reed", "Ann Hale et Bo Reed",
    "Ann Hale y Bo Reed", "Ann Hale och Bo Reed", "Ann Hale og Bo Reed", "Ann Hale mit Bo Reed",
    "Hale, Ann and Reed, Bo", "Hale, Ann, Reed, Bo", "Ann Hale， Bo Reed",
]  # fmt: skip
# fmt: off
WORDS_OF_ROLES = [
    ("Translator", "translator"), ("trans.", "translator"),
    ("Übersetzer", "translator"), ("Übers.", "translator"),
    ("traducteur", "translator"), ("traductora", "translator"),
    ("vertaler", "translator"), ("訳", "translator"),
    ("Illustrator", "illustrator"), ("ill.", "illustrator"), ("Illustrations", "illustrator"),
    ("Editor", "editor"), ("ed.", "editor"),
    ("Hrsg.", "editor"), ("Herausgeber", "editor"), ("a cura di", "editor"),
    ("Narrator", "narrator"), ("Read by", "narrator"),
    ("Sprecherin", "narrator"), ("Reader", "narrator"),
    ("Introduction", "introduction"), ("Foreword by", "introduction"), ("Vorwort", "introduction"),
    ("Cover artist", "contributor"), ("Photographer", "contributor"), ("Adapter", "adapter"),
    ("Author", "author"), ("Goodreads Author", "author"), ("Author, Illustrator", "author"),
    ("2", None), ("Stephen King", None), ("born 1920", None), ("", None),
]
# fmt: on


@pytest.mark.parametrize(("typed", "names"), SURE)
def test_names_that_read_one_way_are_not_asked_about(typed, names):
    reading = read_byline(typed)

    assert not reading.is_doubtful
    assert reading.one.texts == names


@pytest.mark.parametrize("typed", DOUBTFUL)
def test_names_that_may_be_two_or_one_are_open(typed):
    reading = read_byline(typed)

    assert reading.is_doubtful
    assert reading.several.authors == ("Ann Hale", "Bo Reed")
    assert len(reading.one.authors) == 1


def test_three_names_are_three():
    assert read_byline("Ann Hale, Bo Reed, and Cy Moss").several.authors == ("Ann Hale", "Bo Reed", "Cy Moss")


def test_a_name_that_is_known_is_not_asked_about():
    known = frozenset({identity_key("Hale and Reed")})

    assert not read_byline("Hale and Reed", known).is_doubtful
    assert read_byline("Hale and Moss", known).is_doubtful


@pytest.mark.parametrize(("words", "role"), WORDS_OF_ROLES)
def test_words_beside_a_name_tell_its_role(words, role):
    assert role_of(words) == role


@pytest.mark.parametrize("name", ["(Translator)", "Ed McBane", "Trans Lator Hale", "Ann Hale (2)"])
def test_a_name_that_only_looks_like_a_role_stays(name):
    assert split_role(name) == (name, "author")


@given(st.sampled_from(["Ann Hale", "Orla Le Brin", "海野 月子", "O'Dray"]), st.sampled_from(sorted(ROLES)))
def test_a_role_survives_the_field(name, role):
    text = Contributor(name, role).text

    assert read_byline(text).one.contributors == (Contributor(name, role),)


@given(st.text(max_size=120))
def test_any_text_is_read_into_names_that_show(typed):
    reading = read_byline(typed)

    assert all(name.strip() for byline in (reading.one, reading.several) for name in byline.texts)
    assert len(reading.several.texts) >= 1 or not reading.one.texts


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", "\u115f\u1160", "\uffa0"])
def test_a_name_or_title_of_which_nothing_is_drawn_is_none(blank):
    with pytest.raises(FieldError, match="at least one author"):
        parse_authors(blank)
    with pytest.raises(FieldError, match="Give the title"):
        title_from(blank)
