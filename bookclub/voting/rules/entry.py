"""What keeps a book out of a round by the round's own rules: that many have read it, or who wrote it."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from ...bidi import isolated
from .states import is_read_by_many

LONGEST_PAUSE = 60


def exclusion_problem(readers: int, electorate: int, share: int) -> str | None:
    """Why a book that so many of the electorate have read cannot be nominated, in words; None if it can.

    ``share`` is in percent, and reaching it is enough. A share of 0 leaves out nothing, nor does an
    electorate of nobody.
    """
    if not is_read_by_many(readers, electorate, share):
        return None
    have = "has" if readers == 1 else "have"
    return (
        f"{readers} of {electorate} {have} read it, and this round leaves out what {share} percent have read."
    )


def pause_problem(author: str, title: str, months: int) -> str | None:
    """Why a book by an author whose ``title`` won lately cannot be nominated; None without a pause."""
    if months <= 0:
        return None
    since = "the last month" if months == 1 else f"the last {months} months"
    won = f"“{isolated(title)}” by {isolated(author)} won within {since}"
    return f"{won}, and this round leaves out such authors."


def months_before(moment: datetime, months: int) -> datetime:
    """The same day and time so many months earlier; where that month is too short, its last day."""
    years, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    day = min(moment.day, monthrange(years, month + 1)[1])
    return moment.replace(year=years, month=month + 1, day=day)
