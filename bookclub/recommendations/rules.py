"""A reader's books by one author, and what is said where nothing can be recommended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ..lib.text.bidi import isolated
from ..members.rules import fold

UNKNOWN_YEAR = 10_000


class Dated(Protocol):
    """What has a year of first publication, and an id."""

    id: int
    first_published: int | None


Work = TypeVar("Work", bound=Dated)


@dataclass(frozen=True)
class Divided(Generic[Work]):
    """An author's books: those that the reader has ended with, those they are at, and the rest by year."""

    read: Sequence[Work]
    begun: Sequence[Work]
    unread: Sequence[Work]


def divided(books: Iterable[Work], statuses: dict[int, str], muted: Iterable[int]) -> Divided[Work]:
    """Divide an author's books by a reader's statuses; what they muted is not among the unread."""
    refused = set(muted)
    ordered = sorted(books, key=lambda book: (in_order(book.first_published), book.id))
    return Divided(
        [book for book in ordered if statuses.get(book.id) in ("finished", "did_not_finish")],
        [book for book in ordered if statuses.get(book.id) == "reading"],
        [book for book in ordered if statuses.get(book.id) in (None, "to_read") and book.id not in refused],
    )


def in_order(year: int | None) -> int:
    """What the order of publication goes by: a book without a year comes last."""
    return UNKNOWN_YEAR if year is None else year


# So many of a large club are asked for, unless others are chosen; and at most so many can be.
USUAL_PARTY, LARGEST_PARTY = 12, 30


class Named(Protocol):
    """Somebody who is known by a username."""

    @property
    def username(self) -> str: ...


Somebody = TypeVar("Somebody", bound=Named)


@dataclass(frozen=True)
class Party(Generic[Somebody]):
    """Those for whom the club's next book is chosen.

    ``unknown`` are names that are nobody's; ``has_left_out`` says that more were named than can take part.
    """

    members: Sequence[Somebody]
    unknown: Sequence[str] = ()
    has_left_out: bool = False

    @property
    def problem(self) -> str | None:
        """What is wrong with those who were named, in words; None where nothing is."""
        if self.unknown:
            return f"Nobody here is called {' or '.join(f'“{isolated(name)}”' for name in self.unknown)}."
        if self.has_left_out:
            return f"At most {LARGEST_PARTY} can take part in a choice. These are the first of them."
        return None


def usernames_in(typed: Iterable[str]) -> list[str]:
    """The usernames in what was ticked and typed, each once: several in a line, with or without an @."""
    words = (word.removeprefix("@") for line in typed for word in line.replace(",", " ").split())
    return list({fold(word): word for word in words if word}.values())


def party(members: Sequence[Somebody], wanted: Sequence[str]) -> Party[Somebody]:
    """Those of the members who are ``wanted`` by their usernames, in whatever case.

    ``members`` stand in the order in which they were here last. Where nobody of them was named it is the
    first twelve.
    """
    names = {fold(name): name for name in wanted}
    found = [member for member in members if names.pop(fold(member.username), None) is not None]
    return Party(
        found[:LARGEST_PARTY] or members[:USUAL_PARTY], tuple(names.values()), len(found) > LARGEST_PARTY
    )


# Words that belong to the surname that follows them.
PARTICLES = {
    "de",
    "du",
    "da",
    "la",
    "le",
    "von",
    "van",
    "der",
    "den",
    "ter",
    "al",
    "el",
    "bin",
    "ibn",
    "st",
    "st.",
}


def surname(name: str) -> str:
    """What an author is called for short: "Ishiguro", "Le Guin", "de Beauvoir".

    The last word of the name with the particles before it, or what stands before a comma.
    """
    before, comma, _ = name.partition(",")
    words = before.split()
    if comma or len(words) < 2:
        return before.strip()
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:])
