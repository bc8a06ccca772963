"""Stopped imports: who may have stopped one, and the words for it."""

from __future__ import annotations

MAX_STOP_REASON = 500
# "" is an import that was not stopped.
STOPPERS = ("", "member", "suspension", "organiser")


def say_stopped(stopped_by: str, reason: str) -> str:
    """Who stopped an import and why, in a sentence for its member; "" where they stopped it themselves."""
    if stopped_by == "suspension":
        return "It stopped when you were suspended, and waits for you to go on."
    if stopped_by == "organiser":
        return f"An organiser stopped it: {reason}"
    return ""


def say_stopped_to_organisers(stopped_by: str, reason: str) -> str:
    """Who stopped an import and why, in a few words for the organisers' list."""
    if stopped_by == "suspension":
        return "stopped with the suspension"
    return f"stopped by an organiser: {reason}" if stopped_by == "organiser" else "stopped by its member"
