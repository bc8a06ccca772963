"""What is taken already of all that comes with many new books."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from ...extensions import db
from ..models import Author, Book, Edition, Tag
from .aliases import alias_slugs_among


def isbns_taken(isbns: Iterable[str]) -> set[str]:
    """Those of the ISBNs that an edition of the catalogue has."""
    statement = select(Edition.isbn).where(Edition.isbn.in_(set(isbns)))
    return {isbn for isbn in db.session.execute(statement).scalars() if isbn}


def slugs_among(model: type[Book] | type[Author] | type[Tag], slugs: Sequence[str]) -> set[str]:
    """Those of the slugs that are taken."""
    found = db.session.execute(select(model.slug).where(model.slug.in_(set(slugs)))).scalars()
    return {*found, *alias_slugs_among(model, slugs)}
