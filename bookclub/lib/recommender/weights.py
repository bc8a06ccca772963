"""Weights of the signals, and the ranking that they make, every number of which can be shown."""

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
STRONGEST = 6.0  # Standard deviations: what members' words about one book can be worth at most.

Weights = Mapping[str, float]

# By task and by what is loaded. Found on half of the members of clubs simulated from real readers and judged
# on the other half; the benchmark of recommendations prints what they reach. Endorsements weigh like the
# co-readers that they count for, and in their own right where co-readers hardly tell anything.
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
    """What one signal said of one book: as measured, standardised over the candidates, and weighed."""

    signal: str
    raw: float
    standardised: float
    weight: float

    @property
    def contribution(self) -> float:
        return self.weight * self.standardised


@dataclass(frozen=True)
class Choice:
    """A book in a ranking: its place from 1, its score, and the signals that make the score up.

    ``shares`` stand in the order of what they contribute, the largest first, and add up to the score.
    """

    place: int
    book: int
    score: float
    shares: tuple[Share, ...]

    def leading(self, most: int = 3) -> tuple[Share, ...]:
        """The shares that a reason may speak of: those that lift the book, the ``most`` largest."""
        return tuple(share for share in self.shares[:most] if share.contribution > 0)


@dataclass(frozen=True)
class Scored:
    """Candidates, where they stand in their library, and their scores.

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
        """The scores alone, for whoever compares those of many."""
        return replace(self, signals=(), weights=(), raw=(), standardised=())

    def ranked(self) -> Ranking:
        """The best first, those of equal score in the order of their ids: how they came does not show."""
        return self.best(len(self))

    def best(self, most: int) -> Ranking:
        """The same of only the first so many, without putting all the others in order."""
        descending = -np.round(self.scores, 9)
        rows = np.arange(len(self))
        if 0 < most < len(self):
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
        """The book at a place, from 1, with everything that its score is made of."""
        row = place - 1
        shares = [
            Share(signal, float(self.raw[column][row]), float(self.standardised[column][row]), weight)
            for column, (signal, weight) in enumerate(zip(self.signals, self.weights, strict=True))
        ]
        shares.sort(key=lambda share: -share.contribution)
        return Choice(place, int(self.books[row]), float(self.scores[row]), tuple(shares))

    def first(self, most: int | None = None) -> tuple[Choice, ...]:
        """The first so many books, or all."""
        last = len(self) if most is None else min(most, len(self))
        return tuple(self.choice(place) for place in range(1, last + 1))

    def choice_of(self, book: int) -> Choice | None:
        """One book wherever it stands; None where it was no candidate."""
        rows = np.flatnonzero(self.books == book)
        return self.choice(int(rows[0]) + 1) if len(rows) else None


def standardise(values: Floats, measure: Floats | None = None) -> Floats:
    """z-scores: how many standard deviations above the mean; 0 for all where all are equal.

    With a ``measure`` the deviation is that of the measure, so that the parts of a sum can be
    standardised apart and still add up to the standardised sum.
    """
    if not len(values):
        return values
    centred = values - values.mean()
    spread = float(np.sqrt(np.square(centred).mean()) if measure is None else measure.std())
    # Rounding makes a hair of difference between equal numbers; that is not a spread.
    if spread <= 1e-9 * max(1.0, float(np.abs(values).max())):
        return np.zeros(len(values))
    return np.asarray(centred / spread, dtype=np.float64)


def weigh(books: Ints, raw: Mapping[str, Floats], weights: Weights, places: Ints | None = None) -> Scored:
    """Candidates with the weighed sum of their standardised signals.

    ``raw`` holds each signal over ``books``; one without a weight is not in the ranking. Endorsements are
    measured in co-readers and standardised together with them, and no further than STRONGEST: one
    member's word among thousands of books without any would otherwise be a giant. ``places`` are positions
    in a library, where there is one; else the books are their own.
    """
    names = tuple(name for name in raw if weights.get(name))
    columns = []
    for name in names:
        measure = None
        if name in (CO_READERS, ENDORSEMENTS) and CO_READERS in raw and ENDORSEMENTS in raw:
            measure = raw[CO_READERS] + raw[ENDORSEMENTS]
        column = standardise(raw[name], measure)
        columns.append(np.minimum(column, STRONGEST) if name == ENDORSEMENTS else column)
    factors = tuple(float(weights[name]) for name in names)
    # Added up column by column, which unlike a product of matrices rounds alike in every order of rows.
    scores = np.zeros(len(books))
    for factor, column in zip(factors, columns, strict=True):
        scores = scores + factor * column
    measured = tuple(raw[name] for name in names)
    return Scored(
        books, books if places is None else places, scores, names, factors, measured, tuple(columns)
    )
