"""That the score rests on what the reasons cite, and that too little to go on is said."""

from __future__ import annotations

import pytest

from bookclub.lib.recommender.library import Library
from bookclub.lib.recommender.readerships import Readerships
from bookclub.lib.recommender.reason_text import too_little_text
from bookclub.lib.recommender.reasons import TooLittle, find_too_little
from bookclub.lib.recommender.scorer import Evidence, candidates, score_candidates
from bookclub.lib.recommender.signals import EndorsementSignal
from bookclub.lib.recommender.taste import RatedRead, Taste
from bookclub.lib.text.emphasis import plain_text
from tests.recommendations.earthsea import (
    DUNE,
    EMMA,
    KLARA,
    NEVER,
    REMAINS,
    TAGGED,
    WIZARD,
    WRITTEN,
    Listing,
    a_library,
    build_library,
    no_co_reads,
)

SHELF = (RatedRead(NEVER, 10), RatedRead(WIZARD), RatedRead(EMMA, 6))
NEEDED = "A recommendation needs 3 books that you have read"


def score_of(library: Library, reads: tuple[RatedRead, ...], evidence: Evidence, book: int) -> float:
    choice = (
        score_candidates(library, reads, evidence, candidates(library, [NEVER, WIZARD, EMMA]))
        .ranked()
        .choice_of(book)
    )
    assert choice is not None
    return choice.score


def test_taking_the_cited_evidence_away_lowers_the_score():
    library = a_library()
    readings = [(who, book) for who in (1, 2, 3) for book in (NEVER, KLARA)] + [
        (4, DUNE),
        (4, REMAINS),
        (2, REMAINS),
    ]
    told = [EndorsementSignal(1, 3, NEVER, KLARA)]
    taste = Taste.of(SHELF, library, fades=True)

    def with_(readings: list[tuple[int, int]], told: list[EndorsementSignal]) -> float:
        evidence = Evidence.live(taste, Readerships.of(library, readings), None, told)
        return score_of(library, SHELF, evidence, KLARA)

    full = with_(readings, told)
    assert with_(readings, []) < full
    assert with_([row for row in readings if row != (3, KLARA)], []) < with_(readings, [])

    books = [Listing(book) for book in range(1, 10)]
    library = build_library(books, WRITTEN, TAGGED)
    untagged = build_library(books, WRITTEN, [row for row in TAGGED if row[0] != KLARA])
    unwritten = build_library(books, [row for row in WRITTEN if row[0] != KLARA], TAGGED)
    full = score_of(library, SHELF, Evidence(no_co_reads(library)), KLARA)
    assert score_of(untagged, SHELF, Evidence(no_co_reads(untagged)), KLARA) < full
    assert score_of(unwritten, SHELF, Evidence(no_co_reads(unwritten)), KLARA) < full


@pytest.mark.parametrize(
    ("reads", "words"),
    [
        ((), f"{NEEDED}, and there are none on your shelf yet."),
        ((RatedRead(NEVER),), f"{NEEDED}. Your shelf has 1 so far."),
        (
            (RatedRead(11), RatedRead(12), RatedRead(13)),
            "Nothing connects the books you have read with these yet.",
        ),
    ],
)
def test_too_little_to_go_on_is_said(reads, words):
    books = [Listing(book, known=book) for book in (NEVER, DUNE, 11, 12, 13)]
    library = build_library(books, WRITTEN, TAGGED)
    evidence = Evidence(no_co_reads(library))
    ranking = score_candidates(
        library, reads, evidence, candidates(library, [read.book for read in reads])
    ).ranked()

    found = find_too_little(Taste.of(reads, library, fades=True), ranking)

    assert found == TooLittle(len(reads))
    assert plain_text(too_little_text(found)) == words


def test_three_books_that_connect_are_enough():
    library = a_library()
    among = candidates(library, [NEVER, WIZARD, EMMA])
    ranking = score_candidates(library, SHELF, Evidence(no_co_reads(library)), among).ranked()

    assert find_too_little(Taste.of(SHELF, library, fades=True), ranking) is None
