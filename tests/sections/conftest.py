"""The fixtures by which tests of books add some and look at rows."""

from tests.books.conftest import add, public, rows

__all__ = ("add", "public", "rows")
