"""Lengths of time in words."""

from __future__ import annotations


def minutes_text(minutes: int) -> str:
    """Return a length of time in words: "45 min", "7 h", "7 h 32 min"."""
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(part for part in (f"{hours} h" * bool(hours), f"{rest} min" * bool(rest)) if part) or "0 min"
    )
