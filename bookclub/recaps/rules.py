"""Rules of recaps: when one can be written."""

from __future__ import annotations

from datetime import datetime

from ..lib.text.messages import gettext as _


def recap_problem(starts_at: datetime, now: datetime) -> str | None:
    """Return why nobody can write the recap of a meeting yet, or None once it has begun."""
    return None if starts_at <= now else _("The meeting has not begun. Write the recap afterwards.")
