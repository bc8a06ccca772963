"""What to read next: every candidate of a library scored for one reader, or against one author."""

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
from .taste import Read, Taste, heaviest
from .weights import Scored, Weights

NEXT, AUTHOR = "next", "author"
NOTHING, COUNTS, PACK = "nothing", "counts", "pack"
# What somebody reads next goes by the readers of so many of their books. With all of them it was found worse:
# the benchmark of recommendations reached .0803 instead of .0836 with a pack, and .0473 instead of .0487 with
# a gap of ten books.
TELLING = 12


@dataclass(frozen=True)
class Evidence:
    """All that is known around one reader: co-readers in the club and in the pack, kindred members, words.

    ``kindred`` says of each book how much those who read it share the reader's taste; None where it was
    not counted. ``pack`` is None where the organiser has loaded none.
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
        """Counted on the spot from who has read what, by the TELLING of the reader's books that weigh most.

        ``without`` is the asking member, left out. ``weights`` spare the counting of what is not weighed.
        """
        is_weighed = weights is None or bool(weights.get(recommender_weights.KINDRED))
        telling = heaviest(taste.weights, TELLING)
        places = taste.places[telling]
        return cls(
            readerships.around(places, without),
            None if pack is None else pack.around(places),
            readerships.kindred(places, taste.weights[telling], without) if is_weighed else None,
            endorsements,
        )

    @cached_property
    def totals(self) -> Floats:
        """How many readers every book has, the club's and the pack's pooled."""
        return signals.pooled_totals(self.club, self.pack)


def loaded(library: Library, pack: Neighbours | CoReads | None) -> str:
    """Which weights fit: PACK where one is loaded, COUNTS where known readers are, else NOTHING."""
    if pack is not None:
        return PACK
    return COUNTS if bool(library.known.any()) else NOTHING


def candidates(library: Library, taken: Collection[int], is_open: Bools | None = None) -> Ints:
    """Positions of the books that may be proposed: not ``taken`` (ids), and of those that are open."""
    here = np.ones(len(library), dtype=np.bool_) if is_open is None else is_open.copy()
    here[library.places(taken)] = False
    return np.flatnonzero(here)


def written_by(library: Library, author: int) -> Bools:
    """The books of an author, by position."""
    found = np.zeros(len(library), dtype=np.bool_)
    found[library.author_rows[library.authors.columns == author]] = True
    return found


def open_to(library: Library, is_open: Bools, own: Ints) -> Bools:
    """The books that may be proposed to the reader of those at the positions ``own``.

    They are those that are open to everybody, and what goes with the reader's books that are not: those of
    the same series and by the same authors.
    """
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


def scored(
    library: Library,
    reads: Sequence[Read],
    evidence: Evidence,
    among: Ints,
    *,
    task: str = NEXT,
    taste: Taste | None = None,
    weights: Weights | None = None,
) -> Scored:
    """The candidates at the positions ``among``, scored for the reader of ``reads`` (the earliest first).

    ``task`` is NEXT (what was read last counts most) or AUTHOR (all count alike); the weights are those
    for the task and for what is loaded, unless given. A ``taste`` made before saves making it again.
    """
    if taste is None:
        taste = Taste.of(reads, library, fades=task == NEXT)
    if weights is None:
        weights = recommender_weights.WEIGHTS[task, loaded(library, evidence.pack)]
    raw = measure(library, taste, evidence, among, weights)
    return recommender_weights.weigh(library.ids[among], raw, weights, among)


def measure(
    library: Library, taste: Taste, evidence: Evidence, among: Ints, weights: Weights
) -> dict[str, Floats]:
    """Each signal that has a weight, as measured, over the candidates at the positions ``among``."""
    makers: dict[str, Callable[[], Floats | None]] = {
        recommender_weights.CO_READERS: lambda: signals.co_readers(taste, evidence.club, evidence.pack),
        recommender_weights.ENDORSEMENTS: lambda: signals.endorsed(
            taste, evidence.endorsements, library, evidence.totals
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
    # Endorsements are standardised together with co-readers, which therefore are measured beside them.
    told = bool(evidence.endorsements) and bool(weights.get(recommender_weights.ENDORSEMENTS))
    measured = {}
    for name, make in makers.items():
        values = make() if weights.get(name) or (name == recommender_weights.CO_READERS and told) else None
        if values is not None:
            measured[name] = values if name == recommender_weights.TAG_NEIGHBOURS else values[among]
    return measured
