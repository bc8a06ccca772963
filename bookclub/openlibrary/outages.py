"""Where Open Library does not answer: what members are told, and how long it is left in peace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# Open Library allows sixty to those whom it does not know, and says that it is slow under more.
MAX_A_MINUTE = 30
LONGEST_WAIT = timedelta(hours=1)
TOO_MANY = (429, 503)
REFUSED = 403
# After these nothing else is asked, either, until they expire.
PAUSING = (*TOO_MANY, REFUSED)
MEANWHILE = "Fill in the form yourself, or try again"


def kept_for(status: int, wait: timedelta) -> timedelta:
    """How long an answer counts, by the status of HTTP (below 100: none came), and what it asked for.

    Books hardly change; what was not there may be entered; what failed is tried again soon, but not by
    everybody at once.
    """
    if status == 200:
        return timedelta(days=30)
    if status in (404, 410):
        return timedelta(days=1)
    if status == REFUSED:
        return timedelta(minutes=5)
    return max(wait, timedelta(minutes=1))


def wait_from(retry_after: str, now: datetime) -> timedelta:
    """How long a Retry-After asks to stay away: seconds or a date, at most LONGEST_WAIT, or nothing."""
    wait = timedelta(0)
    if retry_after.strip().isdecimal():
        wait = timedelta(seconds=min(int(retry_after.strip()[:9]), LONGEST_WAIT.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
        except ValueError:
            pass
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def trouble_of(status: int, wait: timedelta, is_known: bool) -> str | None:
    """What members are told of an answer, by its status and how long it counts; None where it is one.

    ``is_known`` is whether the club says who it is (BOOKCLUB_URL), without which Open Library may refuse.
    """
    if status in (200, 404, 410):
        return None
    if status in TOO_MANY:
        return f"Open Library asks to be left in peace for a while. {MEANWHILE} {_in_words(wait)}."
    if status == REFUSED:
        why = "" if is_known else " It wants to know who asks: an organiser can set BOOKCLUB_URL."
        return f"Open Library refuses to answer this club.{why} Fill in the form yourself."
    if status == 0:
        return f"Open Library does not answer, or not in time. {MEANWHILE} in a minute."
    if status < 0:
        return f"Others are waiting for Open Library just now. {MEANWHILE} in a moment."
    return f"Open Library answered nothing that can be used. {MEANWHILE} in a minute."


def _in_words(wait: timedelta) -> str:
    minutes = max(-(-wait // timedelta(minutes=1)), 1)
    return "in a minute" if minutes == 1 else f"in {minutes} minutes"
