"""Members' words that point to a book, after someone else has edited it.

Each decision stands in the docstring of its model; here is what the pages make of it.
"""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from bookclub.asks.models import Answer, AnswerEndorsement, Ask, Endorsement
from bookclub.extensions import begin_write, db
from bookclub.members.models import Club
from bookclub.reports.models import SpoilerReport
from bookclub.reviews.models import Review
from bookclub.rounds.models import Nomination, Round
from bookclub.threads.models import Writing

THEN = "When this was written, Alder was called Ash (Ann Ashley, 1901)."
BESIDE = {
    "answer": ("/asks/1", f"Alder Ann Ashley · 1901 · 300 pages {THEN} It stays with you."),
    "recommendation of it": ("/books/birch", f"Alder Ann Ashley · 1901 {THEN} As quiet."),
    "recommendation to its lovers": ("/books/ash", f"Birch Ben Birkin · 1902 {THEN} As loud."),
    "recommendation, from the other side": ("/books/birch", f"Alder Ann Ashley · 1901 {THEN} As loud."),
}
LIVING = {
    "review": ("/reviews/1", "Alder"),
    "thread": ("/threads/2", "Alder"),
    "question": ("/asks/1", "about Alder"),
    "current book": ("/", "Alder"),
}


@pytest.fixture
def renamed(app, visit, add, alice, bob):
    """Alice says much about Ash; then Bob renames it Alder. Her client."""
    ash = add("Ash", "Ann Ashley", first_published=1901, pages=300)
    add("Birch", "Ben Birkin", first_published=1902)
    alices, bobs = visit(alice), visit(bob)
    posts = (
        (bobs, "/asks/new", {"question": "What next?", "book": "Ash"}),
        (alices, "/asks/1/answers", {"book": "Ash", "reason": "It stays with you."}),
        (alices, "/books/birch/endorsements", {"book": "Ash", "reason": "As quiet."}),
        (alices, "/books/ash/endorsements", {"book": "Birch", "reason": "As loud."}),
        (alices, "/books/ash/threads", {"title": "The end", "body": "So it was.", "horizon": "0"}),
        (alices, "/books/ash/reviews/new", {"title": "Fine", "body": "I liked it.", "horizon": "0"}),
    )
    for client, url, fields in posts:
        assert client.post(url, data=fields).status_code == 303, url
    with app.app_context():
        begin_write()
        db.session.execute(update(Club).values(current_book_id=ash.id))
        db.session.commit()
    assert "When this was written" not in "".join(alices.get(url).text for url, _ in BESIDE.values())
    assert bobs.post("/books/ash/edit", data={"title": "Alder"}).status_code == 303
    return alices


def test_advice_shows_what_its_book_was_called_when_it_was_given(renamed):
    for what, (url, said) in BESIDE.items():
        assert said in renamed.get(url).words, what


@pytest.mark.databases("sqlite", "postgresql")
def test_what_stands_on_a_living_book_follows_it_and_its_edits_are_shown(renamed):
    for what, (url, said) in LIVING.items():
        assert said in renamed.get(url).words, what
    assert re.search(r"Bob .* Ash .*Alder", renamed.get("/books/ash/edits").words)


@pytest.mark.parametrize(
    ("model", "decision"),
    [
        (Nomination, "keeps its label"),
        (Round, "fixed once voting opens"),
        (Answer, "follows its book"),
        (AnswerEndorsement, "The answer keeps"),
        (Endorsement, "follows both books"),
        (Ask, "follows the book or author"),
        (Review, "follows that"),
        (Club, "the living one"),
        (Writing, "never back"),
        (SpoilerReport, "never back"),
    ],
)
def test_each_model_says_what_later_edits_do_to_it(model, decision):
    assert decision in " ".join(model.__doc__.split())
