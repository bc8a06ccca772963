"""Books by the titles that a text mentions."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from ...extensions import db
from .. import rules
from ..models import Book


def slugs_by_title(titles: Iterable[str]) -> dict[str, str]:
    """The slug of each of these books that the club has, by the title as it was given.

    Of several books with one title it is the one that was added first. It reads by itself, beside whatever
    transaction there is, so that a form may ask while none is open.
    """
    keys = {title: rules.title_key(title) for title in titles}
    if not keys:
        return {}
    statement = select(Book.title_key, Book.slug).where(Book.title_key.in_(set(keys.values())))
    with db.engine.connect() as connection:
        found = dict(reversed([(row[0], row[1]) for row in connection.execute(statement.order_by(Book.id))]))
    return {title: found[key] for title, key in keys.items() if key in found}
