"""Policy of merging and splitting: who is one author, how texts are joined, and how long it can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from ..lib.matches.author_names import identity_key

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


@dataclass(frozen=True)
class Spelling:
    """An author as the catalogue has them, with the number of their books."""

    id: int
    name: str
    slug: str
    books: int


def spelling_groups(authors: Iterable[Spelling]) -> list[tuple[Spelling, ...]]:
    """Groups of two or more authors who are one person.

    The first of a group is the one to keep: who has the most books, and of several the lowest id. Groups
    stand in the order of the ids of their first.
    """
    by_key: dict[str, list[Spelling]] = defaultdict(list)
    for author in authors:
        by_key[identity_key(author.name)].append(author)
    found = [
        tuple(sorted(group, key=lambda each: (-each.books, each.id)))
        for group in by_key.values()
        if len(group) > 1
    ]
    return sorted(found, key=lambda group: group[0].id)


BETWEEN = "\n\n"


@dataclass(frozen=True)
class Joint:
    """Where two texts were joined: the first ends at ``first``, the second begins at ``second``.

    ``digest`` tells whether the joined text is still as it was; a text that was edited cannot be parted.
    """

    first: int
    second: int
    digest: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def join_texts(first: str, second: str, heading: str = "") -> tuple[str, Joint]:
    """Both texts, the second below the first with a heading that says where it comes from.

    Where there is nothing to add, nothing is: neither heading nor space.
    """
    added = BETWEEN.join(part for part in (heading, second) if part)
    joined = BETWEEN.join(part for part in (first, added) if part)
    return joined, Joint(len(first), len(joined) - len(second), _digest(joined))


def part_texts(joined: str, joint: Joint) -> tuple[str, str] | None:
    """The two texts of which this was joined; None where it was edited since."""
    if _digest(joined) != joint.digest:
        return None
    return joined[: joint.first], joined[joint.second :]


def part_fields(text: str, lengths: Iterable[tuple[str, int]]) -> tuple[dict[str, str], str]:
    """The texts of these lengths that stand in front of another one, by name, and that one."""
    fields = {}
    for name, length in lengths:
        fields[name] = text[:length]
        text = text[length:].removeprefix(BETWEEN) if length else text
    return fields, text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


UNDO_FOR = timedelta(days=7)


def can_undo(merged_at: datetime, undone_at: datetime | None, now: datetime) -> bool:
    """Return whether a merger can be undone: once, and within a week, whatever way the clock was wrong."""
    return undone_at is None and abs(now - merged_at) < UNDO_FOR


def fingerprint(preview: Mapping[str, Any]) -> str:
    """Digest of what a preview shows, by which the form that confirms it is told from one that is stale."""
    return sha256(dumps(preview, sort_keys=True, default=str).encode()).hexdigest()[:32]
