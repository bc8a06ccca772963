"""Give books and authors of an older Bookclub their match keys and roles. Nothing here commits."""

from __future__ import annotations

from sqlalchemy import delete, update

from ..extensions import Base, db
from ..lib.matches import author_names, book_fields, contributors, name_likeness
from ..lib.matches import titles as matches_titles
from . import match_queries, queries
from .models import Author, Book, BookAuthor, Contribution


def move_role(author_id: int) -> None:
    """Remove the role from an author's name, and record it on their books instead.

    If the club knows someone with that name already, everything of this author becomes theirs. The edits
    of books do not mention it: no member made them.
    """
    author = db.session.get_one(Author, author_id)
    bare, role = contributors.split_role(author.name)
    name = author_names.natural_name(bare)
    others = queries.authors_by_identity([name], besides=author_id)
    target = next(iter(others.values()), author)
    # Nobody else has the bare name, so the author keeps the row, and with it the address.
    if target is author:
        author.rename(name)
        db.session.flush()
    credits = match_queries.credits_of(author_id)
    book_ids = [credit.book_id for credit in credits]
    for credit in credits:
        _move_credit(credit, target, role)
    if target is not author:
        _repoint_references(author_id, target.id)
        db.session.delete(author)
    db.session.flush()
    # Updates of whole tables bypass the objects in the session.
    db.session.expire_all()
    for book in queries.books_whole(book_ids):
        fields, others_isbns = book.fields, [edition.isbn or "" for edition in book.editions[1:]]
        book.authors_line = book_fields.authors_line(fields.authors or fields.named)
        book.search_key = book_fields.search_key(fields, others_isbns)


def _move_credit(credit: BookAuthor, target: Author, role: str) -> None:
    """Credit another author in this place, or credit someone in a role besides the book's authors."""
    book_id, place = credit.book_id, credit.place
    # A person called "(Author)" is one already: only the name had to change.
    if role == contributors.AUTHOR and credit.author_id == target.id:
        return
    model = BookAuthor if role == contributors.AUTHOR else Contribution
    key = (book_id, target.id) if role == contributors.AUTHOR else (book_id, target.id, role)
    db.session.delete(credit)
    db.session.flush()
    # The book may credit the target in this role already, and a credit counts once.
    if db.session.get(model, key) is None:
        more = {} if role == contributors.AUTHOR else {"role": role}
        db.session.add(model(book_id=book_id, author_id=target.id, place=place, **more))
        db.session.flush()


def _repoint_references(author_id: int, target_id: int) -> None:
    """Point every other reference to one author at another."""
    own = {BookAuthor.__tablename__, Contribution.__tablename__}
    # Searching all tables finds every reference, also those of tables that are added later.
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if (
                any(key.column.table.name == "author" for key in column.foreign_keys)
                and table.name not in own
            ):
                db.session.execute(update(table).where(column == author_id).values({column.name: target_id}))
    # An older Bookclub had no contributions, so there is nothing to keep.
    db.session.execute(delete(Contribution).where(Contribution.author_id == author_id))


# Each chunk is one short transaction, so that others can write in between; schema.py asks for the next.
CHUNK = 2000


def respell_older_lines(limit: int = CHUNK) -> None:
    """Store the authors' lines of up to ``limit`` books without words of any language."""
    queries.hold_catalogue()
    books = queries.books_whole(match_queries.books_with_older_lines(limit))
    # To the session nothing has changed: the line is shown as before.
    lines = [{"id": one.id, "authors_line": book_fields.authors_line(one.fields.authors)} for one in books]
    # Another process may have been here first.
    if lines:
        db.session.execute(update(Book), lines)


def fill_match_keys(limit: int = CHUNK) -> None:
    """Give up to ``limit`` authors and books without a match key theirs; others who do so must wait."""
    queries.hold_catalogue()
    names = match_queries.authors_without_keys(limit)
    if names:
        authors = [
            {
                "id": id,
                "match_key": name_likeness.author_key(name),
                "identity_key": author_names.identity_key(name),
            }
            for id, name in names
        ]
        db.session.execute(update(Author), authors)
        for id, name in names:
            # An older Bookclub kept roles in names, such as "Jo Rubin (Translator)".
            if contributors.split_role(name)[0] != name.strip():
                move_role(id)
    titles = match_queries.books_without_keys(limit)
    if titles:
        books = [{"id": book_id, **matches_titles.match_columns(title)} for book_id, title in titles]
        db.session.execute(update(Book), books)
