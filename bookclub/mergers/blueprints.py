"""Blueprints of the pages on which organisers merge and split books and authors, and undo that."""

from .author_views import bp as authors
from .book_views import bp as books
from .views import bp as log

blueprints = (authors, books, log)
