"""Where a round stands, who may vote in it, and what has come of it: from the clock and the rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

NOMINATING, VOTING, COUNTING, CLOSED = "nominating", "voting", "counting", "closed"
STATES = (NOMINATING, VOTING, COUNTING, CLOSED)
METHODS = ("ranked", "approval")
SECRECIES = ("open", "private")
# How a closed round ended. "broken" is decided, too: after a tie that a rule broke.
DECIDED, BROKEN, DECLINED, NO_QUORUM, VOID = "decided", "broken", "declined", "no_quorum", "void"
OUTCOMES = (DECIDED, BROKEN, DECLINED, NO_QUORUM, VOID)


@dataclass(frozen=True)
class Times:
    """A round's two deadlines, when voting in fact began, and when it was settled; all aware."""

    nominations_until_at: datetime
    voting_until_at: datetime
    voting_opened_at: datetime | None = None
    settled_at: datetime | None = None


def state(times: Times, now: datetime) -> str:
    """Where a round stands at a moment: "nominating", "voting", "counting" or "closed".

    The moment of a deadline is past it already. A round past its close is "counting" until somebody's
    request has settled it.
    """
    if times.settled_at is not None:
        return CLOSED
    if now >= times.voting_until_at:
        return COUNTING
    if times.voting_opened_at is not None or now >= times.nominations_until_at:
        return VOTING
    return NOMINATING


def is_due(times: Times, now: datetime) -> bool:
    """Whether something is to be written that the clock alone has brought about.

    That is the opening of the vote, when readers are counted and frozen, or the settling. The server's clock
    decides, and what it decided stays where it turns out to have run ahead: whoever was quick to vote by it
    must not vote again by another. One that is behind only makes everybody wait.
    """
    if times.settled_at is not None:
        return False
    began = times.voting_opened_at is not None
    return now >= times.voting_until_at or (not began and now >= times.nominations_until_at)


@dataclass(frozen=True)
class Presence:
    """When a member joined, and when they left or were shut out (None: they are here)."""

    joined_at: datetime
    left_at: datetime | None = None


def is_elector(
    presence: Presence, opened_at: datetime | None, closes_at: datetime, *, late_joiners: bool
) -> bool:
    """Whether somebody belongs to the electorate of a round.

    It is whoever was a member at the moment when voting opened; with ``late_joiners`` also whoever
    joined between that and the close. Leaving, being removed or suspended later takes nobody out: the
    electorate, by which the quorum goes, stays as large as it was, and a ballot that falls with its voter
    leaves the turnout alone. Someone who leaves and joins again is a new member: among late joiners they
    count, and may vote, a second time. Until voting has opened (None) it is whoever is here.
    """
    if opened_at is None:
        return presence.left_at is None
    if presence.joined_at <= opened_at:
        return presence.left_at is None or presence.left_at > opened_at
    return late_joiners and presence.joined_at < closes_at


def reaches_quorum(turnout: int, electorate: int, quorum: int) -> bool:
    """Whether enough have voted: ``turnout`` ballots, abstentions too, of ``electorate`` people.

    ``quorum`` is in percent of the electorate. Whole numbers only, so that a third is never missed by
    a rounding.
    """
    return turnout * 100 >= quorum * electorate


def is_read_by_many(readers: int, electorate: int, share: int) -> bool:
    """Whether a nomination deserves a warning: ``share`` percent of the electorate or more have read it.

    A share of 0 never warns.
    """
    return share > 0 and electorate > 0 and readers * 100 >= share * electorate


def say_uncounted(outcome: str, turnout: int, electorate: int, quorum: int) -> str:
    """Why a round that is over was not counted, in words."""
    if outcome == NO_QUORUM:
        return (
            f"Too few voted: {turnout} of {electorate}, and this round asked for {quorum} percent. "
            "No book was chosen."
        )
    return "There was nothing to vote on, so no book was chosen."


def say_not_voting(state_now: str, closed: str, opens: str) -> str:
    """Why a ballot cannot be taken just now, in words; ``closed`` and ``opens`` say the moments."""
    if state_now == NOMINATING:
        return f"Voting has not begun: nominations are open until {opens}. Your ballot was not cast."
    return f"Voting closed at {closed}. Your ballot came too late and was not counted."
