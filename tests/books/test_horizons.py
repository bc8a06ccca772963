"""No edit of a book's chapters or lengths opens anybody's words to those who were kept out of them.

Anybody may edit these, so a horizon that names a chapter follows it forwards and never back.
"""

from __future__ import annotations

import pytest

from bookclub.books.models import Edition
from bookclub.reports.models import SpoilerReport
from bookclub.reviews.models import Review
from bookclub.sections.models import Section
from bookclub.threads.models import Comment, Thread
from tests.factories import make_reading
from tests.reports.reporting import report

CHAPTERS = "One | 0%\nTwo | 20%\nThree | 50%\nFour | 80%"
EDITS = {
    "the end of the chapter moves to the front": "One | 0%\nTwo | 1%\nThree | 2%\nFour | 3%",
    "another chapter comes in between": "One | 0%\nTwo | 20%\nBetween | 21%\nThree | 50%\nFour | 80%",
    "the chapter is gone": "One | 0%\nFour | 1%",
    "all chapters are gone": "",
    "the chapter changes places": "Two | 0%\nOne | 20%\nThree | 50%\nFour | 80%",
}


@pytest.fixture
def world(visit, save, add, alice, bob, rows):
    """Emma in four chapters, and everything that can name the end of the second, by Alice and Bob."""
    book = add("Emma", pages=200)
    save(make_reading(alice, book, position=10_000), make_reading(bob, book, position=10_000))
    alices, bobs = visit(alice), visit(bob)
    assert alices.post("/books/emma/sections", data={"sections": CHAPTERS}).status_code == 303
    two, last = f"section-{rows(Section)[1].id}", f"section-{rows(Section)[3].id}"
    wrote = {"title": "On chapter two", "body": "So it was.", "horizon": two}
    alices.post("/books/emma/reviews/new", data=wrote)
    alices.post("/books/emma/threads", data=wrote)
    alices.post("/books/emma/threads", data={**wrote, "horizon": "0"})
    safe = rows(Comment)[-1]
    alices.post(f"/threads/{safe.thread_id}/comments", data={"body": "Of two.", "horizon": two})
    alices.post(f"/threads/{safe.thread_id}/comments", data={"body": "Of the end.", "horizon": last})
    alices.post(f"/threads/{safe.thread_id}/comments", data={"body": "Safe?", "horizon": "0"})
    report(bobs, rows(Comment)[-1], two)
    assert [one.horizon for one in rows(Comment)] == [5000, 0, 5000, 10_000, 5000]
    return alices


@pytest.fixture
def horizons(rows):
    """``horizons()``: everything that keeps readers out of words, by what it is."""

    def horizons() -> dict[str, int]:
        return {
            **{f"comment {one.id}": one.horizon for one in rows(Comment)},
            **{f"review {one.id}": one.horizon for one in rows(Review)},
            **{f"floor {one.id}": one.floor for one in rows(Thread)},
            **{f"report {one.id}": one.horizon for one in rows(SpoilerReport)},
        }

    return horizons


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_chapters_never_lowers_a_horizon(world, horizons, edit):
    before = horizons()
    assert world.post("/books/emma/sections", data={"sections": EDITS[edit]}).status_code == 303

    after = horizons()
    assert after.keys() == before.keys()
    assert {name for name in before if after[name] < before[name]} == set()


def test_a_chapter_added_at_the_end_opens_nothing(world, horizons):
    """ "Up to the end of the last chapter" meant: for those who have finished."""
    before = horizons()
    world.post("/books/emma/sections", data={"sections": f"{CHAPTERS}\nFive | 81%"})

    assert horizons() == before


def test_a_length_that_is_corrected_lowers_no_horizon(world, horizons, rows):
    (edition,) = rows(Edition)
    world.post(
        "/books/emma/sections/starts",
        data={"section": rows(Section)[2].id, "edition": edition.id, "start": "p. 100"},
    )
    before = horizons()
    for pages in ("400", "101", "2000"):
        assert world.post("/books/emma/edit", data={"pages": pages}).status_code in (303, 422)
        assert {name for name, horizon in horizons().items() if horizon < before[name]} == set()


@pytest.mark.databases("sqlite", "postgresql")
def test_what_names_a_chapter_follows_its_end_forwards(world, horizons):
    """A report does so, too: it said that the words give chapter two away, wherever that ends."""
    world.post("/books/emma/sections", data={"sections": CHAPTERS.replace("50%", "70%")})

    moved = {name for name, horizon in horizons().items() if horizon == 7000}
    assert moved == {"comment 1", "comment 3", "comment 5", "review 1", "floor 1", "floor 2", "report 1"}


def test_the_author_lowers_it_by_saving_the_post_again(world, horizons, rows):
    world.post("/books/emma/sections", data={"sections": CHAPTERS.replace("50%", "30%")})
    before, named = horizons()["comment 3"], rows(Comment)[2]
    world.post(f"/comments/{named.id}/edit", data={"body": "Of two!", "horizon": named.horizon_choice})

    assert (before, horizons()["comment 3"]) == (5000, 3000)
