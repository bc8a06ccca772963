"""What the shelves of a file become here: a status, a tag of the member's own, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..lib.library_files.entries import Entry
from ..lib.library_files.shelves import meaning_of
from ..lib.positions.progress import STATUSES
from ..lib.text.keys import key_of
from ..readings.rules import MAX_OWN_TAGS, own_tag

TAG, NOTHING = "tag", "nothing"
BECOMES: Mapping[str, str] = {
    "finished": "Finished",
    "reading": "Reading",
    "to_read": "To read",
    "did_not_finish": "Did not finish",
    TAG: "A tag of my own",
    NOTHING: "Leave it out",
}
# A member is asked about so many; a file that has more is one of somebody who tags each book anew.
MOST_CHOICES = 100
# So many different names are told apart while a file is read.
MOST_NAMES = 5000


@dataclass(frozen=True)
class ShelfChoice:
    """A shelf or tag of the file, how many rows it has, and what it becomes (a key of BECOMES).

    ``is_shelf`` says that it is one of those of which a book stands on one only.
    """

    name: str
    rows: int
    is_shelf: bool
    becomes: str


class ShelfCount:
    """The shelves and tags of a file, counted while its rows go by."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._shelves: set[str] = set()
        self._plain: set[str] = set()

    def add(self, entry: Entry) -> None:
        """Count the shelf and the tags of one row."""
        for name in dict.fromkeys((entry.shelf, *entry.tags)):
            if name and (name in self._rows or len(self._rows) < MOST_NAMES):
                self._rows[name] = self._rows.get(name, 0) + 1
        if entry.shelf:
            self._shelves.add(entry.shelf)
        if entry.has_plain_tags:
            self._plain.update(name for name in entry.tags if name in self._rows)

    def kept(self) -> list[dict[str, Any]]:
        """The names to ask about, the shelves first, with what they become unless somebody says otherwise."""
        names = sorted(self._rows, key=lambda name: (name not in self._shelves, -self._rows[name], name))
        return [
            asdict(ShelfChoice(name, self._rows[name], name in self._shelves, self._becomes(name)))
            for name in names[:MOST_CHOICES]
        ]

    def _becomes(self, name: str) -> str:
        return TAG if name in self._plain - self._shelves else becomes(name)


def becomes(name: str, choices: Mapping[str, str] | None = None) -> str:
    """What a shelf or tag of this name becomes, by the member's choices or by itself."""
    return (choices or {}).get(name) or meaning_of(name) or TAG


def status_of(entry: Entry, choices: Mapping[str, str]) -> str | None:
    """The status that a row gives its book; None where the member leaves its shelf out.

    The shelf decides. A tag that means not to have finished is believed against a shelf of what was read,
    since several sites have no such shelf; other tags speak only where the shelf says nothing. Where none
    of them does, it follows from the rest of the row.
    """
    by_shelf = becomes(entry.shelf, choices) if entry.shelf else TAG
    if by_shelf == NOTHING:
        return None
    if entry.has_plain_tags and by_shelf in STATUSES:
        return by_shelf
    by_tags = [meaning for tag in entry.tags if (meaning := _becomes(tag, entry, choices)) in STATUSES]
    if by_shelf != "to_read" and "did_not_finish" in by_tags:
        return "did_not_finish"
    if by_shelf in STATUSES:
        return by_shelf
    if by_tags:
        return by_tags[0]
    if entry.times_read or entry.rating or entry.review or any(finished for _, finished in entry.times):
        return "finished"
    return "reading" if any(started for started, _ in entry.times) else "to_read"


def _becomes(name: str, entry: Entry, choices: Mapping[str, str]) -> str:
    return choices.get(name, TAG) if entry.has_plain_tags else becomes(name, choices)


def tags_of(entry: Entry, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The tags of the member's own that a row gives its book, each once."""
    status = status_of(entry, choices)
    names = (
        name
        for name in (entry.shelf, *entry.tags)
        if name and (_becomes(name, entry, choices) == TAG or _says_otherwise(name, entry, status, choices))
    )
    return distinct_tags(own_tag(name) for name in names)[:MAX_OWN_TAGS]


def _says_otherwise(name: str, entry: Entry, status: str | None, choices: Mapping[str, str]) -> bool:
    """Return whether a tag names a status that the row does not get: then it stays a tag, and is not lost."""
    meant = _becomes(name, entry, choices)
    return name != entry.shelf and meant in STATUSES and meant != status


def distinct_tags(names: Iterable[str]) -> tuple[str, ...]:
    """The tags that differ in more than their spelling, in their order."""
    return tuple({key_of(name): name for name in reversed([*names]) if name}.values())[::-1]
