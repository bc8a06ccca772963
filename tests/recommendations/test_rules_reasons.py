"""Reasons: what may be cited, from how many people, in which words, and that the score rests on it."""

from __future__ import annotations

import pytest

from bookclub.lib.recommender.library import Library
from bookclub.lib.recommender.reason_text import Names, reason_sentence
from bookclub.lib.recommender.reasons import (
    AlsoFinished,
    AlsoReadElsewhere,
    Facts,
    MostRead,
    NextInSeries,
    Reason,
    Recommended,
    SameAuthor,
    SharedTags,
    choose_reasons,
    cited_books,
)
from bookclub.lib.recommender.scorer import Evidence, candidates, score_candidates
from bookclub.lib.recommender.signals import EndorsementSignal
from bookclub.lib.recommender.taste import RatedRead, Taste
from bookclub.lib.text.emphasis import plain_text
from tests.recommendations.earthsea import (
    BUTLERS,
    DUNE,
    EARTHSEA,
    EMMA,
    ISHIGURO,
    KLARA,
    MEMORY,
    NEVER,
    REMAINS,
    SHORE,
    TOMBS,
    WIZARD,
    Listing,
    a_library,
    build_library,
    co_reads,
    no_co_reads,
)

NAMES = Names(
    titles={NEVER: "Never Let Me Go", TOMBS: "The Tombs of Atuan"},
    tags={MEMORY: "memory", BUTLERS: "unreliable narrator"},
    members={7: "Bob"},
    authors={ISHIGURO: "Kazuo Ishiguro"},
    series={EARTHSEA: "Earthsea"},
    endorsements={1: "it is as quiet, and hurts as much."},
    pack="Goodbooks",
)
SHELF = (RatedRead(NEVER, 10), RatedRead(WIZARD), RatedRead(EMMA, 6))


def reasons_for(
    library: Library,
    reads: tuple[RatedRead, ...],
    evidence: Evidence,
    book: int,
    facts: Facts,
    **weights: float,
) -> tuple[Reason, ...]:
    among = candidates(library, [read.book for read in reads])
    taste = Taste.of(reads, library, fades=False)
    ranking = score_candidates(library, reads, evidence, among, taste=taste, weights=weights).ranked()
    choice = ranking.choice_of(book)
    assert choice is not None
    return choose_reasons(library, taste, evidence, ranking, choice, facts)


def nothing_known(library: Library) -> Evidence:
    return Evidence(no_co_reads(library))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (AlsoFinished(NEVER, 4, 6), "4 of the 6 members who finished *Never Let Me Go* also finished this."),
        (AlsoFinished(NEVER, 6, 6), "All 6 members who finished *Never Let Me Go* also finished this."),
        (
            AlsoReadElsewhere(NEVER, 400, 1200),
            "400 of the 1,200 readers of *Never Let Me Go* in Goodbooks also read this.",
        ),
        (
            SharedTags((MEMORY, BUTLERS), (NEVER, EMMA)),
            "Shares *memory* and *unreliable narrator* with 2 books you rated 4 or more.",
        ),
        (
            Recommended(1, 7, NEVER),
            "Bob recommends it to anyone who loved *Never Let Me Go*: “it is as quiet, and hurts as much.”",
        ),
        (Recommended(2, 7, NEVER), "Bob recommends it to anyone who loved *Never Let Me Go*."),
        (MostRead(ISHIGURO, None), "The most-read book by Kazuo Ishiguro that you have not read."),
        (
            MostRead(ISHIGURO, 5),
            "The most-read book by Kazuo Ishiguro in this club that you have not read: "
            "5 members finished it.",
        ),
        (MostRead(None, None), "The most-read book that you have not read."),
        (NextInSeries(EARTHSEA, TOMBS), "The next in *Earthsea* after *The Tombs of Atuan*."),
        (SameAuthor(ISHIGURO, (NEVER,)), "You rated 1 book by Kazuo Ishiguro 4 or more."),
    ],
)  # fmt: skip
def test_a_reason_says_what_it_cites(reason, sentence):
    assert plain_text(reason_sentence(reason, NAMES)) == sentence
    assert "liked" not in sentence
    assert "for you" not in sentence


def test_titles_and_tags_are_parts_of_their_own():
    parts = reason_sentence(AlsoFinished(NEVER, 4, 6), NAMES)

    assert [part.text for part in parts if part.is_title] == ["Never Let Me Go"]


@pytest.mark.parametrize(
    ("both", "of", "is_said"), [(3, 3, True), (3, 6, True), (2, 6, False), (2, 2, False), (0, 0, False)]
)
def test_no_group_under_three_is_cited(both, of, is_said):
    library = a_library()
    evidence = Evidence(co_reads(library, [(NEVER, KLARA, max(both, 1))], [(NEVER, of), (KLARA, both)]))

    found = reasons_for(library, SHELF, evidence, KLARA, Facts(finished={NEVER: (both, of)}), co_readers=1.0)

    assert found == ((AlsoFinished(NEVER, both, of),) if is_said else ())


def test_what_is_private_to_others_is_not_counted_since_only_fresh_counts_are_cited():
    library = a_library()
    evidence = Evidence(co_reads(library, [(NEVER, KLARA, 9)], [(NEVER, 9), (KLARA, 9)]))

    assert reasons_for(library, SHELF, evidence, KLARA, Facts(), co_readers=1.0) == ()


