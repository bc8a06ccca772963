"""Authors whose names are spellings of one name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ...books.rules import author_key
from ...books.rules.matching.names import name_words


@dataclass(frozen=True)
class Spelling:
    """An author as the catalogue has them, with the number of their books."""

    id: int
    name: str
    slug: str
    books: int


def is_one_author(one: str, other: str) -> bool:
    """Return whether two names are surely one person's: the same letters, whatever stands between them.

    "J. K. Rowling", "JK Rowling" and "Rowling, J. K." are; "J. Rowling" might be another.
    """
    return "".join(name_words(one)) == "".join(name_words(other))


def spelling_groups(authors: Iterable[Spelling]) -> list[tuple[Spelling, ...]]:
    """Groups of two or more authors who are one person.

    The first of a group is the one to keep: who has the most books, and of several the lowest id. Groups
    stand in the order of the ids of their first.
    """
    by_key: dict[str, list[list[Spelling]]] = defaultdict(list)
    for author in sorted(authors, key=lambda each: each.id):
        groups = by_key[author_key(author.name)]
        near = next((group for group in groups if is_one_author(group[0].name, author.name)), None)
        if near is None:
            groups.append([author])
        else:
            near.append(author)
    found = [
        tuple(sorted(group, key=lambda each: (-each.books, each.id)))
        for groups in by_key.values()
        for group in groups
        if len(group) > 1
    ]
    return sorted(found, key=lambda group: group[0].id)
