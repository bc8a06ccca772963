"""Queries for lists of books, filters, suggestions, the log of edits, and mentioned titles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from flask import current_app, has_request_context, url_for
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import joinedload, load_only

from ..extensions import db
from ..lib.text import cursors, search_words
from ..lib.text import keys as text_keys
from ..lib.text.book_mentions import find_mentions, mention_key
from ..lib.text.cursors import Key
from ..members.models import Member
from ..text_columns import resolves_mentions
from .alias_queries import author_behind
from .models import Author, AuthorSpelling, Book, BookAuthor, BookEdit, BookTag, Contribution, FormerBook, Tag

Entry = TypeVar("Entry")

# The most tags or authors that a filter offers, and the most authors that a field suggests.
MOST_CHOICES = 400
MOST_SUGGESTIONS = 12
EDITS_PER_PAGE = 40
# A translator's page shows this many books.
MOST_CONTRIBUTIONS = 200


@dataclass(frozen=True)
class Page(Generic[Entry]):
    """Part of a list, and the key with which the next part begins ("" at the end)."""

    entries: Sequence[Entry]
    next_after: str = ""


def catalogue(
    q: str = "",
    *,
    author: str | None = None,
    tag: str | None = None,
    sort: str = "title",
    after: str | None = None,
) -> Page[Book]:
    """Return a page of the books that match all of these filters, in the order of ``sort``.

    ``author`` and ``tag`` are slugs; ``sort`` is one of ``cursors.SORTS``: by title, by year (the oldest
    first, those of an unknown year last) or by rating (the best first). If ``after`` is no key of this
    sort, the page is the first.
    """
    statement = book_list().where(*_filter_conditions(q, author, tag))
    key = Key.read(after, sort)
    if sort == "year":
        statement = statement.order_by(Book.first_published.nulls_last(), Book.id)
        beyond = _after_year
    elif sort == "rating":
        statement = statement.order_by(Book.rating_rank.desc(), Book.id.desc())
        beyond = _after_rating
    else:
        statement = statement.order_by(Book.title_key, Book.id)
        beyond = _after_title
    if key:
        statement = statement.where(beyond(key))
    # One row more than the page shows tells if there is a next one, without counting the whole catalogue.
    books = db.session.execute(statement.limit(cursors.PAGE_SIZE + 1)).scalars().all()
    page = books[: cursors.PAGE_SIZE]
    return Page(page, str(_page_key(sort, page[-1])) if len(books) > len(page) else "")


def tags_in_use() -> Sequence[Tag]:
    """Return the tags that books have, by name."""
    # EXISTS stops at the first book of a tag. A join would sort through every tagging to drop the doubles.
    carried = exists().where(BookTag.tag_id == Tag.id)
    statement = select(Tag).where(carried).order_by(Tag.name_key).limit(MOST_CHOICES)
    return db.session.execute(statement).scalars().all()


def authors_in_use() -> Sequence[Author]:
    """Return the authors of books, by name."""
    credited = exists().where(BookAuthor.author_id == Author.id)
    statement = select(Author).where(credited).order_by(Author.name_key).limit(MOST_CHOICES)
    return db.session.execute(statement).scalars().all()


def suggest_author_names(text: str) -> Sequence[str]:
    """Return author names to suggest: each has every word of the text, or has another spelling that does."""
    words = search_words.search_words(text)
    if not words:
        statement = select(Author.name)
    else:
        by_words = and_(*(Author.name_key.contains(word, autoescape=True) for word in words))
        # "JK" is "J. K.", too.
        letters = func.replace(Author.name_key, " ", "").contains("".join(words), autoescape=True)
        formerly = and_(*(AuthorSpelling.name_key.contains(word, autoescape=True) for word in words))
        otherwise = Author.id.in_(select(AuthorSpelling.author_id).where(formerly))
        statement = select(Author.name).where(or_(by_words, letters, otherwise))
    return db.session.execute(statement.order_by(Author.name_key).limit(MOST_SUGGESTIONS)).scalars().all()


def contributed_to(author_id: int) -> Sequence[tuple[Book, str]]:
    """Return the books that someone contributed to besides their authors, with the role, oldest first."""
    made = book_list().add_columns(Contribution.role).join(Contribution, Contribution.book_id == Book.id)
    by_year = made.where(Contribution.author_id == author_id).order_by(
        Book.first_published.nulls_last(), Book.id, Contribution.role
    )
    return [(book, role) for book, role in db.session.execute(by_year.limit(MOST_CONTRIBUTIONS))]


def edits_of(book_id: int, after: int | None = None) -> Page[BookEdit]:
    """Return a page of the edits of a book, the latest first, each with its member."""
    statement = select(BookEdit).where(BookEdit.book_id == book_id).options(joinedload(BookEdit.member))
    if after is not None:
        # Paging by id and not by OFFSET stays fast far back, and an edit made meanwhile shifts no page.
        statement = statement.where(BookEdit.id < after)
    edits = (
        db.session.execute(statement.order_by(BookEdit.id.desc()).limit(EDITS_PER_PAGE + 1)).scalars().all()
    )
    page = edits[:EDITS_PER_PAGE]
    return Page(page, str(page[-1].id) if len(edits) > len(page) else "")


def who_added(book: Book) -> Member | None:
    """Return the member who added a book; None if it came with the club."""
    return db.session.execute(select(Member).where(Member.id == book.added_by_id)).scalar_one_or_none()


def book_list() -> Select[Book]:
    """Select books for lists, without their long columns."""
    return _BOOK_LIST


# With raiseload, reading another column raises instead of running one statement per book.
_BOOK_LIST = select(Book).options(
    load_only(
        Book.slug,
        Book.title,
        Book.subtitle,
        Book.authors_line,
        Book.title_key,
        Book.first_published,
        Book.rating_count,
        Book.rating_sum,
        Book.rating_rank,
        Book.cover_id,
        raiseload=True,
    )
)


def _filter_conditions(q: str, author: str | None, tag: str | None) -> list[ColumnElement[bool]]:
    # Every word must occur, in any order, so that an author's name and half a title find the book.
    conditions = [Book.search_key.contains(word, autoescape=True) for word in search_words.search_words(q)]
    if author:
        either = or_(Author.slug == author, Author.id.in_(author_behind(author)))
        credited = select(BookAuthor.book_id).join(BookAuthor.author).where(either)
        # The text comes from the address. One that is no slug finds nothing, and never reaches the database.
        conditions.append(Book.id.in_(credited) if text_keys.is_slug(author) else false())
    if tag:
        tagged = select(BookTag.book_id).join(BookTag.tag).where(Tag.slug == tag)
        conditions.append(Book.id.in_(tagged) if text_keys.is_slug(tag) else false())
    return conditions


def _page_key(sort: str, book: Book) -> Key:
    values: dict[str, Any] = {"year": book.first_published, "rating": book.rating_rank}
    return Key(sort, values.get(sort, book.title_key), book.id)


def _after_title(key: Key) -> ColumnElement[bool]:
    return tuple_(Book.title_key, Book.id) > (key.value, key.id)


def _after_year(key: Key) -> ColumnElement[bool]:
    # Books of an unknown year come last, in the order of their ids.
    unknown = Book.first_published.is_(None)
    if key.value is None:
        return and_(unknown, Book.id > key.id)
    # A comparison with NULL is never true, so books without a year have to be let in beside it.
    return or_(tuple_(Book.first_published, Book.id) > (key.value, key.id), unknown)


def _after_rating(key: Key) -> ColumnElement[bool]:
    # Both columns descend, so the next page lies below its key.
    return tuple_(Book.rating_rank, Book.id) < (key.value, key.id)


# The last code point, which sorts after every letter with which a key can continue.
LAST_LETTER = chr(0x10FFFF)


MOST_PROPOSED = 6


def suggest_books(beginning: str) -> Sequence[Book]:
    """Return the first few books, by title, whose titles begin with this text, without a leading article."""
    key = text_keys.title_key(beginning)
    # Without a letter the key is empty, and the range below would hold every book.
    if not text_keys.fold(beginning):
        return ()
    # A range uses the index on both databases. LIKE does not on SQLite, where it ignores case.
    statement = book_list().where(Book.title_key >= key, Book.title_key < key + LAST_LETTER)
    return (
        db.session.execute(statement.order_by(Book.title_key, Book.id).limit(MOST_PROPOSED)).scalars().all()
    )


def slugs_by_title(titles: Iterable[str]) -> dict[str, str]:
    """Return the slugs of the books with these titles, by the title as it was given.

    If several books share one title, it is the book that was added first; a title that a book had before it
    was merged into another counts if no book has it now. It uses a connection of its own, beside any open
    transaction, so that a form can call it while none is open.
    """
    keys = {title: text_keys.title_key(title) for title in titles}
    if not keys:
        return {}
    statement = select(Book.title_key, Book.slug).where(Book.title_key.in_(set(keys.values())))
    merged = (
        select(FormerBook.title_key, Book.slug)
        .join(Book, Book.id == FormerBook.book_id)
        .where(FormerBook.title_key.in_(set(keys.values())))
    )
    # The session stays out of this: its first read would begin the transaction that begin_write() must open.
    with db.engine.connect() as connection:
        rows = [
            *connection.execute(statement.order_by(Book.id)),
            *connection.execute(merged.order_by(Book.id)),
        ]
        # Reversed, the first row of each key is the last to be stored, and so the one that stays.
        found = dict(reversed([(row[0], row[1]) for row in rows]))
    return {title: found[key] for title, key in keys.items() if key in found}


@resolves_mentions
def addresses_of(text: str) -> dict[str, str]:
    """Return the addresses of the books that a text mentions as ``[[Title]]``, by ``mention_key``."""
    found = slugs_by_title(find_mentions(text))
    return {mention_key(title): _book_url(slug) for title, slug in found.items()}


def _book_url(slug: str) -> str:
    """Return the address of a book's page, outside of a request, too."""
    if has_request_context():
        return url_for("books.show", slug=slug)
    # The job that renders old texts again has no request to take a host from. The path alone is enough.
    return current_app.url_map.bind("").build("books.show", {"slug": slug})
