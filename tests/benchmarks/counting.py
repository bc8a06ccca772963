"""How long the count of a very large round takes, beside reading the paper that it is published on.

    python -m tests.benchmarks.counting

10 000 ballots on 30 nominations, all different, with ties and partial ballots. Both are timed in turn, in one
process and one run: the ratio travels between machines, the seconds do not.
"""

from __future__ import annotations

from random import Random
from statistics import median

from bookclub.lib.tally.ballots import Cast, close_up
from bookclub.lib.tally.count import Count, count
from bookclub.lib.tally.lots import digest_of, make_receipt, sha256_hex
from bookclub.lib.tally.papers import Paper, read, write
from tests.benchmarks.central_page import seconds

BALLOTS, NOMINATIONS, ROUNDS = 10_000, 30, 5
SECRET = "5e" * 32


def large_paper() -> str:
    """The ballots.csv of a round in which everybody votes at random."""
    dice = Random(4)
    nominations = range(1, NOMINATIONS + 1)
    casts = []
    for _ in range(BALLOTS):
        named = dice.sample(nominations, dice.randint(1, NOMINATIONS))
        ranking = close_up({nomination: dice.randint(1, NOMINATIONS) for nomination in named})
        casts.append(Cast(make_receipt(dice.randbytes(8)), ranking))
    return write(
        Paper(
            title="A very large round",
            method="ranked",
            secrecy="open",
            quorum=50,
            electorate=BALLOTS,
            lot=SECRET,
            lot_hash=sha256_hex(SECRET),
            titles={nomination: f"Book {nomination}" for nomination in nominations},
            readers=dict.fromkeys(nominations, 0),
            withdrawn=(),
            casts=tuple(casts),
            winner=None,
            outcome="decided",
            withheld=False,
            digest=digest_of(casts),
        )
    )


def main() -> None:
    text = large_paper()
    election = read(text).election()
    counted: Count = count(election)
    assert counted.turnout == BALLOTS
    assert counted.winner is not None
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(lambda: count(election)))
        theirs.append(seconds(lambda: read(text)))
    share = median(ours) / median(theirs)
    print(f"{BALLOTS} ballots on {NOMINATIONS} nominations, {len(text) // 1024} KiB")
    print(f"counted in {share:.1%} of the time that reading them takes ({median(ours):.2f} s)")


if __name__ == "__main__":
    main()
