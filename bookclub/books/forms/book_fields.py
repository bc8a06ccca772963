"""A field in which somebody names a book of the catalogue."""

from __future__ import annotations

from wtforms import StringField

from ...accounts.forms import complain
from ..models import Book
from ..queries import named, near


def book_meant(field: StringField) -> Book | None:
    """The book that a field names by its slug or title. An unknown one is complained of."""
    text = field.data
    if not text or field.errors:
        return None
    book = named(text)
    if book is None:
        complain(field, f"There is no “{text}” in the catalogue. {did_you_mean(near(text))}")
    return book


def did_you_mean(books: list[Book]) -> str:
    """The next thing to try where a book is not known."""
    if not books:
        return "Add the book first, then choose it here."
    return f"Did you mean {' or '.join(f'“{book.title}”' for book in books)}?"
