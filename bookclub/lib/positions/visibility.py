"""The one predicate that decides who sees what, and the horizon that is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .places import END, START


@dataclass(frozen=True)
class Viewer:
    """Who reads: a member's id, and since when things are new to them; or nobody in particular."""

    id: int | None = None
    new_since: datetime | None = None


def visible(horizon: int | None, mark: int | None, *, own: bool = False, revealed: bool = False) -> bool:
    """Whether a reader may see a text. This is the law that every channel obeys.

    ``horizon`` is the one in force, ``mark`` the furthest the reader has been in that book (a visitor's
    is 0). A text is visible where its horizon is not ahead of the mark, where the reader wrote it, and
    where they chose to have it revealed. What is unknown is locked, except to its author.
    """
    if own or revealed:
        return True
    if horizon is None:
        return False
    return horizon <= (mark or START)


def spoilers_open(mark: int | None, *, own: bool = False, revealed: bool = False) -> bool:
    """Whether inline spoilers show, too: to those who have finished, wrote it, or chose to see it."""
    return visible(END, mark, own=own, revealed=revealed)


def in_force(own_horizon: int, parent: int | None, floor: int, lifted: int = START) -> int:
    """The horizon of a comment: a reply gives away at least what its parent and its thread do.

    ``lifted`` is what readers reported that it gives away, as far as nobody decided otherwise.
    """
    return max(own_horizon, parent or START, floor, lifted)
