"""Each signal by hand, on catalogues small enough to reckon on paper."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from bookclub.lib.recommender import signals
from bookclub.lib.recommender.readerships import Readerships
from bookclub.lib.recommender.signals import EndorsementSignal
from bookclub.lib.recommender.taste import RatedRead
from tests.recommendations.earthsea import (
    DUNE,
    EMMA,
    KLARA,
    NEVER,
    REMAINS,
    SHORE,
    TEHANU,
    TOMBS,
    WIZARD,
    a_library,
    at,
    co_reads,
    neighbours_of,
    no_co_reads,
    taste_of,
)


@pytest.mark.parametrize(
    ("read", "weight"),
    [
        (RatedRead(EMMA, 10), 1.3),
        (RatedRead(EMMA, 9), 1.15),
        (RatedRead(EMMA, 8), 1.0),
        (RatedRead(EMMA), 1.0),
        (RatedRead(EMMA, 7), 0.7),
        (RatedRead(EMMA, 6), 0.4),
        (RatedRead(EMMA, 4), -0.1),
        (RatedRead(EMMA, 2), -0.4),
        (RatedRead(EMMA, 1), -0.4),
        (RatedRead(EMMA, 10, is_finished=False), -0.3),
    ],
)
def test_a_rating_weighs_what_the_table_says_and_half_stars_lie_between(read, weight):
    assert taste_of(a_library(), read).weights.tolist() == pytest.approx([weight])


def test_what_was_read_before_others_fades_for_the_next_book_and_not_for_an_author():
    library = a_library()
    reads = (RatedRead(EMMA), RatedRead(999), RatedRead(DUNE, 10))

    assert taste_of(library, *reads, fades=True).weights.tolist() == pytest.approx([1 / 3, 1.3])
    assert taste_of(library, *reads).weights.tolist() == pytest.approx([1.0, 1.3])


def test_co_readers_of_the_club_and_of_the_pack_are_pooled():
    library = a_library()
    taste = taste_of(library, RatedRead(NEVER, 10), RatedRead(DUNE, 2))
    club = co_reads(library, [(NEVER, REMAINS, 2)], [(NEVER, 4), (REMAINS, 3)])
    pack = co_reads(library, [(NEVER, REMAINS, 50), (DUNE, EMMA, 10)], [(NEVER, 100), (REMAINS, 80)])

    found = signals.co_readers(taste, club, pack)

    assert at(library, found, REMAINS) == pytest.approx(1.3 * (50 + 3 * 2) / (sqrt(112 * 89) + 5))
    assert at(library, found, EMMA) == pytest.approx(-0.4 * 10 / 5)
    assert at(library, found, KLARA) == 0


def test_an_endorsement_counts_as_three_co_readers_and_as_five_from_somebody_alike():
    library = a_library()
    taste, none = taste_of(library, RatedRead(NEVER)), no_co_reads(library)

    def of(*endorsements: EndorsementSignal) -> float:
        return at(
            library,
            signals.endorsement_scores(taste, endorsements, library, signals.pooled_totals(none, None)),
            REMAINS,
        )

    three_co_readers = co_reads(library, [(NEVER, REMAINS, 3)], [])
    as_co_readers = at(library, signals.co_readers(taste, three_co_readers, none), REMAINS)
    assert of(EndorsementSignal(1, 7, NEVER, REMAINS, shared=2)) == pytest.approx(as_co_readers)
    assert of(EndorsementSignal(1, 7, NEVER, REMAINS, shared=3)) == pytest.approx(as_co_readers * 5 / 3)
    assert of(EndorsementSignal(1, 7, DUNE, REMAINS), EndorsementSignal(2, 7, NEVER, 999)) == 0


def test_an_endorsement_after_a_book_the_reader_disliked_says_nothing():
    library = a_library()
    taste, none = taste_of(library, RatedRead(NEVER, 2)), no_co_reads(library)

    found = signals.endorsement_scores(
        taste, [EndorsementSignal(1, 7, NEVER, REMAINS)], library, signals.pooled_totals(none, None)
    )

    assert not found.any()


def test_tags_are_compared_by_their_rarity_and_their_place():
    library = a_library()
    taste = taste_of(library, RatedRead(REMAINS))
    memory, butlers = log(10 / 4), log(10 / 2) / 2
    cosine = memory / sqrt(memory**2 + butlers**2)

    assert at(library, signals.tag_profile(taste, library), NEVER) == pytest.approx(cosine)
    assert at(library, signals.tag_profile(taste, library), DUNE) == 0
    among = library.places([NEVER, EMMA])
    assert signals.tag_neighbours(taste, library, among).tolist() == pytest.approx([cosine**3, 0])


def test_an_author_is_as_dear_as_their_books_and_never_less_than_a_stranger():
    library = a_library()
    taste = taste_of(library, RatedRead(NEVER, 10), RatedRead(REMAINS, 8), RatedRead(DUNE, 2))

    found = signals.same_author(taste, library)

    assert at(library, found, KLARA) == pytest.approx(log(1 + 2.3))
    assert at(library, found, DUNE) == at(library, found, EMMA) == 0


def test_the_next_in_a_series_is_the_number_after_the_last_one_finished():
    library = a_library()
    begun = signals.next_in_series(taste_of(library, RatedRead(WIZARD), RatedRead(TOMBS)), library)
    fresh = signals.next_in_series(taste_of(library, RatedRead(EMMA)), library)

    assert [at(library, begun, book) for book in (SHORE, TEHANU, EMMA)] == [1, -1, 0]
    assert [at(library, fresh, book) for book in (WIZARD, TOMBS)] == [0, -1]


@pytest.mark.parametrize("last", [RatedRead(TOMBS, 3), RatedRead(TOMBS, None, is_finished=False)])
def test_nothing_comes_next_in_a_series_that_the_reader_gave_up(last):
    library = a_library()

    assert signals.next_places(taste_of(library, RatedRead(WIZARD), last), library) == {}


def test_the_live_count_leaves_the_asking_member_out():
    library = a_library()
    read = [(1, NEVER), (1, DUNE), (2, NEVER), (2, REMAINS), (2, REMAINS), (3, NEVER), (4, 999)]
    counted = Readerships.of(library, read).around(library.places([NEVER]), without=1)

    shared = dict(zip(counted.other.tolist(), counted.together.tolist(), strict=True))
    assert shared[int(library.places([REMAINS])[0])] == 1
    assert at(library, counted.totals, NEVER) == 2
    assert at(library, counted.totals, DUNE) == 0
    assert at(library, np.expm1(signals.club_readers(counted)), REMAINS) == pytest.approx(1)


def test_kindred_members_speak_for_what_they_read():
    library = a_library()
    club = Readerships.of(library, [(1, NEVER), (2, NEVER), (2, DUNE), (3, EMMA), (3, DUNE)])

    found = club.kindred(library.places([NEVER]), np.array([1.3]), without=1)

    assert at(library, found, DUNE) == pytest.approx(1.3 / sqrt(2))
    assert at(library, found, EMMA) == 0


def test_stored_neighbours_say_what_the_live_count_says():
    library = a_library()
    readings = [(1, NEVER), (1, REMAINS), (2, NEVER), (2, REMAINS), (2, DUNE), (3, DUNE)]
    live = Readerships.of(library, readings).around(library.places([NEVER, DUNE]))
    rows = [(NEVER, REMAINS, 2), (NEVER, DUNE, 1), (DUNE, REMAINS, 1), (DUNE, NEVER, 1), (EMMA, 999, 4)]
    stored = neighbours_of(library, rows, [(NEVER, 2), (REMAINS, 2), (DUNE, 2)])
    taste, none = taste_of(library, RatedRead(NEVER), RatedRead(DUNE)), no_co_reads(library)

    found = signals.co_readers(taste, stored.around(taste.places), none)

    assert found.tolist() == pytest.approx(signals.co_readers(taste, live, none).tolist())
    assert found.any()


def test_an_authors_book_is_near_when_it_was_written_near_the_one_read_last():
    library = a_library()
    taste = taste_of(library, RatedRead(KLARA), RatedRead(NEVER), RatedRead(WIZARD))

    found = signals.near_in_time(taste, library)

    assert at(library, found, REMAINS) == pytest.approx(-log(1 + 16))
    assert at(library, found, TOMBS) == pytest.approx(-log(1 + 30))
    assert at(library, found, EMMA) == 0
