"""Threads on a book, and the comments in every thread."""

from .comments import bp as comments
from .previews import bp as previews
from .threads import bp as threads

blueprints = (threads, comments, previews)
