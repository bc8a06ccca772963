"""Mergers with their steps, rows of any table, and the books and authors of a merger."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Table, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..books import catalogue_queries
from ..books import queries as catalogue
from ..books.models import Author, AuthorSpelling, Book, BookAuthor, BookTag, Contribution
from ..extensions import Base, db
from ..lib.matches import author_names, editions, field_values
from ..lib.positions.visibility import Viewer
from ..lib.text import keys, search_words
from ..permissions import loads
from ..rounds.models import Nomination, Round
from .models import Merger, MergerStep
from .rules import Spelling, can_undo


@loads(Merger)
def merger_to_act_on(merger_id: int, *, lock: bool) -> Merger | None:
    """Load a merger with its books, authors and members."""
    statement = select(Merger).where(Merger.id == merger_id).options(*_PARTS)
    if lock:
        # The joins are outer joins, and PostgreSQL refuses to lock the rows on their optional side.
        statement = statement.with_for_update(of=Merger)
    return db.session.execute(statement).scalar_one_or_none()


def steps_of(merger_id: int) -> Sequence[MergerStep]:
    """Steps of a merger, in order."""
    statement = select(MergerStep).where(MergerStep.merger_id == merger_id).order_by(MergerStep.id)
    return db.session.execute(statement).scalars().all()


def merger_sent(viewer: Viewer, submission: str | None) -> Merger | None:
    """The merger that this organiser has already made with this form, or None."""
    statement = select(Merger).where(Merger.member_id == viewer.id, Merger.submission == submission)
    return db.session.execute(statement.options(*_PARTS)).scalar_one_or_none()


@dataclass(frozen=True)
class Log:
    """Mergers and splits, latest first, and the ids of those that can still be undone."""

    mergers: Sequence[Merger] = ()
    undoable: frozenset[int] = frozenset()


def mergers_of_book(book_id: int, now: datetime) -> Log:
    """Mergers and splits of a book."""
    return _log_of(now, or_(Merger.book_id == book_id, Merger.made_book_id == book_id))


def mergers_of_author(author_id: int, now: datetime) -> Log:
    """Mergers and splits of an author."""
    return _log_of(now, or_(Merger.author_id == author_id, Merger.made_author_id == author_id))


def later_merger(merger: Merger) -> Merger | None:
    """A later merger of the same book or author, which must be undone first, or None."""
    books = [id for id in (merger.book_id, merger.made_book_id) if id is not None]
    authors = [id for id in (merger.author_id, merger.made_author_id) if id is not None]
    about = or_(
        Merger.book_id.in_(books),
        Merger.made_book_id.in_(books),
        Merger.author_id.in_(authors),
        Merger.made_author_id.in_(authors),
    )
    # Ids give the order even if the clock was set back between two mergers.
    statement = select(Merger).where(Merger.id > merger.id, Merger.undone_at.is_(None), about)
    found = db.session.execute(statement.order_by(Merger.id.desc()).limit(1).options(*_PARTS))
    return found.scalar_one_or_none()


def round_under_way_about(book_ids: Collection[int]) -> tuple[str, str] | None:
    """Title of an open round in which one of these books is nominated, and of that book, or None."""
    statement = (
        select(Round.title, Book.title)
        .join(Nomination, Nomination.round_id == Round.id)
        .join(Book, Book.id == Nomination.book_id)
        .where(Round.settled_at.is_(None), Book.id.in_(book_ids))
        .order_by(Round.id)
    )
    row = db.session.execute(statement.limit(1)).first()
    return (row[0], row[1]) if row else None


def hold_books(book_ids: Collection[int]) -> None:
    """Lock the rows of books, so that no new row refers to one of them until the transaction ends."""
    # In PostgreSQL a foreign key locks the row that it refers to FOR KEY SHARE, which only FOR UPDATE keeps
    # out. In the order of ids, two transactions never wait for each other.
    held = select(Book.id).where(Book.id.in_(book_ids)).order_by(Book.id).with_for_update()
    db.session.execute(held).all()


def mergers_not_between(earliest: datetime, latest: datetime) -> Sequence[int]:
    """Ids of mergers with steps that were made outside this period."""
    has_steps = Merger.id.in_(select(MergerStep.merger_id))
    is_over = or_(Merger.merged_at <= earliest, Merger.merged_at >= latest)
    statement = select(Merger.id).where(has_steps, is_over)
    return db.session.execute(statement.order_by(Merger.id)).scalars().all()


def mergers_undone() -> Sequence[int]:
    """Ids of mergers with steps that are undone."""
    has_steps = Merger.id.in_(select(MergerStep.merger_id))
    statement = select(Merger.id).where(has_steps, Merger.undone_at.is_not(None))
    return db.session.execute(statement.order_by(Merger.id)).scalars().all()


def _log_of(now: datetime, condition: ColumnElement[bool]) -> Log:
    statement = select(Merger).where(condition).options(*_PARTS).order_by(Merger.id.desc())
    found = db.session.execute(statement).scalars().all()
    return Log(found, frozenset(one.id for one in found if can_undo(one.merged_at, one.undone_at, now)))


_PARTS = (
    joinedload(Merger.member),
    joinedload(Merger.undone_by),
    joinedload(Merger.book),
    joinedload(Merger.author),
    joinedload(Merger.made_book),
    joinedload(Merger.made_author),
)

Key = dict[str, Any]
Row = dict[str, Any]


def keys_where(table: Table, *conditions: Any) -> list[Key]:
    """Primary keys of the rows that meet all conditions, in order."""
    columns = list(table.primary_key.columns)
    rows = db.session.execute(select(*columns).where(*conditions).order_by(*columns))
    return [dict(row) for row in rows.mappings()]


def rows_where(table: Table, *conditions: Any) -> list[Row]:
    """Rows that meet all conditions, with all columns, in the order of their keys."""
    statement = select(*table.c).where(*conditions).order_by(*table.primary_key.columns)
    names = [column.name for column in table.c]
    return [dict(zip(names, row, strict=True)) for row in db.session.execute(statement)]


def row_where(table: Table, *conditions: Any) -> Row | None:
    """The first row that meets all conditions, or None."""
    found = rows_where(table, *conditions)
    return found[0] if found else None


def references_to(table: Table, row_id: int) -> list[str]:
    """Columns, as "table.column", through which rows still refer to this row."""
    return [
        f"{other.name}.{key.parent.name}"
        for other in Base.metadata.sorted_tables
        for key in other.foreign_keys
        if key.column.table is table and keys_where(other, key.parent == row_id)
    ]


def books_by(author_id: int) -> Sequence[int]:
    """Sorted ids of the books that an author wrote, or worked on in another role."""
    written = select(BookAuthor.book_id).where(BookAuthor.author_id == author_id)
    worked_on = select(Contribution.book_id).where(Contribution.author_id == author_id)
    return sorted(db.session.execute(written.union(worked_on)).scalars())


def books_whole(book_ids: Collection[int]) -> Sequence[Book]:
    """Load books with all their parts."""
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
    """Authors' names per book, as the log of edits writes them."""
    names: dict[int, list[str]] = defaultdict(list)
    statement = (
        select(BookAuthor)
        .where(BookAuthor.book_id.in_(book_ids))
        .options(joinedload(BookAuthor.author))
        .order_by(BookAuthor.book_id, BookAuthor.place)
        # Credits were changed by statements on the table, and the session may still hold the old ones.
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
        # An inner join would leave out translators and others without a book, who may have two spellings.
        .outerjoin(BookAuthor, BookAuthor.author_id == Author.id)
        .group_by(Author.id)
        .order_by(Author.id)
    )
    return [Spelling(*row) for row in db.session.execute(statement)]


