"""The rule for who may see a text and its spoilers, and the effective horizon of a comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .places import END, START


@dataclass(frozen=True)
class Viewer:
    """The person who reads: a member's id and the time since when texts are new to them, or a visitor.

    ``off_site`` they read what leaves the club, such as mail: there the mark alone decides, reveals do not
    count, and bars stay closed.
    """

    id: int | None = None
    new_since: datetime | None = None
    off_site: bool = False

    @property
    def is_member(self) -> bool:
        return self.id is not None

    @property
    def revealer_id(self) -> int | None:
        """The member whose reveals count, or None if none do."""
        return None if self.off_site else self.id


def is_visible_to(
    horizon: int | None, mark: int | None, *, own: bool = False, revealed: bool = False
) -> bool:
    """Return whether a reader may see a text. Every channel must obey this rule.

    ``horizon`` is the effective one, ``mark`` the furthest position of the reader in that book (0 for a
    visitor). A text is visible if its horizon is not ahead of the mark, if the reader wrote it (``own``), or
    if they chose to reveal it. A text with an unknown horizon is locked, except for its author.
    """
    if own or revealed:
        return True
    if horizon is None:  # Nobody knows what the text gives away.
        return False
    # A visitor has no mark, nor has a member who never said how far they are.
    return horizon <= (mark or START)


def shows_spoilers(mark: int | None, *, own: bool = False, revealed: bool = False) -> bool:
    """Return whether inline spoilers show too: if a reader has finished, wrote the text or revealed it."""
    return is_visible_to(END, mark, own=own, revealed=revealed)


def effective_horizon(own_horizon: int, parent: int | None, floor: int, lifted: int = START) -> int:
    """Return the effective horizon of a comment: at least that of its parent and of its thread (``floor``).

    ``lifted`` is the horizon that readers reported, unless someone has decided otherwise.
    """
    # A reply may repeat what it answers, so it is never safer than that.
    return max(own_horizon, parent or START, floor, lifted)
