"""Rules for the search: the kinds of what it finds, in their order, and how often somebody may search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..lib.positions.visibility import Viewer
from ..lib.text.cursors import row_id_from
from ..lib.text.messages import lazy_gettext
from ..lib.text.snippets import SnippetPart

# The first hits of each kind stand on the page of all, and a page of one kind has more.
FEW, MANY = 5, 20
# No search is answered sooner, in seconds. To turn away what lies ahead of a reader takes time, and without
# this a word that stands in a thousand comments ahead would be told by the clock from one that nobody wrote.
LEAST_TIME = 0.04
# A person who types and looks searches a few times a minute. Many share the address of a living room.
SEARCHES_BY_MEMBER, SEARCHES_FROM_ADDRESS = 30, 150

KIND_NAMES = {
    "book": lazy_gettext("Books"),
    "author": lazy_gettext("Authors"),
    "member": lazy_gettext("Members"),
    "thread": lazy_gettext("Conversations"),
    "comment": lazy_gettext("Comments"),
    "review": lazy_gettext("Reviews"),
    "passage": lazy_gettext("Passages"),
    "meeting": lazy_gettext("Meetings"),
    "question": lazy_gettext("Questions of meetings"),
    "round": lazy_gettext("Votes"),
    "ask": lazy_gettext("Questions what to read"),
}
MORE_NAMES = {
    "book": lazy_gettext("More books"),
    "author": lazy_gettext("More authors"),
    "member": lazy_gettext("More members"),
    "thread": lazy_gettext("More conversations"),
    "comment": lazy_gettext("More comments"),
    "review": lazy_gettext("More reviews"),
    "passage": lazy_gettext("More passages"),
    "meeting": lazy_gettext("More meetings"),
    "question": lazy_gettext("More questions of meetings"),
    "round": lazy_gettext("More votes"),
    "ask": lazy_gettext("More questions what to read"),
}
FOR_VISITORS = frozenset({"book", "author", "thread", "comment", "review"})


def kinds_for(viewer: Viewer) -> list[str]:
    """Return the kinds of what this reader may find, in their order."""
    return [kind for kind in KIND_NAMES if viewer.is_member or kind in FOR_VISITORS]


@dataclass(frozen=True)
class HitPlace:
    """A place in the hits of one kind: those in titles come first, each part the newest first."""

    in_title: bool
    row_id: int

    def __str__(self) -> str:
        return f"{'title' if self.in_title else 'text'}-{self.row_id}"

    @classmethod
    def parse(cls, text: str | None) -> HitPlace | None:
        """Return the place that a text means, or None if it means none."""
        part, _, number = (text or "").partition("-")
        row_id = row_id_from(number)
        return cls(part == "title", row_id) if row_id is not None and part in ("title", "text") else None


@dataclass(frozen=True)
class Narrowing:
    """Limits of a search: to one book, to words of one member, to what is newer than a moment."""

    book_id: int | None = None
    member_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Hit:
    """Something that was found, as a list shows it: its title and some of its words, with the hits marked.

    ``name`` is its author's, or the place of a meeting; ``about`` the title of what it belongs to.
    """

    endpoint: str
    address: Mapping[str, Any]
    title: Sequence[SnippetPart]
    words: Sequence[SnippetPart] = ()
    name: str = ""
    about: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """The hits of one kind, and the place after which there are more (None: that is all)."""

    kind: str
    hits: Sequence[Hit]
    next_after: HitPlace | None = None

    @property
    def name(self) -> str:
        return KIND_NAMES[self.kind]

    @property
    def more(self) -> str:
        """The words of the link to more hits of the kind."""
        return MORE_NAMES[self.kind]
