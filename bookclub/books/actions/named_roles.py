"""Move roles out of authors' names, where older Bookclubs kept them. Nothing here commits."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from ...extensions import Base, db
from .. import queries, rules
from ..models import Author, BookAuthor, Contribution


def move_role(author_id: int) -> None:
    """Give an author the name without its role, and their books the role.

    Where the club knows somebody of that name already, everything of this author becomes theirs. The edits
    of books say nothing of it: no member made them.
    """
    author = db.session.get_one(Author, author_id)
    bare, role = rules.with_role(author.name)
    name = rules.natural_name(bare)
    others = queries.authors_by_identity([name], besides=author_id)
    target = next(iter(others.values()), author)
    if target is author:
        author.rename(name)
        db.session.flush()
    credits = db.session.execute(select(BookAuthor).where(BookAuthor.author_id == author_id)).scalars().all()
    book_ids = [credit.book_id for credit in credits]
    for credit in credits:
        _move(credit, target, role)
    if target is not author:
        _repoint(author_id, target.id)
        db.session.delete(author)
    db.session.flush()
    db.session.expire_all()
    for book in queries.books_whole(book_ids):
        fields, others_isbns = book.fields, [edition.isbn or "" for edition in book.editions[1:]]
        book.authors_line = rules.authors_line(fields.authors or fields.named)
        book.search_key = rules.search_key(fields, others_isbns)


def _move(credit: BookAuthor, target: Author, role: str) -> None:
    """Let a book name another author in this place, or somebody in a role beside its authors."""
    book_id, place = credit.book_id, credit.place
    if role == rules.AUTHOR and credit.author_id == target.id:
        return
    model = BookAuthor if role == rules.AUTHOR else Contribution
    key = (book_id, target.id) if role == rules.AUTHOR else (book_id, target.id, role)
    db.session.delete(credit)
    db.session.flush()
    if db.session.get(model, key) is None:
        more = {} if role == rules.AUTHOR else {"role": role}
        db.session.add(model(book_id=book_id, author_id=target.id, place=place, **more))
        db.session.flush()


def _repoint(author_id: int, target_id: int) -> None:
    """Point every other reference to one author at another."""
    own = {BookAuthor.__tablename__, Contribution.__tablename__}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if (
                any(key.column.table.name == "author" for key in column.foreign_keys)
                and table.name not in own
            ):
                db.session.execute(update(table).where(column == author_id).values({column.name: target_id}))
    # Nobody could contribute before roles had a place of their own.
    db.session.execute(delete(Contribution).where(Contribution.author_id == author_id))
