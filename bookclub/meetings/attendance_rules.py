"""Rules of attendance: when it can be noted, and what a list of ticks changes."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime

from ..lib.text.messages import gettext as _


def attendance_problem(starts_at: datetime, now: datetime) -> str | None:
    """Return why nobody can note yet who was there, or None once the meeting has begun."""
    return None if starts_at <= now else _("The meeting has not begun. Note who was there afterwards.")


def after_ticks(present: Set[str], shown: Set[str], ticked: Set[str]) -> Set[str]:
    """Return who was there (usernames), given who was noted, who was ``shown`` as ticked, and who is now.

    Only what the sender changed counts, so that a member who noted themselves meanwhile stays.
    """
    return (present | (ticked - shown)) - (shown - ticked)
