"""Merge two authors into one, and give some books of an author to another of a similar name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import and_, delete, update

from ..asks.models import Ask
from ..books import alias_queries
from ..books import queries as catalogue
from ..books.models import Author, AuthorSpelling, BookAuthor, BookEdit, Contribution
from ..bulk import table_of
from ..extensions import db
from ..lib.matches import author_names, book_fields, name_likeness
from ..lib.text import keys as text_keys
from ..members.models import Member
from . import queries
from .models import Merger
from .record import Record

AUTHOR, CREDIT, ALIAS, ASK = (table_of(model) for model in (Author, BookAuthor, AuthorSpelling, Ask))
CONTRIBUTION = table_of(Contribution)
MERGER = table_of(Merger)


def merge_authors(
    kept_id: int, gone_id: int, organiser: Member | None, now: datetime, submission: str | None = None
) -> Merger:
    """Merge two authors: everything that names ``gone_id`` names ``kept_id`` from now on.

    The other spelling still finds them, and its address leads to their page. ``organiser``
    is None for the command line. The caller must hold the catalogue, and have checked that both exist and
    differ.
    """
    organiser_id = organiser.id if organiser else None
    gone, kept = (queries.row_where(AUTHOR, AUTHOR.c.id == id) for id in (gone_id, kept_id))
    assert gone is not None
    assert kept is not None
    merger = create_merger("author merger", gone["name"], gone["slug"], organiser_id, now, submission)
    merger.author_id = kept_id
    db.session.flush()
    record, books = Record(merger), list(queries.books_by(gone_id))
    before = queries.names_on(books)
    # A book that names both spellings ends with one credit, because the key allows an author once on a book.
    record.follow(CREDIT.c.author_id, gone_id, kept_id, "book_id")
    record.follow(CONTRIBUTION.c.author_id, gone_id, kept_id, "book_id", "role")
    for ask in queries.rows_where(ASK, ASK.c.author_id == gone_id):
        words = f"{ask['search_key']} {text_keys.key_of(kept['name'])}".strip() if ask["search_key"] else ""
        record.change(ASK, ask, {"author_id": kept_id, "search_key": words})
    record.move(ALIAS.c.author_id, gone_id, kept_id)
    # Earlier mergers follow, so that they are listed on the page of the author that is left.
    for column in (MERGER.c.author_id, MERGER.c.made_author_id):
        record.move(column, gone_id, kept_id)
    # Undoing goes backwards: the row that was deleted last is back before anything refers to it again.
    record.fold(AUTHOR, gone)
    alias = {name: gone[name] for name in ("slug", "name", "name_key", "identity_key", "match_key")}
    record.make(ALIAS, {"author_id": kept_id, **alias})
    record.keep()
    log_authors(books, before, organiser_id, now)
    return merger


def split_author(
    author_id: int,
    name: str,
    book_ids: Collection[int],
    organiser: Member,
    now: datetime,
    submission: str | None = None,
) -> Merger:
    """Give some books of an author to a new author called ``name``, which nobody else may be called yet."""
    author = db.session.get_one(Author, author_id)
    base = text_keys.slug_base(name, "author")
    slug = text_keys.free_slug(base, catalogue.slugs_like(Author, base))
    merger = create_merger("author split", name, slug, organiser.id, now, submission)
    merger.author_id = author.id
    db.session.flush()
    record = Record(merger)
    keys = {
        "name_key": text_keys.key_of(name),
        "identity_key": author_names.identity_key(name),
        "match_key": name_likeness.author_key(name),
    }
    made = record.make(AUTHOR, {"slug": slug, "name": name, **keys})
    # Without this id undoing could not find what was written about the new author since the split.
    merger.made_author_id = made["id"]
    db.session.flush()
    # Questions about the author stay where they are: nobody said which of the two they were about.
    books = sorted(set(book_ids) & set(queries.books_by(author_id)))
    before = queries.names_on(books)
    for table in (CREDIT, CONTRIBUTION):
        record.move(table.c.author_id, author_id, made["id"], table.c.book_id.in_(books))
    record.keep()
    log_authors(books, before, organiser.id, now)
    return merger


def return_to_author(author_id: int, made_id: int) -> None:
    """Return to an author everything that names the author who was split off from them."""
    for table in (CREDIT, CONTRIBUTION):
        alike = [column for column in table.primary_key.columns if column is not table.c.author_id]
        for row in queries.rows_where(table, table.c.author_id == made_id):
            same = and_(*(column == row[column.name] for column in alike))
            # The author may have the same credit already, and a second one would break the primary key.
            if queries.keys_where(table, same, table.c.author_id == author_id):
                db.session.execute(delete(table).where(same, table.c.author_id == made_id))
    # This also returns books and questions that came after the split, of which no step knows.
    for table in (CREDIT, CONTRIBUTION, ASK, ALIAS):
        named = table.c.author_id == made_id
        db.session.execute(update(table).where(named).values(author_id=author_id))


def create_merger(
    kind: str, title: str, slug: str, member_id: int | None, now: datetime, submission: str | None
) -> Merger:
    """Create a merger that has changed nothing yet."""
    merger = Merger(
        kind=kind, title=title, slug=slug, member_id=member_id, merged_at=now, submission=submission
    )
    db.session.add(merger)
    db.session.flush()
    return merger


def respell_books(book_ids: Collection[int]) -> None:
    """Update the authors' line and the search key of these books from their credits."""
    # Rows were changed behind the session's back.
    db.session.expire_all()
    for book in queries.books_whole(book_ids):
        names = [credit.author.name for credit in book.credits]
        # A search also finds a book by other names of its authors.
        others = alias_queries.other_names(book.id, [credit.author_id for credit in book.credits])
        # The ISBN of the first edition is among the book's own fields already.
        isbns = (edition.isbn or "" for edition in book.editions[1:])
        book.authors_line = book_fields.authors_line(names)
        book.search_key = book_fields.search_key(book.fields, isbns, others)
    db.session.flush()


def log_authors(
    books: Collection[int], before: Mapping[int, str], member_id: int | None, now: datetime
) -> None:
    """Update these books from their credits, and log the change of authors on each.

    ``before`` has the authors' names before the change. The command line has no member to log, so its mergers
    are listed on the author's page alone.
    """
    respell_books(books)
    after = queries.names_on(books)
    if member_id is not None:
        db.session.add_all(
            BookEdit(
                book_id=book_id,
                member_id=member_id,
                edited_at=now,
                changes={"authors": [before[book_id], after[book_id]]},
            )
            for book_id in books
            if before[book_id] != after[book_id]
        )
    db.session.flush()
