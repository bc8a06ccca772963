"""The result of a round in words: who wins, over whom, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..text.emphasis import Sentence, in_words, listed, say
from .count import Count, Step, beat_path
from .titles_and_counts import counted, halves, title_of, titles_listed

Titles = Mapping[int, str]

# By what a tie was broken, as the end of "Emma beats Dune …".
BREAKS = {
    "borda": " on points",
    "readers": ": fewer of the club have read it",
    "lot": " by the lot",
}
# More contests than this are told by the closest ones.
CONTESTS = 4


def say_result(count: Count, titles: Titles) -> Sentence:
    """Who wins and why, beginning "*Title* beats …"; or that nobody does."""
    if count.winner is None:
        return _say_no_winner(count, titles)
    winner = title_of(count.winner, titles)
    if count.kind == "yes_no":
        figures = f": {_yes(count)} to {_no(count)}" if count.has_figures else ""
        return say("The club says yes to ", winner, f"{figures}.")
    if count.outcome == "broken":
        return _say_break(count, titles)
    others = [one for one in count.nominations if one != count.winner]
    if count.kind == "approval":
        return _say_approvals(count, others, titles)
    if not count.has_figures:
        if len(others) == 1:
            return say(winner, " beats ", title_of(others[0], titles), " head to head.")
        return say(winner, " beats every other book, head to head or along a chain of such wins.")
    return _say_contests(count, others, titles)


def _say_no_winner(count: Count, titles: Titles) -> Sentence:
    if count.outcome == "no_quorum":
        were = "was" if count.turnout == 1 else "were"
        cast = f"{counted(count.turnout, 'ballot')} {were} cast" if count.turnout else "nobody voted"
        return say(f"No book wins: {cast}, and that is fewer than this round asks for.")
    if count.outcome == "declined":
        (nomination,) = count.nominations
        title = title_of(nomination, titles)
        if not count.has_figures:
            return say("The club does not say yes to ", title, ".")
        if _yes(count) < _no(count):
            return say("The club says no to ", title, f": {_yes(count)} to {_no(count)}.")
        return say("The club does not say yes to ", title, f": {_yes(count)} to {_no(count)} is a tie.")
    if not count.nominations:
        return say("No book wins: none was left to vote on.")
    if not count.turnout:
        return say("No book wins: nobody voted.")
    return say("No book wins: no ballot names any of the books.")


def _say_approvals(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    winner = title_of(count.winner or 0, titles)
    beaten = say(title_of(others[0], titles)) if len(others) == 1 else say("the other books")
    if not count.has_figures:
        return say(winner, " beats ", beaten, ": more ballots approve of it.")
    approvals = count.steps[0].scores[count.winner or 0]
    approve = "approves" if approvals == 1 else "approve"
    return say(
        winner, " beats ", beaten, f": {approvals} of {counted(count.turnout, 'ballot')} {approve} of it."
    )


def _say_contests(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    """How a book won that no tie-break was needed for."""
    one = count.winner or 0
    winner = title_of(one, titles)
    beaten = [other for other in others if count.pairs[one, other] > count.pairs[other, one]]
    rest = [other for other in others if other not in beaten]
    if not rest and len(others) == 1:
        return say(
            winner, " beats ", title_of(others[0], titles), f" head to head: {_score(count, others[0])}."
        )
    if not rest:
        contests = _contests(count, beaten, titles)
        return say(winner, " beats every other book head to head: ", contests, ".")
    hardest = max(rest, key=lambda other: (count.pairs[other, one] - count.pairs[one, other], -other))
    return say(
        winner,
        f" beats {in_words(len(beaten))} of the {in_words(len(others))} other books head to head: ",
        _contests(count, beaten, titles),
        ". ",
        _say_chain(count, hardest, titles),
        _and_so(count, [other for other in rest if other != hardest], titles),
    )


def _say_chain(count: Count, other: int, titles: Titles) -> Sentence:
    """How the winner is ahead of a book that it does not beat itself."""
    one = count.winner or 0
    theirs, ours = count.pairs[other, one], count.pairs[one, other]
    against = f" beats it {theirs} to {ours}" if theirs > ours else f" ties with it, {ours} each"
    chain = beat_path(count, one, other) or ()
    wins = [
        say(
            title_of(a, titles),
            " beats ",
            title_of(b, titles),
            f" {count.pairs[a, b]} to {count.pairs[b, a]}",
        )
        for a, b in pairwise(chain)
    ]
    back = count.strengths[other, one]
    weaker = f"; the weakest of these wins has {counted(count.strengths[one, other], 'ballot')} for it, " + (
        f"and every chain back has one with {back} or fewer" if back else "and no chain leads back"
    )
    return say(
        title_of(other, titles), against, ", but a chain of wins leads to it: ", listed(wins), weaker, "."
    )


def _and_so(count: Count, rest: Sequence[int], titles: Titles) -> Sentence:
    if not rest:
        return ()
    return say(" In the same way it is ahead of ", titles_listed(rest, titles), ".")


def _contests(count: Count, beaten: Sequence[int], titles: Titles) -> Sentence:
    """The winner's wins, the closest first; of many only the closest three."""
    one = count.winner or 0
    by_margin = sorted(
        beaten,
        key=lambda other: (
            count.pairs[one, other] - count.pairs[other, one],
            -count.pairs[other, one],
            other,
        ),
    )
    shown = by_margin if len(beaten) <= CONTESTS else by_margin[: CONTESTS - 1]
    pieces = [say(f"{_score(count, other)} against ", title_of(other, titles)) for other in shown]
    if more := len(beaten) - len(shown):
        pieces.append(say(f"by as much or more against {counted(more, 'other')}"))
    return listed(pieces)


