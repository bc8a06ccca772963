"""Books by the titles that a text mentions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import current_app, has_request_context, url_for
from sqlalchemy import select

from ...extensions import db
from ...prose.mentions import key_of, mentions
from ...renderings import resolves_mentions
from .. import rules
from ..models import Book, FormerBook
from .catalogue import listed

# After every letter that a key can go on with.
LAST_LETTER = chr(0x10FFFF)


MOST_PROPOSED = 6


def books_called(beginning: str) -> Sequence[Book]:
    """The first few books, by title, whose titles begin like this; an article in front does not count."""
    key = rules.title_key(beginning)
    if not rules.fold(beginning):
        return ()
    statement = listed().where(Book.title_key >= key, Book.title_key < key + LAST_LETTER)
    return (
        db.session.execute(statement.order_by(Book.title_key, Book.id).limit(MOST_PROPOSED)).scalars().all()
    )


def slugs_by_title(titles: Iterable[str]) -> dict[str, str]:
    """The slug of each of these books that the club has, by the title as it was given.

    Of several books with one title it is the one that was added first; a title that a book had before it was
    merged into another counts where no book has it. It reads by itself, beside whatever
    transaction there is, so that a form may ask while none is open.
    """
    keys = {title: rules.title_key(title) for title in titles}
    if not keys:
        return {}
    statement = select(Book.title_key, Book.slug).where(Book.title_key.in_(set(keys.values())))
    merged = (
        select(FormerBook.title_key, Book.slug)
        .join(Book, Book.id == FormerBook.book_id)
        .where(FormerBook.title_key.in_(set(keys.values())))
    )
    with db.engine.connect() as connection:
        rows = [
            *connection.execute(statement.order_by(Book.id)),
            *connection.execute(merged.order_by(Book.id)),
        ]
        found = dict(reversed([(row[0], row[1]) for row in rows]))
    return {title: found[key] for title, key in keys.items() if key in found}


@resolves_mentions
def addresses_of(text: str) -> dict[str, str]:
    """The addresses of the books that a text mentions as ``[[Title]]``, by ``mentions.key_of``."""
    found = slugs_by_title(mentions(text))
    return {key_of(title): _address_of(slug) for title, slug in found.items()}


def _address_of(slug: str) -> str:
    """The address of a book's page, outside of a request too."""
    if has_request_context():
        return url_for("books.show", slug=slug)
    return current_app.url_map.bind("").build("books.show", {"slug": slug})
