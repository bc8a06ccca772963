"""Stopped imports: who may have stopped one, and the sentences about it."""

from __future__ import annotations

from ..lib.text.messages import gettext as _

MAX_STOP_REASON = 500
# "" is an import that was not stopped.
STOPPERS = ("", "member", "suspension", "organiser")


def stopped_text(stopped_by: str, reason: str) -> str:
    """Sentence that tells its member who stopped an import and why; "" if they stopped it themselves."""
    if stopped_by == "suspension":
        return _("It stopped when you were suspended. You can carry on with it now.")
    if stopped_by == "organiser":
        return _("An organiser stopped it: %(reason)s", reason=reason)
    return ""


def stopped_text_for_organisers(stopped_by: str, reason: str) -> str:
    """Phrase for the organisers' list that says who stopped an import and why."""
    if stopped_by == "suspension":
        return _("stopped with the suspension")
    if stopped_by == "organiser":
        return _("stopped by an organiser: %(reason)s", reason=reason)
    return _("stopped by the member")
