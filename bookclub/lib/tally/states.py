"""State of a round by the clock, its electorate, its quorum, and the wording of its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..text.messages import gettext as _
from ..text.messages import number_text

NOMINATING, VOTING, COUNTING, CLOSED = "nominating", "voting", "counting", "closed"
STATES = (NOMINATING, VOTING, COUNTING, CLOSED)
METHODS = ("ranked", "approval")
SECRECIES = ("open", "private")
# Outcomes of a closed round. "broken" is decided too, after a tie that a rule broke.
DECIDED, BROKEN, DECLINED, NO_QUORUM, VOID = "decided", "broken", "declined", "no_quorum", "void"
OUTCOMES = (DECIDED, BROKEN, DECLINED, NO_QUORUM, VOID)


@dataclass(frozen=True)
class RoundTimes:
    """A round's two deadlines, the actual start of voting, and its settlement; all aware."""

    nominations_until_at: datetime
    voting_until_at: datetime
    voting_opened_at: datetime | None = None
    settled_at: datetime | None = None


def state(times: RoundTimes, now: datetime) -> str:
    """Return the state of a round at a moment: "nominating", "voting", "counting" or "closed".

    The moment of a deadline itself is past it. A round past its close is "counting" until a request settles
    it.
    """
    # A settled round stays closed, even if the clock is set back.
    if times.settled_at is not None:
        return CLOSED
    if now >= times.voting_until_at:
        return COUNTING
    # Once opened, voting does not go back to nominations, even if the clock is set back.
    if times.voting_opened_at is not None or now >= times.nominations_until_at:
        return VOTING
    return NOMINATING


def is_due(times: RoundTimes, now: datetime) -> bool:
    """Return whether a change is due that follows from the clock alone.

    That is the opening of the vote, when readers are counted and frozen, or the settlement. The clock of the
    server decides, and its decision stays even if the clock ran ahead: members who voted by it must not have
    to vote again. A clock that is behind only makes everyone wait.
    """
    if times.settled_at is not None:
        return False
    began = times.voting_opened_at is not None
    return now >= times.voting_until_at or (not began and now >= times.nominations_until_at)


@dataclass(frozen=True)
class Presence:
    """Times when a member joined and when they left or were removed or suspended (None: still here)."""

    joined_at: datetime
    left_at: datetime | None = None


def is_elector(
    presence: Presence, opened_at: datetime | None, closes_at: datetime, *, late_joiners: bool
) -> bool:
    """Return whether a member belongs to the electorate of a round.

    The electorate is everyone who was a member when voting opened; with ``late_joiners`` also everyone who
    joined between that and the close. Members who leave, or are removed or suspended, later still count: the
    electorate, which the quorum is measured by, keeps its size, and a ballot that falls with its voter lowers
    only the turnout. Someone who leaves and joins again is a new member: among late joiners they count,
    and may vote, a second time. Until voting opens (None) the electorate is everyone who is here.
    """
    if opened_at is None:
        # The electorate is not fixed yet, so this is the one that would be.
        return presence.left_at is None
    if presence.joined_at <= opened_at:
        # Members who left later could have voted.
        return presence.left_at is None or presence.left_at > opened_at
    return late_joiners and presence.joined_at < closes_at


def reaches_quorum(turnout: int, electorate: int, quorum: int) -> bool:
    """Return whether enough members voted: ``turnout`` ballots, with abstentions, of ``electorate`` members.

    ``quorum`` is a percentage of the electorate. The comparison uses whole numbers, so rounding never makes
    a round miss its quorum.
    """
    return turnout * 100 >= quorum * electorate


def is_read_by_many(readers: int, electorate: int, share: int) -> bool:
    """Return whether a nomination needs a warning: at least ``share`` percent of the electorate have read it.

    A share of 0 never warns.
    """
    return share > 0 and electorate > 0 and readers * 100 >= share * electorate


def uncounted_text(outcome: str, turnout: int, electorate: int, quorum: int) -> str:
    """Return the sentence that says why a round that is over was not counted."""
    if outcome == NO_QUORUM:
        return _(
            "Too few voted: %(turnout)s of %(electorate)s, and this round asked for %(quorum)s %%. No book"
            " was chosen.",
            turnout=number_text(turnout), electorate=number_text(electorate), quorum=number_text(quorum),
        )  # fmt: skip
    return _("There was nothing to vote on, so no book was chosen.")


def not_voting_text(state_now: str, closed: str, opens: str) -> str:
    """Return the sentence that says why a ballot cannot be cast now.

    ``closed`` and ``opens`` are the moments in words.
    """
    if state_now == NOMINATING:
        return _(
            "Voting has not begun: nominations are open until %(moment)s. Your ballot was not cast.",
            moment=opens,
        )
    return _("Voting closed at %(moment)s. Your ballot came too late and was not counted.", moment=closed)
