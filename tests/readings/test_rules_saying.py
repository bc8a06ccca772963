"""What a sentence says of its author's reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookclub.lib.positions.progress import STATUSES
from bookclub.readings.rules import Statement, find_statement


@pytest.mark.parametrize(
    ("text", "words", "deed"),
    [
        ("I loved it.", "loved it", "Finished, 5 stars"),
        ("The ending! I **absolutely loved** this book, all of it.", "loved this book", "Finished, 5 stars"),
        ("Loved it, and wept.", "loved it", "Finished, 5 stars"),
        ("A slow start, but I really enjoyed this one.", "enjoyed this one", "Finished, 4 stars"),
        ("I've just finished it", "finished it", "Finished"),
        ("Gave up on it after a week.", "gave up on it", "Did not finish"),
        ("I couldn’t finish it.", "couldn’t finish it", "Did not finish"),
        ("Nobody told me. I plan to read it in May.", "plan to read it", "Want to read"),
        ("I'm planning to read this book next.", "planning to read this book", "Want to read"),
    ],
)
def test_who_says_what_they_did_is_understood(text, words, deed):
    said = find_statement(text)

    assert said is not None
    assert (said.words, said.deed) == (words, deed)


@pytest.mark.parametrize(
    "text",
    [
        "i " * 2000 + "am",
        "“" * 5000,
        "She loved it.",
        "My sister loved it, they say.",
        "I have not finished it.",
        "I never loved it.",
        "Would I have loved it?",
        "Who loved it?",
        "If I loved it, I would say so.",
        "> I loved it\n\nDid you?",
        "He says “I loved it” and means it.",
        "||I loved it||",
        "I loved [[Klara and the Sun]], and finished it twice.",
        "I loved the dog.",
        "I nearly gave up.",
        "",
    ],
)
def test_who_speaks_of_somebody_else_or_is_unsure_is_left_alone(text):
    assert find_statement(text) is None


def test_only_news_is_offered():
    loved, finished, planned = (
        Statement("", "finished", 10),
        Statement("", "finished"),
        Statement("", "to_read"),
    )
    gave_up = Statement("", "did_not_finish")

    assert all(loved.is_news(status, None) for status in (None, "to_read", "reading", "finished"))
    assert not loved.is_news("finished", 6)
    assert not finished.is_news("finished", None)
    assert planned.is_news(None, None)
    assert not any(planned.is_news(status, None) for status in STATUSES)
    assert [gave_up.is_news(status, None) for status in ("reading", "finished", "did_not_finish")] == [
        True,
        False,
        False,
    ]


@given(st.text(st.sampled_from("ilovedt it'.!?|`>\"\n[]—, finished not"), max_size=200))
def test_any_text_is_understood_or_not(text):
    said = find_statement(text)

    assert said is None or said.status in STATUSES
