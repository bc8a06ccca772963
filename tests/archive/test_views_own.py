"""A member's own data: what the zip holds, and what it never does."""

from __future__ import annotations

import json
from datetime import date

import pytest

from bookclub.lib.positions.places import END
from bookclub.readings.models import OwnTag, ReadThrough
from bookclub.reviews.models import ReviewDraft, ReviewRevision
from bookclub.rounds.models import Ballot
from tests.factories import (
    make_answer,
    make_ask,
    make_book,
    make_comment,
    make_endorsement,
    make_nomination,
    make_reading,
    make_review,
    make_round,
    make_thread,
)


def revision(review, body):
    return ReviewRevision(
        review_id=review.id, title=review.title, summary="", body=body, body_html="", safe_html="",
        horizon=0,
    )  # fmt: skip


def ballot(voting_round, member, ranks, **columns):
    return Ballot(
        round_id=voting_round.id, voter=f"{member.id:064}", receipt=f"7Q2M-8RZX-{member.id:04}", ranks=ranks,
        **columns,
    )  # fmt: skip


@pytest.mark.databases("sqlite", "postgresql")
def test_the_zip_holds_all_that_a_member_keeps_here(unpack, save, alice, bob, olive):
    book, other = save(make_book("Emma", isbn="9780141439587")), save(make_book("Persuasion"))
    reading = save(make_reading(alice, book, position=END, rating=9, is_private=True, notes="Mind the gap."))
    save(
        OwnTag(reading_id=reading.id, name="matchmaking"),
        ReadThrough(reading_id=reading.id, started_on=None, finished_on=date(2015, 3, 1)),
    )
    review = save(make_review(alice, book, "I ||married|| it.", horizon=END, title="Mr Knightley"))
    save(revision(review, "I liked it."), ReviewDraft(member_id=alice.id, book_id=other.id, body="So far …"))
    thread = save(make_thread(bob, book, "The picnic"))
    first = save(make_comment(thread, bob, "canary: badly done", horizon=END))
    save(make_comment(thread, alice, "Indeed.", parent=first, horizon=END))
    asked = save(make_ask(alice, "What next?"))
    save(
        make_answer(save(make_ask(bob, "And I?")), alice, other, "It is shorter."),
        make_answer(asked, bob, other),
    )
    save(make_endorsement(alice, book, other, "As kind."))
    voting_round = save(make_round(olive, voting=True))
    nomination = save(make_nomination(voting_round, other, alice, "Bath!"))
    save(ballot(voting_round, alice, {str(nomination.id): 1}, member_id=alice.id, cast_at=thread.created_at))

    files = unpack(alice)

    assert json.loads(files["profile.json"])["username"] == "alice"
    (told,) = json.loads(files["readings.json"])
    assert (told["title"], told["rating"], told["notes"]) == ("Emma", 4.5, "Mind the gap.")
    assert (told["tags"], told["is_private"]) == (["matchmaking"], True)
    assert told["times"][0] == {"started_on": None, "finished_on": "2015-03-01"}
    texts = {name: text for name, text in files.items() if name.endswith(".md")}
    assert sorted(name.partition("/")[0] for name in texts) == ["comments", "drafts", "reviews", "reviews"]
    assert "I ||married|| it." in files[f"reviews/emma-{review.id}.md"]
    (comment,) = (text for name, text in texts.items() if name.startswith("comments/"))
    assert 'thread: "The picnic"\nbook: "Emma"' in comment
    assert 'answers: "Bob"' in comment
    assert comment.endswith("---\n\nIndeed.\n")
    for name, word in {
        "asks": "What next?", "answers": "It is shorter.", "endorsements": "As kind.", "nominations": "Bath!",
        "library.csv": "I ||married|| it.", "README.txt": "Alice",
    }.items():  # fmt: skip
        assert word in files.get(name, files.get(f"{name}.json", "")), name
    (cast,) = json.loads(files["ballots.json"])
    assert cast["ballot"] == [{"book": "Persuasion", "place": 1}]


def test_nothing_of_anybody_else_is_in_it(unpack, save, alice, bob, olive):
    book = save(make_book("Emma"))
    thread = save(make_thread(bob, book, "The picnic"))
    first = save(make_comment(thread, bob, "canarycomment"))
    save(make_comment(thread, alice, "Indeed.", parent=first))
    review = save(make_review(bob, book, "canaryreview"))
    save(make_comment(review.thread, alice, "Well said."))
    reading = save(make_reading(bob, book, position=END, is_private=True, notes="canarynotes"))
    save(OwnTag(reading_id=reading.id, name="canarytag"))
    save(ReviewDraft(member_id=bob.id, book_id=book.id, body="canarydraft"))
    save(revision(review, "canaryrevision"))
    secret, opened = save(make_round(olive, voting=True, secrecy="private"), make_round(olive, voting=True))
    for each, columns in ((secret, {}), (opened, {"member_id": bob.id, "cast_at": thread.created_at})):
        nomination = save(make_nomination(each, book, bob, "canarypitch"))
        save(ballot(each, bob, {str(nomination.id): 1}, **columns))
    save(ballot(secret, alice, {"1": 1}))

    files = unpack(alice)

    everything = "\n".join(files.values())
    assert "canary" not in everything
    assert "7Q2M-8RZX" not in everything, "a private ballot is in no file, not even its voter's"
    assert "@example.org" not in everything
    assert 'reviewer: "Bob"' in everything


def test_a_page_says_what_there_is_to_take(visit, alice):
    page = visit(alice).get("/settings/data").text

    for way in ("/my-data.zip", "/my-library.csv", "/imports/new", "/settings"):
        assert f'href="{way}' in page
    assert 'href="/settings/data"' in visit(alice).get("/settings").text


def test_the_number_of_statements_does_not_grow_with_the_library(visit, save, statements, alice):
    client = visit(alice)

    def sent() -> int:
        with statements() as asked:
            assert client.get("/my-data.zip", buffered=True).status_code == 200
        return len(asked)

    save(make_reading(alice, save(make_book("One"))))
    few = sent()
    for title in ("Two", "Three", "Four", "Five"):
        save(make_reading(alice, save(make_book(title))))
    assert sent() == few
