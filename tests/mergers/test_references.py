"""Everything that points to a book or an author has a decision, and no row goes unseen."""

from __future__ import annotations

import pytest

from bookclub.books.models import Author, Book, Edition
from bookclub.bulk import table_of
from bookclub.extensions import Base
from bookclub.readings.models import Reading
from bookclub.reviews.models import Review
from bookclub.sections.models import Section
from bookclub.threads.models import Thread
from tests.mergers.references import LOOSE, REFERENCES

pytestmark = pytest.mark.databases("sqlite", "postgresql")

TARGETS = {table_of(model) for model in (Book, Author, Edition, Section, Reading, Review, Thread)}


def test_every_column_that_points_to_one_has_a_decision():
    """Decide in REFERENCES, and let ``mergers.actions`` do it."""
    found = {
        f"{table.name}.{key.parent.name}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table in TARGETS
    }

    assert found == set(REFERENCES)
    assert all(decision.merger and decision.split for decision in REFERENCES.values())


def test_every_column_that_could_name_a_chapter_or_another_row_by_itself_is_known():
    """Choices and successors are not keys of the database: a new one is decided in LOOSE."""
    names = ("horizon_choice", "became_id", "entry", "arguments", "ranks", "path")
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in names
    }

    # The path of a comment is made of ids of comments, and the entry of a row is a row of a file.
    assert found - {"comment.path", "import_row.entry"} == set(LOOSE)


def test_a_merger_that_would_lose_a_row_is_refused(app, save, write):
    from sqlalchemy import Column, ForeignKey, Integer, Table, insert

    from bookclub.extensions import db, utcnow
    from bookclub.mergers.book_merge import merge_books
    from tests.factories import make_book, make_member

    olive = save(make_member("olga", role="organiser"))
    kept, gone = save(make_book("Sedge")), save(make_book("The Sedge", slug="the-sedge"))
    new = Table(
        "shelf_mark", Base.metadata, Column("id", Integer, primary_key=True),
        Column("book_id", ForeignKey("book.id", ondelete="CASCADE")),
    )  # fmt: skip
    try:
        with app.app_context():
            new.create(db.engine)
        write(lambda: db.session.execute(insert(new).values(book_id=gone.id)))
        with pytest.raises(RuntimeError, match=r"shelf_mark\.book_id"):
            write(lambda: merge_books(kept.id, gone.id, olive, utcnow()))
    finally:
        with app.app_context():
            new.drop(db.engine)
        Base.metadata.remove(new)
