"""An ISBN as shops, files and printed pages write it, wherever one is typed, brought or looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.library_files.values import isbns_from
from bookclub.lib.matches.editions import isbn_from
from bookclub.lib.matches.field_values import FieldError
from bookclub.lib.recommender.pack_files import _digits
from bookclub.lib.text.search_words import search_words
from bookclub.openlibrary.urls import sought_from
from tests.factories import make_book

LONG = "9780307276445"
COPIED = [
    "ISBN-13 : 978-0307276445",
    "ISBN-13 \u200f : \u200e 978-0307276445",
    "\u202aISBN-13\u202c\u00a0:\u00a0978-0307276445\ufeff",
    "isbn-13\u200f:\u200e978-0307276445.",
    "ISBN: 978-0-307-27644-5",
    "ISBN:9780307276445",
    "ISBN 10: 0307276449",
    "ISBN-10 : 0307276449",
    "ISBN10 0307276449",
    "ISBN 13 9780307276445",
    "ISBN (13): 9780307276445",
    "ISBN-13 (print): 978-0-307-27644-5 (pbk.)",
    "e-ISBN 978-0-307-27644-5",
    "urn:isbn:9780307276445",
    "978−0−307—27644‑5",
    "978\u2009030727\u20096445",
    "978-0\u00ad307276445",
    "ＩＳＢＮ　９７８－０３０７２７６４４５",
    "٩٧٨٠٣٠٧٢٧٦٤٤٥",
    '="0307276449"',
    "“0307276449”",
    "0307276449 (paperback)",
    "  0-307-27644-9;  ",
    "978-0307276445\r\n",
]


@pytest.mark.parametrize("typed", COPIED)
def test_an_isbn_is_taken_everywhere_as_it_is_copied(typed):
    assert isbn_from(typed) == LONG
    assert search_words(typed) == [LONG]
    assert isbns_from(typed) == (LONG,)
    assert sought_from(typed.strip()).isbn == LONG
    assert _digits(typed) == _digits(LONG)


@given(
    st.sampled_from(["", "ISBN", "ISBN-13", "isbn 10", "Isbn13"]),
    st.text(" :\u200e\u200f\u202a\ufeff\u00a0", max_size=8).filter(lambda between: set(between) & set(" :")),
    st.sampled_from([LONG, "978-0-307-27644-5", "0307276449"]),
    st.text(" .,\u200e\u202c\u200b", max_size=5),
)
def test_no_mark_around_an_isbn_hides_it(name, between, number, behind):
    assert isbn_from(f"{name}{between}{number}{behind}") == LONG


@given(st.text(max_size=60))
def test_anything_else_is_refused_in_a_sentence(typed):
    found, said = None, "."
    try:
        found = isbn_from(typed)
    except FieldError as refusal:
        said = str(refusal)

    assert said.endswith(".")
    assert found is None or (len(found) == 13 and found.isdecimal())


def test_a_form_takes_a_copied_isbn_and_a_search_finds_it(visit, alice):
    client = visit(alice)
    added = client.post("/books/new", data={"title": "Salt", "authors": "Ann Hale", "isbn": COPIED[1]})
    assert added.status_code == 303, added.text

    assert "Salt" in client.get("/books", query_string={"q": COPIED[0]}).text


def test_an_edition_takes_a_copied_isbn(visit, save, alice):
    save(make_book("Salt"))

    added = visit(alice).post("/books/salt/editions/new", data={"isbn": COPIED[2], "format": "paperback"})

    assert added.status_code == 303, added.text
    assert "978-0-307-27644-5" in visit(alice).get("/books/salt").text
