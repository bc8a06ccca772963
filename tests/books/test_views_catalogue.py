"""The catalogue: what it finds, how it sorts, and how it goes on."""

from __future__ import annotations

import re

import pytest

from tests.books.pages import cards, next_of
from tests.cases import each


@pytest.mark.databases("sqlite", "postgresql")
@each(
    ("asked", "titles"),
    [
        ("", ["Beowulf", "Der kleine Prinz", "Nocturnes", "Odyssey", "The Remains of the Day"]),
        (
            "?sort=year",
            ["Odyssey", "Der kleine Prinz", "The Remains of the Day", "Nocturnes", "Beowulf"],
        ),
        (
            "?sort=rating",
            ["The Remains of the Day", "Nocturnes", "Beowulf", "Der kleine Prinz", "Odyssey"],
        ),
        ("?sort=nonsense&q=noc", ["Nocturnes"]),
        ("?q=ISHIGURO+day", ["The Remains of the Day"]),
        ("?q=saint+exupery", ["Der kleine Prinz"]),
        ("?q=Exup%C3%A9ry", ["Der kleine Prinz"]),
        ("?q=adventure", ["Odyssey"]),
        ("?q=978-0-571-24498-0", ["Nocturnes"]),
        ("?q=057124498X", ["Nocturnes"]),
        ("?q=9780571", ["Nocturnes"]),
        ("?q=%25", []),
        ("?q=_", []),
        ("?q=%5C", []),
        ("?q=%00", ["Beowulf", "Der kleine Prinz", "Nocturnes", "Odyssey", "The Remains of the Day"]),
        ("?q=nothing+like+it", []),
        ("?tag=memory", ["Der kleine Prinz", "The Remains of the Day"]),
        ("?tag=memory&author=kazuo-ishiguro", ["The Remains of the Day"]),
        ("?author=kazuo-ishiguro&sort=year", ["The Remains of the Day", "Nocturnes"]),
        ("?tag=nothing", []),
        ("?tag=x%00", []),
        ("?author=x%00", []),
        ("?q=&author=&tag=&sort=&after=", None),
    ],
)
def test_the_catalogue_finds_sorts_and_filters(visit, alice, shelf, asked, titles):
    page = visit(alice).get(f"/books{asked}")

    assert page.status_code == 200
    if titles is None:
        titles = ["Beowulf", "Der kleine Prinz", "Nocturnes", "Odyssey", "The Remains of the Day"]
    if "rating" in asked:
        assert cards(page)[:2] == titles[:2]
        assert sorted(cards(page)) == sorted(titles)
    else:
        assert cards(page) == titles


@pytest.mark.databases("sqlite", "postgresql")
@each("typed", ["x" * 100_000, "💔" * 300, "\u202e", "a " * 500, "%' OR 1=1 --", "\ufffd"])
def test_no_search_is_too_strange(visit, alice, shelf, typed):
    assert visit(alice).get("/books", query_string={"q": typed}).status_code in (200, 414)


def test_what_is_not_found_can_be_added(visit, alice, shelf):
    page = visit(alice).get("/books?q=Middlemarch")

    assert "Nothing found" in page.text
    assert 'href="/books/new?title=Middlemarch"' in page.text


def test_an_empty_catalogue_says_what_to_do(visit, alice):
    page = visit(alice).get("/books")

    assert "The shelves are empty" in page.text
    assert 'href="/books/new"' in page.text


@pytest.mark.databases("sqlite", "postgresql")
def test_every_book_comes_once_on_the_pages_of_the_catalogue(visit, alice, many):
    many(150)
    client = visit(alice)
    for sort in ("title", "year", "rating"):
        seen, address = [], f"/books?sort={sort}"
        while address:
            page = client.get(address)
            seen += re.findall(r'class="book" href="/books/([^"]+)"', page.text)
            address = next_of(page)

        assert len(seen) == len(set(seen)) == 150, sort


def test_the_next_page_keeps_what_was_asked_for(visit, alice, many):
    many(120)
    page = visit(alice).get("/books?tag=all&q=book&sort=year")

    assert {"tag=all", "q=book", "sort=year"} < set(next_of(page).partition("?")[2].split("&"))


@each("sort", ["title", "year", "rating"])
def test_a_key_that_is_none_begins_at_the_beginning(visit, alice, shelf, sort):
    client = visit(alice)
    for after in ("garbage", "%00", "é", "A" * 5000, "WyJ0aXRsZSIsIngiLDFd"):
        assert client.get(f"/books?sort={sort}&after={after}").status_code == 200, after


def test_a_list_takes_as_many_statements_for_300_books_as_for_3(visit, alice, many, statements):
    addresses = ("/books", "/books?q=book&tag=all&author=everybody", "/authors/everybody")
    client = visit(alice)

    def counts(shown):
        for address in addresses:
            client.get(address)
            with statements() as sent:
                assert len(cards(client.get(address))) == shown
            yield len(sent)

    many(3)
    few = list(counts(3))
    many(297)

    assert all(few)
    assert list(counts(48)) == few
