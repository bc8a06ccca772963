"""Books that a text mentions: found, linked, and left as they are where the club has no such book."""

from __future__ import annotations

import pytest

from bookclub.lib.text.book_mentions import MOST_MENTIONS, find_mentions, mention_key
from tests.factories import make_book, make_review
from tests.plain_prose import render

pytestmark = pytest.mark.databases("sqlite", "postgresql")

BOOKS = {"emma": "/books/emma"}


def test_mentions_are_the_titles_in_double_brackets_each_once():
    found = find_mentions("[[Emma]] and [[ EMMA ]], [[Dune]]; [Ulysses], [[ ]], [[a\nb]], [[x|y]]")
    assert [mention_key(title) for title in found] == ["emma", "dune"]
    assert len(find_mentions(" ".join(f"[[Book {number}]]" for number in range(99)))) == MOST_MENTIONS
    assert mention_key("  The   Remains of\tthe Day ") == "the remains of the day"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("I loved [[Emma]].", 'I loved <a href="/books/emma" rel="nofollow ugc noopener"><em>Emma</em></a>.'),
        ("[[emma]]: see https://a.example", '<em>emma</em></a>: see <a href="https://a.example"'),
        ("[[Dune]]", "[[Dune]]"),
        ("`[[Emma]]`", "<code>[[Emma]]</code>"),
        ("[a [[Emma]] link](https://a.example)", "[[Emma]]"),
        ("[[Em<b>ma]]", "[[Em&lt;b&gt;ma]]"),
    ],
)
def test_a_mention_links_a_book_that_is_known(text, part):
    assert part in render(text, BOOKS).html


def test_a_mention_between_bars_is_not_in_what_others_see():
    prose = render("It ends like ||[[Emma]]||.", BOOKS)

    assert "/books/emma" in prose.html
    assert "mma" not in prose.safe_html


def test_a_comment_that_mentions_a_book_links_it_and_keeps_what_was_typed(visit, save, alice, bob):
    book = save(make_book("Emma"))
    save(make_book("The Remains of the Day"))
    review = save(make_review(alice, book))
    client = visit(bob)
    typed = "Like [[the remains of the day]], and not like [[Nothing]]."
    answer = client.post(f"/threads/{review.thread.id}/comments", data={"body": typed, "horizon": "0"})
    assert answer.status_code == 303

    page = client.get(f"/reviews/{review.id}").text
    assert '<a href="/books/the-remains-of-the-day" rel=' in page
    assert "<em>the remains of the day</em></a>" in page
    assert "[[Nothing]]" in page
    comment = answer.location.rpartition("-")[2]
    assert typed in client.get(f"/comments/{comment}/edit").text
