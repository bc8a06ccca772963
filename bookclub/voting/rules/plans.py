"""The rules of a round as an organiser sets them, and what of them may still be changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ...moments import moment_at

LONGEST_TITLE = 120
LONGEST_PITCH = 500
MOST_NOMINATIONS = 30
MOST_CARRIED = 10
LONGEST_ROUND = timedelta(days=366)
# A week for each, until the hour at which people are at home.
NOMINATING_DAYS, VOTING_DAYS, EVENING = 7, 14, 20
READING_TIME = timedelta(days=28)


@dataclass(frozen=True)
class Plan:
    """The rules of a round. ``quorum`` and the shares of readers are in percent of the electorate.

    ``author_pause`` is in months. So many of its runners-up as ``carries_over`` says are nominated again in
    the next round.
    """

    title: str
    nominations_until_at: datetime
    voting_until_at: datetime
    method: str = "ranked"
    secrecy: str = "open"
    quorum: int = 0
    warn_share: int = 50
    most_nominations: int | None = None
    carries_over: int = 0
    exclude_share: int = 0
    author_pause: int = 0
    lets_late_join: bool = False
    drops_removed: bool = True


def usual_plan(now: datetime, zone: str) -> Plan:
    """A round as most clubs would want it: a week to nominate, a week to vote, until eight in the evening."""

    def evening(days: int) -> datetime:
        day = now.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)
        return moment_at(datetime(day.year, day.month, day.day, EVENING), zone)

    return Plan("Our next book", evening(NOMINATING_DAYS), evening(VOTING_DAYS))


def deadlines_problem(now: datetime, nominations_until: datetime, voting_until: datetime) -> str | None:
    """Say what is wrong with the two deadlines of a new round; None if nothing is.

    They are compared as moments, whatever the clocks of their time zones show.
    """
    now, nominations_until, voting_until = _moments(now, nominations_until, voting_until)
    if nominations_until <= now:
        return "Nominations have to stay open for a while: choose a time that is still to come."
    if voting_until <= nominations_until:
        return "Voting has to end after the nominations do."
    if voting_until - now > LONGEST_ROUND:
        return "That is more than a year away. Choose an earlier time."
    return None


def _moments(*times: datetime) -> list[datetime]:
    return [time.astimezone(UTC) for time in times]


def nomination_problem(*, by: str | None, own: int, total: int, most: int | None) -> str | None:
    """Why a book cannot be nominated, in words; None if it can.

    ``by`` is who has nominated it already, ``own`` and ``total`` how many nominations the member and the
    round have, ``most`` how many each member may make (None: as many as they like).
    """
    if by is not None:
        return f"That book is nominated already, by {by}."
    if most is not None and own >= most:
        return f"You have nominated {own}, as many as each may. Withdraw one to nominate another."
    if total >= MOST_NOMINATIONS:
        return f"There are {total} nominations, more than anybody would put in order."
    return None


def extension_problem(now: datetime, before: datetime, after: datetime) -> str | None:
    """Why a deadline cannot be moved from ``before`` to ``after``; None if it can.

    It only moves later: ending early is an act of its own, which happens at once and is written down.
    """
    now, before, after = _moments(now, before, after)
    if after <= before:
        return "Choose a time after the present one. To end it sooner, close it now."
    if after - now > LONGEST_ROUND:
        return "That is more than a year away. Choose an earlier time."
    return None


def secrecy_problem(before: str, after: str) -> str | None:
    """Why the secrecy of a round cannot be changed so: what was promised to be private stays private."""
    if before == "private" and after != "private":
        return "This round was announced with private ballots, and stays so. For open ones, start another."
    return None


def reading_dates(today: date, current_until: date | None) -> tuple[date, date]:
    """From when to when the club would read what it has chosen: after what it reads now, for four weeks."""
    start = max(today, current_until + timedelta(days=1)) if current_until else today
    return start, start + READING_TIME


def is_free(today: date, current_book_id: int | None, current_until: date | None) -> bool:
    """Whether the club reads nothing just now, so that a winner can take the place at once."""
    return current_book_id is None or (current_until is not None and current_until < today)
