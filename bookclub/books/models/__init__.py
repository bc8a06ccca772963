"""The catalogue: a Book is the work, an Edition one printing of it, a Section a chapter or part."""

from .aliases import AuthorSpelling, FormerBook
from .authors import Author, BookAuthor, Contribution
from .catalogue import Adaptation, Book, BookEdit, BookTag, Tag
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
    "Contribution",
    "Edition",
    "FormerBook",
    "OpenLibraryAnswer",
    "Section",
    "SectionStart",
    "Tag",
)
