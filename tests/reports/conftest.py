"""A thread on a book with something said in it, and ways to look at what is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bookclub.extensions import db
from bookclub.notices.models import Notice
from bookclub.reports.models import SpoilerReport
from tests.factories import make_book, make_comment, make_reading, make_thread


@pytest.fixture
def book(save):
    return save(make_book("Emma"))


@pytest.fixture
def thread(save, alice, book):
    """A titled thread that Alice opened, safe for everybody."""
    thread = save(make_thread(alice, book, "The picnic"))
    save(make_comment(thread, alice, "What a day."))
    return thread


@pytest.fixture
def said(save, thread, alice):
    """What Alice said in it, safe for everybody as she thought."""
    return save(make_comment(thread, alice, "Badly done, Emma."))


@pytest.fixture
def halfway(save, book, bob):
    """Bob has read half of the book."""
    return save(make_reading(bob, book, position=5000))


@pytest.fixture
def kept(app):
    """``kept(comment)`` is the row as the database has it now."""

    def kept(row):
        with app.app_context():
            return db.session.get(type(row), row.id)

    return kept


@pytest.fixture
def reports(app):
    """``reports()`` is every report there is, the oldest first."""

    def reports() -> list[SpoilerReport]:
        with app.app_context():
            return list(db.session.scalars(select(SpoilerReport).order_by(SpoilerReport.id)))

    return reports


@pytest.fixture
def told(app):
    """``told(alice)`` is what she was told of: (kind, by whom), the oldest first."""

    def told(member) -> list[tuple[str, int | None]]:
        with app.app_context():
            notices = db.session.scalars(
                select(Notice).where(Notice.member_id == member.id).order_by(Notice.id)
            )
            return [(notice.kind, notice.actor_id) for notice in notices]

    return told
