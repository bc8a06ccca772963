"""Weights of the signals, and the ranking computed with them, with every number kept to be shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from .sparse import Floats, Ints

CO_READERS = "co_readers"
ENDORSEMENTS = "endorsements"
KINDRED = "kindred"
CLUB_READERS = "club_readers"
KNOWN_READERS = "known_readers"
EDITIONS = "editions"
TAG_PROFILE = "tag_profile"
TAG_NEIGHBOURS = "tag_neighbours"
SAME_AUTHOR = "same_author"
NEXT_IN_SERIES = "next_in_series"
NEAR_IN_TIME = "near_in_time"
STRONGEST = 6.0  # Standard deviations: the most that endorsements of one book can be worth.

Weights = Mapping[str, float]

# By task and by what is loaded. They were fitted on half of the members of clubs simulated from real
# readers and judged on the other half; the benchmark of recommendations prints the results. Endorsements
# weigh as much as the co-readers that they count for, and have a weight of their own if co-readers say
# little.
WEIGHTS: Mapping[tuple[str, str], Weights] = MappingProxyType(
    {
        ("next", "nothing"): {
            TAG_PROFILE: 0.60,
            CLUB_READERS: 0.38,
            ENDORSEMENTS: 0.30,
            SAME_AUTHOR: 0.24,
            KINDRED: 0.10,
            CO_READERS: 0.05,
            NEXT_IN_SERIES: 0.05,
        },
        ("next", "counts"): {
            KNOWN_READERS: 0.45,
            TAG_PROFILE: 0.30,
            ENDORSEMENTS: 0.30,
            SAME_AUTHOR: 0.14,
            CLUB_READERS: 0.12,
            KINDRED: 0.04,
            NEXT_IN_SERIES: 0.04,
        },
        ("next", "pack"): {
            CO_READERS: 1.00,
            ENDORSEMENTS: 1.00,
            TAG_PROFILE: 0.14,
            NEXT_IN_SERIES: 0.02,
        },
        ("author", "nothing"): {
            EDITIONS: 0.56,
            NEXT_IN_SERIES: 0.47,
            ENDORSEMENTS: 0.30,
            NEAR_IN_TIME: 0.30,
            CLUB_READERS: 0.27,
            TAG_NEIGHBOURS: 0.21,
            CO_READERS: 0.15,
        },
        ("author", "counts"): {
            KNOWN_READERS: 0.65,
            NEXT_IN_SERIES: 0.46,
            NEAR_IN_TIME: 0.32,
            ENDORSEMENTS: 0.30,
            CLUB_READERS: 0.17,
            TAG_NEIGHBOURS: 0.16,
        },
        ("author", "pack"): {
            CO_READERS: 0.70,
            ENDORSEMENTS: 0.70,
            NEXT_IN_SERIES: 0.38,
            KNOWN_READERS: 0.26,
            NEAR_IN_TIME: 0.20,
            TAG_NEIGHBOURS: 0.08,
            CLUB_READERS: 0.06,
        },
    }
)


@dataclass(frozen=True)
class Share:
    """One signal's part in a score: as measured, standardised over the candidates, and weighted."""

    signal: str
    raw: float
    standardised: float
    weight: float

    @property
    def contribution(self) -> float:
        return self.weight * self.standardised


@dataclass(frozen=True)
class Choice:
    """A book in a ranking: its place from 1, its score, and the signals that make up the score.

    ``shares`` are ordered by contribution, the largest first, and add up to the score.
    """

    place: int
    book: int
    score: float
    shares: tuple[Share, ...]

    def leading(self, most: int = 3) -> tuple[Share, ...]:
        """Return the shares that may give a reason: of the ``most`` largest, those that lift the book."""
        return tuple(share for share in self.shares[:most] if share.contribution > 0)


