"""What is read in private feeds nobody's page, count or average."""

from __future__ import annotations

import re

import pytest

from tests.factories import make_book, make_review
from tests.page import words_of


def record(client, book, **fields):
    return client.post(f"/books/{book.slug}/reading", data=fields)


@pytest.fixture
def rated(visit, book, alice, bob):
    """Alice gave it 5 stars in the open, Bob 2 in private."""
    record(visit(alice), book, rating="5", status="finished")
    record(visit(bob), book, rating="2", position="30", is_private="1")
    return book


def average(page):
    found = re.search(r"([\d.]+) from (\d+) reader", words_of(page))
    return (found[1], found[2]) if found else None


def test_a_private_rating_is_kept_and_counts_nowhere(visit, rated, alice, bob, kept):
    assert (kept(bob).rating, kept(bob).is_private) == (4, True)
    assert (kept().rating_count, kept().rating_sum, kept().rating_rank) == (1, 10, 10_000)
    for reader in (alice, bob):
        page = visit(reader).get(f"/books/{rated.slug}").text
        assert average(page) == ("5.0", "1")
        assert re.search(r'class="histogram"[^>]*aria-label="([^"]*)"', page)[1] == "5 stars: 1"


def test_to_go_private_takes_the_rating_out_and_to_come_back_puts_it_in(visit, rated, bob, kept):
    bobs = visit(bob)
    for said in ("0", "0", ""):
        record(bobs, rated, is_private=said)
        assert (kept().rating_count, kept().rating_sum) == (2, 14)
    record(bobs, rated, is_private="1", rating="1")
    assert (kept().rating_count, kept().rating_sum) == (1, 10)
    record(bobs, rated, is_private="0", rating="3")
    assert (kept().rating_count, kept().rating_sum) == (2, 16)
    record(bobs, rated, is_private="1")
    record(bobs, rated, rating="")
    record(bobs, rated, is_private="0")
    assert (kept().rating_count, kept().rating_sum) == (1, 10)


def test_what_does_not_mention_it_leaves_it_private(visit, rated, bob, kept):
    record(visit(bob), rated, position="35")

    assert kept(bob).is_private


def test_a_private_book_is_on_the_shelf_of_its_reader_only(visit, rated, alice, bob, olive):
    for other in (alice, olive):
        page = visit(other).get("/members/bob").text
        assert "Emma" not in page
        assert "No books yet." in page
    for address in ("/members/bob", "/"):
        assert "at 30 % · 2 ★ · private" in visit(bob).get(address).text


def test_beside_a_review_its_authors_private_rating_shows_to_its_author_only(visit, save, rated, alice, bob):
    review = save(make_review(bob, rated))

    stars = "2 of 5 stars"
    addresses = (f"/reviews/{review.id}", f"/books/{rated.slug}", "/members/bob")
    assert [address for address in addresses if stars not in visit(bob).get(address).text] == []
    assert [address for address in addresses if stars in visit(alice).get(address).text] == []


def test_a_private_rating_does_not_move_a_book_in_the_catalogue(visit, save, rated, alice, bob):
    middling = save(make_book("Persuasion"))
    record(visit(alice), middling, rating="4.5")

    page = visit(alice).get("/books?sort=rating").text

    assert page.index("Emma") < page.index("Persuasion")
