"""Result of a round in words: the winner, the books it beats, and the figures."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ..text.emphasis import Sentence, TextPart, fill, join_list, kept, make_sentence
from ..text.messages import gettext as _
from ..text.messages import ngettext
from .count import Count, CountStep, beat_path
from .titles_and_counts import Titles, halves, list_titles, title_of

# If there are more contests than this, the sentence names only the closest ones.
MAX_CONTESTS = 4


def outcome_text(count: Count, titles: Titles) -> Sentence:
    """Return the sentence that says who wins and why ("*Title* beats …"), or that nobody wins."""
    if count.winner is None:
        return _no_winner_text(count, titles)
    winner = title_of(count.winner, titles)
    if count.kind == "yes_no":
        if not count.has_figures:
            return fill(_("The club says yes to %(title)s."), title=winner)
        return fill(
            _("The club says yes to %(title)s: %(yes)s to %(no)s."),
            title=winner, yes=_count_yes(count), no=_count_no(count),
        )  # fmt: skip
    if count.outcome == "broken":
        return make_sentence(
            _break_text(count, titles), " ", _tied_text(count, titles), *_between_texts(count, titles)
        )
    others = [one for one in count.nominations if one != count.winner]
    if count.kind == "approval":
        return _approvals_text(count, others, titles)
    if not count.has_figures:
        if len(others) == 1:
            return fill(
                _("%(winner)s beats %(other)s head to head."),
                winner=winner,
                other=title_of(others[0], titles),
            )
        return fill(
            _("%(winner)s beats every other book, head to head or along a chain of such wins."), winner=winner
        )
    return _contests_text(count, others, titles)


def _no_winner_text(count: Count, titles: Titles) -> Sentence:
    if count.outcome == "no_quorum":
        if not count.turnout:
            return make_sentence(_("No book wins: nobody voted, and that is fewer than this round asks for."))
        return make_sentence(
            ngettext(
                "No book wins: %(num)s ballot was cast, and that is fewer than this round asks for.",
                "No book wins: %(num)s ballots were cast, and that is fewer than this round asks for.",
                count.turnout,
            )
        )
    if count.outcome == "declined":
        (nomination,) = count.nominations
        title = title_of(nomination, titles)
        if not count.has_figures:
            return fill(_("The club does not say yes to %(title)s."), title=title)
        yes, no = _count_yes(count), _count_no(count)
        said = (
            _("The club says no to %(title)s: %(yes)s to %(no)s.")
            if yes < no
            else _("The club does not say yes to %(title)s: %(yes)s to %(no)s is a tie.")
        )
        return fill(said, title=title, yes=yes, no=no)
    if not count.nominations:
        return make_sentence(_("No book wins: none was left to vote on."))
    if not count.turnout:
        return make_sentence(_("No book wins: nobody voted."))
    return make_sentence(_("No book wins: no ballot names any of the books."))


def _approvals_text(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    # There is a winner here, so the 0 is never used.
    winner = title_of(count.winner or 0, titles)
    if not count.has_figures:
        if len(others) == 1:
            said = _("%(winner)s beats %(other)s: more ballots tick it.")
            return fill(said, winner=winner, other=title_of(others[0], titles))
        return fill(_("%(winner)s beats the other books: more ballots tick it."), winner=winner)
    ticks = count.steps[0].scores[count.winner or 0]
    if len(others) == 1:
        said = ngettext(
            "%(winner)s beats %(other)s, with a tick on %(ticks)s of %(num)s ballot.",
            "%(winner)s beats %(other)s, with a tick on %(ticks)s of %(num)s ballots.",
            count.turnout, **kept("winner", "other", "ticks"),
        )  # fmt: skip
        return fill(said, winner=winner, other=title_of(others[0], titles), ticks=ticks)
    said = ngettext(
        "%(winner)s beats the other books, with a tick on %(ticks)s of %(num)s ballot.",
        "%(winner)s beats the other books, with a tick on %(ticks)s of %(num)s ballots.",
        count.turnout, **kept("winner", "ticks"),
    )  # fmt: skip
    return fill(said, winner=winner, ticks=ticks)


def _contests_text(count: Count, others: Sequence[int], titles: Titles) -> Sentence:
    """Return how a book won without a tie-break: its wins, and its chains of wins to other books."""
    one = count.winner or 0
    winner = title_of(one, titles)
    beaten, rest = beaten_by_winner(count)
    if not rest and len(others) == 1:
        return fill(
            _("%(winner)s beats %(other)s head to head: %(ours)s to %(theirs)s."),
            winner=winner, other=title_of(others[0], titles),
            ours=count.pairs[one, others[0]], theirs=count.pairs[others[0], one],
        )  # fmt: skip
    contests = _list_contests(count, beaten, titles)
    if not rest:
        return fill(
            _("%(winner)s beats every other book head to head: %(contests)s."),
            winner=winner,
            contests=contests,
        )
    said = ngettext(
        "%(winner)s beats %(beaten)s of the %(num)s other book head to head: %(contests)s.",
        "%(winner)s beats %(beaten)s of the %(num)s other books head to head: %(contests)s.",
        len(others), **kept("winner", "beaten", "contests"),
    )  # fmt: skip
    # Only one chain is spelt out: the one to the book that did best against the winner.
    hardest, *others_behind = rest
    return make_sentence(
        fill(said, winner=winner, beaten=len(beaten), contests=contests),
        " ",
        _chain_text(count, hardest, titles),
        " ",
        _weakest_text(count, hardest),
        *_same_way_text(others_behind, titles),
    )


def beaten_by_winner(count: Count) -> tuple[list[int], list[int]]:
    """Return the books that the winner beats itself, the closest first, and the others, the hardest first."""
    one = count.winner or 0
    margins = {
        other: count.pairs[one, other] - count.pairs[other, one]
        for other in count.nominations
        if other != one
    }
    # The id decides between equal contests, so that the sentence is always the same.
    order = sorted(margins, key=lambda other: (margins[other], -count.pairs[other, one], other))
    beaten = [other for other in order if margins[other] > 0]
    rest = sorted(
        (other for other in order if margins[other] <= 0), key=lambda other: (margins[other], other)
    )
    return beaten, rest


def deciding_pairs(count: Count) -> list[tuple[int, int]]:
    """Return the pairs of books that mattered in a ranked count, as the sentence about it names them.

    They are the winner's closest wins, and where another book is not beaten directly, that contest and the
    chain of wins that leads to it. After a tie they are the winner's contests with the others that were tied.
    """
    one = count.winner
    if one is None or not count.pairs:
        return []
    if count.outcome == "broken":
        return [(one, other) for other in count.steps[0].left if other != one][:MAX_CONTESTS]
    beaten, rest = beaten_by_winner(count)
    shown = beaten if len(beaten) <= MAX_CONTESTS else beaten[: MAX_CONTESTS - 1]
    pairs = [(one, other) for other in shown]
    if rest:
        pairs += [(one, rest[0]), *pairwise(beat_path(count, one, rest[0]) or ())]
    return list(dict.fromkeys(pairs))


def _chain_text(count: Count, other: int, titles: Titles) -> Sentence:
    """Return the chain of wins to a book that the winner does not beat itself."""
    one = count.winner or 0
    theirs, ours = count.pairs[other, one], count.pairs[one, other]
    chain = beat_path(count, one, other) or ()
    wins = [
        fill(
            _("%(winner)s beats %(other)s %(ours)s to %(theirs)s"),
            winner=title_of(a, titles),
            other=title_of(b, titles),
            ours=count.pairs[a, b],
            theirs=count.pairs[b, a],
        )
        for a, b in pairwise(chain)
    ]
    said = (
        _("%(other)s beats it %(theirs)s to %(ours)s, but a chain of wins leads to it: %(wins)s.")
        if theirs > ours
        else _("%(other)s ties with it, %(theirs)s each, but a chain of wins leads to it: %(wins)s.")
    )
    return fill(said, other=title_of(other, titles), theirs=theirs, ours=ours, wins=join_list(wins))


def _weakest_text(count: Count, other: int) -> str:
    """Return how strong the chain of wins to a book is, and that every chain back is weaker."""
    one = count.winner or 0
    strength, back = count.strengths[one, other], count.strengths[other, one]
    if back:
        return ngettext(
            "The weakest of these wins has %(num)s ballot for it, and every chain back has one with %(back)s"
            " or fewer.",
            "The weakest of these wins has %(num)s ballots for it, and every chain back has one with %(back)s"
            " or fewer.",
            strength,
            back=back,
        )
    return ngettext(
        "The weakest of these wins has %(num)s ballot for it, and no chain leads back.",
        "The weakest of these wins has %(num)s ballots for it, and no chain leads back.",
        strength,
    )


def _same_way_text(rest: Sequence[int], titles: Titles) -> Sentence:
    if not rest:
        return ()
    said = fill(_("In the same way it is ahead of %(titles)s."), titles=list_titles(rest, titles))
    return make_sentence(" ", said)


def _list_contests(count: Count, beaten: Sequence[int], titles: Titles) -> Sentence:
    """List the winner's wins, the closest first; name only the closest three of many."""
    one = count.winner or 0
    shown = beaten if len(beaten) <= MAX_CONTESTS else beaten[: MAX_CONTESTS - 1]
    pieces = [
        fill(
            _("%(ours)s to %(theirs)s against %(other)s"),
            ours=count.pairs[one, other],
            theirs=count.pairs[other, one],
            other=title_of(other, titles),
        )
        for other in shown
    ]
    if more := len(beaten) - len(shown):
        others = ngettext(
            "by as much or more against %(num)s other", "by as much or more against %(num)s others", more
        )
        pieces.append(make_sentence(others))
    return join_list(pieces)


