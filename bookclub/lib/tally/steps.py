"""Steps of a count in words: the books each step looked at, its figures, and the books it left."""

from __future__ import annotations

from collections.abc import Mapping

from ..text.emphasis import Sentence, join_list, make_sentence, number_text
from .count import Count, Step
from .titles_and_counts import count_text, halves, list_titles, title_of

Titles = Mapping[int, str]
POINTS = "Points over the whole ballots, 1 for each book that one stands above and ½ for each level with it"
# If there are more books than this, a sentence does not name them all.
MAX_TITLES = 8


def steps_text(count: Count, titles: Titles, readers: Mapping[int, int]) -> list[Sentence]:
    """Return one sentence for each step: the books it looked at, its figures if any, and the books it left.

    Reader counts (``readers``) are public, so they show even if other figures are withheld.
    """
    return [_step_text(step, count, titles, readers) for step in count.steps]


def _step_text(step: Step, count: Count, titles: Titles, readers: Mapping[int, int]) -> Sentence:
    if step.rule == "yes_no":
        return _answers_text(step, count, titles)
    if step.rule == "schulze":
        return _pairs_text(step, titles)
    left = _left_text(step, titles)
    if step.rule == "lot":
        return make_sentence("The lot was drawn for ", list_titles(step.among, titles, MAX_TITLES), left)
    if step.rule == "readers":
        scores = {one: count_text(readers.get(one, 0), "member") for one in step.among}
        have = "Fewest readers. Already read by: "
        return make_sentence(have, _list_scores(step, scores, titles), left)
    if step.rule == "approval":
        if not step.scores:
            return make_sentence("Approvals were counted", left)
        of = f"Approvals on {count_text(count.turnout, 'ballot')}: "
        return make_sentence(
            of, _list_scores(step, {one: str(step.scores[one]) for one in step.among}, titles), left
        )
    if not step.scores:
        return make_sentence(POINTS, left)
    return make_sentence(
        POINTS, ": ", _list_scores(step, {one: halves(step.scores[one]) for one in step.among}, titles), left
    )


def _list_scores(step: Step, scores: Mapping[int, str], titles: Titles) -> Sentence:
    """List each book with its score, those that are left first."""
    order = sorted(step.among, key=lambda one: (one not in step.left, -step.scores.get(one, 0), one))
    # Fewer readers are better, so this order rises.
    if step.rule == "readers":
        order = sorted(step.among, key=lambda one: (one not in step.left, step.scores.get(one, 0), one))
    return join_list([make_sentence(title_of(one, titles), f" {scores[one]}") for one in order])


def _left_text(step: Step, titles: Titles) -> Sentence:
    """Return the end of a sentence, with the books that the step left."""
    if step.left == step.among:
        return make_sentence(". All are level, so the tie stands.")
    if len(step.left) == 1:
        return make_sentence(
            ". It goes to " if step.rule == "lot" else ". That leaves ", list_titles(step.left, titles), "."
        )
    return make_sentence(". That leaves ", list_titles(step.left, titles, MAX_TITLES), ".")


def _pairs_text(step: Step, titles: Titles) -> Sentence:
    compared = f"Head to head: {number_text(len(step.among))} books were compared in pairs. "
    compared = compared if len(step.among) != 2 else "Head to head: the two books were compared. "
    if len(step.left) == 1:
        ahead = (
            " is ahead of the other."
            if len(step.among) == 2
            else " is ahead of each other book, by a win or a chain of wins."
        )
        return make_sentence(compared, title_of(step.left[0], titles), ahead)
    if step.left == step.among:
        return make_sentence(
            compared,
            "Neither is ahead." if len(step.left) == 2 else "None is ahead of the others, so all are left.",
        )
    either = "either" if len(step.left) == 2 else "any of them"
    return make_sentence(
        compared,
        "That leaves ",
        list_titles(step.left, titles, MAX_TITLES),
        f": no book is ahead of {either}.",
    )


def _answers_text(step: Step, count: Count, titles: Titles) -> Sentence:
    asked = make_sentence("Yes or no to ", title_of(step.among[0], titles))
    verdict = "Yes outnumbers no." if step.left else "Yes does not outnumber no."
    if not step.scores:
        return make_sentence(asked, f". {verdict}")
    silent = count.turnout - step.scores[1] - step.scores[0]
    empty = f" and {count_text(silent, 'empty ballot')}" if silent else ""
    comma = "," if silent else " and"
    return make_sentence(asked, f": {step.scores[1]} yes{comma} {step.scores[0]} no{empty}. {verdict}")
