"""Books that somebody may mean who is typing a mention."""

from __future__ import annotations

import re

import pytest

from tests.cases import each
from tests.factories import make_author, make_book


@pytest.fixture
def books(save):
    ishiguro = save(make_author("Kazuo Ishiguro"))
    save(make_book("The Remains of the Day", author=ishiguro), make_book("Remainder"), make_book("Emma"))
    save(*(make_book(f"Çava {number}") for number in range(9)), make_book("<b>Bold</b>"))


@each(
    ("typed", "titles"),
    [
        ("rem", ["Remainder", "The Remains of the Day"]),
        ("The REM", ["Remainder", "The Remains of the Day"]),
        ("remains of the day", ["The Remains of the Day"]),
        ("cava", [f"Çava {number}" for number in range(6)]),
        ("<b>b", ["&lt;b&gt;Bold&lt;/b&gt;"]),
        ("nothing", []),
        ("%", []),
        ("", []),
        ("\x00", []),
    ],
)
def test_books_whose_titles_begin_so_are_proposed(visit, alice, books, typed, titles):
    answer = visit(alice).get("/mentions", query_string={"q": typed})

    assert answer.status_code == 200
    assert re.findall(r'data-title="([^"]*)"', answer.text) == titles


def test_visitors_are_proposed_nothing(visitor, books):
    assert visitor.get("/mentions?q=rem").status_code == 303
