"""How a member is greeted, and what a new club does first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


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
