"""What a ballot says: read from a form or a paper, closed up, and without a book that was withdrawn."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A nomination's id and its place: 1 is best, and places are dense (1, 2, 2, 3). What is missing is
# unranked and counts as last, together. Approval: 1 for each that is approved. A single nomination: 1 is
# yes, 0 is no. An empty ranking is an abstention everywhere.
Ranking = Mapping[int, int]

FIELD = "rank-"
APPROVED = {"1", "yes", "on"}


class Refused(ValueError):
    """A ballot that cannot be taken as it is; the text is a sentence for the member."""


@dataclass(frozen=True)
class Cast:
    """A ballot as it is counted and published: under its receipt, without a name."""

    receipt: str
    ranking: Ranking


def kind_of(method: str, nominations: Sequence[int]) -> str:
    """How ballots are asked for and counted: "ranked" or "approval", and "yes_no" for a single nomination."""
    return "yes_no" if len(nominations) == 1 else method


def read_ballot(typed: Mapping[str, str], nominations: Sequence[int], kind: str) -> dict[int, int]:
    """The ranking in a form's fields ``rank-<nomination>``, sorted by nomination. Raises Refused.

    A place is a whole number from 1 to the number of nominations; equal places are fine and gaps close up.
    An approval is "1", "yes" or "on". A single nomination is answered "yes" or "no". Empty or missing is
    unranked, not approved, no answer. Fields that start otherwise are none of the ballot's business.
    """
    fields = {f"{FIELD}{nomination}" for nomination in nominations}
    if any(name.startswith(FIELD) for name in typed.keys() - fields):
        raise Refused("That is not one of this round's books.")
    ranking = {}
    for nomination in sorted(nominations):
        if answer := typed.get(f"{FIELD}{nomination}", "").strip(" "):
            ranking[nomination] = _place(answer, len(nominations), kind)
    return close_up(ranking)


def _place(answer: str, count: int, kind: str) -> int:
    """The place that one answer gives to its nomination."""
    if kind == "yes_no":
        if answer not in {"yes", "no"}:
            raise Refused("Answer yes or no, or leave it open.")
        return int(answer == "yes")
    if kind == "approval":
        if answer not in APPROVED:
            raise Refused("A book is approved or it is not: there is no other answer.")
        return 1
    # Digits of other alphabets would pass isdigit() and int(), and so would a number of any length.
    if not re.fullmatch("[1-9][0-9]{0,5}", answer) or int(answer) > count:
        raise Refused(f"A place is a whole number from 1 (the best) to {count}.")
    return int(answer)


def close_up(ranking: Ranking) -> dict[int, int]:
    """The same order without gaps between its places, sorted by nomination. A "no" (0) stays one."""
    places = sorted({place for place in ranking.values() if place > 0})
    dense = {place: number for number, place in enumerate(places, 1)}
    return {nomination: dense.get(place, 0) for nomination, place in sorted(ranking.items())}


def as_yes_no(ranking: Ranking, nomination: int) -> dict[int, int]:
    """A ballot where a single nomination is left: {id: 1} says yes, {id: 0} no, {} abstains.

    Where the others were withdrawn after voting had begun, a ballot that ranked or approved the one that is
    left says yes, wherever it ranked it: its voter named it among the books to read. A ballot that left it
    out abstains, since leaving a book out never was a vote against reading anything. Voters may change
    either until the close.
    """
    if nomination not in ranking:
        return {}
    return {nomination: int(ranking[nomination] > 0)}


def standing(ranking: Ranking, nominations: Sequence[int]) -> dict[int, int]:
    """What a ballot says of the nominations that stand, however many were struck. See as_yes_no()."""
    if len(nominations) == 1:
        return as_yes_no(ranking, nominations[0])
    stands = set(nominations)
    return close_up({other: place for other, place in ranking.items() if other in stands and place > 0})