@dataclass(frozen=True)
class Scored:
    """Candidates, their positions in the library, and their scores.

    ``raw`` and ``standardised`` hold an array for each of the ``signals``, with a value for each book.
    """

    books: Ints
    places: Ints
    scores: Floats
    signals: tuple[str, ...]
    weights: tuple[float, ...]
    raw: tuple[Floats, ...]
    standardised: tuple[Floats, ...]

    def __len__(self) -> int:
        return len(self.books)

    def without_signals(self) -> Scored:
        """Return the scores alone, for comparing the scores of many readers."""
        return replace(self, signals=(), weights=(), raw=(), standardised=())

    def ranked(self) -> Ranking:
        """Return the ranking, the best first; equal scores are ordered by id, whatever the input order."""
        return self.best(len(self))

    def best(self, most: int) -> Ranking:
        """Return the first ``most`` books of the ranking, without sorting all the others."""
        # Rounding keeps the last bits of a float from deciding between equal scores.
        descending = -np.round(self.scores, 9)
        rows = np.arange(len(self))
        if 0 < most < len(self):
            # This keeps the best and their ties, so that only those are sorted.
            rows = np.flatnonzero(descending <= np.partition(descending, most - 1)[most - 1])
        order = rows[np.lexsort((self.books[rows], descending[rows]))][:most]
        return Ranking(
            self.books[order],
            self.places[order],
            self.scores[order],
            self.signals,
            self.weights,
            tuple(values[order] for values in self.raw),
            tuple(values[order] for values in self.standardised),
        )


@dataclass(frozen=True)
class Ranking(Scored):
    """Candidates, the best first."""

    def choice(self, place: int) -> Choice:
        """Return the book at a place, from 1, with everything that makes up its score."""
        row = place - 1
        shares = [
            Share(signal, float(self.raw[column][row]), float(self.standardised[column][row]), weight)
            for column, (signal, weight) in enumerate(zip(self.signals, self.weights, strict=True))
        ]
        shares.sort(key=lambda share: -share.contribution)
        return Choice(place, int(self.books[row]), float(self.scores[row]), tuple(shares))

    def first(self, most: int | None = None) -> tuple[Choice, ...]:
        """Return the first ``most`` books, or all."""
        last = len(self) if most is None else min(most, len(self))
        return tuple(self.choice(place) for place in range(1, last + 1))

    def choice_of(self, book: int) -> Choice | None:
        """Return one book by its id; None if it was not a candidate."""
        rows = np.flatnonzero(self.books == book)
        return self.choice(int(rows[0]) + 1) if len(rows) else None


def standardise(values: Floats, measure: Floats | None = None) -> Floats:
    """Return z-scores: standard deviations above the mean, or 0 for all if all values are equal.

    With a ``measure`` the deviation is that of the measure, so that the parts of a sum can be standardised
    separately and still add up to the standardised sum.
    """
    if not len(values):
        return values
    centred: Floats = values - values.mean()
    spread = float(np.sqrt(np.square(centred).mean()) if measure is None else measure.std())
    # Rounding errors between equal numbers are not a spread.
    if spread <= 1e-9 * max(1.0, float(values.max()), -float(values.min())):
        return np.zeros(len(values))
    centred /= spread
    return centred


def weigh(books: Ints, raw: Mapping[str, Floats], weights: Weights, places: Ints | None = None) -> Scored:
    """Score candidates by the weighted sum of their standardised signals.

    ``raw`` holds each signal over ``books``; a signal without a weight is left out. Endorsements are
    measured in co-readers, standardised together with them, and capped at STRONGEST: one endorsement among
    thousands of books without any would otherwise outweigh everything. ``places`` are positions in a
    library; without them the book ids stand in.
    """
    names = tuple(name for name in raw if weights.get(name))
    columns = []
    # Without endorsements, which is the rule, there is no second array to standardise along.
    is_endorsed = CO_READERS in raw and ENDORSEMENTS in raw and bool(raw[ENDORSEMENTS].any())
    for name in names:
        measure = None
        if is_endorsed and name in (CO_READERS, ENDORSEMENTS):
            measure = raw[CO_READERS] + raw[ENDORSEMENTS]
        column = standardise(raw[name], measure)
        columns.append(np.minimum(column, STRONGEST) if name == ENDORSEMENTS else column)
    factors = tuple(float(weights[name]) for name in names)
    # Adding column by column rounds the same in every order of rows; a product of matrices does not.
    scores = np.zeros(len(books))
    for factor, column in zip(factors, columns, strict=True):
        scores += factor * column
    measured = tuple(raw[name] for name in names)
    return Scored(
        books, books if places is None else places, scores, names, factors, measured, tuple(columns)
    )
