"""What the club's catalogue answers: books, authors and editions."""

from .edition_views import editions
from .mention_views import bp as mentions
from .views import authors, books

blueprints = (books, authors, editions, mentions)
