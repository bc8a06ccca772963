"""Head to head: how many ballots put one book above another, and who is ahead along chains of wins."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

from .ballots import Ranking

Pairs = Mapping[tuple[int, int], int]


def compare(nominations: Sequence[int], rankings: Sequence[Ranking]) -> dict[tuple[int, int], int]:
    """How many ballots put one nomination above another, for each pair in either order.

    What a ballot does not rank is last on it, together. Places may have gaps.
    """
    # A row of the table is one large number with a field for each column, wide enough for all ballots:
    # one addition then counts a nomination against everything that stands below it on a ballot.
    width = len(rankings).bit_length()
    fields = {nomination: 1 << width * column for column, nomination in enumerate(nominations)}
    everything = sum(fields.values())
    rows = dict.fromkeys(nominations, 0)
    for ranking in rankings:
        levels: dict[int, list[int]] = {}
        for nomination, place in ranking.items():
            levels.setdefault(place, []).append(nomination)
        below = everything - sum(fields[nomination] for nomination in ranking)
        for place in sorted(levels, reverse=True):
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
    """The strength of the strongest chain of wins from each nomination to each other; 0 where there is none.

    A win is as strong as the number of ballots for it (winning votes), a chain as its weakest win.
    """
    strengths = {pair: votes if votes > pairs[pair[::-1]] else 0 for pair, votes in pairs.items()}
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


def undefeated(nominations: Sequence[int], strengths: Pairs) -> tuple[int, ...]:
    """The Schulze set: those to whom no other has a stronger chain than they have to it. Never empty."""
    return tuple(
        one
        for one in nominations
        if all(strengths[one, other] >= strengths[other, one] for other in nominations if other != one)
    )


def strongest_chain(pairs: Pairs, strengths: Pairs, start: int, end: int) -> tuple[int, ...] | None:
    """The nominations along the shortest of the strongest chains of wins; None where there is no chain."""
    strength = strengths.get((start, end), 0)
    if not strength:
        return None
    wins: dict[int, list[int]] = {}
    for (above, other), votes in sorted(pairs.items()):
        if votes >= strength and votes > pairs[other, above]:
            wins.setdefault(above, []).append(other)
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
