"""Label of a book: the title, authors and year by which people recognise it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..text.shown_text import ShownText, typed
from .book_fields import show_authors
from .field_values import year_text


@dataclass(frozen=True)
class Label:
    """Title, authors and year of a book at one moment. Its cover is drawn from title and authors."""

    title: str
    authors_line: str = ""
    first_published: int | None = None

    @property
    def year(self) -> str:
        """The year of first publication as text, "" if it is unknown."""
        return year_text(self.first_published)

    def to_json(self) -> dict[str, Any]:
        """Return the label as a JSON column stores it."""
        return {
            "title": self.title,
            "authors_line": typed(self.authors_line),
            "first_published": self.first_published,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Label:
        """Return the label that ``to_json`` stored."""
        authors = stored["authors_line"]
        return cls(stored["title"], ShownText(show_authors(authors), authors), stored["first_published"])
