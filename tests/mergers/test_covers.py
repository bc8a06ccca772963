"""The cover of two books that become one and two again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bookclub.books.models import Book
from bookclub.extensions import db, utcnow
from bookclub.mergers.models import Merger
from bookclub.pictures import actions as pictures
from bookclub.pictures.models import Picture
from tests.factories import make_book, make_picture

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def undo(app, visit, olive):
    """Undo the latest merger."""

    def undo():
        with app.app_context():
            latest = db.session.scalar(select(func.max(Merger.id)))
        assert visit(olive).post(f"/mergers/{latest}/reversal").status_code == 303

    return undo


@pytest.fixture
def covered(save, alice):
    """``covered(book)`` gives a book a cover; returns the picture."""

    def covered(book):
        made = save(make_picture(alice, book_id=book.id))
        book.cover_id = made.id
        save(book)
        return made

    return covered


@pytest.fixture
def cover_of(app):
    """``cover_of(book)`` is the picture that its row names, and the one that says it is its cover."""

    def cover_of(book):
        with app.app_context():
            named = db.session.scalar(select(Book.cover_id).where(Book.id == book.id))
            return named, db.session.scalar(select(Picture.id).where(Picture.book_id == book.id))

    return cover_of


def test_the_cover_goes_to_the_kept_book_and_back(merge, undo, save, covered, cover_of):
    kept, gone = save(make_book("Sedge"), make_book("The Sedge"))
    cover = covered(gone)
    merge("books", gone.slug, into=kept.slug)
    assert cover_of(kept) == (cover.id, cover.id)

    undo()
    assert cover_of(gone) == (cover.id, cover.id)
    assert cover_of(kept) == (None, None)


def test_of_two_covers_the_kept_book_s_stays(app, merge, undo, save, write, covered, cover_of):
    kept, gone = save(make_book("Sedge"), make_book("The Sedge"))
    mine, theirs = covered(kept), covered(gone)
    merge("books", gone.slug, into=kept.slug)
    assert cover_of(kept) == (mine.id, mine.id)

    # The other is deleted after a day, and not missed when its book comes back.
    write(lambda: pictures.delete_stale(utcnow() + timedelta(hours=25)))
    undo()
    assert cover_of(kept) == (mine.id, mine.id)
    assert cover_of(gone) == (None, None)
    with app.app_context():
        assert db.session.get(Picture, theirs.id) is None
