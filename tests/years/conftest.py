"""Books that were read in 2025, which is over."""

from __future__ import annotations

from datetime import date

import pytest

from bookclub.books.models import Book
from bookclub.members.models import Member
from bookclub.readings.models import Reading
from tests.factories import END, make_reading

YEAR = 2025


def make_read(member: Member, book: Book, day: str = "06-15", **columns) -> Reading:
    """A reading that was finished on a day of 2025, or of another year if it says so."""
    finished_on = date.fromisoformat(day if len(day) > 5 else f"{YEAR}-{day}")
    return make_reading(member, book, position=END, finished_on=finished_on, times_read=1, **columns)


@pytest.fixture
def show(visit):
    """``show(alice)`` lets Alice show her years."""

    def show(member: Member, on: int = 1) -> None:
        assert visit(member).post("/settings/years", data={"on": on}).status_code == 303

    return show
