"""Both databases find the same, in the same order."""

from __future__ import annotations

import pytest

from tests.factories import make_book, make_comment, make_meeting, make_review, make_thread

BOTH = pytest.mark.databases("sqlite", "postgresql")
SAID = [
    "L’Étranger is a short book",
    "A book that is short on words",
    "Nesbø wrote: don't trust the well-read",
    "日本語の本を読む",
    "ภาษาไทยสวย",
    "한국어 책",
    "state-of-the-art http://example.org/tea?x=1 me@example.org 3.14",
    "bookbinder",
]
FOUND = {
    "etranger": [1],
    "book": [8, 2, 1],
    "book ": [8, 2, 1],
    '"book"': [2, 1],
    '"short book"': [1],
    "short book": [2, 1],
    "short -words": [1],
    "short -book": [],
    "nesbo trust": [3],
    "don't": [3],
    "don": [3],
    '"read well"': [],
    "well read": [3],
    "日本": [4],
    "本": [4],
    "本日": [],
    "読む": [4],
    "む": [4],
    '"日本語の本"': [4],
    "ไทย": [5],
    "국어": [6],
    "책": [6],
    '"state of the art"': [7],
    "example.org": [7],
    "3.14": [7],
    "tea": [7],
    "zzz": [],
}


@BOTH
def test_the_same_is_found_on_both_databases(find, save, thread, alice, bob):
    ids = [save(make_comment(thread, alice, words)).id for words in SAID]

    found = {q: find(bob, q, kind="comment") for q in FOUND}

    assert found == {
        q: [f"/comments/{ids[number - 1]}/in-thread" for number in numbers] for q, numbers in FOUND.items()
    }


@BOTH
def test_hits_in_titles_come_before_hits_in_texts(find, save, alice, bob):
    books = save(make_book("Emma"), make_book("Tea at four"), make_book("Coffee"))
    first = save(make_review(alice, books[0], "All tea.", title="Nice"))
    titled = save(make_review(alice, books[1], "Nothing.", title="Tea"))
    last = save(make_review(alice, books[2], "Tea again.", title="Fine"))

    assert find(bob, "tea") == [
        "/books/tea-at-four", *(f"/reviews/{each.id}" for each in (titled, last, first)),
    ]  # fmt: skip
    assert find(bob, "tea nothing") == [f"/reviews/{titled.id}"]


@BOTH
def test_a_kind_has_pages_that_follow_one_another(visit, save, alice, bob, book):
    for number in range(23):
        save(make_thread(alice, book, f"Tea {number}"))
    client = visit(bob)

    few = client.get("/search?q=tea")
    first = client.get(few.link("More conversations"))
    second = client.get(first.link("More conversations"))

    counted = [page.text.count("<mark>Tea</mark>") for page in (few, first, second)]
    assert counted == [5, 20, 3]
    assert [f"Tea {number} Alice" in first.words for number in (22, 3, 2)] == [True, True, False]
    assert "Tea 2 Alice" in second.words
    assert "More" not in second.words


@BOTH
def test_a_search_is_narrowed_to_book_member_and_day(find, save, alice, bob, book, thread):
    other = save(make_thread(alice, save(make_book("Emma")), "Tea"))
    here, there = save(make_comment(thread, bob, "Tea")), save(make_comment(other, alice, "Tea"))
    meeting = save(make_meeting(bob, book, title="Tea"))

    assert find(bob, "tea", book="emma") == [f"/threads/{other.id}", f"/comments/{there.id}/in-thread"]
    assert find(bob, "tea", book="the remains of the day", by="BOB") == [
        f"/comments/{here.id}/in-thread",
        f"/meetings/{meeting.id}",
    ]
    assert len(find(bob, "tea", since="2020-01-31")) == 4
    assert find(bob, "tea", since="2999-01-31") == []
    assert find(bob, "tea", kind="comment", by="alice") == [f"/comments/{there.id}/in-thread"]
