"""Authors whose names are spellings of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ...books.rules import identity_key


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
