"""What may be said in an ask and an answer, and how it is told."""

from __future__ import annotations

import pytest

from bookclub.asks.rules import near, say_answers, say_endorsers, say_taken, tidy, words_problem


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        (" \n\t\r\n ", ""),
        ("Which  one,\r\n\r\n  and why? ", "Which one,\nand why?"),
        ("one\u2028two\x0bthree", "one\ntwo\nthree"),
    ],
)
def test_a_few_lines_are_kept_without_what_nobody_sees(typed, kept):
    assert tidy(typed) == kept
    assert tidy(kept) == kept


SPOILED = (
    "“Question” can be read by everyone, so it cannot hide a spoiler:"
    " remove “||” and the spoiler that it marks."
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "Write something."),
        ("\u200b", "Write something."),
        ("x" * 20, None),
        ("x" * 21, "That is 21 characters long; 20 is the most."),
        ("They ||die||.", SPOILED),
        ("They ||die.", SPOILED),
        ("either | or", None),
    ],
)
def test_words_that_everybody_reads_are_refused_in_a_sentence(text, problem):
    assert words_problem(text, 20, "Write something.", "Question") == problem


def test_names_that_hold_what_was_typed_are_nearer_than_those_that_are_alike():
    names = ["Kazuo Ishiguro", "Jane Austen", "Kazuyo Ishigura", "Ann Radcliffe"]

    assert near("ishiguro", names) == ["Kazuo Ishiguro", "Kazuyo Ishigura"]
    assert near("Kazuo Ishigurro", names) == ["Kazuo Ishiguro", "Kazuyo Ishigura"]
    assert near("", names) == []
    assert near("zzz", names) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Bob"], "Endorsed by Bob"),
        (["Bob", "Mo"], "Endorsed by Bob and Mo"),
        (["Bob", "Mo", "Olive"], "Endorsed by Bob, Mo and Olive"),
        (["Bob", "Mo", "Olive", "Ann"], "Endorsed by Bob, Mo, Olive and 1 other"),
        (["Bob", "Mo", "Olive", "Ann", "Eve"], "Endorsed by Bob, Mo, Olive and 2 others"),
    ],
)
def test_endorsers_are_named_as_far_as_they_are_few(names, said):
    assert say_endorsers(names) == said


def test_taking_says_whether_anybody_is_told():
    on_shelf = {"status": "to_read", "is_private": False}

    assert say_taken("Emma", "Bob", **on_shelf) == "“Emma” is on your shelf. Bob hears when you finish it."
    assert say_taken("Emma", None, **on_shelf) == "“Emma” is on your shelf."
    assert "is private, so Bob is not told" in say_taken("Emma", "Bob", status="reading", is_private=True)
    assert "finished “Emma” already" in say_taken("Emma", "Bob", status="finished", is_private=True)
    assert "put “Emma” aside" in say_taken("Emma", "Bob", status="did_not_finish", is_private=False)


def test_answers_are_counted_in_words():
    assert [say_answers(count) for count in (0, 1, 2)] == ["no answer yet", "1 answer", "2 answers"]
