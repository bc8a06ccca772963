"""The catalogue: a Book is the work, an Edition one printing of it, a Section a chapter or part."""

from .catalogue import Adaptation, Author, Book, BookAuthor, BookEdit, BookTag, Tag
from .editions import Edition, Section, SectionStart

__all__ = (
    "Adaptation",
    "Author",
    "Book",
    "BookAuthor",
    "BookEdit",
    "BookTag",
    "Edition",
    "Section",
    "SectionStart",
    "Tag",
)
