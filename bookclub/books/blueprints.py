"""Blueprints of the catalogue: books, authors, editions, covers and mentions."""

from .cover_views import covers
from .edition_views import editions
from .mention_views import bp as mentions
from .views import authors, books

blueprints = (books, authors, editions, covers, mentions)
