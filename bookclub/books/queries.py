"""Queries for books, authors, tags and editions, and the lock on the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cache

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ..extensions import db
from ..lib.matches import author_names
from ..lib.matches.book_fields import BookFields
from ..lib.matches.verdict import BookDescription
from ..lib.positions.visibility import Viewer
from ..lib.text import keys as text_keys
from ..lib.text import search_words
from ..members.models import Club
from ..permissions import loads
from .alias_queries import alias_slugs_among, alias_slugs_like, author_behind, authors_by_alias, book_behind
from .catalogue_queries import book_list
from .match_queries import find_books
from .models import Author, Book, BookAuthor, BookEdit, BookTag, Contribution, Edition, FormerBook, Tag


def authors_by_identity(names: Iterable[str], besides: int | None = None) -> dict[str, Author]:
    """Return the known authors among these names, by identity key.

    If several authors are one person, it is the one with the lowest id, always, but never ``besides``. A name
    with the same spelling is found even if an older Bookclub stored it family name first. So is a name that
    an author had before a merger, unless another author is the person of that name.
    """
    keys = {author_names.identity_key(name): text_keys.key_of(name) for name in names}
    either = or_(Author.identity_key.in_(keys), Author.name_key.in_(keys.values()))
    # The order is descending, so that the lowest id is the last to enter each dictionary.
    statement = select(Author).where(either, Author.id != (besides or 0)).order_by(Author.id.desc())
    found = db.session.execute(statement).scalars().all()
    spelt = {author.name_key: author for author in found}
    alike = {key: spelt[name_key] for key, name_key in keys.items() if name_key in spelt}
    former = {key: author for key, author in authors_by_alias(keys).items() if author.id != besides}
    # Later dictionaries win: who has the key goes before who is spelt so, and that before who once was.
    return former | alike | {author.identity_key: author for author in found if author.identity_key in keys}


def is_spelt_so(name: str, besides: Author) -> bool:
    """Return whether another author has this exact name.

    It is the same person, and the two are not merged yet.
    """
    others = select(Author.id).where(Author.name_key == text_keys.key_of(name), Author.id != besides.id)
    return db.session.execute(others).first() is not None


def current_book(club: Club) -> Book | None:
    """Return the book that the club reads, with its authors."""
    if not club.current_book_id:
        return None
    authors = selectinload(Book.credits).joinedload(BookAuthor.author)
    return db.session.get(Book, club.current_book_id, options=[authors])


def isbns_taken(isbns: Iterable[str]) -> set[str]:
    """Return those of the ISBNs that an edition in the catalogue has."""
    statement = select(Edition.isbn).where(Edition.isbn.in_(set(isbns)))
    return {isbn for isbn in db.session.execute(statement).scalars() if isbn}


def slugs_among(model: type[Book] | type[Author] | type[Tag], slugs: Sequence[str]) -> set[str]:
    """Return those of the slugs that are taken."""
    found = db.session.execute(select(model.slug).where(model.slug.in_(set(slugs)))).scalars()
    return {*found, *alias_slugs_among(model, slugs)}


def edition_by_isbn(isbn: str) -> tuple[Edition, Book] | None:
    """Return the edition with this ISBN, and its book."""
    statement = select(Edition, Book).join(Book, Book.id == Edition.book_id).where(Edition.isbn == isbn)
    row = db.session.execute(statement).one_or_none()
    return (row[0], row[1]) if row else None


def last_edit_of(book_id: int, *fields: str) -> BookEdit | None:
    """Return the latest edit of a book, or of one of these fields of it, with the member who made it."""
    statement = select(BookEdit).where(BookEdit.book_id == book_id).options(joinedload(BookEdit.member))
    if fields:
        statement = statement.where(
            # The log is JSON, in which a field that an edit left alone has no key, and reads as NULL.
            or_(*(BookEdit.changes[field].as_string().is_not(None) for field in fields))
        )
    return db.session.execute(statement.order_by(BookEdit.id.desc()).limit(1)).scalar_one_or_none()


# Any number works, as long as all who add to the catalogue ask for the same lock.
CATALOGUE_LOCK = 7_266_526

# A misspelt title is compared with the newest titles only, up to this many, since comparing is slow.
MOST_NEIGHBOURS = 3000


@dataclass(frozen=True)
class Twins:
    """The books that a book about to be saved looks like: by its ISBN, and by title and author.

    ``edited`` is the book to be saved, if the catalogue has it already.
    """

    by_isbn: Book | None
    by_title: Sequence[Book]
    edited: Book | None = None

    @property
    def books(self) -> list[Book]:
        """All of them, each once."""
        alike = [book for book in self.by_title if book is not self.by_isbn]
        return [self.by_isbn, *alike] if self.by_isbn else alike


def hold_catalogue() -> None:
    """Lock the catalogue against additions by others until the transaction ends.

    If a slug, an author or a book of the same name is not found, it still does not exist when it is added.
    On SQLite a writing transaction is alone anyway. Code that locks a book's row, too, must call this first,
    or two editors could wait for each other.
    """
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(CATALOGUE_LOCK)))


@loads(Book)
def by_slug(slug: int | str, *, lock: bool = False) -> Book | None:
    """Return a book with all its parts: authors, tags, editions, adaptations.

    The slug of a book that was merged into another finds that other book.
    """
    if not text_keys.is_slug(str(slug)):
        return None
    # The book may have been merged while this transaction waited for its row. Then the old slug finds the
    # other book.
    for statement in (_book_of_slug(), _book_behind_slug()):
        # FOR NO KEY UPDATE lets others add rows that refer to this book, such as a rating or a comment.
        locked = statement.with_for_update(key_share=True, of=Book) if lock else statement
        found = db.session.execute(locked, {"slug": str(slug)}).scalar_one_or_none()
        if found is not None:
            return found
    return None


@cache
def _book_of_slug() -> Select[Book]:
    return _select_full_books().where(Book.slug == bindparam("slug"))


@cache
def _book_behind_slug() -> Select[Book]:
    return _select_full_books().where(Book.id.in_(book_behind(bindparam("slug"))))


@loads(Author)
def author_by_slug(slug: int | str, *, lock: bool = False) -> Author | None:
    """Return an author. The slug of a name that was merged into theirs finds them, too."""
    if not text_keys.is_slug(str(slug)):
        return None
    # As for books, the author may have been merged while this transaction waited for the row.
    for condition in (Author.slug == slug, Author.id.in_(author_behind(str(slug)))):
        statement = select(Author).where(condition)
        locked = statement.with_for_update() if lock else statement
        if (found := db.session.execute(locked).scalar_one_or_none()) is not None:
            return found
    return None


def book_by_name(text: str) -> Book | None:
    """Return the book with this slug or title, in any case and with or without accents.

    If several books have the title, it is the one that was added first; if none has, the book that had it
    before it was merged into another.
    """
    # A choice from a list sends the slug, which is unique. Somebody who types writes a title.
    book: Book | None = by_slug(text.strip())
    if book is not None:
        return book
    key = text_keys.title_key(text[: search_words.MAX_QUERY])
    merged = Book.id.in_(select(FormerBook.book_id).where(FormerBook.title_key == key))
    for condition in (Book.title_key == key, merged):
        first = _select_full_books().where(condition).order_by(Book.id).limit(1)
        if (book := db.session.execute(first).scalar_one_or_none()) is not None:
            return book
    return None


def find_similar_titles(text: str, limit: int = 5) -> list[Book]:
    """Return the books whose titles are most like a misspelt one, the most similar first."""
    wanted = text_keys.title_key(text[: search_words.MAX_QUERY])
    rows = db.session.execute(
        # Keys alone are read, since only five of these many books will be shown.
        select(Book.id, Book.title_key).order_by(Book.id.desc()).limit(MOST_NEIGHBOURS)
    ).all()
    keys = {key for _, key in rows}
    # Titles that contain the text come first, the shortest before others, then those of similar spelling.
    found = dict.fromkeys(sorted((key for key in keys if wanted and wanted in key), key=len)[:limit])
    found.update(dict.fromkeys(get_close_matches(wanted, keys, n=limit, cutoff=0.55)))
    ids = [book_id for book_id, key in rows if key in found]
    books = db.session.execute(book_list().where(Book.id.in_(ids))).scalars().all()
    return sorted(books, key=lambda book: (-_title_likeness(wanted, book.title_key), book.id))[:limit]


def sent_by(viewer: Viewer, submission: str | None) -> Book | None:
    """Return the book that this form of the viewer has already added."""
    return db.session.execute(
        select(Book).where(Book.added_by_id == viewer.id, Book.submission == submission)
    ).scalar_one_or_none()


def twins_of(fields: BookFields, but: Book | None = None) -> Twins:
    """Return the books with the ISBN of these fields, or with (nearly) their title and one of their authors.

    ``but`` is the book being edited. Its title is compared only if title or authors change, so that a
    book that was added on purpose as a twin can be edited like any other.
    """
    others = book_list().where(Book.id != but.id) if but else book_list()
    by_isbn = None
    if fields.isbn:
        of_edition = select(Edition.book_id).where(Edition.isbn == fields.isbn)
        by_isbn = db.session.execute(others.where(Book.id.in_(of_edition))).scalar_one_or_none()
    key = text_keys.title_key(fields.title)
    names = {author_names.identity_key(name) for name in fields.authors}
    # The form may name an author by a former spelling, whose key is not the one in the catalogue.
    names |= {author.identity_key for author in authors_by_identity(fields.authors).values()}
    if but and but.title_key == key and {credit.author.identity_key for credit in but.credits} == names:
        return Twins(by_isbn, (), but)
    # With EXISTS a book by two of the authors is still one row.
    by_one = exists().where(
        BookAuthor.book_id == Book.id, BookAuthor.author_id == Author.id, Author.identity_key.in_(names)
    )
    alike = others.where(Book.title_key == key, by_one).order_by(Book.id).limit(5)
    by_title = db.session.execute(alike).scalars().all()
    if not by_title and but is None:
        # The catalogue may have it under another spelling of its title or author.
        of_title = [book_id for book_id in find_books([_wanted(fields)]) if book_id]
        by_title = db.session.execute(others.where(Book.id.in_(of_title))).scalars().all()
    return Twins(by_isbn, by_title, but)


def books_whole(ids: Iterable[int]) -> Sequence[Book]:
    """Return these books with all their parts."""
    return db.session.execute(_select_full_books().where(Book.id.in_(set(ids)))).scalars().all()


def tags_by_key(keys: Sequence[str]) -> dict[str, Tag]:
    """Return the known tags, by the keys of their names."""
    found = db.session.execute(select(Tag).where(Tag.name_key.in_(keys))).scalars()
    return {tag.name_key: tag for tag in found}


def slugs_like(model: type[Book] | type[Author] | type[Tag], base: str) -> set[str]:
    """Return the taken slugs that begin like this one, including those of merged books and authors."""
    found = db.session.execute(select(model.slug).where(model.slug.startswith(base, autoescape=True)))
    return {*found.scalars(), *alias_slugs_like(model, base)}


def never_described(ids: Sequence[int]) -> list[int]:
    """Return the ids of those books that have no description and never had an edit of it, in order of id."""
    bare = select(Book.id).where(Book.id.in_(ids), Book.description == "").order_by(Book.id)
    found = db.session.execute(bare).scalars().all()
    edits = select(BookEdit.book_id, BookEdit.changes).where(BookEdit.book_id.in_(found))
    edited = {book_id for book_id, changes in db.session.execute(edits) if "description" in changes}
    return [book_id for book_id in found if book_id not in edited]


def author_to_follow(book: Book) -> Author | None:
    """Return the first author of a book by whom the club has others; None if it has none."""
    ids = [credit.author_id for credit in book.credits]
    others = select(BookAuthor.author_id).where(BookAuthor.author_id.in_(ids), BookAuthor.book_id != book.id)
    known = set(db.session.execute(others.distinct()).scalars())
    return next((credit.author for credit in book.credits if credit.author_id in known), None)


def credited_to(author_id: int) -> Sequence[Book]:
    """Return the books of an author, each with the names of all its authors."""
    credited = select(BookAuthor.book_id).where(BookAuthor.author_id == author_id)
    statement = select(Book).where(Book.id.in_(credited))
    with_names = statement.options(selectinload(Book.credits).joinedload(BookAuthor.author))
    return db.session.execute(with_names).scalars().all()


def _wanted(fields: BookFields) -> BookDescription:
    """Return what the fields say of a book, without its ISBN."""
    return BookDescription(
        title=fields.title,
        authors=fields.authors,
        year=fields.first_published,
        subtitle=fields.subtitle,
        series=fields.series.name,
        series_number=fields.series.number,
    )


def _select_full_books() -> Select[Book]:
    return select(Book).options(
        selectinload(Book.credits).joinedload(BookAuthor.author),
        selectinload(Book.contributions).joinedload(Contribution.author),
        selectinload(Book.taggings).joinedload(BookTag.tag),
        selectinload(Book.editions),
        selectinload(Book.adaptations),
    )


def _title_likeness(one: str, other: str) -> float:
    # A title that contains the text ranks before all others, as a ratio is at most 1.
    return (one in other) + SequenceMatcher(None, one, other).ratio()
