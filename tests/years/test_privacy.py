"""A private reading is known to its owner alone: it changes no byte of what others are sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from tests.factories import make_book, make_comment, make_member, make_thread
from tests.years.conftest import YEAR, make_read

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PATHS = (
    "/years", f"/years/{YEAR}", "/years/1999", "/members/alice/years", f"/members/alice/years/{YEAR}",
    "/members/alice/years/1999",
)  # fmt: skip


def sent_to(client, paths=PATHS) -> dict[str, tuple[int, str]]:
    """Status and page of each address, without what is drawn for each page anew."""
    found = {}
    for path in paths:
        answer = client.get(path)
        found[path] = (answer.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text))
    return found


@pytest.fixture
def club(save, show, alice, bob):
    """Alice shows her years, in which she read Emma; three members rated it."""
    emma = save(make_book("Emma"))
    save(*(make_read(member, emma, rating=8) for member in (alice, bob, save(make_member("carol")))))
    thread = save(make_thread(bob, emma))
    save(make_comment(thread, bob, created_at=datetime(YEAR, 5, 5, tzinfo=UTC)), emma)
    show(alice)


def keep_private(visit, alice, slug: str, day: str) -> None:
    """Let Alice finish a book on a day, and keep that to herself."""
    client = visit(alice)
    sent = {"status": "finished", "rating": "1", "is_private": "1", "finished_on": day}
    assert client.post(f"/books/{slug}/reading", data=sent).status_code == 303


@pytest.mark.parametrize("shows", [1, 0])
def test_a_private_reading_changes_nothing_that_others_are_sent(visit, save, show, club, alice, bob, shows):
    show(alice, shows)
    book = save(make_book("Canary", author="Canary Author", pages=9999, first_published=1001))
    # Others may talk about it, whoever has read it.
    thread = save(make_thread(bob, book))
    save(make_comment(thread, bob, created_at=datetime(YEAR, 5, 5, tzinfo=UTC)))
    before = sent_to(visit(bob))
    preview = visit(alice).get(f"/members/alice/years/{YEAR}?as=others").words
    assert "1 book 300 pages" in preview

    # One in a year with other books, and one in a year without any.
    keep_private(visit, alice, book.slug, f"{YEAR}-07-07")
    other = save(make_book("Canary the second"))
    keep_private(visit, alice, other.slug, "1999-07-07")

    assert sent_to(visit(bob)) == before
    hers = visit(alice).get(f"/members/alice/years/{YEAR}").words
    assert "2 books 10,299 pages" in hers
    assert "1 of the books is private: only you see it" in hers
    assert "private" in hers.partition("The books")[2]
    assert "Canary" in visit(alice).get("/members/alice/years/1999").words
    assert "1999 1 book" in visit(alice).get("/years").words


def test_a_look_through_the_eyes_of_others_is_what_they_see(visit, save, club, alice, bob):
    book = save(make_book("Canary"))
    keep_private(visit, alice, book.slug, f"{YEAR}-07-07")

    preview = visit(alice).get(f"/members/alice/years/{YEAR}?as=others")
    seen = visit(bob).get(f"/members/alice/years/{YEAR}")

    assert "Canary" not in preview.words
    assert "This is your year as other members would see it." in preview.words
    article = re.compile(r'<ul class="totals">.*<footer>', re.DOTALL)
    assert article.search(preview.text)[0].replace("/years", "") == article.search(seen.text)[0].replace(
        "/years", ""
    )
    # Nobody else looks through her eyes.
    assert visit(bob).get(f"/members/alice/years/{YEAR}?as=alice").words == seen.words


def test_the_clubs_figures_are_the_same_for_the_private_reader(visit, save, club, alice, bob):
    book = save(make_book("Canary"))
    keep_private(visit, alice, book.slug, f"{YEAR}-07-07")
    main = re.compile(r"<main.*<footer>", re.DOTALL)

    pages = [main.search(visit(who).get(f"/years/{YEAR}").text)[0] for who in (alice, bob)]

    # Their conversations alone may differ: each may read as far as they have read.
    discussed = re.compile(r'<section class="block" aria-labelledby="discussed">.*?</section>', re.DOTALL)
    assert discussed.sub("", pages[0]) == discussed.sub("", pages[1])
    assert "Canary" not in pages[0]


def test_a_reading_that_becomes_private_leaves_every_page(visit, save, club, alice, bob):
    assert "1 book" in visit(bob).get(f"/members/alice/years/{YEAR}").words

    assert visit(alice).post("/books/emma/reading", data={"is_private": "1"}).status_code == 303

    assert "No book finished in 2025" in visit(bob).get(f"/members/alice/years/{YEAR}").words
    assert "1 book 2 readers" in visit(bob).get(f"/years/{YEAR}").words
    # Two ratings are left: they make no mean.
    assert "Liked best" not in visit(bob).get(f"/years/{YEAR}").words
