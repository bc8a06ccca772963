"""Runners-up of a round, in their order, as nominations for the next one."""

from __future__ import annotations

from .count import Count, ahead_of


def runners_up(count: Count, most: int) -> tuple[int, ...]:
    """Return at most ``most`` nominations that came nearest to winning, the nearest first.

    Ranked: by the number of others that each is ahead of, by a win or a chain of wins, then by how often
    ballots put it above another. Approval: by approvals. A book that no ballot prefers to anything is no
    runner-up, and neither is one that the club said no to. If figures are withheld there are none, since
    their order would be a figure too.
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
        # The first step of an approval count has the approvals of all books.
        above = {one: count.steps[0].scores.get(one, 0) if count.steps else 0 for one in others}
        ahead = above
    # The id decides between equal books, so that the order is always the same.
    order = sorted(others, key=lambda one: (-ahead[one], -above[one], one))
    return tuple(one for one in order if above[one])[:most]
