"""The count: who wins a round, and every step that led there as a value that can be told and stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .ballots import Cast, kind_of, standing
from .lots import digest_of, draw
from .schulze import Pairs, compare, strongest_chain, strongest_paths, undefeated


@dataclass(frozen=True)
class Election:
    """All that a count looks at: the nominations that stand, the ballots, who has read what, and the lot.

    ``readers`` maps nominations to how many of the club have read them. Ballots may still name nominations
    that do not stand: these are struck.
    """

    kind: str
    nominations: tuple[int, ...]
    casts: tuple[Cast, ...]
    readers: Mapping[int, int]
    secret: str


@dataclass(frozen=True)
class Step:
    """One step of a count: by which rule, among which nominations, which of them were left, by what scores.

    Rules: "schulze" and "lot" (no scores), "borda" (doubled), "approval", "readers", and "yes_no" with the
    scores {1: yes, 0: no}.
    """

    rule: str
    among: tuple[int, ...]
    left: tuple[int, ...]
    scores: Mapping[int, int]


@dataclass(frozen=True)
class Count:
    """What a count found.

    ``outcome`` is "decided" (no tie), "broken" (a tie that a later step broke), "declined" (yes did not
    outnumber no) or "void" (no ballot names a book). ``pairs`` tells how many ballots put one nomination
    above another, ``strengths`` the strongest chain of wins between them; both are for ranked ballots.
    ``digest`` is the ballots', None where figures are withheld.
    """

    kind: str
    nominations: tuple[int, ...]
    winner: int | None
    outcome: str
    steps: tuple[Step, ...]
    pairs: Pairs
    strengths: Pairs
    turnout: int
    digest: str | None

    @property
    def has_figures(self) -> bool:
        """Whether more than winner, steps and turnout is told."""
        return self.digest is not None

    def without_figures(self) -> Count:
        """The same for few private ballots: no scores, no pairs, no digest."""
        steps = tuple(replace(step, scores={}) for step in self.steps)
        return replace(self, steps=steps, pairs={}, strengths={}, digest=None)

    def to_json(self) -> dict[str, Any]:
        """All of it as what JSON can hold; a pair's key is ``5-7``."""
        return {
            "kind": self.kind,
            "nominations": list(self.nominations),
            "winner": self.winner,
            "outcome": self.outcome,
            "steps": [
                {
                    "rule": step.rule,
                    "among": list(step.among),
                    "left": list(step.left),
                    "scores": {str(key): score for key, score in step.scores.items()},
                }
                for step in self.steps
            ],
            "pairs": {f"{one}-{other}": votes for (one, other), votes in self.pairs.items()},
            "strengths": {f"{one}-{other}": votes for (one, other), votes in self.strengths.items()},
            "turnout": self.turnout,
            "digest": self.digest,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Count:
        """What to_json() stored."""
        return cls(
            stored["kind"],
            tuple(stored["nominations"]),
            stored["winner"],
            stored["outcome"],
            tuple(
                Step(
                    step["rule"],
                    tuple(step["among"]),
                    tuple(step["left"]),
                    {int(key): score for key, score in step["scores"].items()},
                )
                for step in stored["steps"]
            ),
            _pairs(stored["pairs"]),
            _pairs(stored["strengths"]),
            stored["turnout"],
            stored["digest"],
        )


def _pairs(stored: Mapping[str, int]) -> dict[tuple[int, int], int]:
    pairs = {}
    for key, votes in stored.items():
        one, other = key.split("-")
        pairs[int(one), int(other)] = votes
    return pairs


def count(election: Election) -> Count:
    """Count an election. The order of ballots and nominations is irrelevant.

    Ranked: the Schulze method on winning votes leaves those to whom no other has a stronger chain of wins.
    Approval: the most approvals. Several that are left go on to the next step: for ranked ballots the
    highest Borda score, then the fewest readers, then the lot. A single nomination needs more yes than no.
    Where no ballot names a book, nobody wins.
    """
    nominations = tuple(sorted(set(election.nominations)))
    kind = kind_of(election.kind, nominations)
    if kind == "yes_no" and len(nominations) > 1:
        raise ValueError("Yes or no is asked of a single nomination.")
    casts = [Cast(cast.receipt, standing(cast.ranking, nominations)) for cast in election.casts]
    digest = digest_of(casts)
    found = Count(kind, nominations, None, "void", (), {}, {}, len(casts), digest)
    if not any(cast.ranking for cast in casts):
        return found
    if kind == "yes_no":
        return _ask(found, casts)
    if kind == "ranked":
        pairs = compare(nominations, [cast.ranking for cast in casts])
        strengths = strongest_paths(nominations, pairs)
        steps = [Step("schulze", nominations, undefeated(nominations, strengths), {})]
        found = replace(found, pairs=pairs, strengths=strengths)
        if len(steps[-1].left) > 1:
            steps.append(_borda(nominations, steps[-1].left, pairs, len(casts)))
    else:
        approvals = {one: sum(one in cast.ranking for cast in casts) for one in nominations}
        steps = [_most("approval", nominations, approvals)]
    outcome = "decided" if len(steps[0].left) == 1 else "broken"
    if len(steps[-1].left) > 1:
        readers = {one: -election.readers.get(one, 0) for one in steps[-1].left}
        fewest = _most("readers", steps[-1].left, readers)
        steps.append(replace(fewest, scores={one: -score for one, score in fewest.scores.items()}))
    if len(steps[-1].left) > 1:
        drawn = draw(election.secret, digest, steps[-1].left)
        steps.append(Step("lot", steps[-1].left, (min(drawn, key=drawn.__getitem__),), {}))
    return replace(found, winner=steps[-1].left[0], outcome=outcome, steps=tuple(steps))


def _ask(found: Count, casts: Sequence[Cast]) -> Count:
    """Count the answers about a single nomination."""
    (nomination,) = found.nominations
    answers = [cast.ranking[nomination] for cast in casts if cast.ranking]
    yes = sum(answers)
    no = len(answers) - yes
    left = (nomination,) if yes > no else ()
    step = Step("yes_no", (nomination,), left, {1: yes, 0: no})
    if yes > no:
        return replace(found, winner=nomination, outcome="decided", steps=(step,))
    return replace(found, outcome="declined", steps=(step,))


def _borda(nominations: Sequence[int], among: Sequence[int], pairs: Pairs, ballots: int) -> Step:
    """Leave the highest Borda score on the full ballots: against each other nomination that stands, a ballot
    gives 1 if it ranks this one above it, and ½ if they are equal or both unranked. Kept doubled.
    """
    scores = {
        # Twice the ballots above, and once those that are level: all ballots less those above and below.
        one: sum(ballots + pairs[one, other] - pairs[other, one] for other in nominations if other != one)
        for one in among
    }
    return _most("borda", among, scores)


def _most(rule: str, among: Sequence[int], scores: Mapping[int, int]) -> Step:
    """Leave those with the highest score."""
    highest = max(scores.values())
    left = tuple(one for one in among if scores[one] == highest)
    return Step(rule, tuple(among), left, dict(scores))


def beat_path(count: Count, a: int, b: int) -> tuple[int, ...] | None:
    """The chain of wins from ``a`` to ``b`` that gives its strength; None where there is none."""
    return strongest_chain(count.pairs, count.strengths, a, b)


def ahead_of(count: Count) -> dict[int, int]:
    """The number of others that each book of a ranked count is ahead of, by a win or a chain of wins."""
    return {
        one: sum(
            count.strengths[one, other] > count.strengths[other, one]
            for other in count.nominations
            if other != one
        )
        for one in count.nominations
    }
