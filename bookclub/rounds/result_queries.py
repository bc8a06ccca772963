"""Results of a closed round in words, as a table and as bars, and its open ballots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..lib.tally import ballots, result_text, states
from ..lib.tally import count as tally_count
from ..lib.tally import steps as tally_steps
from ..lib.text import emphasis
from ..lib.text.emphasis import fill, title
from ..lib.text.messages import gettext as _
from ..lib.text.messages import ngettext, number_text
from ..members.models import Member
from .models import Round, Tally
from .queries import ballots_in

# Approvals of more books than these stand in the full count alone.
MOST_BARS = 5
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class ResultBar:
    """A bar of ``value`` out of ``most``, with the same in words."""

    title: str
    value: int
    most: int
    words: str


@dataclass(frozen=True)
class ChartBar:
    """A row of a result's chart: a book or a pair of books, its figures in words, and the ends of its bar.

    ``left`` and ``right`` are percentages of the bar's width. What lies between them are ballots that have
    the two books level.
    """

    sentence: emphasis.Sentence
    words: str
    left: float
    right: float = 0

    @property
    def right_from(self) -> float:
        return round(100 - self.right, 1)


@dataclass(frozen=True)
class ResultChart:
    """The chart of a result, with a caption that says what is counted."""

    caption: str
    bars: list[ChartBar]


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
    def chart(self) -> ResultChart | None:
        """The figures that mattered, as one chart; None if there are none, or none may be published."""
        count = self.count
        if count is None or not count.has_figures or not count.steps:
            return None
        if count.kind != "ranked":
            bars = [
                ChartBar((title(bar.title),) if count.kind == "approval" else (emphasis.TextPart(bar.title),),
                         bar.words, share_of(bar.value, bar.most))
                for bar in self.bars[:MOST_BARS]
            ]  # fmt: skip
            return ResultChart(ngettext("%(num)s ballot", "%(num)s ballots", count.turnout), bars)
        pairs = result_text.deciding_pairs(count)
        bars = [pair_bar(count, one, other, self.titles) for one, other in pairs]
        caption = ngettext(
            "The pair that decided it, on %(ballots)s ballots",
            "The pairs that decided it, on %(ballots)s ballots",
            len(bars),
            ballots=number_text(count.turnout),
        )
        return ResultChart(caption, bars) if bars else None

    @property
    def more_bars(self) -> list[ResultBar]:
        """The bars that the chart does not show already."""
        is_shown = self.count is not None and self.count.kind != "ranked" and len(self.bars) <= MOST_BARS
        return [] if is_shown else self.bars

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
    def bars(self) -> list[ResultBar]:
        """Bars of a result: the number of others each book is ahead of, its approvals, or yes and no."""
        if self.count is None or not self.count.has_figures or not self.count.steps:
            return []
        turnout, scores = self.count.turnout, self.count.steps[0].scores
        if self.count.kind == "yes_no":
            silent = turnout - scores[1] - scores[0]
            answers = [(_("Yes"), scores[1]), (_("No"), scores[0])] + [(_("Neither"), silent)] * bool(silent)
            return [
                ResultBar(answer, number, turnout, share_text(number, turnout)) for answer, number in answers
            ]
        if self.count.kind == "approval":
            figures, most, words = scores, turnout, share_text
        else:
            # Chains of wins count, too, as in the steps; the table shows the wins alone.
            figures, most = tally_count.ahead_of(self.count), len(self.count.nominations) - 1
            words = ahead_text
        winner = self.count.winner
        # After a tie the figures are equal, and the winner still comes first.
        order = sorted(figures, key=lambda one: (one != winner, -figures[one], one))
        return [ResultBar(self.titles[one], figures[one], most, words(figures[one], most)) for one in order]


def share_text(number: int, most: int) -> str:
    """Return a number out of the most that it could be: "6 of 10"."""
    return _("%(number)s of %(most)s", number=number_text(number), most=number_text(most))


def ahead_text(number: int, most: int) -> str:
    """Return how many of the other books a book is ahead of."""
    return _("ahead of %(number)s of %(most)s", number=number_text(number), most=number_text(most))


def share_of(number: int, most: int) -> float:
    """Return a percentage to one decimal."""
    return round(100 * number / most, 1) if most else 0.0


def pair_bar(count: tally_count.Count, one: int, other: int, titles: Mapping[int, str]) -> ChartBar:
    """Return the row of a chart for two books: how many ballots put each above the other."""
    ours, theirs = count.pairs[one, other], count.pairs[other, one]
    sentence = fill(_("%(one)s against %(other)s"), one=title(titles[one]), other=title(titles[other]))
    words = _("%(ours)s to %(theirs)s", ours=number_text(ours), theirs=number_text(theirs))
    return ChartBar(sentence, words, share_of(ours, count.turnout), share_of(theirs, count.turnout))


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
            results.append(Result(tally, None, (emphasis.TextPart(words, False),), [], titles))
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