def _break_text(count: Count, titles: Titles) -> Sentence:
    """Return the sentence that says which rule broke a tie, with the figures of that step."""
    last = count.steps[-1]
    rivals = list_titles([other for other in last.among if other != count.winner], titles)
    named: dict[str, TextPart | Sentence] = {"winner": title_of(count.winner or 0, titles), "others": rivals}
    if last.rule == "lot":
        return fill(_("%(winner)s beats %(others)s by the lot."), **named)
    if not last.scores:
        if last.rule == "borda":
            return fill(_("%(winner)s beats %(others)s on points."), **named)
        return fill(_("%(winner)s beats %(others)s: fewer members have read it."), **named)
    # Different scores of the others are summed up as "or fewer" or "or more".
    scores = sorted({last.scores[other] for other in last.among if other != count.winner})
    ours = last.scores[count.winner or 0]
    if last.rule == "borda":
        # The others are sorted: with points the last one came nearest, with readers the first one.
        said = (
            _("%(winner)s beats %(others)s on points, %(ours)s against %(theirs)s or fewer.")
            if len(scores) > 1
            else _("%(winner)s beats %(others)s on points, %(ours)s against %(theirs)s.")
        )
        return fill(said, ours=halves(ours), theirs=halves(scores[-1]), **named)
    said = (
        _("%(winner)s beats %(others)s: fewer members have read it, %(ours)s against %(theirs)s or more.")
        if len(scores) > 1
        else _("%(winner)s beats %(others)s: fewer members have read it, %(ours)s against %(theirs)s.")
    )
    return fill(said, ours=ours, theirs=scores[0], **named)


