"""Rows of any table as they stand, and the books and authors that a merger is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.orm import joinedload, selectinload

from ...books.models import Author, Book, BookAuthor, BookTag, Contribution
from ...extensions import Base, db
from ..rules import Spelling
from .log import (
    hold_books,
    later_merger,
    merger_sent,
    merger_to_act_on,
    mergers_not_between,
    mergers_of_author,
    mergers_of_book,
    mergers_undone,
    round_under_way_about,
    steps_of,
)

__all__ = (
    "Key",
    "Row",
    "authors_with_counts",
    "books_by",
    "books_whole",
    "hold_books",
    "keys_where",
    "later_merger",
    "merger_sent",
    "merger_to_act_on",
    "mergers_not_between",
    "mergers_of_author",
    "mergers_of_book",
    "mergers_undone",
    "names_on",
    "references_to",
    "round_under_way_about",
    "row_where",
    "rows_where",
    "steps_of",
)

Key = dict[str, Any]
Row = dict[str, Any]


def keys_where(table: Table, *conditions: Any) -> list[Key]:
    """The primary keys of the rows of a table for which all of this holds, in their order."""
    columns = list(table.primary_key.columns)
    rows = db.session.execute(select(*columns).where(*conditions).order_by(*columns))
    return [dict(row) for row in rows.mappings()]


def rows_where(table: Table, *conditions: Any) -> list[Row]:
    """The rows of a table for which all of this holds, whole, in the order of their keys."""
    statement = select(*table.c).where(*conditions).order_by(*table.primary_key.columns)
    names = [column.name for column in table.c]
    return [dict(zip(names, row, strict=True)) for row in db.session.execute(statement)]


def row_where(table: Table, *conditions: Any) -> Row | None:
    """The first such row, or None."""
    found = rows_where(table, *conditions)
    return found[0] if found else None


def references_to(table: Table, row_id: int) -> list[str]:
    """The columns, as "table.column", by which rows still point to this one."""
    return [
        f"{other.name}.{key.parent.name}"
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table and keys_where(other, key.parent == row_id)
    ]


def books_by(author_id: int) -> Sequence[int]:
    """Ids of the books that an author wrote, or worked on in another role, in order."""
    written = select(BookAuthor.book_id).where(BookAuthor.author_id == author_id)
    worked_on = select(Contribution.book_id).where(Contribution.author_id == author_id)
    return sorted(db.session.execute(written.union(worked_on)).scalars())


def books_whole(book_ids: Collection[int]) -> Sequence[Book]:
    """These books with all their parts."""
    statement = select(Book).where(Book.id.in_(book_ids)).order_by(Book.id)
    return (
        db.session.execute(
            statement.options(
                selectinload(Book.credits).joinedload(BookAuthor.author),
                selectinload(Book.contributions).joinedload(Contribution.author),
                selectinload(Book.taggings).joinedload(BookTag.tag),
                selectinload(Book.editions),
                selectinload(Book.adaptations),
            )
        )
        .scalars()
        .all()
    )


def names_on(book_ids: Collection[int]) -> dict[int, str]:
    """The authors of these books as the log of edits writes them."""
    names: dict[int, list[str]] = defaultdict(list)
    statement = (
        select(BookAuthor)
        .where(BookAuthor.book_id.in_(book_ids))
        .options(joinedload(BookAuthor.author))
        .order_by(BookAuthor.book_id, BookAuthor.place)
        .execution_options(populate_existing=True)
    )
    for credit in db.session.execute(statement).scalars():
        names[credit.book_id].append(credit.author.name)
    return {book_id: "; ".join(names[book_id]) for book_id in book_ids}


def authors_with_counts() -> list[Spelling]:
    """Every author with the number of their books."""
    count = func.count(BookAuthor.book_id)
    statement = (
        select(Author.id, Author.name, Author.slug, count)
        .outerjoin(BookAuthor, BookAuthor.author_id == Author.id)
        .group_by(Author.id)
        .order_by(Author.id)
    )
    return [Spelling(*row) for row in db.session.execute(statement)]
