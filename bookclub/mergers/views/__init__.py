"""Pages on which organisers merge and split books and authors, and undo that."""

from .authors import bp as authors
from .books import bp as books
from .log import bp as log

blueprints = (authors, books, log)
