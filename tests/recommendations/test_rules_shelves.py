"""An author's books divided for a reader, what an author is called, and for whom a book is chosen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from bookclub.recommendations.rules import (
    LARGEST_PARTY,
    USUAL_PARTY,
    Participants,
    divide_by_status,
    party,
    surname,
    usernames_in,
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
    found = divide_by_status(books, {1: "finished", 2: "reading", 3: "to_read"}, {4})

    assert [book.id for book in found.read] == [1]
    assert [book.id for book in found.begun] == [2]
    assert [book.id for book in found.unread] == [3]
    assert [book.id for book in divide_by_status(books, {}, ()).unread] == [4, 2, 1, 3]


def test_a_book_is_chosen_for_those_who_were_named_or_for_whoever_was_here_last():
    members = [SimpleNamespace(username=f"M{days_away}") for days_away in range(1, 41)]

    assert party(members, []) == Participants(members[:USUAL_PARTY])
    named = party(members, ["m30", "M3"])
    assert [member.username for member in named.members] == ["M3", "M30"]
    assert named.problem is None


def test_whoever_names_nobody_or_too_many_is_told():
    members = [SimpleNamespace(username=f"m{days_away}") for days_away in range(1, 41)]

    named = party(members, ["Nobody", "m3"])
    assert [member.username for member in named.members] == ["m3"]
    assert named.problem == "Nobody here is called “Nobody”. Check the username."
    assert party(members, ["x", "y"]).members == members[:USUAL_PARTY]
    assert party(members, ["x", "y"]).problem == "Nobody here is called “x” or “y”. Check the username."
    everybody = party(members, [member.username for member in members])
    assert len(everybody.members) == LARGEST_PARTY
    assert everybody.problem is not None
    assert "At most 30" in everybody.problem


def test_usernames_are_ticked_one_by_one_or_typed_in_a_line():
    assert usernames_in(["ada", "", " @bob, Ada  carol,", "bob"]) == ["Ada", "bob", "carol"]
