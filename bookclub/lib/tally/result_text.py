"""Result of a round in words: the winner, the books it beats, and the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..text.emphasis import Sentence, join_list, make_sentence, number_text
from .count import Count, Step, beat_path
from .titles_and_counts import count_text, halves, list_titles, title_of

Titles = Mapping[int, str]

# The rule that broke a tie, as the end of "Emma beats Dune …".
BREAKS = {
    "borda": " on points",
    "readers": ": fewer of the club have read it",
    "lot": " by the lot",
}
# If there are more contests than this, the sentence names only the closest ones.
MAX_CONTESTS = 4


def outcome_text(count: Count, titles: Titles) -> Sentence:
    """Return the sentence that says who wins and why ("*Title* beats …"), or that nobody wins."""
    if count.winner is None:
        return _no_winner_text(count, titles)
    winner = title_of(count.winner, titles)
    if count.kind == "yes_no":
        figures = f": {_count_yes(count)} to {_count_no(count)}" if count.has_figures else ""
        return make_sentence("The club says yes to ", winner, f"{figures}.")
    if count.outcome == "broken":
        return _tie_break_text(count, titles)
    others = [one for one in count.nominations if one != count.winner]
    if count.kind == "approval":
        return _approvals_text(count, others, titles)
    if not count.has_figures:
        if len(others) == 1:
            return make_sentence(winner, " beats ", title_of(others[0], titles), " head to head.")
        return make_sentence(winner, " beats every other book, head to head or along a chain of such wins.")
    return _contests_text(count, others, titles)


def _no_winner_text(count: Count, titles: Titles) -> Sentence:
    if count.outcome == "no_quorum":
        were = "was" if count.turnout == 1 else "were"
        cast = f"{count_text(count.turnout, 'ballot')} {were} cast" if count.turnout else "nobody voted"
        return make_sentence(f"No book wins: {cast}, and that is fewer than this round asks for.")
    if count.outcome == "declined":
        (nomination,) = count.nominations
        title = title_of(nomination, titles)
        if not count.has_figures:
            return make_sentence("The club does not say yes to ", title, ".")
        if _count_yes(count) < _count_no(count):
            return make_sentence(
                "The club says no to ", title, f": {_count_yes(count)} to {_count_no(count)}."
            )
        return make_sentence(
            "The club does not say yes to ", title, f": {_count_yes(count)} to {_count_no(count)} is a tie."
        )
    if not count.nominations:
        return make_sentence("No book wins: none was left to vote on.")
    if not count.turnout:
        return make_sentence("No book wins: nobody voted.")
    return make_sentence("No book wins: no ballot names any of the books.")


def _approvals_text(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    # There is a winner here, so the 0 is never used.
    winner = title_of(count.winner or 0, titles)
    beaten = (
        make_sentence(title_of(others[0], titles)) if len(others) == 1 else make_sentence("the other books")
    )
    if not count.has_figures:
        return make_sentence(winner, " beats ", beaten, ": more ballots approve of it.")
    approvals = count.steps[0].scores[count.winner or 0]
    approve = "approves" if approvals == 1 else "approve"
    return make_sentence(
        winner, " beats ", beaten, f": {approvals} of {count_text(count.turnout, 'ballot')} {approve} of it."
    )


def _contests_text(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    """Return how a book won without a tie-break: its wins, and its chains of wins to other books."""
    one = count.winner or 0
    winner = title_of(one, titles)
    beaten = [other for other in others if count.pairs[one, other] > count.pairs[other, one]]
    rest = [other for other in others if other not in beaten]
    if not rest and len(others) == 1:
        return make_sentence(
            winner, " beats ", title_of(others[0], titles), f" head to head: {_score_text(count, others[0])}."
        )
    if not rest:
        contests = _list_contests(count, beaten, titles)
        return make_sentence(winner, " beats every other book head to head: ", contests, ".")
    # Only one chain is spelt out: the one to the book that did best against the winner.
    # Of several that did equally well the first nomination is named, so that the sentence is always the same.
    hardest = max(rest, key=lambda other: (count.pairs[other, one] - count.pairs[one, other], -other))
    return make_sentence(
        winner,
        f" beats {number_text(len(beaten))} of the {number_text(len(others))} other books head to head: ",
        _list_contests(count, beaten, titles),
        ". ",
        _chain_text(count, hardest, titles),
        _same_way_text(count, [other for other in rest if other != hardest], titles),
    )


def _chain_text(count: Count, other: int, titles: Titles) -> Sentence:
    """Return the chain of wins to a book that the winner does not beat itself."""
    one = count.winner or 0
    theirs, ours = count.pairs[other, one], count.pairs[one, other]
    against = f" beats it {theirs} to {ours}" if theirs > ours else f" ties with it, {ours} each"
    chain = beat_path(count, one, other) or ()
    wins = [
        make_sentence(
            title_of(a, titles),
            " beats ",
            title_of(b, titles),
            f" {count.pairs[a, b]} to {count.pairs[b, a]}",
        )
        for a, b in pairwise(chain)
    ]
    back = count.strengths[other, one]
    weaker = (
        f"; the weakest of these wins has {count_text(count.strengths[one, other], 'ballot')} for it, "
        + (f"and every chain back has one with {back} or fewer" if back else "and no chain leads back")
    )
    return make_sentence(
        title_of(other, titles), against, ", but a chain of wins leads to it: ", join_list(wins), weaker, "."
    )


def _same_way_text(count: Count, rest: Sequence[int], titles: Titles) -> Sentence:
    if not rest:
        return ()
    return make_sentence(" In the same way it is ahead of ", list_titles(rest, titles), ".")


def _list_contests(count: Count, beaten: Sequence[int], titles: Titles) -> Sentence:
    """List the winner's wins, the closest first; name only the closest three of many."""
    one = count.winner or 0
    # The id decides between equal contests, so that the sentence is always the same.
    by_margin = sorted(
        beaten,
        key=lambda other: (
            count.pairs[one, other] - count.pairs[other, one],
            -count.pairs[other, one],
            other,
        ),
    )
    shown = by_margin if len(beaten) <= MAX_CONTESTS else by_margin[: MAX_CONTESTS - 1]
    pieces = [
        make_sentence(f"{_score_text(count, other)} against ", title_of(other, titles)) for other in shown
    ]
    if more := len(beaten) - len(shown):
        pieces.append(make_sentence(f"by as much or more against {count_text(more, 'other')}"))
    return join_list(pieces)


