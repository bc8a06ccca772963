"""Scorer: every candidate of a library scored for one reader, for any next book or one of an author."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import signals
from . import weights as recommender_weights
from .co_reads import CoReads, Neighbours
from .library import NO_SERIES, Library
from .readerships import Readerships
from .signals import EndorsementSignal
from .sparse import Bools, Floats, Ints
from .taste import RatedRead, Taste, heaviest
from .weights import Scored, Weights

NEXT, AUTHOR = "next", "author"
NOTHING, COUNTS, PACK = "nothing", "counts", "pack"
# Co-readers are counted for only so many of the reader's books. All of them gave worse results: the benchmark
# of recommendations reached .0803 instead of .0836 with a pack, and .0473 instead of .0487 with a gap of ten
# books.
BOOKS_COUNTED = 12


@dataclass(frozen=True)
class Evidence:
    """The evidence for one reader: co-readers in the club and in the pack, kindred members, endorsements.

    ``kindred`` is for each book the likeness of its readers to this reader; None if it was not counted.
    ``pack`` is None if the organiser has loaded none.
    """

    club: CoReads
    pack: CoReads | None = None
    kindred: Floats | None = None
    endorsements: Sequence[EndorsementSignal] = field(default=())

    @classmethod
    def live(
        cls,
        taste: Taste,
        readerships: Readerships,
        pack: Neighbours | None = None,
        endorsements: Sequence[EndorsementSignal] = (),
        *,
        without: int | None = None,
        weights: Weights | None = None,
    ) -> Evidence:
        """Count the evidence now from the readerships, for the TELLING books of the reader that weigh most.

        ``without`` is the asking member, who is left out. With ``weights``, signals without a weight are not
        counted.
        """
        is_weighed = weights is None or bool(weights.get(recommender_weights.KINDRED))
        telling = heaviest(taste.weights, BOOKS_COUNTED)
        places = taste.places[telling]
        return cls(
            readerships.around(places, without),
            None if pack is None else pack.around(places),
            readerships.kindred(places, taste.weights[telling], without) if is_weighed else None,
            endorsements,
        )

    @cached_property
    def totals(self) -> Floats:
        """The number of readers of every book, the club's and the pack's pooled."""
        return signals.pooled_totals(self.club, self.pack)


def weights_key(library: Library, pack: Neighbours | CoReads | None) -> str:
    """Return the weights to use: PACK if one is loaded, COUNTS if readers are known, else NOTHING."""
    if pack is not None:
        return PACK
    return COUNTS if bool(library.known.any()) else NOTHING


def candidates(library: Library, taken: Collection[int], is_open: Bools | None = None) -> Ints:
    """Return the positions of the books that may be proposed: open ones that are not in ``taken`` (ids)."""
    here = np.ones(len(library), dtype=np.bool_) if is_open is None else is_open.copy()
    here[library.places(taken)] = False
    return np.flatnonzero(here)


def written_by(library: Library, author: int) -> Bools:
    """Return for each position whether the book is by an author."""
    found = np.zeros(len(library), dtype=np.bool_)
    found[library.author_rows[library.authors.columns == author]] = True
    return found


def open_books(library: Library, is_open: Bools, own: Ints) -> Bools:
    """Return for each position whether the book may be proposed to the reader of the books at ``own``.

    Those are the books that are open to everybody. If a book of the reader is not open, books of the same
    series and by the same authors are added.
    """
    # Most readers have no such book, and share one array with all others.
    hidden = own[~is_open[own]]
    if not len(hidden):
        return is_open
    _, authors, _ = library.authors.rows(hidden)
    found = is_open.copy()
    found[library.author_rows[np.isin(library.authors.columns, authors)]] = True
    for series in np.unique(library.series[hidden]).tolist():
        if series != NO_SERIES:
            found[library.parts_of(series)] = True
    return found


def score_candidates(
    library: Library,
    reads: Sequence[RatedRead],
    evidence: Evidence,
    among: Ints,
    *,
    task: str = NEXT,
    taste: Taste | None = None,
    weights: Weights | None = None,
) -> Scored:
    """Score the candidates at the positions ``among`` for the reader of ``reads`` (the earliest first).

    ``task`` is NEXT (the latest book counts most) or AUTHOR (all count alike). Unless ``weights`` are given,
    the task and loaded() choose them. A given ``taste`` is not built again.
    """
    if taste is None:
        taste = Taste.of(reads, library, fades=task == NEXT)
    if weights is None:
        weights = recommender_weights.WEIGHTS[task, weights_key(library, evidence.pack)]
    raw = measure_signals(library, taste, evidence, among, weights)
    return recommender_weights.weigh(library.ids[among], raw, weights, among)


def measure_signals(
    library: Library, taste: Taste, evidence: Evidence, among: Ints, weights: Weights
) -> dict[str, Floats]:
    """Measure each signal that has a weight, for the candidates at the positions ``among``."""
    makers: dict[str, Callable[[], Floats | None]] = {
        recommender_weights.CO_READERS: lambda: signals.co_readers(taste, evidence.club, evidence.pack),
        recommender_weights.ENDORSEMENTS: lambda: (
            signals.endorsement_scores(taste, evidence.endorsements, library, evidence.totals)
            if evidence.endorsements
            else None
        ),
        recommender_weights.KINDRED: lambda: evidence.kindred,
        recommender_weights.CLUB_READERS: lambda: signals.club_readers(evidence.club),
        recommender_weights.KNOWN_READERS: lambda: signals.known_readers(library),
        recommender_weights.EDITIONS: lambda: signals.editions(library),
        recommender_weights.TAG_PROFILE: lambda: signals.tag_profile(taste, library),
        recommender_weights.TAG_NEIGHBOURS: lambda: signals.tag_neighbours(taste, library, among),
        recommender_weights.SAME_AUTHOR: lambda: signals.same_author(taste, library),
        recommender_weights.NEAR_IN_TIME: lambda: signals.near_in_time(taste, library),
        recommender_weights.NEXT_IN_SERIES: lambda: signals.next_in_series(taste, library),
    }
    # Endorsements are standardised together with co-readers, so those are measured too.
    # Endorsements are rare, so co-readers without a weight of their own are seldom measured for their sake.
    is_endorsed = bool(evidence.endorsements) and bool(weights.get(recommender_weights.ENDORSEMENTS))
    measured = {}
    for name, make in makers.items():
        values = (
            make() if weights.get(name) or (name == recommender_weights.CO_READERS and is_endorsed) else None
        )
        if values is not None:
            measured[name] = values if name == recommender_weights.TAG_NEIGHBOURS else values[among]
    return measured
