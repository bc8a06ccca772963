"""Steps of a count in words: the books each step looked at, its figures, and the books it left."""

from __future__ import annotations

from collections.abc import Mapping

from ..text.emphasis import Sentence, fill, join_list, kept, make_sentence
from ..text.messages import gettext as _
from ..text.messages import ngettext, number_text
from .count import Count, CountStep
from .titles_and_counts import Titles, halves, list_titles, title_of

# If there are more books than this, a sentence does not name them all.
MAX_TITLES = 8


def steps_text(count: Count, titles: Titles, readers: Mapping[int, int]) -> list[Sentence]:
    """Return for each step what it looked at, its figures if any, and the books it left.

    Reader counts (``readers``) are public, so they show even if other figures are withheld.
    """
    return [_step_text(step, count, titles, readers) for step in count.steps]


def _step_text(step: CountStep, count: Count, titles: Titles, readers: Mapping[int, int]) -> Sentence:
    if step.rule == "yes_no":
        return make_sentence(_answers_text(step, count, titles), " ", _verdict_text(step))
    if step.rule == "schulze":
        return make_sentence(_compared_text(step), " ", _pairs_text(step, titles))
    return make_sentence(_figures_text(step, count, titles, readers), " ", _left_text(step, titles))


def _figures_text(step: CountStep, count: Count, titles: Titles, readers: Mapping[int, int]) -> Sentence:
    """Return what a step after the comparison of pairs looked at, with its figures."""
    if step.rule == "lot":
        return fill(
            _("The lot was drawn for %(titles)s."), titles=list_titles(step.among, titles, MAX_TITLES)
        )
    if step.rule == "readers":
        counts = {
            one: ngettext("%(num)s member", "%(num)s members", readers.get(one, 0)) for one in step.among
        }
        said = _list_scores(step, counts, titles)
        return fill(_("Fewest readers. Already read by: %(scores)s."), scores=said)
    if step.rule == "approval":
        if not step.scores:
            return make_sentence(_("The ticks were counted."))
        said = _list_scores(step, {one: number_text(step.scores[one]) for one in step.among}, titles)
        counted = ngettext(
            "Ticks on %(num)s ballot: %(scores)s.",
            "Ticks on %(num)s ballots: %(scores)s.",
            count.turnout, **kept("scores"),
        )  # fmt: skip
        return fill(counted, scores=said)
    if not step.scores:
        return make_sentence(
            _(
                "Points over the whole ballots: 1 for each book that one stands above, ½ for each level with"
                " it."
            )
        )
    return fill(
        _(
            "Points over the whole ballots, 1 for each book that one stands above and ½ for each level with"
            " it: %(scores)s."
        ),
        scores=_list_scores(step, {one: halves(step.scores[one]) for one in step.among}, titles),
    )


def _list_scores(step: CountStep, scores: Mapping[int, str], titles: Titles) -> Sentence:
    """List each book with its score, those that are left first."""
    order = sorted(step.among, key=lambda one: (one not in step.left, -step.scores.get(one, 0), one))
    # Fewer readers are better, so this order rises.
    if step.rule == "readers":
        order = sorted(step.among, key=lambda one: (one not in step.left, step.scores.get(one, 0), one))
    return join_list(
        [fill(_("%(title)s %(score)s"), title=title_of(one, titles), score=scores[one]) for one in order]
    )


def _left_text(step: CountStep, titles: Titles) -> Sentence:
    """Return the sentence that says which books the step left."""
    if step.left == step.among:
        return make_sentence(_("All are level, so the tie stands."))
    if step.rule == "lot" and len(step.left) == 1:
        return fill(_("It goes to %(title)s."), title=title_of(step.left[0], titles))
    return fill(_("That leaves %(titles)s."), titles=list_titles(step.left, titles, MAX_TITLES))


def _compared_text(step: CountStep) -> str:
    if len(step.among) == 2:
        return _("Head to head: the two books were compared.")
    return ngettext(
        "Head to head: %(num)s book was compared.",
        "Head to head: %(num)s books were compared in pairs.",
        len(step.among),
    )


def _pairs_text(step: CountStep, titles: Titles) -> Sentence:
    """Return the sentence that says which books no other is ahead of."""
    if len(step.left) == 1:
        ahead = (
            _("%(title)s is ahead of the other.")
            if len(step.among) == 2
            else _("%(title)s is ahead of each other book, by a win or a chain of wins.")
        )
        return fill(ahead, title=title_of(step.left[0], titles))
    if step.left == step.among:
        return make_sentence(
            _("Neither is ahead.")
            if len(step.left) == 2
            else _("None is ahead of the others, so all are left.")
        )
    leaves = (
        _("That leaves %(titles)s: no book is ahead of either.")
        if len(step.left) == 2
        else _("That leaves %(titles)s: no book is ahead of any of them.")
    )
    return fill(leaves, titles=list_titles(step.left, titles, MAX_TITLES))


def _answers_text(step: CountStep, count: Count, titles: Titles) -> Sentence:
    title = title_of(step.among[0], titles)
    if not step.scores:
        return fill(_("Yes or no to %(title)s."), title=title)
    yes, no = step.scores[1], step.scores[0]
    if silent := count.turnout - yes - no:
        said = ngettext(
            "Yes or no to %(title)s: %(yes)s yes, %(no)s no and %(num)s empty ballot.",
            "Yes or no to %(title)s: %(yes)s yes, %(no)s no and %(num)s empty ballots.",
            silent, **kept("title", "yes", "no"),
        )  # fmt: skip
        return fill(said, title=title, yes=yes, no=no)
    return fill(_("Yes or no to %(title)s: %(yes)s yes and %(no)s no."), title=title, yes=yes, no=no)


def _verdict_text(step: CountStep) -> str:
    return _("Yes outnumbers no.") if step.left else _("Yes does not outnumber no.")
