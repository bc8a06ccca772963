"""Results of a closed round in words, as a table and as bars, and its open ballots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..lib.tally import ballots, result_text, states
from ..lib.tally import count as tally_count
from ..lib.tally import steps as tally_steps
from ..lib.text import emphasis
from ..members.models import Member
from .models import Round, Tally
from .queries import ballots_in

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Bar:
    """A bar of ``value`` out of ``most``, with the same in words."""

    title: str
    value: int
    most: int
    words: str


@dataclass(frozen=True)
class Cell:
    """Number of ballots that put the row's book above the column's; None if both are the same book."""

    votes: int | None
    is_won: bool


@dataclass(frozen=True)
class PairRow:
    """A book in the table of pairs. Its letter stands for it above its column."""

    letter: str
    title: str
    cells: list[Cell]


@dataclass(frozen=True)
class Result:
    """A tally in words: the sentence that says who won, and the steps that led there."""

    tally: Tally
    count: tally_count.Count | None
    sentence: emphasis.Sentence
    steps: list[emphasis.Sentence]
    titles: Mapping[int, str]

    @property
    def winner(self) -> str | None:
        """Title of the winner, or None."""
        return self.titles.get(self.tally.winner_id) if self.tally.winner_id else None

    @property
    def without(self) -> str | None:
        """Title of the withdrawn winner that made this count necessary, or None."""
        return self.titles.get(self.tally.without_id) if self.tally.without_id else None

    @property
    def rows(self) -> list[PairRow]:
        """Table of pairs, in order; empty if there are none, or none may be published."""
        if self.count is None or not self.count.pairs:
            return []
        pairs, order = self.count.pairs, order_of(self.count)
        return [
            PairRow(letter_of(number), self.titles[one], [cell_of(pairs, one, other) for other in order])
            for number, one in enumerate(order)
        ]

    @property
    def bars(self) -> list[Bar]:
        """Bars of a result: the number of others each book is ahead of, its approvals, or yes and no."""
        if self.count is None or not self.count.has_figures or not self.count.steps:
            return []
        turnout, scores = self.count.turnout, self.count.steps[0].scores
        if self.count.kind == "yes_no":
            answers = {"Yes": scores[1], "No": scores[0], "Neither": turnout - scores[1] - scores[0]}
            return [
                Bar(answer, number, turnout, f"{number} of {turnout}")
                for answer, number in answers.items()
                if number or answer != "Neither"
            ]
        if self.count.kind == "approval":
            figures, most, words = scores, turnout, "{} of {}"
        else:
            # Chains of wins count, too, as in the steps; the table shows the wins alone.
            figures, most = tally_count.ahead_of(self.count), len(self.count.nominations) - 1
            words = "ahead of {} of {}"
        winner = self.count.winner
        # After a tie the figures are equal, and the winner still comes first.
        order = sorted(figures, key=lambda one: (one != winner, -figures[one], one))
        return [Bar(self.titles[one], figures[one], most, words.format(figures[one], most)) for one in order]


def order_of(count: tally_count.Count) -> list[int]:
    """Books of a ranked count: the winner, then those ahead of the most others."""
    ahead = tally_count.ahead_of(count)
    return sorted(ahead, key=lambda one: (one != count.winner, -ahead[one], one))


def cell_of(pairs: Mapping[tuple[int, int], int], one: int, other: int) -> Cell:
    """Cell for the row of one book and the column of another."""
    if one == other:
        return Cell(None, False)
    return Cell(pairs[one, other], pairs[one, other] > pairs[other, one])


def letter_of(number: int) -> str:
    """Letters of a table's columns: A, B, … Z, AA, AB, …"""
    # Two letters are enough for 30 nominations.
    rest = LETTERS[number % len(LETTERS)]
    return rest if number < len(LETTERS) else LETTERS[number // len(LETTERS) - 1] + rest


def results_of(voting_round: Round) -> list[Result]:
    """Results of a closed round, latest count first."""
    # These are the titles that were voted on, whatever the books are called now.
    titles = {each.id: each.title for each in voting_round.nominations}
    readers = {each.id: each.readers or 0 for each in voting_round.nominations}
    results = []
    for tally in reversed(voting_round.tallies):
        count = tally_count.Count.from_json(tally.count) if tally.count else None
        if count is None:
            words = states.uncounted_text(
                voting_round.outcome or "",
                voting_round.turnout or 0,
                voting_round.electorate or 0,
                voting_round.quorum,
            )
            results.append(Result(tally, None, (emphasis.Part(words, False),), [], titles))
        else:
            results.append(
                Result(
                    tally,
                    count,
                    result_text.outcome_text(count, titles),
                    tally_steps.steps_text(count, titles, readers),
                    titles,
                )
            )
    return results


@dataclass(frozen=True)
class Vote:
    """A member's open ballot: the levels of their order, each with its titles.

    For a single nomination it is an ``answer`` instead, "yes" or "no". An abstention has neither.
    """

    member: Member
    levels: list[list[str]]
    answer: str | None = None


def votes_in(voting_round: Round) -> list[Vote]:
    """Ballots of an open round with their voters, sorted by name. A private round has none."""
    if voting_round.is_private:
        return []
    # Books that were withdrawn are left out of every ballot.
    titles = {each.id: each.title for each in voting_round.nominations if each.stands}
    votes = []
    for ballot in ballots_in(voting_round.id):
        said = ballots.reduce_ranking(ballot.ranking, tuple(titles))
        places = sorted(set(said.values()))
        levels = [[titles[each] for each, place in said.items() if place == level] for level in places]
        answer = {0: "no", 1: "yes"}[places[0]] if len(titles) == 1 and places else None
        if ballot.member is not None:
            votes.append(Vote(ballot.member, [] if answer else levels, answer))
    return sorted(votes, key=lambda vote: vote.member.display_name.casefold())
