"""Rules of the outbox: when a mail is tried again, what counts against an address, how many go a minute."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from ..lib.text.messages import gettext as _

STATES = ("waiting", "claimed", "sent", "unknown", "failed")
UNFINISHED = ("waiting", "claimed")
# A mail that was put off waits for each of these pauses in turn, and then for the last one again.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480))
RETRIED_FOR = timedelta(days=2)
KEPT_FOR = timedelta(days=30)
MINUTE = timedelta(minutes=1)
# The longest stored answer of a server, in characters.
LONGEST_ERROR = 500


def retry_at(created_at: datetime, attempts: int, now: datetime) -> datetime | None:
    """Return when a mail is tried again after so many attempts; None if it was tried for two days.

    After a jump of the clock, or a week for which the club was off, two days alone would be one attempt.
    """
    if now - created_at >= RETRIED_FOR and attempts >= len(PAUSES):
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]


def lost_after(timeout: int) -> timedelta:
    """Return how long a claim lasts before its worker must have ended.

    ``timeout`` is how many seconds one answer is awaited: MAIL, RCPT, DATA and its end have one each, and one
    more is for composing.
    """
    return timedelta(seconds=5 * timeout) + MINUTE


def why_unwanted(
    *, is_here: bool, is_present_address: bool, is_unreachable: bool, is_vital: bool
) -> str | None:
    """Return why a mail to a member is not sent after all, or None. Asked at the moment of sending.

    ``is_here``: neither suspended nor removed. ``is_present_address``: the address is theirs still, or the
    mail is for the one that they had.
    """
    if not is_here:
        return _("The member is suspended or has left.")
    if not is_present_address:
        return _("The member has another address by now.")
    if is_unreachable and not is_vital:
        return _("Mail to this address was refused three times.")
    return None


def message_id(cause: str, site: str, sender: str) -> str:
    """Return the Message-ID of the mail that a cause makes: the same however often it is sent."""
    digest = sha256(f"{site} {cause}".encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"
