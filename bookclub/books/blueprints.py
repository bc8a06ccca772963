"""Blueprints of the catalogue: books, authors, editions and mentions."""

from .edition_views import editions
from .mention_views import bp as mentions
from .views import authors, books

blueprints = (books, authors, editions, mentions)