def _score_text(count: Count, other: int) -> str:
    one = count.winner or 0
    return f"{count.pairs[one, other]} to {count.pairs[other, one]}"


def _tie_break_text(count: Count, titles: Titles) -> Sentence:
    """Return how a tie was broken: the tied books, and those that each step left."""
    first, *later = count.steps
    last = later[-1]
    rivals = [other for other in last.among if other != count.winner]
    tied = (
        f"{number_text(len(first.left))} of the {number_text(len(first.among))} books"
        if len(first.left) < len(first.among)
        else ("both books" if len(first.left) == 2 else f"all {number_text(len(first.left))} books")
    )
    how = "level in approvals" if first.rule == "approval" else "undecided head to head"
    between = [_step_text(step, titles) for step in later[:-1]]
    names = (
        make_sentence(" (", list_titles(first.left, titles), ")")
        if len(first.left) < len(first.among)
        else ()
    )
    final = _final_figures(last, count, titles)
    return make_sentence(
        title_of(count.winner or 0, titles),
        " beats ",
        list_titles(rivals, titles),
        f"{BREAKS[last.rule]}{final}. ",
        f"{tied[0].upper()}{tied[1:]}",
        names,
        f" were {how}",
        *between,
        ".",
    )


def _final_figures(last: Step, count: Count, titles: Titles) -> str:
    """Return the figures of the step that broke a tie, the winner's first."""
    if not last.scores:
        return ""
    # Different scores of the others are summed up as "or fewer" or "or more".
    others = sorted({last.scores[other] for other in last.among if other != count.winner})
    if last.rule == "borda":
        # The others are sorted: with points the last one came nearest, with readers the first one.
        ours, theirs = halves(last.scores[count.winner or 0]), halves(others[-1])
        return f", {ours} against {theirs}" + (" or fewer" if len(others) > 1 else "")
    return f", {last.scores[count.winner or 0]} against {others[0]}" + (" or more" if len(others) > 1 else "")


def _step_text(step: Step, titles: Titles) -> Sentence:
    """Describe a step between the tie and its end, which may have narrowed it or not."""
    if step.left == step.among:
        return make_sentence(
            "; they were level on points"
            if step.rule == "borda"
            else "; equally many of the club have read them"
        )
    by = "points" if step.rule == "borda" else "the number of readers"
    return make_sentence(f"; {by} left ", list_titles(step.left, titles))


def _count_yes(count: Count) -> int:
    return count.steps[0].scores[1]


def _count_no(count: Count) -> int:
    return count.steps[0].scores[0]
