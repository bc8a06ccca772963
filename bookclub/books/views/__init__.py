"""What the club's catalogue answers: books and authors, editions, and chapters."""

from .catalogue import authors, books
from .editions import editions
from .sections import sections

blueprints = (books, authors, editions, sections)
