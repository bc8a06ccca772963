"""An author's books divided for a reader, what an author is called, and for whom a book is chosen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bookclub.recommendations.rules.shelves import (
    LARGEST_PARTY,
    USUAL_PARTY,
    divided,
    party,
    surname,
)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Kazuo Ishiguro", "Ishiguro"),
        ("Ursula K. Le Guin", "Le Guin"),
        ("Simone de Beauvoir", "de Beauvoir"),
        ("Murasaki, Lady", "Murasaki"),
        ("Homer", "Homer"),
        ("Le Guin", "Guin"),
        ("", ""),
    ],
)
def test_an_author_is_called_by_the_surname(name, short):
    assert surname(name) == short


def test_an_authors_books_are_divided_by_what_the_reader_says_and_stand_by_their_years():
    books = [
        SimpleNamespace(id=key, first_published=year)
        for key, year in ((1, 2005), (2, 1989), (3, None), (4, 1982))
    ]
    found = divided(books, {1: "finished", 2: "reading", 3: "to_read"}, {4})

    assert [book.id for book in found.read] == [1]
    assert [book.id for book in found.begun] == [2]
    assert [book.id for book in found.unread] == [3]
    assert [book.id for book in divided(books, {}, ()).unread] == [4, 2, 1, 3]


def test_a_book_is_chosen_for_those_who_were_named_or_for_whoever_was_here_last():
    members = [SimpleNamespace(username=f"m{days_away}") for days_away in range(1, 41)]

    assert party(members, ()) == members[:USUAL_PARTY]
    assert [member.username for member in party(members, {"m3", "m30", "nobody"})] == ["m3", "m30"]
    assert len(party(members, {member.username for member in members})) == LARGEST_PARTY
