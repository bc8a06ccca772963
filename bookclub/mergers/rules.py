"""Rules of mergers and splits: choice of parts, spellings of one author, joined texts, and time to undo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from json import dumps
from typing import Any

from ..lib.matches.author_names import identity_key
from ..lib.text.messages import lazy_gettext, ngettext

# Fields of the form, with their labels.
PARTS = {
    "edition": lazy_gettext("Editions"),
    "review": lazy_gettext("Reviews, with what is said under them"),
    "thread": lazy_gettext("Conversations"),
    "ask": lazy_gettext("Questions about the book"),
    "answer": lazy_gettext("Answers that name the book"),
    "endorsement": lazy_gettext("Recommendations to readers of this book, and of this book to others"),
    "nomination": lazy_gettext("Nominations in rounds that are over"),
    "adaptation": lazy_gettext("Adaptations"),
}


def moves_text(name: str, count: int) -> str:
    """Sentence that says how many things of one kind move to another book."""
    match name:
        case "editions":
            return ngettext("%(num)s edition moves.", "%(num)s editions move.", count)
        case "chapters":
            return ngettext("%(num)s chapter moves.", "%(num)s chapters move.", count)
        case "reviews":
            return ngettext("%(num)s review moves.", "%(num)s reviews move.", count)
        case "threads":
            return ngettext("%(num)s conversation moves.", "%(num)s conversations move.", count)
        case "passages":
            return ngettext("%(num)s passage moves.", "%(num)s passages move.", count)
        case "readings":
            return ngettext(
                "%(num)s reading moves. Private ones move, too, and are not counted here.",
                "%(num)s readings move. Private ones move, too, and are not counted here.",
                count,
            )
        case "questions":
            return ngettext("%(num)s question moves.", "%(num)s questions move.", count)
        case "answers":
            return ngettext("%(num)s answer moves.", "%(num)s answers move.", count)
        case "recommendations":
            return ngettext("%(num)s recommendation moves.", "%(num)s recommendations move.", count)
        case "nominations":
            return ngettext("%(num)s nomination moves.", "%(num)s nominations move.", count)
        case "adaptations":
            return ngettext("%(num)s adaptation moves.", "%(num)s adaptations move.", count)
    raise ValueError(f"{name} is nothing that moves")


@dataclass(frozen=True)
class BookPart:
    """Something that belongs to a book: its id, and a label by which an organiser recognises it."""

    id: int
    label: str


@dataclass(frozen=True)
class Chosen:
    """Ids of what moves to the new book, by the names in ``PARTS``."""

    ids: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Mapping[str, Iterable[str]], offered: Mapping[str, Iterable[BookPart]]) -> Chosen:
        """Return the offered parts that a form names; anything else is left out."""
        known = {name: {part.id for part in parts} for name, parts in offered.items()}
        found = {}
        for name, texts in sent.items():
            # More digits do not fit an id.
            numbers = {int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 10}
            found[name] = frozenset(numbers & known.get(name, set()))
        return cls(found)

    def of(self, name: str) -> frozenset[int]:
        return self.ids.get(name, frozenset())

    def __bool__(self) -> bool:
        return any(self.ids.values())


@dataclass(frozen=True)
class Spelling:
    """An author in the catalogue, with the number of their books."""

    id: int
    name: str
    slug: str
    books: int


def spelling_groups(authors: Iterable[Spelling]) -> list[tuple[Spelling, ...]]:
    """Groups of two or more authors who are one person.

    The first of a group is the one to keep: the author with the most books, and of several the lowest id.
    Groups are sorted by the id of their first author.
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
    """Place where two texts were joined: the first ends at ``first``, the second begins at ``second``.

    ``digest`` tells if the joined text is unchanged; a text that was edited cannot be parted.
    """

    first: int
    second: int
    digest: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def join_texts(first: str, second: str, heading: str = "") -> tuple[str, Joint]:
    """Append the second text to the first, below a heading that says where it comes from.

    If there is nothing to add, neither heading nor space is added.
    """
    added = BETWEEN.join(part for part in (heading, second) if part)
    joined = BETWEEN.join(part for part in (first, added) if part)
    return joined, Joint(len(first), len(joined) - len(second), _digest(joined))


def part_texts(joined: str, joint: Joint) -> tuple[str, str] | None:
    """The two texts that were joined, or None if the joined text was edited since."""
    if _digest(joined) != joint.digest:
        return None
    return joined[: joint.first], joined[joint.second :]


def part_fields(text: str, lengths: Iterable[tuple[str, int]]) -> tuple[dict[str, str], str]:
    """Split off texts of these lengths from the front. Return them by name, and the rest."""
    fields = {}
    for name, length in lengths:
        fields[name] = text[:length]
        # An empty text was joined without a separator, so there is none to remove behind it.
        text = text[length:].removeprefix(BETWEEN) if length else text
    return fields, text


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


UNDO_FOR = timedelta(days=7)


def can_undo(merged_at: datetime, undone_at: datetime | None, now: datetime) -> bool:
    """Return True if a merger can be undone: once, and within a week.

    A date in the future counts alike, since the clock may have been wrong either way.
    """
    return undone_at is None and abs(now - merged_at) < UNDO_FOR


def fingerprint(preview: Mapping[str, Any]) -> str:
    """Digest of a preview, by which the form that confirms it is recognised as stale."""
    return sha256(dumps(preview, sort_keys=True, default=str).encode()).hexdigest()[:32]
