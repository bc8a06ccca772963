"""To give books and authors of an older Bookclub the keys by which they are matched. Does not commit."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from ...extensions import db
from .. import queries, rules
from ..models import Author, Book

CHUNK = 2000


def fill_match_keys(limit: int = CHUNK) -> None:
    """Give some of those that have no key theirs; whoever does so at the same time waits."""
    queries.hold_catalogue()
    is_older = or_(Author.match_key == "", Author.identity_key == "")
    names = db.session.execute(select(Author.id, Author.name).where(is_older).limit(limit)).all()
    if names:
        authors = [
            {"id": id, "match_key": rules.author_key(name), "identity_key": rules.identity_key(name)}
            for id, name in names
        ]
        db.session.execute(update(Author), authors)
    titles = db.session.execute(select(Book.id, Book.title).where(Book.match_key == "").limit(limit)).all()
    if titles:
        books = [{"id": book_id, **rules.match_columns(title)} for book_id, title in titles]
        db.session.execute(update(Book), books)
