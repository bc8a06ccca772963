"""The result and its steps in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.tally.ballots import Cast, close_up
from bookclub.lib.tally.count import Count, Election, count
from bookclub.lib.tally.result_text import outcome_text
from bookclub.lib.tally.steps import steps_text
from bookclub.lib.text.emphasis import TextPart, plain_text

GIANT, EMMA, DUNE, KIM, BELOVED, MIDDLEMARCH = range(1, 7)
TITLES = {
    1: "The Buried Giant",
    2: "Emma",
    3: "Dune",
    4: "Kim",
    5: "Beloved",
    6: "Middlemarch",
    7: "Persuasion",
}
READERS = {GIANT: 2, EMMA: 1, DUNE: 1}


def counted(ballots, books=3, kind="ranked", readers=READERS):
    """A count of ballots written as digits, one for each book: its place, or 0."""
    rankings = [
        {book: int(place) for book, place in enumerate(ballot, 1) if place != "0"}
        for ballot in ballots.split()
    ]
    casts = tuple(Cast(str(number), ranking) for number, ranking in enumerate(rankings))
    return count(Election(kind, tuple(range(1, books + 1)), casts, readers, "secret"))


def asked(yes, no, empty=0):
    answers = [{EMMA: 1}] * yes + [{EMMA: 0}] * no + [{}] * empty
    casts = tuple(Cast(str(number), answer) for number, answer in enumerate(answers))
    return count(Election("yes_no", (EMMA,), casts, {}, "secret"))


def result(found):
    return plain_text(outcome_text(found, TITLES))


def steps(found):
    return [plain_text(sentence) for sentence in steps_text(found, TITLES, READERS)]


def test_a_book_that_beats_every_other_is_told_by_its_contests_the_closest_first():
    found = counted("123 132 132 132 210 210 210")

    assert outcome_text(found, TITLES)[:2] == (
        TextPart("The Buried Giant", True),
        TextPart(" beats every other book head to head: 4 to 3 against "),
    )
    assert result(found) == (
        "*The Buried Giant* beats every other book head to head: 4 to 3 against *Emma* and 7 to 0"
        " against *Dune*."
    )
    assert steps(found) == [
        "Head to head: 3 books were compared in pairs. *The Buried Giant* is ahead of each other book,"
        " by a win or a chain of wins."
    ]


def test_of_many_contests_the_closest_are_told():
    assert result(counted("123456 120000 110000 130000 200001", books=6)) == (
        "*The Buried Giant* beats every other book head to head: 4 to 1 against *Middlemarch*, 4 to 0 against"
        " *Emma*, 5 to 0 against *Dune* and by as much or more against 2 others."
    )


def test_two_books_need_no_list():
    assert result(counted("12 12 21", books=2)) == "*The Buried Giant* beats *Emma* head to head: 2 to 1."


def test_a_win_along_a_chain_is_told_with_its_links():
    # The best known example of the method, see test_rules_counting.
    ballots = "5 ACBED 5 ADECB 8 BEDAC 3 CABED 7 CAEBD 2 CBADE 7 DCEBA 8 EBADC"
    words = ballots.split()
    orders = [
        order for number, order in zip(words[::2], words[1::2], strict=True) for _ in range(int(number))
    ]
    found = counted(
        " ".join("".join(str(order.index(book) + 1) for book in "ABCDE") for order in orders), books=5
    )

    assert result(found) == (
        "*Beloved* beats 3 of the 4 other books head to head: 23 to 22 against *The Buried Giant*,"
        " 27 to 18 against *Emma* and 31 to 14 against *Kim*. *Dune* beats it 24 to 21, but a chain of wins"
        " leads to it: *Beloved* beats *Kim* 31 to 14 and *Kim* beats *Dune* 28 to 17. The weakest of these"
        " wins has 28 ballots for it, and every chain back has one with 24 or fewer."
    )


def test_a_book_that_ties_with_the_winner_is_told_with_the_chain_that_leads_to_it():
    assert result(counted("100 102 213 321")) == (
        "*The Buried Giant* beats 1 of the 2 other books head to head: 3 to 1 against *Dune*. *Emma* ties"
        " with it, 2 each, but a chain of wins leads to it: *The Buried Giant* beats *Dune* 3 to 1 and *Dune*"
        " beats *Emma* 2 to 1. The weakest of these wins has 2 ballots for it, and no chain leads back."
    )


def test_of_several_books_that_the_winner_does_not_beat_the_hardest_is_told():
    ballots = "0100302 1040032 6214753 0000001 1000100 3501426 2051304 4344210 4135020 1603254 6714532"
    found = counted(ballots, books=7)
    assert found.pairs[KIM, GIANT] == found.pairs[GIANT, KIM]
    assert found.pairs[MIDDLEMARCH, GIANT] > found.pairs[GIANT, MIDDLEMARCH]

    assert result(found) == (
        "*The Buried Giant* beats 4 of the 6 other books head to head: 6 to 4 against *Emma*, 5 to 3"
        " against *Dune*, 7 to 4 against *Persuasion* and 6 to 3 against *Beloved*. *Middlemarch* beats it"
        " 5 to 4, but a chain of wins leads to it: *The Buried Giant* beats *Persuasion* 7 to 4 and"
        " *Persuasion* beats *Middlemarch* 7 to 3. The weakest of these wins has 7 ballots for it, and every"
        " chain back has one with 5 or fewer. In the same way it is ahead of *Kim*."
    )


def test_a_tie_is_told_with_what_was_tied_and_what_broke_it():
    on_points = counted("102 210 213 123")
    assert result(on_points) == (
        "*The Buried Giant* beats *Emma* on points, 6 against 5. 2 of the 3 books (*The Buried Giant*"
        " and *Emma*) were undecided head to head."
    )
    assert steps(on_points)[1] == (
        "Points over the whole ballots, 1 for each book that one stands above and ½ for each level with it:"
        " *The Buried Giant* 6 and *Emma* 5. That leaves *The Buried Giant*."
    )

    by_readers = counted("12 21", books=2)
    assert result(by_readers) == (
        "*Emma* beats *The Buried Giant*: fewer members have read it, 1 against 2. Both books were"
        " undecided head to head. They were level on points."
    )
    assert steps(by_readers)[2] == (
        "Fewest readers. Already read by: *Emma* 1 member and *The Buried Giant* 2 members. That leaves"
        " *Emma*."
    )

    by_lot = counted("100 010 001", readers={})
    winner, rivals = TITLES[by_lot.winner], [TITLES[book] for book in (1, 2, 3) if book != by_lot.winner]
    assert result(by_lot) == (
        f"*{winner}* beats *{rivals[0]}* and *{rivals[1]}* by the lot. All 3 books were undecided head to"
        " head. They were level on points. Equally many members have read them."
    )
    assert (
        steps(by_lot)[3]
        == f"The lot was drawn for *The Buried Giant*, *Emma* and *Dune*. It goes to *{winner}*."
    )


def test_approvals_are_told():
    found = counted("110 010 011 001", kind="approval")
    assert result(found) == "*Emma* beats the other books, with a tick on 3 of 4 ballots."
    assert steps(found) == [
        "Ticks on 4 ballots: *Emma* 3, *Dune* 2 and *The Buried Giant* 1. That leaves *Emma*."
    ]
    assert result(counted("10 00", books=2, kind="approval")) == (
        "*The Buried Giant* beats *Emma*, with a tick on 1 of 2 ballots."
    )
    assert result(counted("10 01", books=2, kind="approval")) == (
        "*Emma* beats *The Buried Giant*: fewer members have read it, 1 against 2. Both books had"
        " equally many ticks."
    )


@pytest.mark.parametrize(
    ("found", "words", "bare"),
    [
        (asked(5, 2), "The club says yes to *Emma*: 5 to 2.", "The club says yes to *Emma*."),
        (asked(2, 5), "The club says no to *Emma*: 2 to 5.", "The club does not say yes to *Emma*."),
        (
            asked(2, 2),
            "The club does not say yes to *Emma*: 2 to 2 is a tie.",
            "The club does not say yes to *Emma*.",
        ),
        (asked(0, 0, 3), "No book wins: no ballot names any of the books.", None),
        (asked(0, 0), "No book wins: nobody voted.", None),
        (counted("", books=0), "No book wins: none was left to vote on.", None),
        (
            replace(counted("12 21", books=2), winner=None, outcome="no_quorum"),
            "No book wins: 2 ballots were cast, and that is fewer than this round asks for.",
            None,
        ),
        (
            replace(asked(0, 0), outcome="no_quorum"),
            "No book wins: nobody voted, and that is fewer than this round asks for.",
            None,
        ),
    ],
)
def test_a_single_book_and_a_round_without_a_winner_are_told(found, words, bare):
    assert result(found) == words
    assert result(found.without_figures()) == (bare or words)


def test_answers_are_told_step_by_step():
    assert steps(asked(3, 1, 2)) == [
        "Yes or no to *Emma*: 3 yes, 1 no and 2 empty ballots. Yes outnumbers no."
    ]
    assert steps(asked(1, 1)) == ["Yes or no to *Emma*: 1 yes and 1 no. Yes does not outnumber no."]
    assert steps(asked(1, 1).without_figures()) == ["Yes or no to *Emma*. Yes does not outnumber no."]


rounds = st.integers(2, 6).flatmap(
    lambda books: st.lists(st.lists(st.integers(0, books), min_size=books, max_size=books), max_size=7)
)


@given(rounds, st.sampled_from(["ranked", "approval"]), st.booleans())
def test_every_result_has_words_that_begin_with_its_winner(ballots, kind, withheld):
    books = len(ballots[0]) if ballots else 2
    rankings = [close_up({book: at for book, at in enumerate(places, 1) if at}) for places in ballots]
    casts = tuple(Cast(str(number), ranking) for number, ranking in enumerate(rankings))
    found: Count = count(Election(kind, tuple(range(1, books + 1)), casts, READERS, "secret"))
    if withheld:
        found = found.without_figures()

    said = [outcome_text(found, TITLES), *steps_text(found, TITLES, READERS)]
    if found.winner:
        assert plain_text(said[0]).startswith(f"*{TITLES[found.winner]}* beats ")
    assert len(said) == len(found.steps) + 1
    for sentence in said:
        words = plain_text(sentence)
        assert words[-1] == "."
        assert "  " not in words
        assert ".." not in words
        assert all(part.text for part in sentence)
    if withheld and found.steps:
        # Who has read what is public, and how many more books there are is no secret.
        told = " ".join(
            plain_text(sentence) for sentence in said if not plain_text(sentence).startswith("Fewest readers")
        )
        books = r"\d (other )?books?|\d of the \d books|1 for each book"
        assert not re.search(r"\d", re.sub(books, "", told))
