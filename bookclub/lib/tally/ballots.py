"""Ballots: read from a form or a paper, closed up, and reduced to the nominations that still stand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..text.messages import gettext as _
from ..text.messages import number_text

# Maps a nomination's id to its place: 1 is best, and places are dense (1, 2, 2, 3). Missing nominations are
# unranked and share the last place. Approval: 1 for each approved nomination. A single nomination: 1 is yes,
# 0 is no. An empty ranking is always an abstention.
Ranking = Mapping[int, int]

FIELD = "rank-"
# Values of a checkbox, and of a cell in a paper, that approve of a nomination.
APPROVED = {"1", "yes", "on"}


class BallotError(ValueError):
    """Error for a ballot that cannot be accepted; its message is a sentence for the member."""


@dataclass(frozen=True)
class Cast:
    """A ballot as it is counted and published: with a receipt instead of a name."""

    receipt: str
    ranking: Ranking


def kind_of(method: str, nominations: Sequence[int]) -> str:
    """Return the kind of ballots: the round's method, or "yes_no" for a single nomination."""
    return "yes_no" if len(nominations) == 1 else method


def read_ballot(typed: Mapping[str, str], nominations: Sequence[int], kind: str) -> dict[int, int]:
    """Read the ranking in a form's fields ``rank-<nomination>``, sorted by nomination. Raises BallotError.

    A place is a whole number from 1 to the number of nominations; equal places are allowed and gaps close up.
    An approval is "1", "yes" or "on". A single nomination is answered "yes" or "no". An empty or missing
    field means unranked, not approved or no answer. Fields with other names are ignored.
    """
    fields = {f"{FIELD}{nomination}" for nomination in nominations}
    # A rank for another book would be lost without a word, so it is refused.
    if any(name.startswith(FIELD) for name in typed.keys() - fields):
        raise BallotError(_("That is not one of this round’s books."))
    ranking = {}
    for nomination in sorted(nominations):
        if answer := typed.get(f"{FIELD}{nomination}", "").strip(" "):
            ranking[nomination] = _read_place(answer, len(nominations), kind)
    return close_up(ranking)


def _read_place(answer: str, count: int, kind: str) -> int:
    if kind == "yes_no":
        if answer not in {"yes", "no"}:
            raise BallotError(_("Answer yes or no, or leave it open."))
        return int(answer == "yes")
    if kind == "approval":
        if answer not in APPROVED:
            raise BallotError(_("Tick a book or leave it unticked: there is no other answer."))
        return 1
    # isdigit() and int() would also accept digits of other alphabets and numbers of any length.
    if not re.fullmatch("[1-9][0-9]{0,5}", answer) or int(answer) > count:
        raise BallotError(
            _("Type a place as a whole number from 1 (the best) to %(last)s.", last=number_text(count))
        )
    return int(answer)


def close_up(ranking: Ranking) -> dict[int, int]:
    """Return the same order without gaps between places, sorted by nomination. A "no" (0) stays "no"."""
    places = sorted({place for place in ranking.values() if place > 0})
    dense = {place: number for number, place in enumerate(places, 1)}
    return {nomination: dense.get(place, 0) for nomination, place in sorted(ranking.items())}


def as_yes_no(ranking: Ranking, nomination: int) -> dict[int, int]:
    """Turn a ballot into one about the only nomination left: {id: 1} is yes, {id: 0} no, {} an abstention.

    If the others were withdrawn after voting began, a ballot that ranked or approved the remaining nomination
    says yes, at any place: its voter named it among the books to read. A ballot that left it out abstains,
    since leaving a book out is no vote against reading it. Voters may change either until the close.
    """
    if nomination not in ranking:
        return {}
    return {nomination: int(ranking[nomination] > 0)}


def reduce_ranking(ranking: Ranking, nominations: Sequence[int]) -> dict[int, int]:
    """Reduce a ballot to the nominations that stand. If only one stands, see as_yes_no()."""
    if len(nominations) == 1:
        return as_yes_no(ranking, nominations[0])
    # A "no" (0) has no meaning among several nominations, so it is left out like a withdrawn one.
    stands = set(nominations)
    return close_up({other: place for other, place in ranking.items() if other in stands and place > 0})