Target = TypeVar("Target")
MOST_PROPOSED = 10
_PATH = re.compile(r"/(?:books|authors)/([a-z0-9-]+)(?:/|\Z)")


@dataclass(frozen=True)
class Meant(Generic[Target]):
    """The one that a text surely means, or those that it may mean."""

    one: Target | None = None
    others: Sequence[Target] = field(default_factory=tuple)


def find_book(text: str, but: Book) -> Meant[Book]:
    """Find a book other than ``but`` by the address of its page, a slug, an ISBN or a title."""
    text = text.strip()[: search_words.MAX_QUERY]
    slug = _slug_in(text)
    book = catalogue.by_slug(slug) if slug else None
    try:
        isbn = editions.isbn_from(text)
    except field_values.FieldError:
        isbn = None
    if book is None and isbn and (found := catalogue.edition_by_isbn(isbn)):
        book = catalogue.by_slug(found[1].slug)
    if book is not None and book.id != but.id:
        return Meant(book)
    found_books = (
        [*catalogue_queries.catalogue(text).entries, *catalogue.find_similar_titles(text)] if text else []
    )
    # A book that both searches find stands where the first of them, the better one, puts it.
    others = {each.id: each for each in found_books if each.id != but.id}
    return Meant(None, list(others.values())[:MOST_PROPOSED])


def find_author(text: str, but: Author) -> Meant[Author]:
    """Find an author other than ``but`` by the address of their page, a slug or a name."""
    text = text.strip()[: search_words.MAX_QUERY]
    author = catalogue.author_by_slug(_slug_in(text) or text)
    author = author or catalogue.authors_by_identity([text]).get(author_names.identity_key(text))
    if author is not None and author.id != but.id:
        return Meant(author)
    words = search_words.search_words(text)
    if not words:
        return Meant()
    spelt = and_(*(Author.name_key.contains(word, autoescape=True) for word in words))
    statement = select(Author).where(spelt, Author.id != but.id).order_by(Author.name_key)
    return Meant(None, db.session.execute(statement.limit(MOST_PROPOSED)).scalars().all())


def other_spellings(author: Author) -> Sequence[Author]:
    """Other authors who seem to be this one under another spelling."""
    # The key is only a quick way to candidates. It joins more names than are one person.
    statement = select(Author).where(Author.match_key == author.match_key, Author.id != author.id)
    found = db.session.execute(statement.order_by(Author.id)).scalars()
    return [each for each in found if author_names.same_author(each.name, author.name)]


def is_name_taken(key: str) -> bool:
    """Return True if an author has this name, or had it before being merged into another."""
    named = select(Author.id).where(Author.name_key == key)
    once = select(AuthorSpelling.id).where(AuthorSpelling.name_key == key)
    return any(db.session.execute(each.limit(1)).first() for each in (named, once))


def _slug_in(text: str) -> str | None:
    """Return the slug in the address of a page, or the text itself if it is a slug, or None."""
    if "/" in text:
        try:
            path = urlsplit(text).path
        except ValueError:
            return None  # Such as http://[x: no address, and no slug either.
        return found[1] if (found := _PATH.search(path)) else None
    # Digits alone are more likely an ISBN or a title.
    return text if keys.is_slug(text) and not text.isdigit() else None
