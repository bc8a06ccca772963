"""A thread and a book to put pictures into, and ways to send and to ask for them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.members.models import Club
from bookclub.pictures.models import Picture
from bookclub.threads.models import Comment
from tests.factories import make_book, make_reading, make_thread
from tests.pictures.samples import upload

HTMX = {"HX-Request": "true"}


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    """A titled thread that Alice opened, safe for everybody."""
    return save(make_thread(alice, book, "The picnic"))


@pytest.fixture
def finished(save, book):
    """``finished(bob)`` has read the book."""
    return lambda member: save(make_reading(member, book, position=10_000))


@pytest.fixture
def public(app, save):
    """Visitors may read in this club."""
    with app.app_context():
        club = db.session.get(Club, 1)
    club.is_public = True
    return save(club)


@pytest.fixture
def say(visit, thread):
    """``say(alice, "Look.", alt="A door")`` posts a comment with a picture; returns the answer."""

    def say(member: Any, body: str = "Look.", *files: Any, headers: Any = None, **fields: Any) -> Any:
        words = {"picture_alt": fields.pop("alt", "A door")}
        sent = {"body": body, "horizon": "0", "picture": list(files) or [upload()], **words, **fields}
        return visit(member).post(f"/threads/{thread.id}/comments", data=sent, headers=headers)

    return say


@pytest.fixture
def pictures(app):
    """``pictures()`` is every picture there is, the oldest first."""

    def pictures() -> list[Picture]:
        with app.app_context():
            return list(db.session.scalars(select(Picture).order_by(Picture.id)))

    return pictures


@pytest.fixture
def latest(app):
    """``latest()`` is the newest comment."""

    def latest() -> Comment:
        with app.app_context():
            return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()

    return latest


@pytest.fixture
def status(visit):
    """``status(bob, 3)`` is what Bob is answered when he asks for a picture."""
    return lambda member, number, width=480: (
        visit(*([member] if member else [])).get(f"/pictures/{number}/{width}.webp").status_code
    )
