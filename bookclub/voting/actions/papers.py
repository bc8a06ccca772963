"""What is published of a settled round, for everybody to count again."""

from __future__ import annotations

from collections.abc import Iterable

from .. import rules
from ..models import Ballot, Nomination, Round


def paper_of(voting_round: Round, ballots: Iterable[Ballot]) -> rules.Paper:
    """What is published of a settled round: its rules and ballots, and no name of any voter.

    With too few private ballots these stay here, and so does the lot. A round that was called off
    before voting opened has no nominations here: nobody could vote on them.
    """
    withheld = voting_round.withholds
    nominations, latest = voting_round.nominations, voting_round.tallies[-1]
    before_close = [each for each in nominations if _was_voted_on(voting_round, each)]
    return rules.Paper(
        title=voting_round.title,
        method=voting_round.method,
        secrecy=voting_round.secrecy,
        quorum=voting_round.quorum,
        electorate=voting_round.electorate or 0,
        lot=None if withheld else voting_round.lot,
        lot_hash=voting_round.lot_hash,
        titles={each.id: each.title for each in before_close},
        readers={each.id: each.readers or 0 for each in before_close},
        withdrawn=tuple(each.id for each in before_close if not each.stands),
        casts=()
        if withheld
        else tuple(
            rules.Cast(ballot.receipt, rules.standing(ballot.ranking, [each.id for each in before_close]))
            for ballot in ballots
        ),
        winner=latest.winner_id,
        outcome=voting_round.outcome or rules.VOID,
        withheld=withheld,
        digest=latest.count["digest"] if latest.count else None,
    )


def _was_voted_on(voting_round: Round, nomination: Nomination) -> bool:
    """Tell whether a nomination was there to be voted on until the close."""
    opened, settled = voting_round.voting_opened_at, voting_round.settled_at
    if opened is None or nomination.withdrawn_at is None:
        return opened is not None
    return settled is not None and nomination.withdrawn_at >= settled