def test_the_books_to_count_afresh_are_those_that_add_the_most():
    library = a_library()
    rows = [(NEVER, KLARA, 5), (WIZARD, KLARA, 4), (EMMA, KLARA, 5)]
    evidence = Evidence(co_reads(library, rows, [(book, 9) for book in (NEVER, WIZARD, EMMA, KLARA)]))
    taste = Taste.of(SHELF, library, fades=False)

    cited = cited_books(library, taste, evidence, [KLARA, DUNE])
    assert cited == {KLARA: (NEVER, WIZARD, EMMA), DUNE: ()}


def test_a_book_the_reader_gave_up_is_never_a_reason():
    library = a_library()
    evidence = Evidence(
        co_reads(library, [(NEVER, KLARA, 5)], [(NEVER, 6)]),
        None,
        None,
        [EndorsementSignal(1, 7, NEVER, KLARA)],
    )
    reads = (RatedRead(NEVER, None, is_finished=False), RatedRead(WIZARD))
    facts = Facts(finished={NEVER: (5, 6)})

    assert reasons_for(library, reads, evidence, KLARA, facts, co_readers=1.0, endorsements=1.0) == ()


def tagged_library(common: bool) -> Library:
    """Books 1 to 3 share two tags; where ``common``, so do twenty others of the hundred."""
    tags = [(book, tag, 0) for book in range(1, 24 if common else 4) for tag in (MEMORY, BUTLERS)]
    return build_library([Listing(book) for book in range(1, 101)], [], tags)


@pytest.mark.parametrize(
    ("second", "common", "is_said"),
    [
        (RatedRead(2, 8), False, True),
        (RatedRead(2), False, False),
        (RatedRead(2, 7), False, False),
        (RatedRead(9, 10), False, False),
        (RatedRead(2, 8), True, False),
    ],
)
def test_rare_tags_are_shared_with_two_books_rated_four_or_more(second, common, is_said):
    library = tagged_library(common)

    found = reasons_for(
        library, (RatedRead(1, 10), second), nothing_known(library), 3, Facts(), tag_profile=1.0
    )

    assert found == ((SharedTags((MEMORY, BUTLERS), (1, 2)),) if is_said else ())


def test_only_the_largest_contributions_give_reasons():
    library = a_library({KLARA: 90, DUNE: 10})
    evidence = Evidence(co_reads(library, [(NEVER, DUNE, 4)], [(NEVER, 6), (DUNE, 4)]))
    facts = Facts(finished={NEVER: (4, 6)})
    weights = {"co_readers": 1.0, "known_readers": 0.5}

    assert reasons_for(library, SHELF, evidence, DUNE, facts, **weights) == (AlsoFinished(NEVER, 4, 6),)
    assert reasons_for(library, SHELF, evidence, KLARA, facts, **weights) == (MostRead(None, None),)


def test_the_most_read_book_in_the_club_needs_three_readers():
    library = a_library()
    evidence = Evidence(co_reads(library, [], [(KLARA, 4), (DUNE, 2)]))

    def found(book: int, members: int) -> tuple[Reason, ...]:
        return reasons_for(library, SHELF, evidence, book, Facts(members=members), club_readers=1.0)

    assert found(KLARA, 4) == (MostRead(None, 4),)
    assert found(KLARA, 2) == found(DUNE, 4) == ()


def test_of_two_books_with_equally_many_readers_neither_is_the_most_read():
    library = a_library({KLARA: 90, DUNE: 90})

    assert reasons_for(library, SHELF, nothing_known(library), KLARA, Facts(), known_readers=1.0) == ()


def test_a_part_that_the_catalogue_skips_to_is_not_called_the_next():
    library = a_library()
    gap = build_library([Listing(one, EARTHSEA, number) for one, number in ((1, 1), (2, 3), (3, 4))], [], [])
    reads = (RatedRead(1),)

    assert reasons_for(gap, reads, nothing_known(gap), 2, Facts(), next_in_series=1.0) == ()
    premise = reasons_for(
        library, (RatedRead(WIZARD),), nothing_known(library), TOMBS, Facts(), next_in_series=1.0
    )
    assert premise == (NextInSeries(EARTHSEA, WIZARD),)


def test_the_author_and_the_series_are_reasons():
    library = a_library()
    reads = (RatedRead(NEVER, 8), RatedRead(REMAINS), RatedRead(WIZARD), RatedRead(TOMBS))

    by_author = reasons_for(library, reads, nothing_known(library), KLARA, Facts(), same_author=1.0)
    in_series = reasons_for(library, reads, nothing_known(library), SHORE, Facts(), next_in_series=1.0)

    assert by_author == (SameAuthor(ISHIGURO, (NEVER,)),)
    assert in_series == (NextInSeries(EARTHSEA, TOMBS),)


def test_of_several_endorsements_the_one_by_somebody_alike_is_quoted():
    library = a_library()
    told = [EndorsementSignal(1, 7, NEVER, KLARA), EndorsementSignal(2, 8, NEVER, KLARA, shared=3)]
    evidence = Evidence(no_co_reads(library), None, None, told)

    assert reasons_for(library, SHELF, evidence, KLARA, Facts(), endorsements=1.0) == (
        Recommended(2, 8, NEVER),
    )
