"""The book or author that an organiser means, and those that it might be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from sqlalchemy import and_, select

from ...books import queries as catalogue
from ...books import rules
from ...books.models import Author, AuthorSpelling, Book
from ...extensions import db

Target = TypeVar("Target")
MOST_PROPOSED = 10
_PATH = re.compile(r"/(?:books|authors)/([a-z0-9-]+)(?:/|\Z)")


@dataclass(frozen=True)
class Meant(Generic[Target]):
    """The one that was surely meant, or those that it may be."""

    one: Target | None = None
    others: Sequence[Target] = field(default_factory=tuple)


def book_meant(text: str, but: Book) -> Meant[Book]:
    """The book that is meant by the address of its page, a slug, an ISBN or a title, other than ``but``."""
    text = text.strip()[: rules.MAX_QUERY]
    slug = _slug_in(text)
    book = catalogue.by_slug(slug) if slug else None
    try:
        isbn = rules.isbn_from(text)
    except rules.Refused:
        isbn = None
    if book is None and isbn and (found := catalogue.edition_called(isbn)):
        book = catalogue.by_slug(found[1].slug)
    if book is not None and book.id != but.id:
        return Meant(book)
    found_books = [*catalogue.catalogue(text).entries, *catalogue.near(text)] if text else []
    others = {each.id: each for each in found_books if each.id != but.id}
    return Meant(None, list(others.values())[:MOST_PROPOSED])


def author_meant(text: str, but: Author) -> Meant[Author]:
    """The author who is meant by the address of their page, a slug or a name, other than ``but``."""
    text = text.strip()[: rules.MAX_QUERY]
    author = catalogue.author_by_slug(_slug_in(text) or text)
    author = author or catalogue.authors_by_identity([text]).get(rules.identity_key(text))
    if author is not None and author.id != but.id:
        return Meant(author)
    words = rules.search_words(text)
    if not words:
        return Meant()
    spelt = and_(*(Author.name_key.contains(word, autoescape=True) for word in words))
    statement = select(Author).where(spelt, Author.id != but.id).order_by(Author.name_key)
    return Meant(None, db.session.execute(statement.limit(MOST_PROPOSED)).scalars().all())


def other_spellings(author: Author) -> Sequence[Author]:
    """Other authors of the catalogue who seem to be this one, spelt otherwise."""
    statement = select(Author).where(Author.match_key == author.match_key, Author.id != author.id)
    found = db.session.execute(statement.order_by(Author.id)).scalars()
    return [each for each in found if rules.same_author(each.name, author.name)]


def is_spelt_so(key: str) -> bool:
    """Return whether an author is called so already, or was before being merged into another."""
    named = select(Author.id).where(Author.name_key == key)
    once = select(AuthorSpelling.id).where(AuthorSpelling.name_key == key)
    return any(db.session.execute(each.limit(1)).first() for each in (named, once))


def _slug_in(text: str) -> str | None:
    """The slug in the address of a page, or the text itself where it is one."""
    if found := _PATH.search(urlsplit(text).path if "/" in text else ""):
        return found[1]
    return text if rules.is_slug(text) and not text.isdigit() else None
