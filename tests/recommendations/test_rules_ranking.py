"""The ranking that the signals make: weighed, the same in whatever order, and all accounted for."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.recommender import signals
from bookclub.lib.recommender.readerships import Readerships
from bookclub.lib.recommender.scorer import (
    AUTHOR,
    NEXT,
    Evidence,
    candidates,
    score_candidates,
    weights_key,
    written_by,
)
from bookclub.lib.recommender.signals import EndorsementSignal
from bookclub.lib.recommender.taste import RatedRead, Taste
from bookclub.lib.recommender.weights import WEIGHTS, standardise, weigh
from tests.recommendations.earthsea import (
    BUTLERS,
    DUNE,
    EARTHSEA,
    EMMA,
    ISHIGURO,
    KLARA,
    MAGIC,
    MEMORY,
    NEVER,
    NUMBERS,
    REMAINS,
    SAND,
    TAGGED,
    WIZARD,
    WRITTEN,
    Listing,
    a_library,
    build_library,
    neighbours_of,
    no_co_reads,
    taste_of,
)


def test_the_weights_go_by_what_is_loaded():
    bare, known = a_library(), a_library({EMMA: 5})
    assert (weights_key(bare, None), weights_key(known, None)) == ("nothing", "counts")
    assert weights_key(known, no_co_reads(known)) == "pack"
    assert {task for task, _ in WEIGHTS} == {NEXT, AUTHOR}


@pytest.mark.parametrize("task", [NEXT, AUTHOR])
def test_an_empty_catalogue_and_a_reader_without_books_are_no_errors(task):
    empty, library = build_library([], [], []), a_library()
    for books in (empty, library):
        club = Readerships.of(books, [])
        evidence = Evidence.live(
            Taste.of([], books, fades=True), club, None, [EndorsementSignal(1, 1, NEVER, DUNE)]
        )

        assert len(score_candidates(books, [], evidence, candidates(books, []), task=task).ranked()) == len(
            books
        )
        assert (
            score_candidates(books, [], evidence, candidates(books, range(20)), task=task).ranked().first(3)
            == ()
        )


def test_candidates_are_what_the_reader_has_not_read_by_the_author_asked_about():
    library = a_library()

    assert library.ids[candidates(library, {NEVER, 999}, written_by(library, ISHIGURO))].tolist() == [
        REMAINS,
        KLARA,
    ]
    assert len(candidates(library, [])) == len(library)
    assert library.ids[candidates(library, [], written_by(library, 77))].tolist() == []


def test_every_number_of_a_choice_adds_up_to_its_score():
    library = a_library({DUNE: 900, EMMA: 50})
    reads = [RatedRead(NEVER, 10), RatedRead(REMAINS, 8), RatedRead(WIZARD)]
    club = Readerships.of(library, [(1, NEVER), (1, KLARA), (2, NEVER), (2, DUNE), (2, KLARA)])
    taste = taste_of(library, *reads, fades=True)
    pack = neighbours_of(library, [(NEVER, KLARA, 9)], [(NEVER, 20), (KLARA, 10)])
    evidence = Evidence.live(taste, club, pack, [EndorsementSignal(1, 2, NEVER, DUNE)])

    ranking = score_candidates(
        library, reads, evidence, candidates(library, [read.book for read in reads])
    ).ranked()

    assert ranking.choice(1).book == DUNE
    assert ranking.choice(1).shares[0].signal == "endorsements"
    for choice in ranking.first(10):
        assert choice.score == pytest.approx(sum(share.contribution for share in choice.shares))
        assert list(choice.shares) == sorted(choice.shares, key=lambda share: -share.contribution)
    assert ranking.choice_of(NEVER) is None


def test_a_part_of_the_catalogue_scores_what_it_scores_in_the_whole():
    whole, part = a_library(), a_library(only=range(NEVER, DUNE))
    carried = {MEMORY: 3, BUTLERS: 1, SAND: 1, MAGIC: 1}
    part = build_library([Listing(b) for b in (NEVER, REMAINS, KLARA)], WRITTEN, TAGGED,
                         tag_counts=carried, of_books=len(whole))  # fmt: skip
    reads = [RatedRead(REMAINS)]

    for make in (signals.tag_profile, signals.same_author):
        there = make(taste_of(whole, *reads), whole)[: len(part)]
        assert make(taste_of(part, *reads), part).tolist() == pytest.approx(there.tolist())


numbers = st.lists(st.floats(-1e3, 1e3, allow_nan=False), min_size=1, max_size=30)


@given(numbers, st.floats(0.1, 50), st.floats(-50, 50))
def test_standardised_values_have_no_unit_and_no_zero_point(values, stretch, shift):
    found = standardise(np.array(values))

    assert found.mean() == pytest.approx(0, abs=1e-6)
    if np.array(values).std() > 1e-3:
        assert found.std() == pytest.approx(1)
        assert standardise(np.array(values) * stretch + shift) == pytest.approx(found, abs=1e-6)


def test_equal_values_are_all_average():
    assert standardise(np.full(5, 0.1 + 0.2)).tolist() == [0] * 5
    assert standardise(np.zeros(0)).tolist() == []


@given(st.permutations(range(1, 10)), st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_the_order_of_the_candidates_does_not_show(order, known):
    weights = {"known_readers": 0.3, "club_readers": 0.7}
    books, place = np.array(order), np.array(order) - 1
    told = np.array(known, dtype=float)

    there = weigh(np.arange(1, 10), {"known_readers": told, "club_readers": told[::-1]}, weights).ranked()
    here = weigh(books, {"known_readers": told[place], "club_readers": told[::-1][place]}, weights).ranked()

    assert here.books.tolist() == there.books.tolist()
    assert here.scores == pytest.approx(there.scores)


@given(
    st.lists(st.sampled_from(range(1, 10)), unique=True, min_size=1),
    st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), max_size=30),
)
def test_a_book_that_nobody_mentions_changes_no_measured_signal(books, readings):
    def measured(stranger: bool) -> list[list[float]]:
        rows = [Listing(b, EARTHSEA if b in NUMBERS else 0, NUMBERS.get(b), b) for b in range(1, 10)]
        extra = [Listing(50)] if stranger else []
        counts = {MEMORY: 3, BUTLERS: 1, SAND: 1, MAGIC: 1}
        library = build_library(rows + extra, WRITTEN, TAGGED, tag_counts=counts, of_books=10)
        taste = taste_of(library, *(RatedRead(book, book) for book in books))
        club = Readerships.of(library, readings)
        found = club.around(taste.places)
        none = no_co_reads(library)
        kindred = club.kindred(taste.places, taste.weights)
        among = library.places(range(1, 10))
        made = [
            signals.co_readers(taste, found, none), signals.club_readers(found), kindred,
            signals.tag_profile(taste, library), signals.same_author(taste, library),
            signals.next_in_series(taste, library), signals.known_readers(library),
        ]  # fmt: skip
        tags = signals.tag_neighbours(taste, library, among)
        return [*(values[among].tolist() for values in made), tags.tolist()]

    for with_it, without in zip(measured(True), measured(False), strict=True):
        assert with_it == pytest.approx(without)


def test_one_endorsement_lifts_a_book_far_but_not_beyond_measure():
    known = np.zeros(3000)
    told = np.zeros(3000)
    told[7] = 1.8
    raw = {"co_readers": known, "endorsements": told}

    ranking = weigh(np.arange(3000), raw, {"endorsements": 0.3}).ranked()

    assert ranking.choice(1).book == 7
    assert ranking.choice(1).score == pytest.approx(0.3 * 6)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=12), st.integers(0, 14))
def test_the_first_so_many_are_those_of_the_whole_order(told, most):
    books = np.arange(len(told))[::-1] + 5
    found = weigh(books, {"tag_profile": np.array(told, dtype=float)}, {"tag_profile": 1.0})

    assert found.best(most).first() == found.ranked().first(most)
