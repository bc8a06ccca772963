"""What is published of a settled round, for everybody to count again."""

from __future__ import annotations

from collections.abc import Iterable

from .. import rules
from ..models import Ballot, Nomination, Round


def paper_of(voting_round: Round, ballots: Iterable[Ballot]) -> rules.Paper:
    """What is published of a settled round: its rules and ballots, and no name of any voter.

    With too few private ballots these stay here, and so does the lot.
    """
    withheld = voting_round.withholds
    nominations, latest = voting_round.nominations, voting_round.tallies[-1]
    before_close = [each for each in nominations if each.stands or _stood_at_close(voting_round, each)]
    return rules.Paper(
        title=voting_round.title,
        method=voting_round.method,
        secrecy=voting_round.secrecy,
        quorum=voting_round.quorum,
        electorate=voting_round.electorate or 0,
        lot=None if withheld else voting_round.lot,
        lot_hash=voting_round.lot_hash,
        titles={each.id: each.book.title for each in before_close},
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


def _stood_at_close(voting_round: Round, nomination: Nomination) -> bool:
    settled, withdrawn = voting_round.settled_at, nomination.withdrawn_at
    return settled is not None and withdrawn is not None and withdrawn >= settled
