"""The catalogue: a Book is the work, an Edition one printing of it, a Section a chapter or part."""

from .aliases import AuthorSpelling, FormerBook
from .catalogue import Adaptation, Author, Book, BookAuthor, BookEdit, BookTag, Tag
from .editions import Edition, Section, SectionStart
from .openlibrary import OpenLibraryAnswer

__all__ = (
    "Adaptation",
    "Author",
    "AuthorSpelling",
    "Book",
    "BookAuthor",
    "BookEdit",
    "BookTag",
    "Edition",
    "FormerBook",
    "OpenLibraryAnswer",
    "Section",
    "SectionStart",
    "Tag",
)
