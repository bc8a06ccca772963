"""Result of a look-up in a catalogue elsewhere, as the form of a new book shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..lib.matches.book_fields import BookFields
from .models import Book


@dataclass
class LookUp:
    """What came of looking something up: books to choose from, or what fills the form, or why neither.

    ``typed`` is what was typed into the box; ``in_club`` are those of the choices that the club has, by
    their ids; ``texts`` is what fills the form; ``source`` is where that
    stands, with ``notes`` on what to look over; ``trouble`` is a sentence for the member.
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
        """The book as far as it is known by it whether the club has it."""
        names = (name.strip() for name in self.texts.get("authors", "").split(";"))
        return BookFields(
            title=self.texts.get("title", ""),
            authors=tuple(name for name in names if name),
            isbn=self.texts.get("isbn"),
        )
