"""What may be said in an ask and an answer, and how it is told."""

from __future__ import annotations

import pytest

from bookclub.asks.rules import answer_count_text, endorsers_text, similar_names, taken_text, words_problem
from bookclub.lib.text.characters import clean_lines


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
    assert clean_lines(typed) == kept
    assert clean_lines(kept) == kept


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
        ("x" * 21, "That is 21 characters long. Use at most 20."),
        ("They ||die||.", SPOILED),
        ("They ||die.", SPOILED),
        ("either | or", None),
    ],
)
def test_words_that_everybody_reads_are_refused_in_a_sentence(text, problem):
    assert words_problem(text, 20, "Write something.", "Question") == problem


def test_names_that_hold_what_was_typed_are_nearer_than_those_that_are_alike():
    names = ["Kazuo Ishiguro", "Jane Austen", "Kazuyo Ishigura", "Ann Radcliffe"]

    assert similar_names("ishiguro", names) == ["Kazuo Ishiguro", "Kazuyo Ishigura"]
    assert similar_names("Kazuo Ishigurro", names) == ["Kazuo Ishiguro", "Kazuyo Ishigura"]
    assert similar_names("", names) == []
    assert similar_names("zzz", names) == []


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], ""),
        (["Bob"], "Bob agrees"),
        (["Bob", "Mo"], "Bob and Mo agree"),
        (["Bob", "Mo", "Olive"], "Bob, Mo and Olive agree"),
        (["Bob", "Mo", "Olive", "Ann"], "Bob, Mo, Olive and 1 other agree"),
        (["Bob", "Mo", "Olive", "Ann", "Eve"], "Bob, Mo, Olive and 2 others agree"),
    ],
)
def test_endorsers_are_named_as_far_as_they_are_few(names, said):
    assert endorsers_text(names) == said


def test_taking_says_whether_anybody_is_told():
    on_shelf = {"status": "to_read", "is_private": False}

    told = "“Emma” is on your shelf. Bob will hear when you finish it."
    assert taken_text("Emma", "Bob", **on_shelf) == told
    assert taken_text("Emma", None, **on_shelf) == "“Emma” is on your shelf."
    assert "it is private, Bob will not hear" in taken_text("Emma", "Bob", status="reading", is_private=True)
    assert "finished “Emma” already" in taken_text("Emma", "Bob", status="finished", is_private=True)
    assert "did not finish “Emma”" in taken_text("Emma", "Bob", status="did_not_finish", is_private=False)


def test_answers_are_counted_in_words():
    assert [answer_count_text(count) for count in (0, 1, 2)] == ["no answer yet", "1 answer", "2 answers"]
