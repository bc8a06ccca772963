"""The outcome of a round: one rule for the settling and for every recount."""

from __future__ import annotations

from dataclasses import replace

from .count import Count, Election, count
from .states import NO_QUORUM, reaches_quorum


def decide(election: Election, electorate: int, quorum: int) -> Count:
    """Count an election, and say how its round ends.

    Where no nomination stands there was nothing to vote on: "void", however many voted. Otherwise fewer
    ballots than ``quorum`` percent of the electorate choose nothing: "no_quorum", without steps or pairs.
    """
    found = count(election)
    if found.nominations and not reaches_quorum(found.turnout, electorate, quorum):
        return replace(found, winner=None, outcome=NO_QUORUM, steps=(), pairs={}, strengths={})
    return found


def is_counted(found: Count) -> bool:
    """Tell whether there are figures to keep: something was voted on, and enough voted."""
    return bool(found.nominations) and found.outcome != NO_QUORUM
