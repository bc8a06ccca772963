"""The result of a look-up in another catalogue, for the form of a new book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..lib.matches.book_fields import BookFields
from .models import Book


@dataclass(frozen=True)
class WantedCover:
    """A book whose cover is wanted from another catalogue, with the ISBNs of its editions."""

    book_id: int
    title: str
    author: str
    isbns: Sequence[str]

    @classmethod
    def of(cls, book: Book) -> WantedCover:
        """Return the wish for the cover of a book, which is loaded with all its parts."""
        isbns = [edition.isbn for edition in book.editions if edition.isbn]
        return cls(book.id, book.title, book.credits[0].author.name if book.credits else "", isbns)


@dataclass(frozen=True)
class FoundCover:
    """The bytes of a cover from another catalogue, which may be anything, or a sentence that says why not."""

    content: bytes = b""
    trouble: str = ""


@dataclass
class LookUp:
    """The result of a look-up: books to choose from, or texts for the form, or a reason for neither.

    ``typed`` is the text in the box; ``in_club`` are the choices that the club has already, by their ids;
    ``texts`` fill the form; ``source`` is the address they come from, with ``notes`` on what to check;
    ``trouble`` is a sentence for the member.
    """

    typed: str = ""
    choices: Sequence[Any] = ()
    in_club: dict[str, Book] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    source: str = ""
    notes: list[str] = field(default_factory=list)
    trouble: str = ""

    @property
    def fields(self) -> BookFields:
        """The fields that show whether the club has the book already."""
        # The form separates names by semicolons, since a comma may stand within one.
        names = (name.strip() for name in self.texts.get("authors", "").split(";"))
        return BookFields(
            title=self.texts.get("title", ""),
            authors=tuple(name for name in names if name),
            isbn=self.texts.get("isbn"),
        )
