"""Rules for reactions: their kinds, and whose are named and counted to whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..lib.positions.places import START
from ..lib.positions.visibility import Viewer
from ..lib.text.messages import lazy_gettext

# The names stand in the database, and the order is that of the buttons.
LABELS = {
    "like": lazy_gettext("Like"),
    "thanks": lazy_gettext("Thanks"),
    "me_too": lazy_gettext("Me too"),
    "made_me_think": lazy_gettext("Made me think"),
}
KINDS = tuple(LABELS)


class Response(Protocol):
    """Something that a member did to a post, which tells that they have read it."""

    @property
    def member_id(self) -> int: ...
    @property
    def is_private(self) -> bool: ...


@dataclass(frozen=True)
class ReactionRow:
    """A member's reaction to a post, and whether their reading of the post's book is private."""

    kind: str
    member_id: int
    name: str
    is_private: bool


@dataclass(frozen=True)
class KindCount:
    """The reactions of one kind to one post, as one reader sees them."""

    kind: str
    names: Sequence[str]
    is_mine: bool

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def count(self) -> int:
        return len(self.names)


def is_shown(response: Response, horizon: int, viewer: Viewer) -> bool:
    """Return whether a reader may know of a member's response to a post with this effective horizon.

    Who responds to a post has read it, so on a post that gives something away a response tells how far its
    member has read. A private reading is known to its owner alone.
    """
    return horizon <= START or not response.is_private or response.member_id == viewer.id


def count_kinds(reactions: Iterable[ReactionRow], horizon: int, viewer: Viewer) -> list[KindCount]:
    """Count the reactions to a post that a reader may know of, one entry for each kind.

    ``horizon`` is the effective one of the post.
    """
    shown = [one for one in reactions if is_shown(one, horizon, viewer)]
    return [
        KindCount(
            kind,
            [one.name for one in shown if one.kind == kind],
            any(one.kind == kind and one.member_id == viewer.id for one in shown),
        )
        for kind in KINDS
    ]
