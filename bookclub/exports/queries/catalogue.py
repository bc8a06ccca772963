"""The catalogue as rows: books, authors, editions, and chapters without the titles that tell too much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ...books.models import Author, Book, BookAuthor, BookTag, Contribution, Edition, Section
from ...extensions import db
from ...readings.rules import END, START, SectionPlace, name_of
from . import rows_of

Rows = Iterator[Mapping[str, Any]]
BOOKS_AT_ONCE = 200


def books_whole() -> Iterator[Book]:
    """Every book with its authors, tags, editions and adaptations."""
    after = 0
    parts = (
        selectinload(Book.credits).joinedload(BookAuthor.author),
        selectinload(Book.contributions).joinedload(Contribution.author),
        selectinload(Book.taggings).joinedload(BookTag.tag),
        selectinload(Book.editions),
        selectinload(Book.adaptations),
    )
    while True:
        statement = select(Book).where(Book.id > after).order_by(Book.id).limit(BOOKS_AT_ONCE)
        found = db.session.execute(statement.options(*parts)).scalars().all()
        if not found:
            return
        yield from found
        after = found[-1].id


def books(_everything: bool) -> Rows:
    """The catalogue."""
    for book in books_whole():
        yield {
            "id": book.id,
            "slug": book.slug,
            "title": book.title,
            "subtitle": book.subtitle,
            "authors": [credit.author.name for credit in book.credits],
            "contributors": [{"name": one.name, "role": one.role} for one in book.contributors],
            "first_published": book.first_published,
            "series": book.series,
            "series_number": book.series_number,
            "tags": [tag.name for tag in book.tags],
            "description": book.description,
            "adaptations": [
                {"title": made.title, "year": made.year, "kind": made.kind} for made in book.adaptations
            ],
            "rating": book.rating_sum / book.rating_count / 2 if book.rating_count else None,
            "ratings": book.rating_count,
            "added_at": book.added_at,
            "added_by_id": book.added_by_id,
        }


def authors(_everything: bool) -> Rows:
    """The authors."""
    yield from rows_of(select(Author.id, Author.slug, Author.name).order_by(Author.id))


def editions(_everything: bool) -> Rows:
    """The printings and recordings of all books."""
    columns = (Edition.id, Edition.book_id, Edition.isbn, Edition.format, Edition.pages, Edition.minutes)
    yield from rows_of(select(*columns).order_by(Edition.id))


def sections(everything: bool) -> Rows:
    """The chapters of all books. Titles that lie ahead of whoever has read nothing are left out."""
    columns = (Section.id, Section.book_id, Section.place, Section.title, Section.start)
    for row in rows_of(select(*columns).order_by(Section.book_id, Section.place, Section.id)):
        place = SectionPlace(row["id"], 1, row["title"], row["start"])
        name = name_of(place, END if everything else START)
        yield {**row, "title": row["title"] if name == f"1. {row['title']}" else None}