def _tied_text(count: Count, titles: Titles) -> Sentence:
    """Return the sentence that says which books were tied."""
    first = count.steps[0]
    is_approval = first.rule == "approval"
    if len(first.left) < len(first.among):
        said = (
            _("%(tied)s of the %(all)s books (%(titles)s) had equally many ticks.")
            if is_approval
            else _("%(tied)s of the %(all)s books (%(titles)s) were undecided head to head.")
        )
        return fill(said, tied=len(first.left), all=len(first.among), titles=list_titles(first.left, titles))
    if len(first.left) == 2:
        return make_sentence(
            _("Both books had equally many ticks.")
            if is_approval
            else _("Both books were undecided head to head.")
        )
    return make_sentence(
        ngettext(
            "%(num)s book had equally many ticks.",
            "All %(num)s books had equally many ticks.",
            len(first.left),
        )
        if is_approval
        else ngettext(
            "%(num)s book was undecided head to head.",
            "All %(num)s books were undecided head to head.",
            len(first.left),
        )
    )


def _between_texts(count: Count, titles: Titles) -> list[Sentence]:
    """Return a sentence for each step between the tie and its end, with a space before it."""
    return [make_sentence(" ", _between_text(step, titles)) for step in count.steps[1:-1]]


def _between_text(step: CountStep, titles: Titles) -> Sentence:
    """Describe a step between the tie and its end, which may have narrowed it or not."""
    if step.left == step.among:
        return make_sentence(
            _("They were level on points.")
            if step.rule == "borda"
            else _("Equally many members have read them.")
        )
    said = (
        _("Points left %(titles)s.") if step.rule == "borda" else _("The number of readers left %(titles)s.")
    )
    return fill(said, titles=list_titles(step.left, titles))


def _count_yes(count: Count) -> int:
    return count.steps[0].scores[1]


def _count_no(count: Count) -> int:
    return count.steps[0].scores[0]
