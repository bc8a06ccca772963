"""How a member is greeted, what a new club does first, and the order in which a book unlocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# How long the front page tells what a round has chosen.
NEWS_LASTS = timedelta(days=7)


def greeting(now: datetime, zone: str) -> str:
    """ "Good morning", "Good afternoon" or "Good evening", by the clock in a time zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 5 <= hour < 12:
        return "Good morning"
    if 12 <= hour < 18:
        return "Good afternoon"
    return "Good evening"


@dataclass(frozen=True)
class FirstSteps:
    """What an organiser of a new club has done already."""

    named: bool
    has_books: bool
    has_members: bool
    has_current_book: bool

    @property
    def done(self) -> bool:
        return self.named and self.has_books and self.has_members and self.has_current_book


# Of what gives away the same, a review comes before the comments.
REVIEW, COMMENT = 0, 1


@dataclass(frozen=True, order=True)
class Turn:
    """Where something stands in the order in which a book unlocks it: by what it gives away, then by age.

    As a key in an address it reads "4200-1-17".
    """

    horizon: int
    kind: int
    id: int

    def __str__(self) -> str:
        return f"{self.horizon}-{self.kind}-{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Turn | None:
        """The key that was written as ``text``, if it is one."""
        found = _TURN.fullmatch(text or "")
        return cls(*map(int, found.groups())) if found else None


_TURN = re.compile(r"([0-9]{1,5})-([01])-([0-9]{1,9})")
