"""That co-readers, kept between requests and brought up to date shelf by shelf, are what a recount says."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.recommender import readerships
from bookclub.lib.recommender.readerships import Readerships
from bookclub.lib.recommender.scorer import BOOKS_COUNTED, Evidence
from bookclub.lib.recommender.taste import RatedRead, Taste, fade_weights, heaviest
from tests.recommendations.earthsea import (
    DUNE,
    EMMA,
    NEVER,
    REMAINS,
    TEHANU,
    Listing,
    a_library,
    build_library,
)

BOOKS = st.integers(NEVER, TEHANU)
SHELVES = st.dictionaries(st.integers(1, 6), st.sets(BOOKS), max_size=6)


def rows(shelves: dict[int, set[int]]) -> list[tuple[int, int]]:
    return [(member, book) for member, books in shelves.items() for book in books]


def recounted(shelves: dict[int, set[int]], mine: set[int], without: int) -> dict[tuple[int, int], float]:
    found: Counter[tuple[int, int]] = Counter()
    for member, books in shelves.items():
        if member != without:
            found.update((one, other) for one in mine & books for other in books if one != other)
    return {pair: float(count) for pair, count in found.items()}


def told(club: Readerships, mine: set[int], without: int, among: set[int] | None = None):
    library = a_library()
    wanted = None if among is None else library.places(sorted(among))
    found = club.around(library.places(sorted(mine)), without, wanted)
    ids = library.ids
    pairs = zip(ids[found.mine].tolist(), ids[found.other].tolist(), found.together.tolist(), strict=True)
    return {(one, other): count for one, other, count in pairs}, found.totals.tolist()


def others_than(own: set[int], counts: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
    return {pair: count for pair, count in counts.items() if pair[1] not in own}


@given(before=SHELVES, changes=st.lists(SHELVES, max_size=3), mine=st.sets(BOOKS), without=st.integers(1, 7))
def test_whoever_changes_a_shelf_is_counted_as_they_are_now(before, changes, mine, without):
    library, shelves = a_library(), dict(before)
    club = Readerships.of(library, rows(shelves))
    for changed in [{}, *changes]:
        shelves |= changed
        club = club.with_shelves(library, changed.keys(), rows(changed))

        found, totals = told(club, mine, without)

        own = shelves.get(without, set())
        counts = recounted(shelves, mine, without)
        # Their own books are not proposed to them.
        assert others_than(own, found) == others_than(own, counts)
        readers = Counter(book for member, book in rows(shelves) if member != without)
        assert totals == [readers[book] for book in library.ids.tolist()]


@given(shelves=SHELVES, mine=st.sets(BOOKS), among=st.sets(BOOKS), without=st.integers(1, 7))
def test_from_the_side_of_a_few_others_the_count_is_the_same(shelves, mine, among, without):
    club = Readerships.of(a_library(), rows(shelves))

    found, _ = told(club, mine, without, among)

    counts = recounted(shelves, mine, without)
    assert found == {pair: count for pair, count in counts.items() if pair[1] in among}


def test_a_shelf_that_did_not_change_leaves_what_was_counted():
    library = a_library()
    club = Readerships.of(library, [(1, NEVER), (1, REMAINS), (2, DUNE), (2, EMMA), (3, EMMA), (3, DUNE)])
    club.around(library.places([NEVER, DUNE]))

    assert club.with_shelves(library, [1], [(1, REMAINS), (1, NEVER)]) is club
    changed = club.with_shelves(library, [1, 3], [(1, REMAINS), (1, NEVER), (3, EMMA)])

    assert set(changed.counted) == set(library.places([NEVER]).tolist())
    assert set(club.counted) == set(library.places([NEVER, DUNE]).tolist())


def test_what_is_next_goes_by_the_readers_of_the_books_that_weigh_most():
    library = build_library([Listing(book) for book in range(1, 31)], [], [])
    reads = [RatedRead(book, 8) for book in range(1, 21)]
    club = Readerships.of(library, [(1, book) for book in range(1, 31)])

    found = Evidence.live(Taste.of(reads, library, fades=True), club)
    assert np.unique(library.ids[found.club.mine]).tolist() == list(range(21 - BOOKS_COUNTED, 21))
    assert fade_weights(reads)[-2:].tolist() == [0.5, 1.0]
    assert heaviest(np.array([0.1, -0.4, 0.2, 0.3]), 2).tolist() == [1, 3]


def test_only_so_much_is_kept(monkeypatch):
    monkeypatch.setattr(readerships, "ROWS_KEPT", 2)
    library = a_library()
    club = Readerships.of(library, [(1, book) for book in range(NEVER, TEHANU + 1)])

    found = club.around(library.places([NEVER, DUNE, EMMA]))

    assert len(club.counted) <= 2
    assert np.bincount(found.mine).max() == 8
