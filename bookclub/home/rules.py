"""Rules for the front page: the greeting, a club's first steps, and the order of unlocked posts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# The front page shows the result of a round for this long.
NEWS_LASTS = timedelta(days=7)


def greeting(now: datetime, zone: str) -> str:
    """Return "Good morning", "Good afternoon" or "Good evening", by the clock in a time zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 5 <= hour < 12:
        return "Good morning"
    if 12 <= hour < 18:
        return "Good afternoon"
    return "Good evening"


@dataclass(frozen=True)
class FirstSteps:
    """The first steps of a new club, and which of them an organiser has done."""

    named: bool
    has_books: bool
    has_members: bool
    has_current_book: bool

    @property
    def done(self) -> bool:
        return self.named and self.has_books and self.has_members and self.has_current_book


# The order of posts with the same horizon: a review comes before the comments.
REVIEW, COMMENT = 0, 1


@dataclass(frozen=True, order=True)
class Turn:
    """A post's place in the order in which a book unlocks posts: by horizon, then kind, then age.

    As a key in an address it reads "4200-1-17".
    """

    horizon: int
    kind: int
    id: int

    def __str__(self) -> str:
        return f"{self.horizon}-{self.kind}-{self.id}"

    @classmethod
    def read(cls, text: str | None) -> Turn | None:
        """Parse the key ``text``; None if it is none."""
        found = _TURN.fullmatch(text or "")
        return cls(*map(int, found.groups())) if found else None


# An id of nine digits always fits into a 32-bit key.
_TURN = re.compile(r"([0-9]{1,5})-([01])-([0-9]{1,9})")