def _score(count: Count, other: int) -> str:
    one = count.winner or 0
    return f"{count.pairs[one, other]} to {count.pairs[other, one]}"


def _say_break(count: Count, titles: Titles) -> Sentence:
    """How a tie was broken: what was tied, and what each step left."""
    first, *later = count.steps
    last = later[-1]
    rivals = [other for other in last.among if other != count.winner]
    tied = (
        f"{in_words(len(first.left))} of the {in_words(len(first.among))} books"
        if len(first.left) < len(first.among)
        else ("both books" if len(first.left) == 2 else f"all {in_words(len(first.left))} books")
    )
    how = "level in approvals" if first.rule == "approval" else "undecided head to head"
    between = [_short(step, titles) for step in later[:-1]]
    names = say(" (", titles_listed(first.left, titles), ")") if len(first.left) < len(first.among) else ()
    final = _final(last, count, titles)
    return say(
        title_of(count.winner or 0, titles),
        " beats ",
        titles_listed(rivals, titles),
        f"{BREAKS[last.rule]}{final}. ",
        f"{tied[0].upper()}{tied[1:]}",
        names,
        f" were {how}",
        *between,
        ".",
    )


def _final(last: Step, count: Count, titles: Titles) -> str:
    """The figures of the step that broke a tie, the winner's first."""
    if not last.scores:
        return ""
    others = sorted({last.scores[other] for other in last.among if other != count.winner})
    if last.rule == "borda":
        ours, theirs = halves(last.scores[count.winner or 0]), halves(others[-1])
        return f", {ours} against {theirs}" + (" or fewer" if len(others) > 1 else "")
    return f", {last.scores[count.winner or 0]} against {others[0]}" + (" or more" if len(others) > 1 else "")


def _short(step: Step, titles: Titles) -> Sentence:
    """A step that narrowed a tie, or did not."""
    if step.left == step.among:
        return say(
            "; they were level on points"
            if step.rule == "borda"
            else "; equally many of the club have read them"
        )
    by = "points" if step.rule == "borda" else "the number of readers"
    return say(f"; {by} left ", titles_listed(step.left, titles))


def _yes(count: Count) -> int:
    return count.steps[0].scores[1]


def _no(count: Count) -> int:
    return count.steps[0].scores[0]
