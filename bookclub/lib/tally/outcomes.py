"""Outcome of a round, by one rule for settlement and every recount."""

from __future__ import annotations

from dataclasses import replace

from .count import Count, Election, count
from .states import NO_QUORUM, reaches_quorum


def decide(election: Election, electorate: int, quorum: int) -> Count:
    """Count an election and apply the quorum.

    If no nomination stands, there was nothing to vote on: the outcome is "void" for any turnout. Otherwise
    fewer ballots than ``quorum`` percent of the electorate choose nothing: the outcome is "no_quorum",
    without steps or pairs.
    """
    found = count(election)
    # Turnout and digest stay, so that everyone can check that there were too few ballots.
    if found.nominations and not reaches_quorum(found.turnout, electorate, quorum):
        return replace(found, winner=None, outcome=NO_QUORUM, steps=(), pairs={}, strengths={})
    return found


def has_figures(found: Count) -> bool:
    """Return whether there are figures to keep: there was something to vote on, and enough members voted."""
    return bool(found.nominations) and found.outcome != NO_QUORUM
