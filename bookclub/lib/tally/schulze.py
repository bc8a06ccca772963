"""The Schulze method: contests of pairs, strengths of chains of wins, and the undefeated nominations."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from .ballots import Ranking

Pairs = Mapping[tuple[int, int], int]


def count_pairs(nominations: Sequence[int], rankings: Sequence[Ranking]) -> dict[tuple[int, int], int]:
    """Count the ballots that put one nomination above another, for each pair in either order.

    Nominations that a ballot does not rank share its last place. Places may have gaps.
    """
    # For speed, a row of the table is one large number with a bit field for each column, wide enough for all
    # ballots. One addition then counts a nomination against everything below it on a ballot.
    width = len(rankings).bit_length()
    fields = {nomination: 1 << width * column for column, nomination in enumerate(nominations)}
    everything = sum(fields.values())
    rows = dict.fromkeys(nominations, 0)
    for ranking in rankings:
        levels: dict[int, list[int]] = {}
        for nomination, place in ranking.items():
            levels.setdefault(place, []).append(nomination)
        # Unranked nominations share the last place, so they are below all ranked ones.
        below = everything - sum(fields[nomination] for nomination in ranking)
        for place in sorted(levels, reverse=True):
            # Two loops, so that nominations of one place do not count as above each other.
            for nomination in levels[place]:
                rows[nomination] += below
            for nomination in levels[place]:
                below += fields[nomination]
    last = (1 << width) - 1
    return {
        (above, other): rows[above] >> width * column & last
        for above in nominations
        for column, other in enumerate(nominations)
        if above != other
    }


def strongest_paths(nominations: Sequence[int], pairs: Pairs) -> dict[tuple[int, int], int]:
    """Return the strength of the strongest chain of wins from each nomination to each other; 0 without one.

    A win is as strong as the number of ballots for it (winning votes), a chain as its weakest win. The
    algorithm is that of Floyd and Warshall.
    """
    # A tie is no win, so no chain leads over it.
    strengths = {pair: votes if votes > pairs[pair[::-1]] else 0 for pair, votes in pairs.items()}
    # The nomination passed through must be the outer loop, or longer chains are missed.
    for through in nominations:
        for start in nominations:
            if start == through:
                continue
            first = strengths[start, through]
            for end in nominations:
                if end not in (start, through):
                    along = min(first, strengths[through, end])
                    if along > strengths[start, end]:
                        strengths[start, end] = along
    return strengths


def schulze_set(nominations: Sequence[int], strengths: Pairs) -> tuple[int, ...]:
    """Return the Schulze set: those to which no other has a stronger chain than back to it. Never empty."""
    return tuple(
        one
        for one in nominations
        if all(strengths[one, other] >= strengths[other, one] for other in nominations if other != one)
    )


def strongest_chain(pairs: Pairs, strengths: Pairs, start: int, end: int) -> tuple[int, ...] | None:
    """Return the nominations along a shortest one of the strongest chains of wins; None if there is none."""
    strength = strengths.get((start, end), 0)
    if not strength:
        return None
    wins: dict[int, list[int]] = {}
    # Sorted, so that every recount shows the same chain of several.
    for (above, other), votes in sorted(pairs.items()):
        # A weaker win would make the chain weaker than it is.
        if votes >= strength and votes > pairs[other, above]:
            wins.setdefault(above, []).append(other)
    # Breadth-first search finds a shortest chain.
    came_from = {start: start}
    waiting = deque([start])
    while end not in came_from:
        here = waiting.popleft()
        for there in wins.get(here, ()):
            if there not in came_from:
                came_from[there] = here
                waiting.append(there)
    chain = [end]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return tuple(reversed(chain))
