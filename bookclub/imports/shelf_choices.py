"""Choices of what each shelf of a file becomes: a status, a tag of the member's own, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..lib.library_files.entries import LibraryEntry
from ..lib.library_files.shelves import meaning_of
from ..lib.positions.progress import STATUSES
from ..lib.text.keys import key_of
from ..lib.text.messages import lazy_gettext
from ..readings.rules import MAX_OWN_TAGS, own_tag

TAG, NOTHING = "tag", "nothing"
BECOMES: Mapping[str, str] = {
    "finished": lazy_gettext("Finished"),
    "reading": lazy_gettext("Reading"),
    "to_read": lazy_gettext("Want to read"),
    "did_not_finish": lazy_gettext("Did not finish"),
    TAG: lazy_gettext("A tag of my own"),
    NOTHING: lazy_gettext("Leave it out"),
}
# A member chooses for at most so many shelves and tags; a file with more belongs to someone who tags each
# book differently.
MOST_CHOICES = 100
# At most so many different names are counted while a file is read.
MOST_NAMES = 5000


@dataclass(frozen=True)
class ShelfChoice:
    """A shelf or tag of the file, its number of rows, and what it becomes (a key of BECOMES).

    ``is_shelf`` says that it is a shelf of the kind that holds a book exclusively.
    """

    name: str
    rows: int
    is_shelf: bool
    becomes: str


class ShelfCount:
    """Counts of a file's shelves and tags, made while its rows are read."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._shelves: set[str] = set()
        self._plain: set[str] = set()

    def add(self, entry: LibraryEntry) -> None:
        """Count the shelf and the tags of one row."""
        for name in dict.fromkeys((entry.shelf, *entry.tags)):
            # Names that come after the limit are not asked about, and become what they do without a choice.
            if name and (name in self._rows or len(self._rows) < MOST_NAMES):
                self._rows[name] = self._rows.get(name, 0) + 1
        if entry.shelf:
            self._shelves.add(entry.shelf)
        if entry.has_plain_tags:
            # In such a file a tag called “read” says nothing of a status.
            self._plain.update(name for name in entry.tags if name in self._rows)

    def kept(self) -> list[dict[str, Any]]:
        """Names to ask about, shelves first, with what they become unless the member chooses otherwise."""
        # Those that decide about many books come first, since the page shows only some of them.
        names = sorted(self._rows, key=lambda name: (name not in self._shelves, -self._rows[name], name))
        return [
            asdict(ShelfChoice(name, self._rows[name], name in self._shelves, self._becomes(name)))
            for name in names[:MOST_CHOICES]
        ]

    def _becomes(self, name: str) -> str:
        return TAG if name in self._plain - self._shelves else becomes(name)


def becomes(name: str, choices: Mapping[str, str] | None = None) -> str:
    """Return what a shelf or tag becomes, by the member's choices or by its name."""
    return (choices or {}).get(name) or meaning_of(name) or TAG


def status_of(entry: LibraryEntry, choices: Mapping[str, str]) -> str | None:
    """Return the status that a row gives its book, or None if the member leaves its shelf out.

    It is "" where a file of ours says that there is none.

    The shelf decides. A tag that means "did not finish" overrules a shelf of read books, since several sites
    have no such shelf; other tags count only if the shelf says nothing. If none of them does, the status
    follows from the rest of the row.
    """
    if entry.has_no_status:
        return ""
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


def _becomes(name: str, entry: LibraryEntry, choices: Mapping[str, str]) -> str:
    return choices.get(name, TAG) if entry.has_plain_tags else becomes(name, choices)


def tags_of(entry: LibraryEntry, choices: Mapping[str, str]) -> tuple[str, ...]:
    """Distinct tags of the member's own that a row gives its book."""
    status = status_of(entry, choices)
    names = (
        name
        for name in (entry.shelf, *entry.tags)
        if name
        and (_becomes(name, entry, choices) == TAG or _names_other_status(name, entry, status, choices))
    )
    return distinct_tags(own_tag(name) for name in names)[:MAX_OWN_TAGS]


def _names_other_status(
    name: str, entry: LibraryEntry, status: str | None, choices: Mapping[str, str]
) -> bool:
    """Return True if a tag names another status than the row gets: it stays a tag and is not lost."""
    meant = _becomes(name, entry, choices)
    return name != entry.shelf and meant in STATUSES and meant != status


def distinct_tags(names: Iterable[str]) -> tuple[str, ...]:
    """Tags that differ in more than their spelling, in their order."""
    return tuple({key_of(name): name for name in reversed([*names]) if name}.values())[::-1]
