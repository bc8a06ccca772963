"""Emma with its chapters and pages, and readers who have come so far."""

from __future__ import annotations

import pytest

from bookclub.sections.models import Section
from tests.factories import make_book, make_meeting, make_reading

END = 10_000
TEXT = "Badly done, Emma! Badly done, indeed!"


@pytest.fixture
def emma(save):
    """A book of 400 pages, whose three chapters start at 0, 25 and 60 %."""
    book = save(make_book("Emma", pages=400))
    save(
        *(
            Section(book_id=book.id, place=place, title=title, typed_start=start, start=start)
            for place, (title, start) in enumerate((("Highbury", 0), ("The ball", 2500), ("Box Hill", 6000)))
        )
    )
    return book


@pytest.fixture
def readers(save, emma, alice, bob, olive, mod):
    """Alice and Olive have finished the book, Bob has begun it, and Mo has not."""
    return save(
        make_reading(alice, emma, position=END),
        make_reading(olive, emma, position=END),
        make_reading(bob, emma, position=1000),
    )


@pytest.fixture
def meeting(save, olive, emma):
    """A meeting for which half of Emma was to be read."""
    return save(make_meeting(olive, emma, horizon=5000))


@pytest.fixture
def keep(visit, emma):
    """``keep(alice, text, position="50")`` sends a passage from Emma, counted in percent."""

    def keep(member, text=TEXT, **fields):
        data = {"text": text, "position_unit": "percent", "position": "50", **fields}
        return visit(member).post("/books/emma/passages", data=data)

    return keep
