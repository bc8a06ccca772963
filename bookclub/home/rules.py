"""Rules for the front page: greeting, first steps, readers along a book, and the order of unlocked posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ..lib.positions.places import END, START
from ..lib.text.messages import gettext as _

# The front page shows the result of a round for this long.
NEWS_LASTS = timedelta(days=7)


def greeting(now: datetime, zone: str) -> str:
    """Return "Good morning", "Good afternoon" or "Good evening", by the clock in a time zone."""
    hour = now.astimezone(ZoneInfo(zone)).hour
    if 5 <= hour < 12:
        return _("Good morning")
    if 12 <= hour < 18:
        return _("Good afternoon")
    return _("Good evening")


# The line along a book has a stop for every tenth of it, and shows so many avatars on each.
STOPS, AVATARS_ON_STOP = 10, 4
# Members who joined within this time and keep no book yet see how locks work.
NEWCOMERS_FOR = timedelta(days=30)


@dataclass(frozen=True)
class Reader:
    """A member who shares their reading of a book, and their place in it."""

    name: str
    username: str
    position: int
    is_me: bool = False
    portrait_id: int | None = None


@dataclass(frozen=True)
class Stop:
    """The readers in one part of a book, those furthest on first. ``number`` counts from 0 to STOPS."""

    number: int
    readers: Sequence[Reader]

    @property
    def shown(self) -> Sequence[Reader]:
        """Return the readers with an avatar: the viewer first, so that they always find themselves."""
        return sorted(self.readers, key=lambda reader: not reader.is_me)[:AVATARS_ON_STOP]

    @property
    def more(self) -> int:
        """Return how many readers have no avatar."""
        return len(self.readers) - len(self.shown)


def stops_along(readers: Sequence[Reader]) -> list[Stop]:
    """Return the stops of a book where somebody is, from its start to its end.

    A place is rounded down, so that only those who have finished stand at the end.
    """
    by_number: dict[int, list[Reader]] = {}
    for reader in sorted(readers, key=lambda reader: (-reader.position, reader.name.casefold())):
        by_number.setdefault((reader.position - START) * STOPS // (END - START), []).append(reader)
    return [Stop(number, by_number[number]) for number in sorted(by_number)]


def is_newcomer(joined_at: datetime, now: datetime, *, has_readings: bool) -> bool:
    """Return whether a member sees how locks work: they joined lately, and keep no book yet.

    It holds for a member with a wrong date of joining, too, until they keep one.
    """
    return not has_readings and abs(now - joined_at) < NEWCOMERS_FOR


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
REVIEW, COMMENT, PASSAGE = 0, 1, 2


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
