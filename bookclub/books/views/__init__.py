"""What the club's catalogue answers: books and authors, editions, and chapters."""

from .catalogue import authors, books
from .editions import editions
from .mentions import bp as mentions
from .sections import sections

blueprints = (books, authors, editions, mentions, sections)
