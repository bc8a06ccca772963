"""Count of a round: its winner, and every step towards it as values that can be shown and stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .ballots import Cast, kind_of, reduce_ranking
from .lots import digest_of, draw_lots
from .schulze import Pairs, count_pairs, schulze_set, strongest_chain, strongest_paths


@dataclass(frozen=True)
class Election:
    """Input of a count: the nominations that stand, the ballots, the reader counts, and the lot's secret.

    ``readers`` maps nominations to the number of club members who have read them. Ballots may name
    nominations that do not stand; the count removes them.
    """

    kind: str
    nominations: tuple[int, ...]
    casts: tuple[Cast, ...]
    readers: Mapping[int, int]
    secret: str


@dataclass(frozen=True)
class CountStep:
    """One step of a count: its rule, the nominations it looked at, those it left, and their scores.

    Rules: "schulze" and "lot" (no scores), "borda" (doubled), "approval", "readers", and "yes_no" with the
    scores {1: yes, 0: no}.
    """

    rule: str
    among: tuple[int, ...]
    left: tuple[int, ...]
    scores: Mapping[int, int]


@dataclass(frozen=True)
class Count:
    """Result of a count.

    ``outcome`` is "decided" (no tie), "broken" (a tie that a later step broke), "declined" (yes did not
    outnumber no) or "void" (no ballot names a book); see ``outcomes`` for "no_quorum". ``pairs`` holds how
    many ballots put one nomination above another, ``strengths`` the strength of the strongest chain of wins
    between them; both are empty for other than ranked ballots. ``digest`` is that of the ballots, None if
    figures are withheld.
    """

    kind: str
    nominations: tuple[int, ...]
    winner: int | None
    outcome: str
    steps: tuple[CountStep, ...]
    pairs: Pairs
    strengths: Pairs
    turnout: int
    digest: str | None

    @property
    def has_figures(self) -> bool:
        """True if more than winner, steps and turnout is known."""
        return self.digest is not None

    def without_figures(self) -> Count:
        """Return the count without scores, pairs and digest, as few private ballots need it."""
        # The books that a step left are part of the result, so only its figures go.
        steps = tuple(replace(step, scores={}) for step in self.steps)
        return replace(self, steps=steps, pairs={}, strengths={}, digest=None)

    def to_json(self) -> dict[str, Any]:
        """Return the count as values for JSON; the key of a pair is ``5-7``."""
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
        """Return the count that to_json() stored."""
        return cls(
            stored["kind"],
            tuple(stored["nominations"]),
            stored["winner"],
            stored["outcome"],
            tuple(
                CountStep(
                    step["rule"],
                    tuple(step["among"]),
                    tuple(step["left"]),
                    # JSON has only strings as keys.
                    {int(key): score for key, score in step["scores"].items()},
                )
                for step in stored["steps"]
            ),
            _read_pairs(stored["pairs"]),
            _read_pairs(stored["strengths"]),
            stored["turnout"],
            stored["digest"],
        )


def _read_pairs(stored: Mapping[str, int]) -> dict[tuple[int, int], int]:
    pairs = {}
    for key, votes in stored.items():
        one, other = key.split("-")
        pairs[int(one), int(other)] = votes
    return pairs


def count(election: Election) -> Count:
    """Count an election. The order of ballots and nominations does not matter.

    Ranked: the Schulze method on winning votes leaves each nomination to which no other has a stronger chain
    of wins. Approval: those with the most approvals are left. If several are left, the next step decides: for
    ranked ballots the highest Borda score, then the fewest readers, then the lot. A single nomination needs
    more yes than no. If no ballot names a book, nobody wins. Raises ValueError for a "yes_no" election with
    several nominations.
    """
    # In the order of ids, so that a recount gets the same steps from any file.
    nominations = tuple(sorted(set(election.nominations)))
    kind = kind_of(election.kind, nominations)
    if kind == "yes_no" and len(nominations) > 1:
        raise ValueError("Yes or no is asked of a single nomination.")
    casts = [Cast(cast.receipt, reduce_ranking(cast.ranking, nominations)) for cast in election.casts]
    # The digest is of the ballots as they count, so it changes if a nomination is withdrawn.
    digest = digest_of(casts)
    found = Count(kind, nominations, None, "void", (), {}, {}, len(casts), digest)
    # Abstentions count for the turnout and elect nothing.
    if not any(cast.ranking for cast in casts):
        return found
    if kind == "yes_no":
        return _count_answers(found, casts)
    if kind == "ranked":
        pairs = count_pairs(nominations, [cast.ranking for cast in casts])
        strengths = strongest_paths(nominations, pairs)
        steps = [CountStep("schulze", nominations, schulze_set(nominations, strengths), {})]
        found = replace(found, pairs=pairs, strengths=strengths)
        if len(steps[-1].left) > 1:
            steps.append(_leave_highest_borda(nominations, steps[-1].left, pairs, len(casts)))
    else:
        approvals = {one: sum(one in cast.ranking for cast in casts) for one in nominations}
        steps = [_leave_highest("approval", nominations, approvals)]
    # Only the first step is the vote itself; all later steps break its tie.
    outcome = "decided" if len(steps[0].left) == 1 else "broken"
    if len(steps[-1].left) > 1:
        # Negative, so that the fewest readers are the highest score; the stored scores are positive again.
        readers = {one: -election.readers.get(one, 0) for one in steps[-1].left}
        fewest = _leave_highest("readers", steps[-1].left, readers)
        steps.append(replace(fewest, scores={one: -score for one, score in fewest.scores.items()}))
    if len(steps[-1].left) > 1:
        # The lots are not stored with the step: anybody can draw them again from the secret and the digest.
        drawn = draw_lots(election.secret, digest, steps[-1].left)
        steps.append(CountStep("lot", steps[-1].left, (min(drawn, key=drawn.__getitem__),), {}))
    # The lot leaves one book, so the last step always has one.
    return replace(found, winner=steps[-1].left[0], outcome=outcome, steps=tuple(steps))


def _count_answers(found: Count, casts: Sequence[Cast]) -> Count:
    """Count the yes and no answers about a single nomination."""
    (nomination,) = found.nominations
    answers = [cast.ranking[nomination] for cast in casts if cast.ranking]
    yes = sum(answers)  # A yes is 1 and a no is 0.
    no = len(answers) - yes
    left = (nomination,) if yes > no else ()
    step = CountStep("yes_no", (nomination,), left, {1: yes, 0: no})
    if yes > no:
        return replace(found, winner=nomination, outcome="decided", steps=(step,))
    return replace(found, outcome="declined", steps=(step,))


def _leave_highest_borda(
    nominations: Sequence[int], among: Sequence[int], pairs: Pairs, ballots: int
) -> CountStep:
    """Leave those with the highest Borda score on the full ballots.

    Against each other nomination that stands, a ballot gives 1 if it ranks this one above it, and ½ if they
    are level or both unranked. Scores are doubled, so that they stay whole numbers.
    """
    scores = {
        # Twice the ballots that put it above, plus those that have both level, which are all ballots minus
        # those above and below.
        one: sum(ballots + pairs[one, other] - pairs[other, one] for other in nominations if other != one)
        for one in among
    }
    return _leave_highest("borda", among, scores)


def _leave_highest(rule: str, among: Sequence[int], scores: Mapping[int, int]) -> CountStep:
    """Leave those with the highest score."""
    highest = max(scores.values())
    left = tuple(one for one in among if scores[one] == highest)
    return CountStep(rule, tuple(among), left, dict(scores))


def beat_path(count: Count, a: int, b: int) -> tuple[int, ...] | None:
    """Return a strongest chain of wins from ``a`` to ``b``; None if there is none."""
    return strongest_chain(count.pairs, count.strengths, a, b)


def ahead_of(count: Count) -> dict[int, int]:
    """Count the others that each book of a ranked count is ahead of, by a win or a chain of wins."""
    return {
        one: sum(
            count.strengths[one, other] > count.strengths[other, one]
            for other in count.nominations
            if other != one
        )
        for one in count.nominations
    }
