"""Lengths of time in words."""

from __future__ import annotations

from .messages import gettext as _
from .messages import number_text


def minutes_text(minutes: int) -> str:
    """Return a length of time in words: "45 min", "7 h", "7 h 32 min"."""
    hours, rest = divmod(minutes, 60)
    if hours and rest:
        return _("%(hours)s h %(minutes)s min", hours=number_text(hours), minutes=rest)
    if hours:
        return _("%(hours)s h", hours=number_text(hours))
    return _("%(minutes)s min", minutes=rest)
