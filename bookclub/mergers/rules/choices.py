"""Parts of a book that an organiser chooses to be another book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

# The fields of the form, and what each of them names.
PARTS = {
    "edition": "Editions",
    "review": "Reviews, with what is said under them",
    "thread": "Threads",
    "ask": "Questions about the book",
    "answer": "Answers that name the book",
    "endorsement": "Recommendations to readers of this book, and of this book to others",
    "nomination": "Nominations in rounds that are over",
    "adaptation": "Adaptations",
}
MOST = 2000


@dataclass(frozen=True)
class Part:
    """Something that belongs to a book: its id, and the words by which an organiser knows it."""

    id: int
    label: str


@dataclass(frozen=True)
class Chosen:
    """The ids of what is to belong to the new book, by the names of ``PARTS``."""

    ids: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Mapping[str, Iterable[str]], offered: Mapping[str, Iterable[Part]]) -> Chosen:
        """What a form names of the parts that it could have been offered; anything else is left out."""
        known = {name: {part.id for part in parts} for name, parts in offered.items()}
        found = {}
        for name, texts in sent.items():
            numbers = {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10}
            found[name] = frozenset(numbers & known.get(name, set()))
        return cls(found)

    def of(self, name: str) -> frozenset[int]:
        return self.ids.get(name, frozenset())

    def __bool__(self) -> bool:
        return any(self.ids.values())
