"""Searches as readers make them, and the index beneath."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from bookclub.extensions import db
from bookclub.members.models import Club, Member
from tests.factories import make_book, make_reading, make_thread
from tests.indexes import read_index


@pytest.fixture
def find(visit) -> Callable[..., list[str]]:
    """``find(bob, "butler")`` are the addresses of what Bob finds, in their order; None is a visitor."""

    def find(who: Member | None, q: str, **narrowed: object) -> list[str]:
        page = visit(who).get("/search?" + urlencode({"q": q, **narrowed}))
        assert page.status_code == 200, page.words
        return re.findall(r'<h3><a href="([^"]+)">', page.text)

    return find


@pytest.fixture
def indexed(app) -> Callable[[], dict[int, str]]:
    """``indexed()`` is all that the index holds: its words by their numbers."""

    def indexed() -> dict[int, str]:
        with app.app_context():
            return {number: " ".join(words).strip() for number, words in read_index().items()}

    return indexed


@pytest.fixture
def open_club(app, save) -> None:
    """Make the club public."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    save(club)


@pytest.fixture
def book(save):
    return save(make_book("The Remains of the Day"))


@pytest.fixture
def thread(save, alice, book):
    return save(make_thread(alice, book, "A quiet man"))


@pytest.fixture
def halfway(save, bob, book):
    """Bob is halfway through the book."""
    return save(make_reading(bob, book, position=5000))
