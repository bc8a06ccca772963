"""Queries for former titles and spellings of books and authors that were merged into others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Select, select

from ..extensions import Base, db
from ..lib.matches.verdict import BookDescription
from ..lib.text.keys import key_of
from .models import Author, AuthorSpelling, Book, BookAuthor, FormerBook


def book_behind(slug: str | BindParameter[str]) -> Select[int]:
    """Select the id of the book into which a book with this slug was merged."""
    return select(FormerBook.book_id).where(FormerBook.slug == slug)


def author_behind(slug: str) -> Select[int]:
    """Select the id of the author who has another spelling with this slug."""
    return select(AuthorSpelling.author_id).where(AuthorSpelling.slug == slug)


def authors_by_alias(keys: Collection[str]) -> dict[str, Author]:
    """Authors who had a name with one of these identity keys before a merger, by key.

    If several authors have one key, it is the one with the lowest id.
    """
    statement = (
        select(AuthorSpelling.identity_key, Author)
        .join(Author, Author.id == AuthorSpelling.author_id)
        .where(AuthorSpelling.identity_key.in_(keys))
        # Descending, so that the author with the lowest id is the last to enter the dictionary.
        .order_by(Author.id.desc())
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def former_spellings(names: Iterable[str]) -> set[str]:
    """Return the name keys of those names that an author had before a merger."""
    keys = {key_of(name) for name in names}
    found = select(AuthorSpelling.name_key).where(AuthorSpelling.name_key.in_(keys))
    return set(db.session.execute(found).scalars())


def spellings_of(author_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the other spellings of these authors' names, by author."""
    found: dict[int, list[str]] = defaultdict(list)
    statement = select(AuthorSpelling.author_id, AuthorSpelling.name).where(
        AuthorSpelling.author_id.in_(set(author_ids))
    )
    for author_id, name in db.session.execute(statement.order_by(AuthorSpelling.id)):
        found[author_id].append(name)
    return found


def other_names(book_id: int | None, author_ids: Iterable[int | None]) -> list[str]:
    """Return what else people may search for: a book's titles and authors before they were merged."""
    titles = [alias.title for alias in aliases_of_book(book_id)] if book_id is not None else []
    spelt = spellings_of(author_id for author_id in author_ids if author_id is not None)
    return [*titles, *(name for names in spelt.values() for name in names)]


def aliases_of_book(book_id: int) -> Sequence[FormerBook]:
    """Return the former titles of the books that were merged into this one, the oldest first."""
    statement = select(FormerBook).where(FormerBook.book_id == book_id).order_by(FormerBook.id)
    return db.session.execute(statement).scalars().all()


def was_called(book_id: int, title: str) -> bool:
    """Return whether a book with this title was merged into this one."""
    statement = select(FormerBook.id).where(FormerBook.book_id == book_id, FormerBook.title == title)
    return db.session.execute(statement.limit(1)).first() is not None


def aliases_of_author(author_id: int) -> Sequence[AuthorSpelling]:
    """Return the other spellings of this author's name, the oldest first."""
    statement = (
        select(AuthorSpelling).where(AuthorSpelling.author_id == author_id).order_by(AuthorSpelling.id)
    )
    return db.session.execute(statement).scalars().all()


def alias_slugs_like(model: type[Base], base: str) -> set[str]:
    """Return the slugs of merged books or authors that begin like this one."""
    column = _slug_column(model)
    if column is None:
        return set()
    return set(db.session.execute(select(column).where(column.startswith(base, autoescape=True))).scalars())


def alias_slugs_among(model: type[Base], slugs: Collection[str]) -> set[str]:
    """Return those of these slugs that belong to merged books or authors."""
    column = _slug_column(model)
    if column is None:
        return set()
    return set(db.session.execute(select(column).where(column.in_(set(slugs)))).scalars())


def books_by_alias(keys: Collection[str]) -> dict[str, list[int]]:
    """Return the ids of the books that had titles with these match keys, by key."""
    found: dict[str, list[int]] = defaultdict(list)
    statement = select(FormerBook.match_key, FormerBook.book_id).where(FormerBook.match_key.in_(keys))
    for key, book_id in db.session.execute(statement.order_by(FormerBook.book_id)):
        found[key].append(book_id)
    return found


def wanted_by_alias(known: Mapping[int, BookDescription]) -> list[tuple[int, BookDescription]]:
    """Return the former titles and spellings of these books, as books to compare with, by book id."""
    known_as = [
        # The ISBNs of a book that was merged are editions of the other one by now.
        (alias.book_id, _wanted(alias, known[alias.book_id].isbns))
        for alias in db.session.execute(
            select(FormerBook).where(FormerBook.book_id.in_(known)).order_by(FormerBook.id)
        ).scalars()
    ]
    spelt = (
        select(BookAuthor.book_id, Author.name, AuthorSpelling.name)
        .join(Author, Author.id == BookAuthor.author_id)
        .join(AuthorSpelling, AuthorSpelling.author_id == Author.id)
        .where(BookAuthor.book_id.in_(known))
        .order_by(BookAuthor.book_id, AuthorSpelling.id)
    )
    # A title page keeps its other authors: only the name that has another spelling is exchanged.
    for book_id, name, other in db.session.execute(spelt).all():
        book = known[book_id]
        names = tuple(other if each == name else each for each in book.authors)
        known_as.append((book_id, replace(book, authors=names)))
    return known_as


def _wanted(alias: FormerBook, isbns: tuple[str, ...]) -> BookDescription:
    return BookDescription(
        title=alias.title,
        authors=tuple(alias.names),
        isbns=isbns,
        year=alias.first_published,
        subtitle=alias.subtitle,
    )


def _slug_column(model: type[Base]) -> Any | None:
    # Tags are never merged, so they have no former slugs.
    known: dict[type[Base], Any] = {Book: FormerBook.slug, Author: AuthorSpelling.slug}
    return known.get(model)
