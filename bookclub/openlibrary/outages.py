"""Open Library's failures: their sentences for members, and how long answers are cached."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext

# Open Library allows sixty a minute to clients that it does not know, and says that more slow it down.
MAX_A_MINUTE = 30
LONGEST_WAIT = timedelta(hours=1)
TOO_MANY = (429, 503)
REFUSED = 403
# After one of these, no other request is made until it expires.
PAUSING = (*TOO_MANY, REFUSED)


def cache_lifetime(status: int, wait: timedelta) -> timedelta:
    """Return how long an answer is cached, by its HTTP status (below 100: none came) and requested wait.

    Books hardly change, so their records last longest. A missing record may be entered soon. A failed
    request is repeated soon, but not by everybody at once.
    """
    if status == 200:
        return timedelta(days=30)
    if status in (404, 410):
        return timedelta(days=1)
    if status == REFUSED:
        return timedelta(minutes=5)
    return max(wait, timedelta(minutes=1))


def wait_from(retry_after: str, now: datetime) -> timedelta:
    """Return how long a Retry-After header asks to stay away, at most LONGEST_WAIT.

    The header holds seconds or a date; anything else is no wait.
    """
    wait = timedelta(0)
    if retry_after.strip().isdecimal():
        # Nine digits are beyond any wait that counts, and int() refuses numbers of thousands of digits.
        wait = timedelta(seconds=min(int(retry_after.strip()[:9]), LONGEST_WAIT.total_seconds()))
    else:
        try:
            until = parsedate_to_datetime(retry_after)
            # A date of HTTP is in GMT, even if the header leaves that out.
            wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
        except ValueError:
            pass
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def cover_trouble_of(status: int, wait: timedelta) -> str | None:
    """Return the sentence for members about a cover that did not come; None if it did, or does not exist."""
    if status in (200, 404, 410):
        return None
    if status in TOO_MANY:
        minutes = max(-(-wait // timedelta(minutes=1)), 1)
        return ngettext(
            "Open Library asks for a pause. Choose a picture yourself, or try again in a minute.",
            "Open Library asks for a pause. Choose a picture yourself, or try again in %(num)s minutes.",
            minutes,
        )
    if status == REFUSED:
        return _("Open Library refuses to answer this club. Choose a picture yourself.")
    if status == 0:
        return _(
            "Open Library does not answer, or not in time. Choose a picture yourself, or try again in a"
            " minute."
        )
    if status < 0:
        return _(
            "Others are waiting for Open Library just now. Choose a picture yourself, or try again in a"
            " moment."
        )
    return _(
        "Open Library answered nothing that can be used. Choose a picture yourself, or try again in a minute."
    )


def trouble_of(status: int, wait: timedelta, is_known: bool) -> str | None:
    """Return the sentence for members about a failed answer, or None if it did not fail.

    ``wait`` is how long the answer counts. ``is_known`` says that the club names itself (BOOKCLUB_URL),
    without which Open Library may refuse.
    """
    if status in (200, 404, 410):
        return None
    if status in TOO_MANY:
        # Rounded up, so that nobody is sent back too early.
        minutes = max(-(-wait // timedelta(minutes=1)), 1)
        return ngettext(
            "Open Library asks for a pause. Fill in the form yourself, or try again in a minute.",
            "Open Library asks for a pause. Fill in the form yourself, or try again in %(num)s minutes.",
            minutes,
        )
    if status == REFUSED and is_known:
        return _("Open Library refuses to answer this club. Fill in the form yourself.")
    if status == REFUSED:
        return _(
            "Open Library refuses to answer this club. It wants to know who asks: an organiser can set"
            " BOOKCLUB_URL. Fill in the form yourself."
        )
    if status == 0:
        return _(
            "Open Library does not answer, or not in time. Fill in the form yourself,"
            " or try again in a minute."
        )
    if status < 0:
        return _(
            "Others are waiting for Open Library just now. Fill in the form yourself,"
            " or try again in a moment."
        )
    return _(
        "Open Library answered nothing that can be used. Fill in the form yourself, or try again in a minute."
    )
