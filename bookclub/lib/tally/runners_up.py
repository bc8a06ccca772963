"""Who came next: the order of the books behind the winner, for the round after this one."""

from __future__ import annotations

from .count import Count, ahead_of


def runners_up(count: Count, most: int) -> tuple[int, ...]:
    """At most so many nominations that came nearest to winning, the nearest first.

    Ranked: by how many others each is ahead of by its strongest chain of wins, then by how often ballots
    put it above another. Approval: by approvals. A book that no ballot prefers to anything is no runner-up,
    nor is one to which the club said no. Where figures are withheld there is none: the order would be one.
    """
    if not count.has_figures or count.kind == "yes_no" or most <= 0:
        return ()
    others = [one for one in count.nominations if one != count.winner]
    if count.kind == "ranked":
        above = {
            one: sum(count.pairs[one, other] for other in count.nominations if other != one) for one in others
        }
        ahead = ahead_of(count)
    else:
        above = {one: count.steps[0].scores.get(one, 0) if count.steps else 0 for one in others}
        ahead = above
    order = sorted(others, key=lambda one: (-ahead[one], -above[one], one))
    return tuple(one for one in order if above[one])[:most]
